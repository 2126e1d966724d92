package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.ServiceInstance;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/**
 * What {@code rpc(…)} is answered with by a batch is what it is answered with alone, byte by byte: a call that is repeated or
 * refused changes nothing, so that both instances answer it from one state.
 */
@TestPropertySource(properties = {"vantage.alerts.stuck-after=PT0.03S", "vantage.batch.above=0"})
class RoutinesTogetherTest extends ApiTest {

    private static final String RUN = "0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11";
    private static final String OTHER_RUN = "7F1C7F2E-8C0E-4F0F-9A55-0D5D3F6A2B10";
    private static final List<String> HEADERS =
            List.of("Content-Type", "Content-Range", "Preference-Applied", "Proxy-Status", "Cache-Control");

    private static @Nullable ServiceInstance other;

    @Autowired
    private MeterRegistry meters;

    @BeforeEach
    void oneThatMakesEachCallAlone() {
        if (other == null) {
            other = ServiceInstance.on(
                    database,
                    "--vantage.alerts.stuck-after=PT0.03S",
                    "--vantage.batch.max-calls=1",
                    "--vantage.keys.service=" + SERVICE_KEY,
                    "--vantage.keys.reader=" + READER_KEY);
        }
        database.execute("update public.vantage_sync_setting set stuck_after = '30 minutes'");
    }

    @AfterEach
    void stuckAsBefore() {
        database.execute("update public.vantage_sync_setting set stuck_after = '0.03 seconds'");
    }

    @AfterAll
    static void end() {
        Objects.requireNonNull(other).close();
        other = null;
    }

    @Test
    void aRepeatedCallIsAnsweredAlike() {
        applied("start", "{'p_resource': 'funds', 'p_run_id': '" + RUN + "'}");
        applied("start", "{'p_resource': 'funds', 'p_run_id': '" + RUN + "', 'p_force': true}");
        applied(
                "complete",
                "{'p_resource': 'funds', 'p_run_id': '" + RUN + "', 'p_records_synced': 2147483647,"
                        + " 'p_records_created': 3, 'p_records_updated': 0, 'p_watermark': '2026-01-02T03:04:05.1+02:00'}");
        applied("start", "[{'p_resource': 'funds', 'p_run_id': '" + OTHER_RUN + "'}]");
        applied("fail", """
                {'p_resource': 'funds', 'p_run_id': '%s', 'p_errors': [
                  {'code': 'Ä\\u0000\\ud800 \\\\ \\u0022', 'message': '<&> \\u2028 \\ud83d\\ude00', 'context': [1.10, 1e5, -0, 1e999,
                    12345678901234567890, {'b': null, 'a': true, 'b': 2}, {}], 'stack': ' '}]}
                """.formatted(OTHER_RUN));
        applied("fail", "{'p_resource': 'funds', 'p_run_id': '" + OTHER_RUN + "', 'p_errors': []}");

        assertThat(reader.get("/rest/v1/vantage_sync_state?resource=eq.funds&select=status:last_sync_status,watermark")
                        .body())
                .isEqualTo("[{\"status\":\"failed\",\"watermark\":\"2026-01-02T01:04:05.1+00:00\"}]");
    }

    @Test
    void progressIsAnsweredAlikeButForItsTime() {
        applied("start", "{'p_resource': 'funds', 'p_run_id': '" + RUN + "'}");
        Call call = new Call("progress", "{'p_resource': 'funds', 'p_records': 7, 'p_total': 9}");

        assertThat(withoutTimes(together(call))).contains("\"records\": 7").isEqualTo(withoutTimes(alone(call)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start {'p_resource': 'funds'}",
                "start {'p_resource': 'funds', 'p_run_id': '0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11'}",
                "complete {'p_resource': 'unknown'}",
                "complete {'p_resource': 'accounts'}",
                "complete {'p_resource': 'funds', 'p_run_id': '0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d12'}",
                "complete {'p_resource': 'funds', 'p_records_synced': -1, 'p_records_updated': -2147483648}",
                "complete {'p_resource': 'funds', 'p_watermark': '2226-01-02T03:04:05Z'}",
                "complete {'p_resource': 'funds', 'p_watermark': '2026-02-30T03:04:05Z'}",
                "progress {'p_resource': 'cashflows', 'p_records': 1}",
                "progress {'p_resource': 'funds', 'p_records': -1, 'p_total': -1}",
                "fail {'p_resource': 'accounts', 'p_errors': []}",
                "fail {'p_resource': 'funds', 'p_errors': [{}, 1, {'code': ' ', 'message': 1}]}"
            })
    void aRefusedCallIsAnsweredAlike(String call) {
        service.post("/sync-states/funds/start", "{\"run_id\": \"" + RUN + "\"}");
        service.post("/sync-states/funds/complete", "{\"run_id\": \"" + RUN + "\"}");
        service.post("/sync-states/funds/start");
        long before = callsTogether();

        Call refused = Call.of(call);
        assertThat(together(refused)).isEqualTo(alone(refused));
        assertThat(together(refused).status()).isBetween(400, 409);
        assertThat(callsTogether() - before).isEqualTo(2);
    }

    /** What PostgreSQL makes of other types, or says of them, it makes and says of them alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "complete {'p_resource': 7}",
                "complete {'p_resource': null}",
                "start {'p_resource': ''}",
                "start {'p_resource': 'a\\u0000b'}",
                "start {'p_resource': '\\ud800'}",
                "start {'p_resource': ' funds'}",
                "start {'p_resource': '\\u0027; drop table vantage_sync_state; --'}",
                "start {'p_resource': {'a': 1}}",
                "start {'p_resource': 'funds', 'p_run_id': 'none'}",
                "start {'p_resource': 'funds', 'p_force': 'maybe'}",
                "complete {'p_resource': 'funds', 'p_records_synced': '1x'}",
                "complete {'p_resource': 'funds', 'p_records_synced': 1.5}",
                "complete {'p_resource': 'funds', 'p_records_synced': 1e3}",
                "complete {'p_resource': 'funds', 'p_records_synced': 99999999999}",
                "complete {'p_resource': 'funds', 'p_watermark': 'not yet'}",
                "fail {'p_resource': 'funds', 'p_errors': null}",
                "fail {'p_resource': 'funds', 'p_errors': '[]'}",
                "fail {'p_resource': 'funds', 'p_errors': {}}",
                "start {}",
                "start {'p_resource': 'funds', 'p_nonsense': 1}",
                "nonsense {'p_resource': 'funds'}"
            })
    void whatIsNotPlainGoesAlone(String call) {
        long before = callsTogether();

        Call hostile = Call.of(call);
        assertThat(together(hostile)).isEqualTo(alone(hostile));
        assertThat(together(hostile).status()).isBetween(400, 409);
        assertThat(callsTogether()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prefer: count=exact",
                "Prefer: tx=rollback",
                "Prefer: return=minimal",
                "Prefer: handling=strict, nonsense",
                "Accept: application/vnd.pgrst.object+json",
                "Accept: application/vnd.pgrst.array+json",
                "Accept: text/csv",
                "Content-Profile: other"
            })
    void eachHeaderHasTheSameEffect(String header) {
        service.post("/sync-states/funds/start", "{\"run_id\": \"" + RUN + "\"}");
        Call call = new Call("start", "{'p_resource': 'funds', 'p_run_id': '" + RUN + "'}", header, "");

        assertThat(together(call)).isEqualTo(alone(call));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?select=resource,run_id",
                "?select=*,errors-%3E0-%3E%3Ecode",
                "?select=status:last_sync_status,duration_ms::text",
                "?select=nope",
                "?resource=eq.funds",
                "?columns=p_resource,p_run_id"
            })
    void eachParameterHasTheSameEffect(String query) {
        service.post("/sync-states/funds/start", "{\"run_id\": \"" + RUN + "\"}");
        Call call = new Call("start", "{'p_resource': 'funds', 'p_run_id': '" + RUN + "'}", "", query);

        assertThat(together(call)).isEqualTo(alone(call));
    }

    @Test
    void aReaderIsRefusedAlikeAndNeverInABatch() {
        long before = callsTogether();
        Call call = new Call("start", "{'p_resource': 'funds'}");

        Answer answer = call.by(reader);
        assertThat(answer).isEqualTo(call.by(otherBy(READER_KEY))).isEqualTo(call.by(reader));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("\"code\":\"42501\"");
        assertThat(callsTogether()).isEqualTo(before);
    }

    /** The same call by a batch and alone, the one before the other and after it. */
    private void applied(String function, String body) {
        var call = new Call(function, body);
        long before = callsTogether();

        Answer first = together(call);
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(alone(call)).isEqualTo(first);
        assertThat(together(call)).isEqualTo(first);
        assertThat(callsTogether() - before).isEqualTo(2);
    }

    private static String withoutTimes(Answer answer) {
        return answer.body().replaceAll("\"[0-9-]+T[0-9:.]+|\"version\":[0-9]+", "");
    }

    private Answer together(Call call) {
        return call.by(service);
    }

    private Answer alone(Call call) {
        return call.by(otherBy(SERVICE_KEY));
    }

    private static ApiClient otherBy(String key) {
        return ApiClient.at(Objects.requireNonNull(other).api().base()).key(key);
    }

    private long callsTogether() {
        return Math.round(meters.get("vantage.sync.batch.calls").summary().totalAmount());
    }

    /** @param header none where it is empty */
    private record Call(String function, String body, String header, String query) {

        Call(String function, String body) {
            this(function, body, "", "");
        }

        static Call of(String text) {
            int space = text.indexOf(' ');
            return new Call(text.substring(0, space), text.substring(space + 1));
        }

        Answer by(ApiClient caller) {
            ApiClient client = header.isEmpty()
                    ? caller
                    : caller.with(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
            return Answer.of(
                    client.post("/rest/v1/rpc/" + function + "_vantage_sync" + query, body.replace('\'', '"')));
        }
    }

    private record Answer(int status, List<String> headers, String body) {

        static Answer of(Response response) {
            return new Answer(
                    response.status(),
                    HEADERS.stream()
                            .map(response::header)
                            .flatMap(Optional::stream)
                            .toList(),
                    response.body());
        }
    }
}
