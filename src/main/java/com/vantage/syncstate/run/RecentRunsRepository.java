package com.vantage.syncstate.run;

import java.time.OffsetDateTime;
import java.util.List;
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

    private final JdbcClient reader;

    RecentRunsRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
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
