package com.vantage.syncstate.ping;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.RawHttp;
import com.vantage.syncstate.support.RawHttp.Answer;
import com.vantage.syncstate.support.RequestLog;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What pings come to, and who may send them. The rules themselves are proven in {@code db/test/ping.sql}. */
class PingTest extends ApiTest {

    private static final String ACCOUNTS = "/ping/" + PING_KEY + "/accounts";

    @ParameterizedTest
    @CsvSource({
        "/start, running",
        "'', success",
        "/0, success",
        "/000, success",
        "/fail, failed",
        "/1, failed",
        "/255, failed",
        "/log, never_run",
        "/, success",
        "/start/, running"
    })
    void reportsWhatTheAddressSays(String signal, String status) {
        Response answer = anonymous.with("Accept", "application/json").get(ACCOUNTS + signal);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(answer.header("Cache-Control")).hasValue("no-store");
        assertThat(answer.header("Ping-Body-Limit")).hasValue("10000");
        assertThat(status("accounts")).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST"})
    void actsOnEachOfItsMethods(String method) {
        Response answer = anonymous.call(method, ACCOUNTS, BodyPublishers.noBody());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(status("accounts")).isEqualTo("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"})
    void refusesOtherMethodsInPlainText(String method) {
        Answer answer = RawHttp.send(service.base(), method + " " + ACCOUNTS);

        assertThat(answer.status()).isIn(200, 405);
        assertThat(answer.headers().get("allow")).isNotNull();
        assertThat(answer.body()).doesNotContain(PING_KEY);
        assertThat(status("accounts")).isEqualTo("never_run");
    }

    @Test
    void registersAResourceOnlyWhereItIsAskedTo() {
        Response unknown = anonymous.get("/ping/" + PING_KEY + "/new");
        Response created = anonymous.get("/ping/" + PING_KEY + "/new?create=1");
        Response again = anonymous.get("/ping/" + PING_KEY + "/new?create=1");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("not found");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).isEqualTo("Created");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo("OK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ping/a-key-for-pings-alonx/accounts",
                "/ping/a-service-key/accounts",
                "/ping/0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11/accounts",
                "/ping/0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11",
                "/ping/-/accounts",
                "/ping/a-key-for-pings-alone/nope",
                "/ping/a-key-for-pings-alone/%20",
                "/ping/a-key-for-pings-alone/-nope?create=1",
                "/ping/a-key-for-pings-alone/accounts/nonsense",
                "/ping/a-key-for-pings-alone/accounts/-1",
                "/ping/a-key-for-pings-alone/accounts/start/now",
                "/ping/a-key-for-pings-alone",
                "/ping/",
            })
    void answersAWrongKeyAndAnUnknownResourceAlike(String address) {
        Response answer = anonymous.get(address);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("not found");
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(status("accounts")).isEqualTo("never_run");
    }

    @ParameterizedTest
    @CsvSource({
        "/256, invalid url format",
        "/999999999, invalid url format",
        "?rid=1, invalid uuid format",
        "?rid=, invalid uuid format",
        "?rid=0b9ff6a35f0e4b7c9f602a3a5a0c9d11, invalid uuid format",
        "?records_synced=-1, The parameter records_synced must be",
        "?records_synced=x, The parameter records_synced must be",
        "?watermark=yesterday, The parameter watermark must be",
        "?watermark=9999-01-01T00:00:00Z, The watermark is not a time",
        "?rid=%ff, The query string is not",
    })
    void refusesWhatItCannotRead(String more, String message) {
        Response answer = anonymous.post(ACCOUNTS + more);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith(message).doesNotContain(PING_KEY);
        assertThat(status("accounts")).isEqualTo("never_run");
    }

    @Test
    void ignoresParametersThatItDoesNotKnow() {
        assertThat(anonymous
                        .get(ACCOUNTS + "?utm_source=x&rid=" + UUID.randomUUID())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void takesCountsAndTheWatermark() {
        anonymous.get(
                ACCOUNTS + "?records_synced=100&records_created=10&records_updated=90&watermark=2026-11-22T05:30:00Z");

        Response state = service.get("/sync-states/accounts");
        assertThat(state.json().get("records_synced").asInt()).isEqualTo(100);
        assertThat(state.json().get("records_created").asInt()).isEqualTo(10);
        assertThat(state.json().get("records_updated").asInt()).isEqualTo(90);
        assertThat(state.text("watermark")).isEqualTo("2026-11-22T05:30:00.000000Z");
    }

    @Test
    void takesProgress() {
        anonymous.get(ACCOUNTS + "/start");

        anonymous.get(ACCOUNTS + "/log?records=5&total=10");

        JsonNode progress = service.get("/sync-states/accounts").json().get("progress");
        assertThat(progress.get("records").asInt()).isEqualTo(5);
        assertThat(progress.get("total").asInt()).isEqualTo(10);
    }

    @Test
    void refusesAStartWhileAnotherRunLives() {
        anonymous.get(ACCOUNTS + "/start");

        Response second = anonymous.get(ACCOUNTS + "/start");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body()).startsWith("accounts is already running, since ");
    }

    @Test
    void keepsTheOutputOfAFailure() {
        String output = "copying\n\u001B[31mNo answer\u001B[0m within 30 s\n\n";

        anonymous.call("POST", ACCOUNTS + "/33", BodyPublishers.ofString(output));

        JsonNode error = onlyError();
        assertThat(error.get("code").asString()).isEqualTo("EXIT_33");
        assertThat(error.get("message").asString()).isEqualTo("No answer within 30 s");
        assertThat(error.get("context").get("exit_code").asInt()).isEqualTo(33);
        assertThat(error.get("context").get("output").asString()).isEqualTo("copying\nNo answer within 30 s\n\n");
    }

    @Test
    void needsNoOutputOfAFailure() {
        anonymous.get(ACCOUNTS + "/fail");

        JsonNode error = onlyError();
        assertThat(error.get("code").asString()).isEqualTo("FAILED");
        assertThat(error.get("message").asString()).isEqualTo("The job reported a failure");
    }

    @ParameterizedTest
    @ValueSource(ints = {9_999, 10_000, 10_001, 15_001, 20_000, 100_000_000})
    void keepsTheEndOfALongOutput(int length) {
        InputStream body = new SequenceInputStream(Collections.enumeration(IntStream.range(0, 2)
                .mapToObj(part -> part == 0
                        ? repeated(length - 8)
                        : new ByteArrayInputStream("\nthe end".getBytes(StandardCharsets.UTF_8)))
                .toList()));

        Response answer = anonymous.call("POST", ACCOUNTS + "/1", BodyPublishers.ofInputStream(() -> body));

        assertThat(answer.status()).isEqualTo(200);
        String output = onlyError().get("context").get("output").asString();
        assertThat(output).hasSize(Math.min(length, 10_000)).endsWith("xxx\nthe end");
        assertThat(onlyError().get("message").asString()).isEqualTo("the end");
    }

    @Test
    void cutsNoCharacter() {
        anonymous.call("POST", ACCOUNTS + "/1", BodyPublishers.ofString("€".repeat(4_000) + "!"));

        assertThat(onlyError().get("context").get("output").asString()).matches("€{3333}!");
    }

    @Test
    void takesWhatIsNoText() {
        byte[] bytes = new byte[256];
        IntStream.range(0, 256).forEach(at -> bytes[at] = (byte) at);

        Response answer = anonymous
                .with("Content-Type", "multipart/form-data")
                .call("POST", ACCOUNTS + "/1", BodyPublishers.ofByteArray(bytes));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(status("accounts")).isEqualTo("failed");
    }

    @Test
    void takesTheKeyFromAHeader() {
        assertThat(anonymous.key(PING_KEY).get("/ping/-/accounts").status()).isEqualTo(200);
        assertThat(anonymous
                        .with("Authorization", "Bearer " + PING_KEY)
                        .get("/ping/-/funds")
                        .status())
                .isEqualTo(200);
        assertThat(service.get("/ping/-/cashflows").status()).isEqualTo(200);
        assertThat(reader.get("/ping/-/accounts").status()).isEqualTo(404);
        assertThat(service.get("/ping/" + "x".repeat(20) + "/accounts").status())
                .isEqualTo(404);
    }

    @Test
    void opensNothingElseByAPingKey() {
        ApiClient pinger = anonymous.key(PING_KEY);

        assertThat(pinger.get("/sync-states").status()).isEqualTo(401);
        assertThat(pinger.post("/sync-states/accounts/start").status()).isEqualTo(401);
        assertThat(pinger.get("/pings").status()).isEqualTo(401);
    }

    @Test
    void opensOneResourceByItsCode() {
        JsonNode accounts = service.get("/pings").json().get(0);
        String path = URI.create(accounts.get("url").asString()).getPath();

        assertThat(accounts.get("resource").asString()).isEqualTo("accounts");
        assertThat(accounts.get("url").asString()).startsWith(service.base() + "/ping/");
        assertThat(anonymous.get(path + "/start").status()).isEqualTo(200);
        assertThat(status("accounts")).isEqualTo("running");
        assertThat(anonymous.get(path.replace("accounts", "funds")).status()).isEqualTo(404);
        assertThat(anonymous.key(path.split("/", -1)[2]).get("/sync-states").status())
                .isEqualTo(401);
    }

    @Test
    void hasOtherCodesThanBadges() {
        String ping = service.get("/pings").json().get(0).get("url").asString();
        String badge = service.get("/badges").json().get(0).get("svg").asString();

        assertThat(ping.split("/", -1)[4]).hasSize(22).isNotEqualTo(badge.split("/", -1)[4]);
    }

    @Test
    void neverShowsTheKey() {
        try (RequestLog log = RequestLog.open()) {
            anonymous.get(ACCOUNTS + "/start");
            anonymous.get(ACCOUNTS + "/start");
            anonymous.get(ACCOUNTS + "/nonsense");
            anonymous.get(ACCOUNTS + "/256");
            anonymous.get(ACCOUNTS + "/a/b/c");
            anonymous.put(ACCOUNTS);
            RawHttp.send(service.base(), "GET " + ACCOUNTS + "/%2f");
            RawHttp.send(service.base(), "GET " + ACCOUNTS + "/{");
            RawHttp.send(service.base(), "BREW " + ACCOUNTS);

            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(PING_KEY));
        }
        assertThat(reader.get("/actuator/prometheus").body())
                .contains("vantage_sync_calls_total{call=\"ping\",outcome=\"applied\"}")
                .doesNotContain(PING_KEY);
    }

    private String status(String resource) {
        return service.get("/sync-states/" + resource).text("last_sync_status");
    }

    private JsonNode onlyError() {
        JsonNode errors = service.get("/sync-states/accounts").json().get("errors");
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    private static InputStream repeated(int length) {
        return new InputStream() {
            private int left = length;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int wanted) {
                if (left <= 0) {
                    return -1;
                }
                int given = Math.min(left, wanted);
                java.util.Arrays.fill(buffer, offset, offset + given, (byte) 'x');
                left -= given;
                return given;
            }
        };
    }
}
