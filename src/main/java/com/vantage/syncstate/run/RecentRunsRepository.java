package com.vantage.syncstate.run;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How the last runs of many resources ended, read as {@code authenticated}. */
@Repository
class RecentRunsRepository {

    private static final String ALL = """
            select resource, statuses, started_at, durations_ms, success_rate, usual_duration_ms, consecutive_failures, failing_since
            from public.vantage_sync_recent
            """;

    private static final String THESE = " where resource = any (:resources)";

    private static final String BY_NAME = " order by resource";

    private static final String VERSIONS = "select resource, updated_at from public.vantage_sync_state";

    private final JdbcClient reader;

    RecentRunsRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** When the state of each resource last changed, which is later at every change. */
    Map<String, Instant> versions() {
        Map<String, Instant> versions = new HashMap<>();
        reader.sql(VERSIONS).query(row -> {
            versions.put(
                    row.getString("resource"),
                    row.getObject("updated_at", OffsetDateTime.class).toInstant());
        });
        return versions;
    }

    /** @param resources null for all; those that are unknown are left out */
    List<RecentRuns> list(@Nullable List<String> resources) {
        JdbcClient.StatementSpec statement = resources == null
                ? reader.sql(ALL + BY_NAME)
                : reader.sql(ALL + THESE + BY_NAME).param("resources", resources.toArray(String[]::new));
        return statement
                .query((row, number) -> {
                    OffsetDateTime failingSince = row.getObject("failing_since", OffsetDateTime.class);
                    return new RecentRuns(
                            row.getString("resource"),
                            row.getString("statuses"),
                            row.getString("started_at"),
                            row.getString("durations_ms"),
                            row.getBigDecimal("success_rate"),
                            row.getObject("usual_duration_ms", Integer.class),
                            row.getInt("consecutive_failures"),
                            failingSince == null ? null : failingSince.toInstant());
                })
                .list();
    }
}
