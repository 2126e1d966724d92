package com.vantage.syncstate.notify;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** What is to be sent, claimed and recorded as {@code service_role}. */
@Repository
class Outbox {

    private static final String SET_CHANNELS = """
            select case
              when not current_setting('transaction_read_only')::boolean
                then cast(public.set_vantage_channels(cast(:channels as jsonb)) as text)
            end
            """;

    private static final String CLAIM = """
            select c.notification_id, c.event_id, c.incident_id, c.seq, c.type, c.at, c.body
            from public.claim_vantage_notifications(:channel, :limit) as c
            """;

    private static final String RELEASE =
            "select cast(public.release_vantage_notifications(cast(:ids as uuid[])) as text)";

    private static final String RECORD = """
            select cast(public.record_vantage_delivery(
              :channel, cast(:ids as uuid[]), :outcome, :status, :error, cast(:retryAfter as interval)) as text)
            """;

    private static final String WATCH = "select public.watch_vantage_channels()";

    private static final String COMMON_CAUSE = """
            select c.cause
            from public.vantage_common_cause(cast(:ids as uuid[])) as c (cause)
            where c.cause is not null
            """;

    private final JdbcClient service;
    private final JsonMapper json;

    Outbox(@Qualifier("service") JdbcClient service, JsonMapper json) {
        this.service = service;
        this.json = json;
    }

    /** @param channels a JSON array, without URLs and secrets */
    void setChannels(String channels) {
        service.sql(SET_CHANNELS)
                .param("channels", channels)
                .query((row, number) -> "")
                .list();
    }

    /** What is to be sent to a channel now, in order for each incident; for 90 s nobody else claims it. */
    List<Notification> claim(String channel, int limit) {
        return service.sql(CLAIM)
                .param("channel", channel)
                .param("limit", limit)
                .query(this::notification)
                .list();
    }

    void release(List<Notification> notifications) {
        service.sql(RELEASE)
                .param("ids", ids(notifications))
                .query((row, number) -> "")
                .list();
    }

    /** Notes what became of one message. */
    void record(String channel, List<Notification> notifications, Delivery delivery) {
        Duration retryAfter = delivery.retryAfter();
        service.sql(RECORD)
                .param("channel", channel)
                .param("ids", ids(notifications))
                .param("outcome", delivery.outcome().value())
                .param("status", delivery.status(), Types.INTEGER)
                .param("error", delivery.error(), Types.VARCHAR)
                .param("retryAfter", retryAfter == null ? null : retryAfter.toString(), Types.VARCHAR)
                .query((row, number) -> "")
                .list();
    }

    /** Gives up what is too old, reminds, and opens and closes the incidents of channels. */
    int watch() {
        return service.sql(WATCH).query((row, number) -> row.getInt(1)).single();
    }

    /** What the events of one message likely have in common, in words; null for nothing. */
    @Nullable
    String commonCause(List<Notification> notifications) {
        return service.sql(COMMON_CAUSE)
                .param("ids", array(notifications.stream().map(Notification::eventId)))
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private Notification notification(ResultSet row, int number) throws SQLException {
        String body = row.getString("body");
        return new Notification(
                row.getObject("notification_id", UUID.class),
                row.getObject("event_id", UUID.class),
                row.getObject("incident_id", UUID.class),
                seq(row),
                row.getString("type"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                body == null ? null : json.readTree(body));
    }

    private static @Nullable Integer seq(ResultSet row) throws SQLException {
        int seq = row.getInt("seq");
        return row.wasNull() ? null : seq;
    }

    private static String ids(List<Notification> notifications) {
        return array(notifications.stream().map(Notification::notificationId));
    }

    private static String array(Stream<UUID> ids) {
        return ids.map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
