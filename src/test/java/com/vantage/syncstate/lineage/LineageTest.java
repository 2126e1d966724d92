package com.vantage.syncstate.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.RequestLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** What events come to, and which are none. The rules themselves are proven in {@code db/test/lineage.sql}. */
@TestPropertySource(properties = "vantage.openlineage.register=warehouse.*")
class LineageTest extends ApiTest {

    private static final String PATH = "/api/v1/lineage";
    private static final int MIB = 1 << 20;

    private final UUID run = UUID.randomUUID();

    @Test
    void takesTheTimesOfTheEvents() {
        post(event("START", "2026-01-02T10:00:00Z", "accounts"));

        Response answer = post(event("COMPLETE", "2026-01-02T12:05:00+02:00", "accounts"));

        assertThat(answer.json().toString()).isEqualTo("{\"resource\":\"accounts\",\"outcome\":\"applied\"}");
        Response state = service.get("/sync-states/accounts");
        assertThat(state.text("last_sync_status")).isEqualTo("success");
        assertThat(state.text("started_at")).isEqualTo("2026-01-02T10:00:00.000000Z");
        assertThat(state.text("completed_at")).isEqualTo("2026-01-02T10:05:00.000000Z");
        assertThat(state.text("watermark")).isEqualTo("2026-01-02T10:00:00.000000Z");
    }

    @Test
    void keepsTheErrorOfAFailure() {
        String error =
                "{\"message\": \"No answer\", \"programmingLanguage\": \"PYTHON\", \"stackTrace\": \"at line 7\"}";
        post(event("FAIL", "2026-01-02T10:00:00Z", "accounts")
                .replace("\"runId\"", "\"facets\": {\"errorMessage\": " + error + "}, \"runId\""));
        var stored = service.get("/sync-states/accounts").json().get("errors").get(0);
        assertThat(stored.get("code").asString()).isEqualTo("FAILED");
        assertThat(stored.get("message").asString()).isEqualTo("No answer");
        assertThat(stored.get("context").get("stack_trace").asString()).isEqualTo("at line 7");
    }

    @ParameterizedTest
    @CsvSource({"FAIL, FAILED, 'The run failed, without a message'", "ABORT, ABORTED, The run was aborted"})
    void needsNoErrorOfAFailure(String type, String code, String message) {
        post(event(type, "2026-01-02T10:00:00Z", "accounts"));

        assertThat(service.get("/sync-states/accounts").json().get("errors").toString())
                .isEqualTo("[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]");
    }

    @Test
    void cutsALongErrorAndTakesWhatNoDatabaseDoes() {
        String error = "{\"message\": \"" + "x".repeat(1_999) + "\\ud83d\\ude00\\u0000\", \"stackTrace\": \"\\u0000"
                + "y".repeat(MIB) + "\"}";
        Response answer = post(event("FAIL", "2026-01-02T10:00:00Z", "accounts")
                .replace("\"runId\"", "\"facets\": {\"errorMessage\": " + error + "}, \"runId\""));

        assertThat(answer.text("outcome")).isEqualTo("applied");
        var stored = service.get("/sync-states/accounts").json().get("errors").get(0);
        assertThat(stored.get("message").asString()).hasSize(2_000).endsWith("x…");
        assertThat(stored.get("context").get("stack_trace").asString()).hasSize(10_000);
    }

    @Test
    void tellsWhatARepeatedAndALateEventCameTo() {
        String start = event("START", "2026-01-02T10:00:00Z", "accounts");
        String complete = event("COMPLETE", "2026-01-02T10:05:00Z", "accounts");

        assertThat(post(start).text("outcome")).isEqualTo("applied");
        assertThat(post(start).text("outcome")).isEqualTo("repeated");
        assertThat(post(complete).text("outcome")).isEqualTo("applied");
        assertThat(post(complete).text("outcome")).isEqualTo("repeated");
        assertThat(post(start).text("outcome")).isEqualTo("late");
        assertThat(reader.get("/actuator/prometheus").body())
                .contains("vantage_openlineage_events_total{outcome=\"late\"}");
    }

    @Test
    void refusesARunWhileAnotherLives() {
        service.post("/sync-states/accounts/start");

        Response answer = post(event("START", "2999-01-01T00:00:00Z", "accounts"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("outcome")).isEqualTo("refused");
        assertThat(answer.text("problem")).isEqualTo("sync-already-running");
    }

    /** A job may write several: each is named by an address of its own. */
    @Test
    void recordsARunForEachResourceThatItConcerns() {
        post(event("COMPLETE", "2026-01-02T10:00:00Z", "accounts"));

        Response answer = post(event("FAIL", "2026-01-02T10:00:00Z", "funds"));

        assertThat(answer.text("outcome")).isEqualTo("applied");
        assertThat(service.get("/sync-states/accounts").text("last_sync_status"))
                .isEqualTo("success");
        assertThat(service.get("/sync-states/funds").text("last_sync_status")).isEqualTo("failed");
    }

    @Test
    void concernsTheResourceThatIsAskedForElseThatOfTheJobsName() {
        Response asked = service.post(PATH + "?resource=funds", event("COMPLETE", "2026-01-02T10:00:00Z", "dag.task"));
        Response unknown = service.post(PATH + "?resource=fund", event("COMPLETE", "2026-01-02T10:00:00Z", "funds"));
        Response job = post(event("COMPLETE", "2026-01-02T10:00:00Z", "dag.task"));
        Response noName = post(event("COMPLETE", "2026-01-02T10:00:00Z", "execute insert_into /tmp/out"));

        assertThat(asked.text("resource")).isEqualTo("funds");
        assertThat(asked.text("outcome")).isEqualTo("applied");
        assertThat(unknown.text("outcome")).isEqualTo("refused");
        assertThat(unknown.text("problem")).isEqualTo("sync-state-not-found");
        assertThat(job.text("outcome")).isEqualTo("ignored");
        assertThat(noName.text("outcome")).isEqualTo("ignored");
    }

    @Test
    void registersWhatItIsConfiguredTo() {
        Response metadata = post(event("OTHER", "2026-01-02T10:00:00Z", "warehouse.orders"));
        Response start = post(event("START", "2026-01-02T10:00:00Z", "warehouse.orders"));

        assertThat(metadata.text("outcome")).isEqualTo("ignored");
        assertThat(start.text("outcome")).isEqualTo("applied");
        assertThat(service.get("/sync-states/warehouse.orders").text("last_sync_status"))
                .isEqualTo("running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"})
    void copesWithAnyTime(String time) {
        post(event("START", time, "accounts"));
        Response answer = post(event("COMPLETE", time, "accounts"));

        assertThat(answer.text("outcome")).isEqualTo("applied");
        assertThat(service.get("/sync-states/accounts").status()).isEqualTo(200);
        assertThat(service.get("/alerts").status()).isEqualTo(200);
        assertThat(reader.get("/actuator/prometheus").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"eventTime\": \"2026-01-02T10:00:00Z\", \"job\": {\"namespace\": \"n\", \"name\": \"accounts\"}}",
                "{\"eventTime\": \"2026-01-02T10:00:00Z\", \"dataset\": {\"namespace\": \"n\", \"name\": \"accounts\"}}"
            })
    void ignoresEventsOfJobsAndDatasets(String event) {
        assertThat(post(event).json().toString()).isEqualTo("{\"resource\":null,\"outcome\":\"ignored\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "null",
                "1",
                "\"x\"",
                "[]",
                "[{\"eventType\": \"START\"}]",
                "{\"run\": \"x\"}",
                "{\"run\": null, \"eventType\": \"START\"}",
                "{\"run\": {\"runId\": \"1\"}, \"job\": {\"name\": \"accounts\"}, \"eventTime\": \"2026-01-02T10:00:00Z\"}",
                "{\"run\": {\"runId\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\"}, \"eventTime\": \"2026-01-02T10:00:00Z\"}",
                "{\"run\": {\"runId\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\"}, \"job\": {\"name\": \" \"}, \"eventTime\": \"2026-01-02T10:00:00Z\"}",
                "{\"run\": {\"runId\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\"}, \"job\": {\"name\": \"accounts\"}}",
                "{\"run\": {\"runId\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\"}, \"job\": {\"name\": \"accounts\"}, \"eventTime\": \"yesterday\"}",
                "{\"run\": {\"runId\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\"}, \"job\": {\"name\": \"accounts\"}, \"eventTime\": \"2026-01-02T10:00:00Z\", \"eventType\": \"STOP\"}",
            })
    void refusesWhatIsNoEvent(String body) {
        try (RequestLog log = RequestLog.open()) {
            Response answer = post(body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.problem()).isEqualTo("invalid-request");
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
        assertThat(service.get("/sync-states/accounts").text("last_sync_status"))
                .isEqualTo("never_run");
    }

    @Test
    void refusesJsonOfThousandsOfLevels() {
        Response answer = post("{\"producer\": " + "[".repeat(100_000));

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void passesOverTenMebibytesOfFacetsAndNoMore() {
        String event = event("COMPLETE", "2026-01-02T10:00:00Z", "accounts");
        String facets = event.substring(0, event.length() - 1) + ", \"producer\": \"%s\"}";
        int room = 10 * MIB - facets.length() + 2;

        Response most = post(facets.formatted("x".repeat(room)));
        Response more = post(facets.formatted("x".repeat(room + 1)));

        assertThat(most.text("outcome")).isEqualTo("applied");
        assertThat(more.status()).isEqualTo(413);
        assertThat(more.problem()).isEqualTo("payload-too-large");
    }

    @Test
    void inflatesNoMoreThanTheLimit() throws IOException {
        var bomb = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bomb)) {
            gzip.write("{\"producer\": \"".getBytes(StandardCharsets.UTF_8));
            byte[] mebibyte = "x".repeat(MIB).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1_000; i++) {
                gzip.write(mebibyte);
            }
        }

        Response answer = post(BodyPublishers.ofByteArray(bomb.toByteArray()), "gzip");

        assertThat(bomb.size()).isLessThan(2 * MIB);
        assertThat(answer.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"gzip, 400", "br, 415", "identity, 200", "GZIP, 400"})
    void readsABodyAsItsHeaderSays(String encoding, int status) {
        Response answer = post(BodyPublishers.ofString(event("START", "2026-01-02T10:00:00Z", "accounts")), encoding);

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void refusesHalfOfACompressedBody() throws IOException {
        var whole = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(whole)) {
            gzip.write(event("START", "2026-01-02T10:00:00Z", "accounts").getBytes(StandardCharsets.UTF_8));
        }
        var half = new ByteArrayInputStream(whole.toByteArray(), 0, whole.size() / 2);

        assertThat(post(BodyPublishers.ofInputStream(() -> half), "gzip").status())
                .isEqualTo(400);
    }

    private Response post(String event) {
        return service.post(PATH, event);
    }

    private Response post(BodyPublisher body, String encoding) {
        return service.with("Content-Encoding", encoding)
                .with("Content-Type", "application/json")
                .call("POST", PATH, body);
    }

    private String event(String type, String time, String job) {
        return """
                {"eventType": "%s", "eventTime": "%s", "run": {"runId": "%s"}, "job": {"namespace": "n", "name": "%s"}}""".formatted(type, time, run, job);
    }
}
