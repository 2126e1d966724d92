package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.EffectiveThresholds;
import com.vantage.syncstate.alert.Thresholds;
import com.vantage.syncstate.database.AlteredTable;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.sync.SyncLifecycleController.CompleteRequest;
import com.vantage.syncstate.sync.SyncLifecycleController.FailRequest;
import com.vantage.syncstate.sync.SyncLifecycleController.ProgressRequest;
import com.vantage.syncstate.sync.SyncLifecycleController.StartRequest;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What changes the sync states, as {@code service_role}: the functions of the lifecycle, one statement a call, and what
 * registers and deletes.
 *
 * <p>What the functions reject arrives as {@link RequestRejected}, an unavailable database as
 * {@link org.springframework.dao.DataAccessResourceFailureException}.
 */
@Repository
class SyncLifecycleRepository {

    /** The alerts are those of the row in hand: a statement does not see what a function that it calls has written. */
    private static final String CALL =
            "select " + SyncStateRow.COLUMNS + EffectiveThresholds.COLUMNS + """
            public.vantage_sync_alerts(s) as alerts,
            case when s.expect is null then '[]' else public.vantage_sync_next_due(s) end as next_due
            from public.%s as s
            """ + EffectiveThresholds.DEFAULTS;

    private static final String START = CALL.formatted("start_vantage_sync(:resource, :run_id, :force)");

    private static final String PROGRESS =
            CALL.formatted("progress_vantage_sync(:resource, :records, :total, :run_id)");

    private static final String COMPLETE = CALL.formatted("""
            complete_vantage_sync(
              :resource, :records_synced, :records_created, :records_updated, :run_id, cast(:watermark as timestamptz))""");

    private static final String FAIL = CALL.formatted("""
            fail_vantage_sync(
              :resource, cast(:errors as jsonb), :run_id, :records_synced, :records_created, :records_updated)""");

    /** In a batch; of a call that is refused there is no state. */
    private static final LifecycleCall.Answer<SyncStateDetails> DETAILS = new LifecycleCall.Answer<>(
            SyncStateDetails.class, SyncStateRow.COLUMNS + EffectiveThresholds.COLUMNS + """
            case when s.resource is not null then public.vantage_sync_alerts(b.state) end as alerts,
            case when s.expect is null then '[]' else public.vantage_sync_next_due(b.state) end as next_due,
            """, SyncStateRow::details);

    private static final String REGISTER = """
            insert into public.vantage_sync_state (resource, stuck_after, stale_after, slow_after, fail_after, expect)
            values (
              :resource, cast(:stuck_after as interval), cast(:stale_after as interval), cast(:slow_after as interval),
              cast(:fail_after as integer), cast(:expect as jsonb))
            on conflict (resource) do nothing
            """;

    private static final String SET_THRESHOLDS = """
            update public.vantage_sync_state
            set stuck_after = case when :stuck_after_provided then cast(:stuck_after as interval) else stuck_after end,
                stale_after = case when :stale_after_provided then cast(:stale_after as interval) else stale_after end,
                slow_after = case when :slow_after_provided then cast(:slow_after as interval) else slow_after end,
                fail_after = case when :fail_after_provided then cast(:fail_after as integer) else fail_after end,
                expect = case when :expect_provided then cast(:expect as jsonb) else expect end
            where resource = :resource
            """;

    private static final List<String> THRESHOLDS =
            List.of("stuck_after", "stale_after", "slow_after", "fail_after", "expect");

    private static final String DELETE = """
            delete from public.vantage_sync_state
            where resource = :resource
            """;

    private final JdbcClient service;
    private final ApplicationEventPublisher events;
    private final LifecycleCalls calls;

    SyncLifecycleRepository(
            @Qualifier("service") JdbcClient service, ApplicationEventPublisher events, LifecycleCalls calls) {
        this.service = service;
        this.events = events;
        this.calls = calls;
    }

    /** Registers the resource, or sets its thresholds where it is registered already. */
    Registered register(String resource, Thresholds thresholds) {
        Map<String, @Nullable String> provided = thresholds.byColumn();
        if (thresholds.expect() != null) {
            provided.put("expect", thresholds.expect().isNull() ? null : StorableJson.of(thresholds.expect()));
        }
        boolean created =
                withThresholds(service.sql(REGISTER), resource, provided).update() == 1;
        if (!created && !provided.isEmpty()) {
            setThresholds(resource, provided);
        }
        events.publishEvent(new SyncStateChanged(resource));
        // By the same connections: the reader's may lead to a replica that does not have it yet.
        return service.sql(SyncStateStatements.FIND)
                .param("resource", resource)
                .query(SyncStateRow::details)
                .optional()
                .map(state -> new Registered(state, created))
                .orElseThrow(() -> SyncStateRepository.notFound(resource));
    }

    private void setThresholds(String resource, Map<String, @Nullable String> provided) {
        JdbcClient.StatementSpec update = withThresholds(service.sql(SET_THRESHOLDS), resource, provided);
        for (String column : THRESHOLDS) {
            update = update.param(column + "_provided", provided.containsKey(column));
        }
        update.update();
    }

    private static JdbcClient.StatementSpec withThresholds(
            JdbcClient.StatementSpec statement, String resource, Map<String, @Nullable String> provided) {
        JdbcClient.StatementSpec complete = statement.param("resource", resource);
        for (String column : THRESHOLDS) {
            complete = complete.param(column, provided.get(column), Types.VARCHAR);
        }
        return complete;
    }

    /** @throws RequestRejected {@code sync-state-not-found} */
    void delete(String resource) {
        if (service.sql(DELETE).param("resource", resource).update() == 0) {
            throw SyncStateRepository.notFound(resource);
        }
        events.publishEvent(new SyncStateChanged(resource));
    }

    /** @throws RequestRejected {@code sync-already-running}, {@code run-already-finished}, {@code invalid-request} */
    SyncStateDetails start(String resource, StartRequest start) {
        return call(START, startCall(resource, start));
    }

    static LifecycleCall<SyncStateDetails> startCall(String resource, StartRequest start) {
        return new LifecycleCall<>("start", resource, DETAILS)
                .with("run_id", start.runId())
                .with("force", Boolean.TRUE.equals(start.force()));
    }

    /** @throws RequestRejected as {@link #complete} */
    SyncStateDetails progress(String resource, ProgressRequest progress) {
        return call(PROGRESS, progressCall(resource, progress));
    }

    static LifecycleCall<SyncStateDetails> progressCall(String resource, ProgressRequest progress) {
        return new LifecycleCall<>("progress", resource, DETAILS)
                .with("records", progress.records())
                .with("total", progress.total())
                .with("run_id", progress.runId());
    }

    /**
     * @throws RequestRejected {@code sync-state-not-found}, {@code sync-not-running}, {@code run-not-found}, {@code
     *     run-already-finished}, {@code run-superseded}, {@code invalid-request}
     */
    SyncStateDetails complete(String resource, CompleteRequest success) {
        return call(COMPLETE, completeCall(resource, success));
    }

    static LifecycleCall<SyncStateDetails> completeCall(String resource, CompleteRequest success) {
        return new LifecycleCall<>("complete", resource, DETAILS)
                .with("records_synced", success.recordsSynced())
                .with("records_created", success.recordsCreated())
                .with("records_updated", success.recordsUpdated())
                .with("run_id", success.runId())
                .with("watermark", text(success.watermark()));
    }

    /** @throws RequestRejected as {@link #complete} */
    SyncStateDetails fail(String resource, FailRequest failure) {
        return call(FAIL, failCall(resource, failure));
    }

    static LifecycleCall<SyncStateDetails> failCall(String resource, FailRequest failure) {
        return new LifecycleCall<>("fail", resource, DETAILS)
                .withJson("errors", StorableJson.of(failure.errors()))
                .with("run_id", failure.runId())
                .with("records_synced", failure.recordsSynced())
                .with("records_created", failure.recordsCreated())
                .with("records_updated", failure.recordsUpdated());
    }

    private SyncStateDetails call(String statement, LifecycleCall<SyncStateDetails> call) {
        SyncStateDetails details = calls.make(call, () -> alone(statement, call));
        events.publishEvent(new SyncStateChanged(call.resource()));
        return details;
    }

    private SyncStateDetails alone(String statement, LifecycleCall<SyncStateDetails> call) {
        return AlteredTable.again(() ->
                call.bindTo(service.sql(statement)).query(SyncStateRow::details).single());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /**
     * What became of a registration.
     *
     * @param created whether the resource was not there before
     */
    record Registered(SyncStateDetails state, boolean created) {}
}
