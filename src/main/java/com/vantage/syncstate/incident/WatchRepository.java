package com.vantage.syncstate.incident;

import java.time.OffsetDateTime;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** When the alerts were last evaluated, read as {@code authenticated}. */
@Repository
class WatchRepository {

    /** As long as evaluate_vantage_alerts takes for a time in which nobody watched. */
    private static final String FIND = """
            select
              w.evaluated_at,
              coalesce(statement_timestamp() - w.evaluated_at > interval '60 seconds', true) as behind
            from public.vantage_watch w
            """;

    private final JdbcClient reader;

    WatchRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    Watch get() {
        return reader.sql(FIND)
                .query((row, number) -> {
                    OffsetDateTime evaluatedAt = row.getObject("evaluated_at", OffsetDateTime.class);
                    return new Watch(evaluatedAt == null ? null : evaluatedAt.toInstant(), row.getBoolean("behind"));
                })
                .single();
    }
}
