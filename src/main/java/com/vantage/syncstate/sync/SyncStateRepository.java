package com.vantage.syncstate.sync;

import com.vantage.syncstate.database.CallRefused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The sync states, read as {@code authenticated} and written as {@code service_role}; each call is one statement.
 *
 * <p>Refusals of the functions arrive as {@link CallRefused}, a database that does not answer as
 * {@link org.springframework.dao.DataAccessResourceFailureException}.
 */
@Repository
class SyncStateRepository {

    private static final String COLUMNS = """
            resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors,
            started_at, completed_at, duration_ms, created_at, updated_at, run_id, watermark, progress
            """;

    private static final String FIND = "select " + COLUMNS + """
            from public.vantage_sync_state
            where resource = :resource
            """;

    private static final String LIST = "select " + COLUMNS + """
            from public.vantage_sync_state
            where last_sync_status = any (:statuses)
            order by %s
            limit :limit
            """;

    private static final String DASHBOARD_ORDER =
            "array_position(array['failed', 'running', 'never_run', 'success'], last_sync_status), resource";

    private static final String REGISTER = """
            insert into public.vantage_sync_state (resource)
            values (:resource)
            on conflict (resource) do nothing
            """;

    private static final String DELETE = """
            delete from public.vantage_sync_state
            where resource = :resource
            """;

    private static final String START =
            "select " + COLUMNS + "from public.start_vantage_sync(:resource, :runId, :force)";

    private static final String PROGRESS =
            "select " + COLUMNS + "from public.progress_vantage_sync(:resource, :records, :total, :runId)";

    private static final String COMPLETE = "select " + COLUMNS + """
            from public.complete_vantage_sync(
              :resource, :recordsSynced, :recordsCreated, :recordsUpdated, :runId, cast(:watermark as timestamptz))
            """;

    private static final String FAIL = "select " + COLUMNS + """
            from public.fail_vantage_sync(
              :resource, cast(:errors as jsonb), :runId, :recordsSynced, :recordsCreated, :recordsUpdated)
            """;

    private final JdbcClient reader;
    private final JdbcClient service;

    SyncStateRepository(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    List<SyncState> list(ListQuery query) {
        String order = query.sort() == null ? DASHBOARD_ORDER : query.sort().orderBy(query.descending());
        return reader.sql(LIST.formatted(order))
                .param(
                        "statuses",
                        query.statuses().stream().map(SyncStatus::value).toArray(String[]::new))
                .param("limit", query.limit(), Types.INTEGER)
                .query(SyncStateRepository::state)
                .list();
    }

    /** @throws CallRefused {@code sync-state-not-found} */
    SyncState get(String resource) {
        return find(reader, resource).orElseThrow(() -> notFound(resource));
    }

    /** Whether the resource is new. */
    Registered register(String resource) {
        boolean created = service.sql(REGISTER).param("resource", resource).update() == 1;
        return find(service, resource)
                .map(state -> new Registered(state, created))
                .orElseThrow(() -> notFound(resource));
    }

    /** @throws CallRefused {@code sync-state-not-found} */
    void delete(String resource) {
        if (service.sql(DELETE).param("resource", resource).update() == 0) {
            throw notFound(resource);
        }
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

    private static SyncState called(JdbcClient.StatementSpec call) {
        return call.query(SyncStateRepository::state).single();
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
                row.getString("progress"));
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
