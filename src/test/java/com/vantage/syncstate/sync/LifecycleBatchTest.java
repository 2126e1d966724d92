package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.database.WriteCoalescer.Outcome;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.sync.SyncLifecycleController.CompleteRequest;
import com.vantage.syncstate.sync.SyncLifecycleController.FailRequest;
import com.vantage.syncstate.sync.SyncLifecycleController.StartRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of calls that go together when one of them fails, waits or takes the connection with it. */
@TestPropertySource(properties = {"vantage.alerts.stuck-after=PT0.03S", "vantage.batch.above=0"})
class LifecycleBatchTest extends ApiTest {

    @Autowired
    private LifecycleBatch batch;

    /** The service is that of the randomized history, which lets runs get stuck at once. */
    @BeforeEach
    void stuckAfterHalfAnHour() {
        database.execute("update public.vantage_sync_setting set stuck_after = '30 minutes'");
    }

    @AfterEach
    void stuckAsBefore() {
        database.execute("update public.vantage_sync_setting set stuck_after = '0.03 seconds'");
    }

    @AfterEach
    void noPoison() {
        database.execute("drop function if exists public.poison() cascade");
    }

    @Test
    void eachCallHasAnOutcomeOfItsOwn() {
        List<Outcome<Object>> outcomes =
                batch.apply(List.of(start("funds"), complete("unknown"), complete("funds"), start("accounts")));

        assertThat(state(outcomes.get(0)).lastSyncStatus()).isEqualTo(SyncStatus.RUNNING);
        assertThat(rejection(outcomes.get(1)).problem()).isEqualTo(ProblemType.SYNC_STATE_NOT_FOUND);
        assertThat(state(outcomes.get(2)).lastSyncStatus()).isEqualTo(SyncStatus.SUCCESS);
        assertThat(state(outcomes.get(2)).resource()).isEqualTo("funds");
        assertThat(state(outcomes.get(3)).resource()).isEqualTo("accounts");
        assertThat(reader.get("/sync-states/accounts").text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void eachHasTheAnswerThatItAsksFor() {
        var ofColumn = new LifecycleCall<>(
                "start",
                "cashflows",
                new LifecycleCall.Answer<>(
                        String.class, "s.resource as name,", (row, number) -> row.getString("name")));

        assertThat(batch.apply(List.of(start("funds"), ofColumn, ping("accounts"), ping("unknown"), complete("funds"))))
                .satisfiesExactly(
                        first -> assertThat(state(first).resource()).isEqualTo("funds"),
                        second -> assertThat(second).isEqualTo(new Outcome.Answer<>("cashflows")),
                        third -> assertThat(third).isEqualTo(new Outcome.Answer<>(true)),
                        fourth -> assertThat(rejection(fourth).problem()).isEqualTo(ProblemType.SYNC_STATE_NOT_FOUND),
                        fifth -> assertThat(state(fifth).lastSyncStatus()).isEqualTo(SyncStatus.SUCCESS));
        assertThat(reader.get("/sync-states/accounts").text("last_sync_status")).isEqualTo("success");
    }

    @Test
    void whatRegistersOnlyAloneGoesAlone() {
        assertThat(batch.apply(List.of(
                        ping("unknown").registeringAlone(true), ping("funds").registeringAlone(true))))
                .containsExactly(new Outcome.NotApplied<>(), new Outcome.Answer<>(true));
    }

    @Test
    void aRefusalSaysWhatItSaysAlone() {
        service.post("/sync-states/funds/start");
        RequestRejected together =
                rejection(batch.apply(List.of(start("funds"))).get(0));
        Response alone = service.post("/sync-states/funds/start");

        assertThat(alone.text("detail")).isEqualTo(together.getMessage());
        assertThat(alone.text("run_id")).isEqualTo(together.details().runId());
    }

    @Test
    void aRowThatAnotherTransactionHoldsHoldsUpItsOwnCallsAlone() throws Exception {
        try (var stranger = database.connect();
                var statement = stranger.createStatement()) {
            stranger.setAutoCommit(false);
            statement.execute("select from public.vantage_sync_state where resource = 'accounts' for update");
            CompletableFuture<Response> held =
                    CompletableFuture.supplyAsync(() -> service.post("/sync-states/accounts/start"));
            await().until(() -> "1"
                    .equals(database.superuser()
                            .query(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%"
                                            + "start_vantage_sync(%' and datname = current_database()")));

            assertThat(batch.apply(List.of(start("accounts"), start("funds"), complete("accounts"))))
                    .satisfiesExactly(
                            first -> assertThat(first).isInstanceOf(Outcome.NotApplied.class),
                            second -> assertThat(state(second).resource()).isEqualTo("funds"),
                            third -> assertThat(third).isInstanceOf(Outcome.NotApplied.class));
            assertThat(service.post("/sync-states/funds/complete").status()).isEqualTo(200);
            assertThat(held).isNotDone();

            stranger.rollback();
            assertThat(held.get().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03"})
    void whatMayComeOfTheOthersLocksGoesAlone(String code) {
        poison("before insert", "raise exception 'poison' using errcode = '" + code + "'");

        assertThat(batch.apply(List.of(start("poison"), start("funds"))))
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(Outcome.NotApplied.class),
                        second -> assertThat(state(second).resource()).isEqualTo("funds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25006", "53100"})
    void aDatabaseThatCannotWriteIsUnavailableToEach(String code) {
        poison("before insert", "raise exception 'poison' using errcode = '" + code + "'");

        assertThat(batch.apply(List.of(start("poison"))).get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure ->
                                assertThat(failure.exception()).isInstanceOf(DataAccessResourceFailureException.class));
    }

    @Test
    void aCommitThatFailsIsTriedAgainForEachAlone() {
        poison("constraint", "raise exception 'poison' using errcode = 'check_violation'");

        assertThat(batch.apply(List.of(start("poison"), start("funds"))))
                .allMatch(outcome -> outcome instanceof Outcome.NotApplied<?>);
        assertThat(reader.get("/sync-states/funds").text("last_sync_status")).isEqualTo("never_run");
        assertThat(service.post("/sync-states/poison/start").status()).isEqualTo(400);
        assertThat(service.post("/sync-states/funds/start").status()).isEqualTo(200);
    }

    @Test
    void whatTakesTooLongOrLosesTheConnectionIsUnknownToAllInIt() {
        poison("before insert", "raise exception 'poison' using errcode = 'query_canceled'");
        assertThatThrownBy(() -> batch.apply(List.of(start("funds"), start("poison"))))
                .isInstanceOf(DataAccessResourceFailureException.class);

        poison("before insert", "perform pg_terminate_backend(pg_backend_pid())");
        assertThatThrownBy(() -> batch.apply(List.of(start("funds"), start("poison"))))
                .isInstanceOf(DataAccessResourceFailureException.class);
        Response answer = service.post("/sync-states/poison/start");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("database-unavailable");

        assertThat(reader.get("/sync-states/funds").text("last_sync_status")).isEqualTo("never_run");
        assertThat(service.post("/sync-states/funds/start").status()).isEqualTo(200);
    }

    @Test
    void aLongReportGoesAlone() {
        assertThat(fail("x".repeat(1_000)).fitsBatch()).isTrue();
        assertThat(fail("x".repeat(20_000)).fitsBatch()).isFalse();
    }

    @Test
    void everyArgumentArrives() {
        service.post("/sync-states/funds/start");
        var progress = service.post("/sync-states/funds/progress", "{\"records\": 3, \"total\": 9}");
        var failed = service.post(
                "/sync-states/funds/fail",
                "{\"errors\": [{\"code\": \"A\", \"message\": \"\\u0000 \\\" \\ud800 ä\", \"context\": 1e999}],"
                        + " \"records_synced\": 1, \"records_created\": 2, \"records_updated\": 3}");
        service.post("/sync-states/funds/start");
        var completed = service.post(
                "/sync-states/funds/complete",
                "{\"records_synced\": 7, \"records_created\": 4, \"records_updated\": 3, \"watermark\":"
                        + " \"2026-01-02T03:04:05.123456Z\"}");

        assertThat(progress.json().get("progress").get("total").asInt()).isEqualTo(9);
        assertThat(failed.json().get("errors").get(0).get("message").asString()).isEqualTo("\uFFFD \" \uFFFD ä");
        assertThat(failed.json().get("errors").get(0).get("context").asString()).isEqualTo("1E+999");
        assertThat(reader.get("/sync-states/funds/runs")
                        .json()
                        .get("runs")
                        .get(1)
                        .get("records_updated")
                        .asInt())
                .isEqualTo(3);
        assertThat(completed.text("watermark")).isEqualTo("2026-01-02T03:04:05.123456Z");
        assertThat(completed.json().get("records_created").asInt()).isEqualTo(4);
    }

    @Test
    void aWatermarkThatNoDatabaseHoldsIsRefusedAndHurtsNoOther() {
        assertThat(service.post("/sync-states/funds/start").status()).isEqualTo(200);
        Response refused =
                service.post("/sync-states/funds/complete", "{\"watermark\": \"+1000000000-12-31T23:59:59Z\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-request");
        assertThat(service.post("/sync-states/funds/complete").status()).isEqualTo(200);
    }

    @Test
    void countsBatchesAndCallsThatWentAlone() {
        service.post("/sync-states/funds/start");

        assertThat(reader.get("/actuator/prometheus").body())
                .containsPattern("vantage_sync_batch_calls_count [1-9]")
                .containsPattern("vantage_sync_batch_calls_sum [1-9]")
                .contains("vantage_sync_calls_alone_total ");
    }

    private static LifecycleCall<SyncStateDetails> start(String resource) {
        return SyncLifecycleRepository.startCall(resource, StartRequest.PLAIN);
    }

    private static LifecycleCall<SyncStateDetails> complete(String resource) {
        return SyncLifecycleRepository.completeCall(resource, CompleteRequest.PLAIN);
    }

    private static LifecycleCall<Boolean> ping(String resource) {
        return new LifecycleCall<>(
                        "ping", resource, new LifecycleCall.Answer<>(Boolean.class, "", (row, number) -> true))
                .with("signal", "success")
                .withJson("errors", "[]");
    }

    private static LifecycleCall<SyncStateDetails> fail(String message) {
        var errors = JsonMapper.shared().createArrayNode();
        errors.addObject().put("code", "A").put("message", message);
        return SyncLifecycleRepository.failCall("funds", new FailRequest(errors, null, null, null, null));
    }

    private static SyncState state(Outcome<Object> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Answer.class);
        return ((SyncStateDetails) ((Outcome.Answer<Object>) outcome).result()).state();
    }

    private static RequestRejected rejection(Outcome<Object> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return (RequestRejected) ((Outcome.Failure<Object>) outcome).exception();
    }

    /** Lets the registration of a resource of that name do this. */
    private void poison(String when, String what) {
        noPoison();
        database.execute("""
                create function public.poison() returns trigger language plpgsql as $$ begin %s; return new; end $$;
                """.formatted(what) + (when.equals("constraint") ? """
                create constraint trigger poison after insert on public.vantage_sync_state
                deferrable initially deferred for each row when (new.resource = 'poison') execute function public.poison()
                """ : """
                create trigger poison before insert on public.vantage_sync_state
                for each row when (new.resource = 'poison') execute function public.poison()
                """));
    }
}
