package com.vantage.syncstate.badge;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What badges say, read as {@code authenticated}; the secret of their addresses, read as {@code service_role}. */
@Repository
class BadgeRepository {

    private static final String FIND = """
            select
              resource,
              last_sync_status,
              cast(extract(epoch from statement_timestamp() - last_sync_time) as bigint) as seconds_since_success
            from public.vantage_sync_state
            where resource = :resource
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
        Long seconds = row.getObject("seconds_since_success", Long.class);
        return Badge.of(
                row.getString("resource"),
                row.getString("last_sync_status"),
                seconds == null ? null : Duration.ofSeconds(seconds));
    }
}
