package com.vantage.syncstate.badge;

import com.vantage.syncstate.alert.AlertKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What badges say, read as {@code authenticated}; the secret of their addresses, read as {@code service_role}. */
@Repository
class BadgeRepository {

    private static final String FIND = """
            select
              s.resource,
              s.last_sync_status,
              cast(s.duration_ms as bigint) as duration_ms,
              cast(extract(epoch from statement_timestamp() - s.last_sync_time) as bigint) as seconds_since_success,
              w.kind,
              cast(extract(epoch from statement_timestamp() - w.since) as bigint) as seconds_since_alert
            from public.vantage_sync_state s
            left join lateral (
              select a.kind, a.since
              from public.vantage_sync_alert a
              where a.resource = s.resource
              order by a.rank
              limit 1
            ) as w on true
            where s.resource = :resource
            """;

    private static final String RESOURCES = """
            select resource
            from public.vantage_sync_state
            order by resource
            """;

    private static final String SECRET = """
            select secret
            from public.vantage_badge_secret
            """;

    private final JdbcClient reader;
    private final JdbcClient service;

    BadgeRepository(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    Optional<Badge> find(String resource) {
        return reader.sql(FIND)
                .param("resource", resource)
                .query(BadgeRepository::badge)
                .optional();
    }

    List<String> resources() {
        return reader.sql(RESOURCES).query(String.class).list();
    }

    String secret() {
        return service.sql(SECRET).query(String.class).single();
    }

    private static Badge badge(ResultSet row, int number) throws SQLException {
        String alert = row.getString("kind");
        return Badge.of(
                row.getString("resource"),
                new Badge.Facts(
                        row.getString("last_sync_status"),
                        duration(row, "seconds_since_success", ChronoUnit.SECONDS),
                        duration(row, "duration_ms", ChronoUnit.MILLIS),
                        alert == null ? null : AlertKind.of(alert),
                        duration(row, "seconds_since_alert", ChronoUnit.SECONDS)));
    }

    private static @Nullable Duration duration(ResultSet row, String column, ChronoUnit unit) throws SQLException {
        Long length = row.getObject(column, Long.class);
        return length == null ? null : Duration.of(length, unit);
    }
}
