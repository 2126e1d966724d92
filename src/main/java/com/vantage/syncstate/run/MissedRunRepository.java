package com.vantage.syncstate.run;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The due times that no run has met, read as {@code authenticated}. */
@Repository
class MissedRunRepository {

    private static final String NEWEST_FIRST = """
            select resource, due_at, local, deadline
            from public.missed_vantage_syncs(:since)
            order by due_at desc, resource
            limit :limit
            """;

    private final JdbcClient reader;

    MissedRunRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** @param since null for as long ago as is known */
    List<MissedRun> newestFirst(@Nullable Instant since, int limit) {
        return reader.sql(NEWEST_FIRST)
                .param("since", since == null ? null : since.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("limit", limit)
                .query((row, number) -> new MissedRun(
                        row.getString("resource"),
                        row.getObject("due_at", OffsetDateTime.class).toInstant(),
                        row.getString("local"),
                        row.getObject("deadline", OffsetDateTime.class).toInstant()))
                .list();
    }
}
