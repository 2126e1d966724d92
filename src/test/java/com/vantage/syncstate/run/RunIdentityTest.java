package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run id as idempotency key and fencing token of every lifecycle call, over HTTP. */
class RunIdentityTest extends RunApiTest {

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
}
