package com.vantage.syncstate.sync;

import com.vantage.syncstate.error.RequestRejected;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The skipped days, read as {@code authenticated}; changed as {@code service_role}. */
@Repository
class SkippedDayRepository {

    /** A row without a day where the resource skips none. */
    private static final String LIST = """
            select k.day, k.reason, k.created_at
            from public.vantage_sync_state s
            left join public.vantage_sync_skipped_day k on k.resource = s.resource collate "C"
            where s.resource = :resource
            order by k.day
            """;

    private static final String SKIP = """
            select k.day, k.reason, k.created_at
            from public.skip_vantage_sync_day(:resource, :day, :reason) as k
            """;

    private static final String UNSKIP = "select cast(public.unskip_vantage_sync_day(:resource, :day) as text)";

    private final JdbcClient reader;
    private final JdbcClient service;
    private final ApplicationEventPublisher events;

    SkippedDayRepository(
            @Qualifier("reader") JdbcClient reader,
            @Qualifier("service") JdbcClient service,
            ApplicationEventPublisher events) {
        this.reader = reader;
        this.service = service;
        this.events = events;
    }

    /**
     * In their order.
     *
     * @throws RequestRejected {@code sync-state-not-found}
     */
    List<SkippedDay> list(String resource) {
        List<Optional<SkippedDay>> rows = reader.sql(LIST)
                .param("resource", resource)
                .query((row, number) ->
                        row.getObject("day") == null ? Optional.<SkippedDay>empty() : Optional.of(day(row, number)))
                .list();
        if (rows.isEmpty()) {
            throw SyncStateRepository.notFound(resource);
        }
        return rows.stream().flatMap(Optional::stream).toList();
    }

    /** @throws RequestRejected {@code sync-state-not-found}, {@code no-calendar}, {@code invalid-request} */
    SkippedDay skip(String resource, LocalDate day, @Nullable String reason) {
        SkippedDay skipped = service.sql(SKIP)
                .param("resource", resource)
                .param("day", day)
                .param("reason", reason, Types.VARCHAR)
                .query(SkippedDayRepository::day)
                .single();
        events.publishEvent(new SyncStateChanged(resource));
        return skipped;
    }

    /** @throws RequestRejected {@code sync-state-not-found}, {@code no-calendar} */
    void unskip(String resource, LocalDate day) {
        service.sql(UNSKIP)
                .param("resource", resource)
                .param("day", day)
                .query((row, number) -> "")
                .list();
        events.publishEvent(new SyncStateChanged(resource));
    }

    private static SkippedDay day(ResultSet row, int number) throws SQLException {
        return new SkippedDay(
                row.getObject("day", LocalDate.class),
                row.getString("reason"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
