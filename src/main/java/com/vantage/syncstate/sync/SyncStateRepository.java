package com.vantage.syncstate.sync;

import com.vantage.syncstate.database.CallRefused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The sync states, read as {@code authenticated} and written as {@code service_role}; each call is one statement.
 *
 * <p>Refusals of the functions arrive as {@link CallRefused}, a database that does not answer as
 * {@link org.springframework.dao.DataAccessResourceFailureException}.
 */
@Repository
public class SyncStateRepository {

    private static final String COLUMNS = """
            s.resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors,
            started_at, completed_at, duration_ms, created_at, updated_at, run_id, watermark, progress,
            """;

    /** States with their alerts, those of each gathered to the text of a JSON array, worst first. */
    private static final String STATES_WITH_ALERTS = """
            coalesce(a.alerts, '[]') as alerts
            from public.vantage_sync_state s
            left join (
              select
                a.resource as of_resource,
                array_agg(a.kind) as kinds,
                '[' || string_agg(
                  row_to_json(j)::text, ',' order by array_position(array['failed', 'stuck', 'stale', 'slow'], a.kind)) || ']'
                  as alerts
              from public.vantage_sync_alert a
              cross join lateral (
                select
                  a.resource,
                  a.kind,
                  to_char(a.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as since,
                  a.threshold,
                  a.detail
              ) as j
              group by a.resource
            ) as a on a.of_resource = s.resource
            """;

    private static final String STATES = "select " + COLUMNS + STATES_WITH_ALERTS;

    private static final String FIND = STATES + """
            where s.resource = :resource
            """;

    private static final String LIST = STATES + """
            where last_sync_status = any (:statuses)
              and (cardinality(cast(:alerts as text[])) = 0 or a.kinds && cast(:alerts as text[]))
            order by %s
            limit :limit
            """;

    private static final String VERSIONS = "select s.resource, s.updated_at, " + STATES_WITH_ALERTS + """
            order by %s
            """;

    private static final String FIND_ALL = STATES + """
            where s.resource = any (:resources)
            """;

    private static final String DASHBOARD_ORDER =
            "array_position(array['failed', 'running', 'never_run', 'success'], last_sync_status), resource";

    /** A statement does not see what a function that it calls has written; a function called after that one does. */
    private static final String CALL =
            "select " + COLUMNS + "public.vantage_sync_alerts(s.resource) as alerts from public.";

    private static final String REGISTER = """
            insert into public.vantage_sync_state (resource, stuck_after, stale_after, slow_after)
            values (
              :resource, cast(:stuck_after as interval), cast(:stale_after as interval), cast(:slow_after as interval))
            on conflict (resource) do nothing
            """;

    private static final String SET_THRESHOLDS = """
            update public.vantage_sync_state
            set stuck_after = case when :stuck_after_told then cast(:stuck_after as interval) else stuck_after end,
                stale_after = case when :stale_after_told then cast(:stale_after as interval) else stale_after end,
                slow_after = case when :slow_after_told then cast(:slow_after as interval) else slow_after end
            where resource = :resource
            """;

    private static final List<String> THRESHOLDS = List.of("stuck_after", "stale_after", "slow_after");

    private static final String DELETE = """
            delete from public.vantage_sync_state
            where resource = :resource
            """;

    private static final String START = CALL + "start_vantage_sync(:resource, :runId, :force) as s";

    private static final String PROGRESS = CALL + "progress_vantage_sync(:resource, :records, :total, :runId) as s";

    private static final String COMPLETE = CALL + """
            complete_vantage_sync(
              :resource, :recordsSynced, :recordsCreated, :recordsUpdated, :runId, cast(:watermark as timestamptz)) as s
            """;

    private static final String FAIL = CALL + """
            fail_vantage_sync(
              :resource, cast(:errors as jsonb), :runId, :recordsSynced, :recordsCreated, :recordsUpdated) as s
            """;

    private final JdbcClient reader;
    private final JdbcClient service;
    private final ApplicationEventPublisher events;

    SyncStateRepository(
            @Qualifier("reader") JdbcClient reader,
            @Qualifier("service") JdbcClient service,
            ApplicationEventPublisher events) {
        this.reader = reader;
        this.service = service;
        this.events = events;
    }

    /** What version of each state there is, in the order of a dashboard: little to read, however much the states hold. */
    public List<StateVersion> versions() {
        return reader.sql(VERSIONS.formatted(DASHBOARD_ORDER))
                .query((row, number) -> new StateVersion(
                        row.getString("resource"), instantOf(row, "updated_at"), row.getString("alerts")))
                .list();
    }

    /** Those of these that there are, in any order. */
    public List<SyncState> find(Collection<String> resources) {
        return reader.sql(FIND_ALL)
                .param("resources", resources.toArray(String[]::new))
                .query(SyncStateRepository::state)
                .list();
    }

    List<SyncState> list(ListQuery query) {
        String order = query.sort() == null ? DASHBOARD_ORDER : query.sort().orderBy(query.descending());
        return reader.sql(LIST.formatted(order))
                .param(
                        "statuses",
                        query.statuses().stream().map(SyncStatus::value).toArray(String[]::new))
                .param("alerts", query.alerts().stream().map(AlertKind::value).toArray(String[]::new))
                .param("limit", query.limit(), Types.INTEGER)
                .query(SyncStateRepository::state)
                .list();
    }

    /** @throws CallRefused {@code sync-state-not-found} */
    SyncState get(String resource) {
        return find(reader, resource).orElseThrow(() -> notFound(resource));
    }

    /** Makes the resource known, or sets its thresholds where it is known already. */
    Registered register(String resource, Thresholds thresholds) {
        Map<String, @Nullable String> told = thresholds.byColumn();
        boolean created = withThresholds(service.sql(REGISTER), resource, told).update() == 1;
        if (!created && !told.isEmpty()) {
            setThresholds(resource, told);
        }
        events.publishEvent(new SyncStateChanged(resource));
        return find(service, resource)
                .map(state -> new Registered(state, created))
                .orElseThrow(() -> notFound(resource));
    }

    private void setThresholds(String resource, Map<String, @Nullable String> told) {
        JdbcClient.StatementSpec update = withThresholds(service.sql(SET_THRESHOLDS), resource, told);
        for (String column : THRESHOLDS) {
            update = update.param(column + "_told", told.containsKey(column));
        }
        update.update();
    }

    private static JdbcClient.StatementSpec withThresholds(
            JdbcClient.StatementSpec statement, String resource, Map<String, @Nullable String> told) {
        JdbcClient.StatementSpec complete = statement.param("resource", resource);
        for (String column : THRESHOLDS) {
            complete = complete.param(column, told.get(column), Types.VARCHAR);
        }
        return complete;
    }

    /** @throws CallRefused {@code sync-state-not-found} */
    void delete(String resource) {
        if (service.sql(DELETE).param("resource", resource).update() == 0) {
            throw notFound(resource);
        }
        events.publishEvent(new SyncStateChanged(resource));
    }

    /** @throws CallRefused {@code sync-already-running}, {@code run-already-finished}, {@code invalid-request} */
    SyncState start(String resource, StartRequest start) {
        return called(service.sql(START)
                .param("resource", resource)
                .param("runId", start.runId(), Types.OTHER)
                .param("force", Boolean.TRUE.equals(start.force())));
    }

    /** @throws CallRefused as {@link #complete} */
    SyncState progress(String resource, ProgressRequest progress) {
        return called(service.sql(PROGRESS)
                .param("resource", resource)
                .param("records", progress.records(), Types.INTEGER)
                .param("total", progress.total(), Types.INTEGER)
                .param("runId", progress.runId(), Types.OTHER));
    }

    /**
     * @throws CallRefused {@code sync-state-not-found}, {@code sync-not-running}, {@code run-not-found}, {@code
     *     run-already-finished}, {@code run-superseded}, {@code invalid-request}
     */
    SyncState complete(String resource, CompleteRequest success) {
        return called(service.sql(COMPLETE)
                .param("resource", resource)
                .param("recordsSynced", success.recordsSynced(), Types.INTEGER)
                .param("recordsCreated", success.recordsCreated(), Types.INTEGER)
                .param("recordsUpdated", success.recordsUpdated(), Types.INTEGER)
                .param("runId", success.runId(), Types.OTHER)
                .param("watermark", text(success.watermark()), Types.VARCHAR));
    }

    /** @throws CallRefused as {@link #complete} */
    SyncState fail(String resource, FailRequest failure) {
        return called(service.sql(FAIL)
                .param("resource", resource)
                .param("errors", StorableJson.of(failure.errors()))
                .param("runId", failure.runId(), Types.OTHER)
                .param("recordsSynced", failure.recordsSynced(), Types.INTEGER)
                .param("recordsCreated", failure.recordsCreated(), Types.INTEGER)
                .param("recordsUpdated", failure.recordsUpdated(), Types.INTEGER));
    }

    private SyncState called(JdbcClient.StatementSpec call) {
        SyncState state = call.query(SyncStateRepository::state).single();
        events.publishEvent(new SyncStateChanged(state.resource()));
        return state;
    }

    private static Optional<SyncState> find(JdbcClient role, String resource) {
        return role.sql(FIND)
                .param("resource", resource)
                .query(SyncStateRepository::state)
                .optional();
    }

    private static CallRefused notFound(String resource) {
        return new CallRefused(
                "sync-state-not-found",
                "There is no resource " + resource + ". Start it first, which registers it, or check the name against"
                        + " GET /sync-states.",
                CallRefused.Facts.of(resource));
    }

    private static SyncState state(ResultSet row, int number) throws SQLException {
        return new SyncState(
                row.getString("resource"),
                instant(row, "last_sync_time"),
                SyncStatus.of(row.getString("last_sync_status")).orElseThrow(),
                row.getInt("records_synced"),
                row.getInt("records_created"),
                row.getInt("records_updated"),
                row.getString("errors"),
                instant(row, "started_at"),
                instant(row, "completed_at"),
                row.getObject("duration_ms", Integer.class),
                instantOf(row, "created_at"),
                instantOf(row, "updated_at"),
                row.getObject("run_id", UUID.class),
                instant(row, "watermark"),
                row.getString("progress"),
                row.getString("alerts"));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Instant instantOf(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * What became of a registration.
     *
     * @param created whether the resource was not there before
     */
    record Registered(SyncState state, boolean created) {}
}
