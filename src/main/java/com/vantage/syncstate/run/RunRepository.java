package com.vantage.syncstate.run;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.sync.ErrorExcerpt;
import com.vantage.syncstate.sync.SyncStateRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The runs, read as {@code authenticated}; old ones are deleted as {@code service_role}. */
@Repository
class RunRepository {

    private static final String SMALL_COLUMNS = """
            run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created,
            records_updated, watermark, progress, superseded_by,
            """;

    private static final String PAGE = "select " + SMALL_COLUMNS + ErrorExcerpt.COLUMNS
            + " from public.vantage_sync_run s" + ErrorExcerpt.ALLOWED + """
            where resource = :resource
              and status = any (:statuses)
              and started_at < coalesce(cast(:before as timestamptz), 'infinity')
            """;

    /** Implied by the statuses, but the planner uses the partial index only where it is explicit. */
    private static final String NOT_SUCCESS = " and status <> 'success'";

    private static final String NEWEST_FIRST = """
             order by started_at desc
            limit :limit
            """;

    private static final String FIND = "select " + SMALL_COLUMNS + """
            errors from public.vantage_sync_run
            where run_id = :runId and resource = :resource
            """;

    private static final String RESOURCE_EXISTS =
            "select exists (select from public.vantage_sync_state where resource = :resource)";

    private static final String DELETE_OLD =
            "select public.delete_old_vantage_sync_runs(cast(:olderThan as interval), :batch)";

    private static final String MOVE_HISTORY = "select public.move_vantage_sync_history()";

    private final JdbcClient reader;
    private final JdbcClient service;

    RunRepository(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    /**
     * The newest runs that began before a moment, newest first, each with an excerpt of its errors.
     *
     * @param before null for the newest of all
     * @throws RequestRejected {@code sync-state-not-found}
     */
    List<Run> page(String resource, Set<RunStatus> statuses, @Nullable Instant before, int limit) {
        String sql = statuses.contains(RunStatus.SUCCESS) ? PAGE + NEWEST_FIRST : PAGE + NOT_SUCCESS + NEWEST_FIRST;
        List<Run> runs = reader.sql(sql)
                .param("resource", resource)
                .param("statuses", statuses.stream().map(RunStatus::value).toArray(String[]::new))
                .param("before", before == null ? null : before.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("limit", limit)
                .query((row, number) -> run(row, ErrorExcerpt.of(row)))
                .list();
        if (runs.isEmpty()) {
            requireResource(resource);
        }
        return runs;
    }

    /** @throws RequestRejected {@code run-not-found}, {@code sync-state-not-found} */
    Run get(String resource, UUID runId) {
        return reader.sql(FIND)
                .param("resource", resource)
                .param("runId", runId)
                .query((row, number) -> run(row, new ErrorExcerpt(row.getString("errors"), null)))
                .optional()
                .orElseThrow(() -> {
                    requireResource(resource);
                    return new RequestRejected(
                            ProblemType.RUN_NOT_FOUND,
                            resource + " has no run " + runId
                                    + ". It may be older than runs are kept; GET /sync-states/" + resource
                                    + "/runs lists those that are kept.",
                            new RequestRejected.Details(resource, runId.toString(), null, List.of()));
                });
    }

    /** Lets a batch of history follow renamed and deleted resources; returns whether there may be more. */
    boolean moveHistory() {
        return service.sql(MOVE_HISTORY).query(Integer.class).single() > 0;
    }

    /** Deletes about so many runs that ended longer ago than that, and returns how many; 0 when none is left. */
    int deleteOld(Duration olderThan, int batch) {
        return service.sql(DELETE_OLD)
                .param("olderThan", olderThan.toString())
                .param("batch", batch)
                .query(Integer.class)
                .single();
    }

    private void requireResource(String resource) {
        if (!reader.sql(RESOURCE_EXISTS)
                .param("resource", resource)
                .query(Boolean.class)
                .single()) {
            throw SyncStateRepository.notFound(resource);
        }
    }

    private static Run run(ResultSet row, ErrorExcerpt errors) throws SQLException {
        return new Run(
                row.getObject("run_id", UUID.class),
                row.getString("resource"),
                RunStatus.of(row.getString("status")),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                instant(row, "completed_at"),
                row.getObject("duration_ms", Integer.class),
                row.getInt("records_synced"),
                row.getInt("records_created"),
                row.getInt("records_updated"),
                errors.json(),
                instant(row, "watermark"),
                row.getString("progress"),
                row.getObject("superseded_by", UUID.class),
                errors.total(),
                errors.truncated());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
