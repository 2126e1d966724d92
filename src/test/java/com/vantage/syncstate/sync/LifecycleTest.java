package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The transitions of a resource, called over HTTP. */
class LifecycleTest extends ApiTest {

    private static final String TEST_ERROR = "[{\"code\":\"TEST\",\"message\":\"Test error\"}]";

    @Test
    void knowsTheOriginalResourcesAsNeverRunFromTheStart() {
        assertThat(reader.get("/sync-states").json())
                .extracting(state -> state.get("resource").asString() + " "
                        + state.get("last_sync_status").asString())
                .containsExactly("accounts never_run", "cashflows never_run", "funds never_run");
    }

    @Test
    void beginsWithTheTwelveOriginalKeysInTheirOrder() {
        Response state = reader.get("/sync-states/accounts");

        assertThat(state.json().propertyNames())
                .startsWith(
                        "resource",
                        "last_sync_time",
                        "last_sync_status",
                        "records_synced",
                        "records_created",
                        "records_updated",
                        "errors",
                        "started_at",
                        "completed_at",
                        "duration_ms",
                        "created_at",
                        "updated_at");
        assertThat(state.json().get("last_sync_time").isNull()).isTrue();
        assertThat(state.json().get("errors").isArray()).isTrue();
    }

    @Test
    void startsANeverRunResource() {
        Response started = service.post("/sync-states/accounts/start");

        assertThat(started.status()).isEqualTo(200);
        assertThat(started.text("last_sync_status")).isEqualTo("running");
        assertThat(started.text("started_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(started.text("completed_at")).isNull();
        assertThat(started.text("duration_ms")).isNull();
        assertThat(reader.get("/sync-states/accounts").json()).isEqualTo(started.json());
    }

    @Test
    void completesARunningSync() {
        service.post("/sync-states/accounts/start");

        Response completed = service.post("/sync-states/accounts/complete", """
                {"records_synced": 100, "records_created": 10, "records_updated": 90}""");

        assertThat(completed.status()).isEqualTo(200);
        assertThat(completed.text("last_sync_status")).isEqualTo("success");
        assertThat(completed.text("last_sync_time")).isNotNull().isEqualTo(completed.text("completed_at"));
        assertThat(completed.json().get("records_synced").asInt()).isEqualTo(100);
        assertThat(completed.json().get("records_created").asInt()).isEqualTo(10);
        assertThat(completed.json().get("records_updated").asInt()).isEqualTo(90);
        assertThat(completed.json().get("duration_ms").isInt()).isTrue();
    }

    @Test
    void countsLeftOutAreZero() {
        service.post("/sync-states/accounts/start");

        Response completed = service.post("/sync-states/accounts/complete", "{\"records_created\": null}");

        assertThat(completed.json().get("records_synced").asInt()).isZero();
        assertThat(completed.json().get("records_created").asInt()).isZero();
        assertThat(completed.json().get("records_updated").asInt()).isZero();
    }

    @Test
    void completesWithoutABody() {
        service.post("/sync-states/accounts/start");

        Response completed = service.post("/sync-states/accounts/complete");

        assertThat(completed.text("last_sync_status")).isEqualTo("success");
        assertThat(completed.json().get("records_synced").asInt()).isZero();
    }

    @Test
    void completesWithAnEmptyBody() {
        service.post("/sync-states/accounts/start");

        Response completed = service.post("/sync-states/accounts/complete", "");

        assertThat(completed.text("last_sync_status")).isEqualTo("success");
    }

    @Test
    void failsARunningSyncAndKeepsWhatTheLastSuccessLeft() {
        service.post("/sync-states/funds/start");
        Response succeeded = service.post("/sync-states/funds/complete", "{\"records_synced\": 7}");
        service.post("/sync-states/funds/start");

        Response failed = service.post("/sync-states/funds/fail", "{\"errors\": " + TEST_ERROR + "}");

        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.text("last_sync_status")).isEqualTo("failed");
        assertThat(failed.json().get("errors").toString()).isEqualTo(TEST_ERROR);
        assertThat(failed.text("completed_at")).isNotNull();
        assertThat(failed.text("last_sync_time")).isEqualTo(succeeded.text("last_sync_time"));
        assertThat(failed.json().get("records_synced").asInt()).isEqualTo(7);
    }

    @Test
    void keepsTheErrorsWhileTheRetryRunsAndEmptiesThemWhenItSucceeds() {
        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/fail", "{\"errors\": " + TEST_ERROR + "}");

        Response retrying = service.post("/sync-states/funds/start");
        Response succeeded = service.post("/sync-states/funds/complete", "{}");

        assertThat(retrying.json().get("errors")).hasSize(1);
        assertThat(succeeded.json().get("errors")).isEmpty();
    }

    @Test
    void registersAResourceNotSeenBefore() {
        Response started = service.post("/sync-states/positions.eu-west:1/start");

        assertThat(started.status()).isEqualTo(200);
        assertThat(started.text("resource")).isEqualTo("positions.eu-west:1");
    }

    @Test
    void refusesASecondStartWhileRunning() {
        Response started = service.post("/sync-states/accounts/start");

        Response refused = service.post("/sync-states/accounts/start");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("sync-already-running");
        assertThat(refused.text("resource")).isEqualTo("accounts");
        assertThat(refused.text("detail")).contains(started.text("started_at"));
        assertThat(reader.get("/sync-states/accounts").json()).isEqualTo(started.json());
    }

    @Test
    void refusesToCompleteTwice() {
        service.post("/sync-states/accounts/start");
        Response completed = service.post("/sync-states/accounts/complete", "{\"records_synced\": 1}");

        Response refused = service.post("/sync-states/accounts/complete", "{\"records_synced\": 2}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("sync-not-running");
        assertThat(reader.get("/sync-states/accounts").json()).isEqualTo(completed.json());
    }

    @Test
    void refusesToFailWhatDoesNotRun() {
        Response refused = service.post("/sync-states/accounts/fail", "{\"errors\": " + TEST_ERROR + "}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("sync-not-running");
    }

    @Test
    void refusesToEndAnUnknownResource() {
        Response complete = service.post("/sync-states/nope/complete", "{}");
        Response fail = service.post("/sync-states/nope/fail", "{\"errors\": []}");

        assertThat(List.of(complete, fail)).allSatisfy(refused -> {
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.problem()).isEqualTo("sync-state-not-found");
        });
    }

    @Test
    void takesOverARunThatBeganMoreThanHalfAnHourAgo() {
        service.post("/sync-states/accounts/start");
        database.execute(
                "update public.vantage_sync_state set started_at = now() - interval '31 minutes' where resource = 'accounts'");

        Response takenOver = service.post("/sync-states/accounts/start");

        assertThat(takenOver.status()).isEqualTo(200);
        assertThat(takenOver.text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void holdsADurationTooLongForItsColumn() {
        service.post("/sync-states/accounts/start");
        database.execute(
                "update public.vantage_sync_state set started_at = now() - interval '30 days' where resource = 'accounts'");

        Response completed = service.post("/sync-states/accounts/complete", "{}");

        assertThat(completed.json().get("duration_ms").asInt()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void ofFiftySimultaneousStartsExactlyOneWins() throws Exception {
        Callable<Integer> start =
                () -> service.post("/sync-states/accounts/start").status();

        List<Integer> statuses;
        var threads = Executors.newFixedThreadPool(50);
        try {
            statuses = threads.invokeAll(Collections.nCopies(50, start)).stream()
                    .map(LifecycleTest::result)
                    .toList();
        } finally {
            threads.shutdownNow();
        }

        assertThat(statuses).containsOnlyOnce(200).hasSize(50);
        assertThat(statuses.stream().filter(status -> status == 409)).hasSize(49);
    }

    @Test
    void registersByPutOnceAndChangesNothingTheSecondTime() {
        Response created = service.put("/sync-states/positions");
        service.post("/sync-states/positions/start");
        Response again = service.put("/sync-states/positions");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).hasValue("/sync-states/positions");
        assertThat(created.text("last_sync_status")).isEqualTo("never_run");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void deletesAResourceOnce() {
        Response deleted = service.delete("/sync-states/funds");
        Response again = service.delete("/sync-states/funds");

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(again.problem()).isEqualTo("sync-state-not-found");
        assertThat(reader.get("/sync-states/funds").status()).isEqualTo(404);
    }

    private static int result(Future<Integer> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
