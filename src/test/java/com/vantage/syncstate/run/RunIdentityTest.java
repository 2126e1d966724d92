package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run id as idempotency key and fencing token of every lifecycle call, over HTTP. */
class RunIdentityTest extends ApiTest {

    private static final String ACCOUNTS = "/sync-states/accounts";
    private static final String ERRORS = "\"errors\": [{\"code\": \"TEST\", \"message\": \"Test error\"}]";

    private final UUID run = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();

    @Test
    void startTakesTheCallersRunIdOrMakesOne() {
        Response given = start(run);
        Response made = service.post("/sync-states/funds/start");

        assertThat(given.text("run_id")).isEqualTo(run.toString());
        assertThat(UUID.fromString(made.text("run_id"))).isNotNull();
        assertThat(reader.get(ACCOUNTS + "/runs/" + run).text("status")).isEqualTo("running");
    }

    @Test
    void aRepeatedStartOfTheRunningRunChangesNothing() {
        Response first = start(run);

        Response again = start(run);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "fail"})
    void startRefusesARunThatHasEnded(String ending) {
        start(run);
        end(ending, run);

        assertRefused(start(run), 409, "run-already-finished");
    }

    @Test
    void startRefusesAnotherRunWhileOneIsAliveAndNamesIt() {
        start(run);

        Response refused = start(other);

        assertRefused(refused, 409, "sync-already-running");
        assertThat(refused.text("run_id")).isEqualTo(run.toString());
        assertThat(refused.text("detail")).contains(run.toString());
    }

    @Test
    void oneRunIdServesSeveralResourcesAndEndsForEach() {
        service.post("/sync-states/funds/start", body(run));
        start(run);

        Response ended = service.post("/sync-states/funds/complete", body(run));

        assertThat(ended.text("last_sync_status")).isEqualTo("success");
        assertThat(reader.get("/sync-states/accounts").text("last_sync_status")).isEqualTo("running");
        assertThat(reader.get("/sync-states/funds/runs/" + run).text("status")).isEqualTo("success");
        assertThat(reader.get("/sync-states/accounts/runs/" + run).text("status"))
                .isEqualTo("running");
    }

    @ParameterizedTest
    @CsvSource({"complete, success", "fail, failed"})
    void endsTheRunningRun(String ending, String status) {
        start(run);

        Response ended = end(ending, run);

        assertThat(ended.text("last_sync_status")).isEqualTo(status);
        assertThat(reader.get(ACCOUNTS + "/runs/" + run).text("status")).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "fail"})
    void aRepeatedEndingChangesNothing(String ending) {
        start(run);
        Response first = end(ending, run);

        Response again = end(ending, run);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
    }

    @Test
    void aRepeatedEndingChangesNothingEvenWhenALaterRunHasBegun() {
        start(run);
        end("complete", run);
        Response later = start(other);

        Response again = end("complete", run);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(later.json());
    }

    @ParameterizedTest
    @CsvSource({"complete, fail", "fail, complete"})
    void theFirstEndingStands(String first, String second) {
        start(run);
        Response ended = end(first, run);

        assertRefused(end(second, run), 409, "run-already-finished");
        assertThat(reader.get(ACCOUNTS).json()).isEqualTo(ended.json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "fail", "progress"})
    void aRunThatWasTakenOverChangesNothingMore(String call) {
        start(run);
        Response taken = service.post(ACCOUNTS + "/start", "{\"run_id\": \"" + other + "\", \"force\": true}");

        Response refused = end(call, run);

        assertRefused(refused, 409, "run-superseded");
        assertThat(refused.text("superseded_by")).isEqualTo(other.toString());
        assertThat(refused.text("detail")).contains(other.toString());
        assertThat(reader.get(ACCOUNTS).json()).isEqualTo(taken.json());
        Response abandoned = reader.get(ACCOUNTS + "/runs/" + run);
        assertThat(abandoned.text("status")).isEqualTo("abandoned");
        assertThat(abandoned.text("superseded_by")).isEqualTo(other.toString());
        assertThat(abandoned.text("completed_at")).isEqualTo(taken.text("started_at"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "fail", "progress"})
    void refusesARunNeverSeen(String call) {
        start(run);

        assertRefused(end(call, other), 404, "run-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "fail", "progress"})
    void refusesARunOfAnotherResource(String call) {
        service.post("/sync-states/funds/start", body(other));
        start(run);

        assertRefused(end(call, other), 404, "run-not-found");
        assertThat(reader.get("/sync-states/funds").text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void takesOverAStuckRun() {
        start(run);
        database.execute(
                "update public.vantage_sync_state set started_at = now() - interval '31 minutes' where resource = 'accounts'");

        Response taken = start(other);

        assertThat(taken.status()).isEqualTo(200);
        assertThat(reader.get(ACCOUNTS + "/runs/" + run).text("status")).isEqualTo("abandoned");
    }

    @Test
    void aSignOfLifePutsOffThatARunIsStuck() {
        start(run);
        database.execute(
                "update public.vantage_sync_state set started_at = now() - interval '31 minutes' where resource = 'accounts'");

        service.post(ACCOUNTS + "/progress");

        assertRefused(start(other), 409, "sync-already-running");
    }

    @Test
    void progressKeepsWhatIsNotReportedAnew() {
        start(run);

        service.post(ACCOUNTS + "/progress", "{\"records\": 10, \"total\": 100, \"run_id\": \"" + run + "\"}");
        Response beat = service.post(ACCOUNTS + "/progress");
        Response more = service.post(ACCOUNTS + "/progress", "{\"records\": 11}");
        Response ended = end("complete", run);

        assertThat(beat.json().get("progress").get("records").asInt()).isEqualTo(10);
        assertThat(more.json().get("progress").get("records").asInt()).isEqualTo(11);
        assertThat(more.json().get("progress").get("total").asInt()).isEqualTo(100);
        assertThat(more.json().get("progress").get("at").asString())
                .isGreaterThanOrEqualTo(beat.json().get("progress").get("at").asString());
        assertThat(ended.json().get("progress").isNull()).isTrue();
        assertThat(reader.get(ACCOUNTS + "/runs/" + run)
                        .json()
                        .get("progress")
                        .get("records")
                        .asInt())
                .isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"records\": -1}",
                "{\"total\": -1}",
                "{\"records\": 11, \"total\": 10}",
                "{\"records\": 1.5}",
                "{\"records\": \"1\"}",
                "{\"record\": 1}",
                "[]"
            })
    void refusesProgressThatCannotBe(String progress) {
        start(run);

        assertRefused(service.post(ACCOUNTS + "/progress", progress), 400, "invalid-request");
        assertThat(reader.get(ACCOUNTS).json().get("progress").isNull()).isTrue();
    }

    @Test
    void refusesProgressOfWhatDoesNotRun() {
        assertRefused(service.post(ACCOUNTS + "/progress"), 409, "sync-not-running");
        assertRefused(service.post("/sync-states/nope/progress"), 404, "sync-state-not-found");
        start(run);
        end("complete", run);
        assertRefused(end("progress", run), 409, "run-already-finished");
    }

    @Test
    void theWatermarkIsTheCallersOrElseTheStartOfTheRun() {
        start(run);
        Response given =
                service.post(ACCOUNTS + "/complete", "{\"watermark\": \"2025-11-05T10:30:00.123456789+02:00\"}");
        Response started = start(other);
        Response own = end("complete", other);

        assertThat(given.text("watermark")).isEqualTo("2025-11-05T08:30:00.123456Z");
        assertThat(started.text("watermark")).isEqualTo(given.text("watermark"));
        assertThat(own.text("watermark")).isEqualTo(started.text("started_at")).isLessThan(own.text("last_sync_time"));
    }

    @Test
    void aFailureKeepsTheWatermarkAndItsOwnCounts() {
        start(run);
        Response succeeded = end("complete", run);
        start(other);

        Response failed = service.post(
                ACCOUNTS + "/fail",
                "{" + ERRORS + ", \"records_synced\": 3, \"records_created\": 2, \"records_updated\": 1}");

        assertThat(failed.text("watermark")).isEqualTo(succeeded.text("watermark"));
        assertThat(failed.json().get("records_synced").asInt()).isZero();
        assertThat(reader.get(ACCOUNTS + "/runs/" + other)
                        .json()
                        .get("records_synced")
                        .asInt())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tomorrow\"",
                "\"2025-11-05\"",
                "\"2025-11-05T10:30:00\"",
                "1762338600",
                "\"2025-13-05T10:30:00Z\"",
                "\"+10000-01-01T00:00:00Z\"",
                "\"infinity\"",
                "\"\"",
                "true"
            })
    void refusesAWatermarkThatIsNoTime(String watermark) {
        start(run);

        Response refused = service.post(ACCOUNTS + "/complete", "{\"watermark\": " + watermark + "}");

        assertRefused(refused, 400, "invalid-request");
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo("#/watermark");
        assertThat(reader.get(ACCOUNTS).text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void refusesAWatermarkInTheFarFuture() {
        start(run);
        String tomorrow = Instant.now().plus(25, ChronoUnit.HOURS).toString();

        assertRefused(
                service.post(ACCOUNTS + "/complete", "{\"watermark\": \"" + tomorrow + "\"}"), 400, "invalid-request");
        assertRefused(
                service.post(ACCOUNTS + "/complete", "{\"watermark\": \"9999-12-31T23:59:59Z\"}"),
                400,
                "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "\"1-1-1-1-1\"", "7", "\"\"", "\"Mk9SmyVmSaSyBqQyHk4gRA==\"", "{}", "true"})
    void refusesARunIdThatIsNoUuid(String id) {
        assertThat(List.of("start", "progress", "complete", "fail")).allSatisfy(call -> {
            Response refused = service.post(
                    ACCOUNTS + "/" + call,
                    "{" + (call.equals("fail") ? ERRORS + ", " : "") + "\"run_id\": " + id + "}");
            assertRefused(refused, 400, "invalid-request");
        });
        assertThat(reader.get(ACCOUNTS).text("last_sync_status")).isEqualTo("never_run");
    }

    private Response start(UUID id) {
        return service.post(ACCOUNTS + "/start", body(id));
    }

    private Response end(String call, UUID id) {
        return service.post(
                ACCOUNTS + "/" + call, call.equals("fail") ? "{" + ERRORS + ", \"run_id\": \"" + id + "\"}" : body(id));
    }

    private static String body(UUID id) {
        return "{\"run_id\": \"" + id + "\"}";
    }

    private static void assertRefused(Response refused, int status, String problem) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(status);
        assertThat(refused.problem()).isEqualTo(problem);
    }
}
