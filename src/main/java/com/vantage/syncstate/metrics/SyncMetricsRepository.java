package com.vantage.syncstate.metrics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the metrics report, read as {@code authenticated}. */
@Repository
class SyncMetricsRepository {

    private static final String SAMPLES = """
            select
              s.resource,
              s.last_sync_status,
              cast(extract(epoch from s.last_sync_time) as double precision) as last_success,
              cast(extract(epoch from s.completed_at - s.started_at) as double precision) as duration,
              s.records_synced,
              coalesce(a.kinds, '{}') as alerts
            from public.vantage_sync_state s
            left join (
              select resource as of_resource, array_agg(kind) as kinds
              from public.vantage_sync_alert
              group by resource
            ) as a on a.of_resource = s.resource
            order by s.resource
            """;

    private static final String WATCH = """
            select
              (select cast(extract(epoch from w.evaluated_at) as double precision) from public.vantage_watch w) as evaluated,
              count(*) filter (where i.severity = 'error') as errors,
              count(*) filter (where i.severity = 'warning') as warnings
            from public.vantage_incident i
            where i.closed_at is null
            """;

    private final JdbcClient reader;

    SyncMetricsRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** One sample a resource. */
    List<Sample> samples() {
        return reader.sql(SAMPLES).query(SyncMetricsRepository::sample).list();
    }

    Watch watch() {
        return reader.sql(WATCH)
                .query((row, number) -> new Watch(
                        row.getObject("evaluated", Double.class), row.getInt("errors"), row.getInt("warnings")))
                .single();
    }

    private static Sample sample(ResultSet row, int number) throws SQLException {
        return new Sample(
                row.getString("resource"),
                row.getString("last_sync_status"),
                row.getObject("last_success", Double.class),
                row.getObject("duration", Double.class),
                row.getInt("records_synced"),
                Set.of((String[]) row.getArray("alerts").getArray()));
    }

    /**
     * One resource at this moment.
     *
     * @param lastSuccess seconds since 1970; null where there has been none
     * @param duration seconds that the latest run took; null while it runs, and where there was none
     * @param records of the last success
     * @param alerts kinds of its alerts
     */
    record Sample(
            String resource,
            String status,
            @Nullable Double lastSuccess,
            @Nullable Double duration,
            int records,
            Set<String> alerts) {}

    /**
     * How the alerts are watched at this moment.
     *
     * @param evaluated when they were last evaluated, in seconds since 1970; null before the first time
     * @param errors how many incidents of that severity are open
     */
    record Watch(@Nullable Double evaluated, int errors, int warnings) {}
}
