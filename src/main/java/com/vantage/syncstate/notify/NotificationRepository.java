package com.vantage.syncstate.notify;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.incident.Incident.Severity;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Channels and notifications, read as {@code authenticated}; tested and tried again as {@code service_role}. */
@Repository
class NotificationRepository {

    private static final String CHANNELS = """
            select
              c.name, c.kind, c.min_severity, c.resources, c.kinds,
              extract(epoch from c.remind_after) as remind_after,
              case when c.paused_at is not null then 'paused' when c.failures > 0 then 'failing' else 'ok' end as status,
              coalesce(c.paused_at, c.failing_since) as since,
              c.last_error,
              (select count(*) from public.vantage_notification n where n.channel = c.name and n.status = 'pending') as pending,
              (select count(*) from public.vantage_notification n where n.channel = c.name and n.status = 'dead') as dead
            from public.vantage_channel c
            order by c.name
            """;

    private static final String SELECT = """
            select
              n.notification_id, n.event_id, n.channel, n.incident_id, n.type, n.status, n.attempt, n.created_at, n.next_at,
              n.ended_at, n.last_status, n.last_error
            from public.vantage_notification n
            """;

    private static final String LIST = SELECT + """
            where (cast(:channel as text) is null or n.channel = cast(:channel as text))
              and (cast(:status as text) is null or n.status = cast(:status as text))
              and (cast(:incidentId as uuid) is null or n.incident_id = cast(:incidentId as uuid))
            order by n.position desc
            limit :limit
            """;

    private static final String FIND = SELECT + "where n.notification_id = :notificationId";

    private static final String TEST = "select public.test_vantage_channel(:channel)";

    private static final String RETRY = "select public.retry_vantage_notification(:notificationId)";

    private final JdbcClient reader;
    private final JdbcClient service;

    NotificationRepository(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    List<ChannelStatus> channels() {
        return reader.sql(CHANNELS).query(NotificationRepository::channel).list();
    }

    /** Newest first; null for all channels, whatever their status, of all incidents. */
    List<NotificationStatus> list(
            @Nullable String channel, @Nullable String status, @Nullable UUID incidentId, int limit) {
        return reader.sql(LIST)
                .param("channel", channel, Types.VARCHAR)
                .param("status", status, Types.VARCHAR)
                .param("incidentId", incidentId, Types.OTHER)
                .param("limit", limit)
                .query(NotificationRepository::notification)
                .list();
    }

    /** By the connections that write: the reader's may lead to a replica that does not have it yet. */
    NotificationStatus get(UUID notificationId) {
        return service.sql(FIND)
                .param("notificationId", notificationId)
                .query(NotificationRepository::notification)
                .optional()
                .orElseThrow(() -> new RequestRejected(
                        ProblemType.NOTIFICATION_NOT_FOUND,
                        "There is no notification " + notificationId
                                + ". They are kept as long as their incidents; look it up in GET /notifications.",
                        RequestRejected.Details.NONE));
    }

    /** @throws RequestRejected {@code channel-not-found} */
    UUID test(String channel) {
        return service.sql(TEST).param("channel", channel).query(UUID.class).single();
    }

    /** @throws RequestRejected {@code notification-not-found}, {@code notification-not-retryable} */
    UUID retry(UUID notificationId) {
        return service.sql(RETRY)
                .param("notificationId", notificationId)
                .query(UUID.class)
                .single();
    }

    private static ChannelStatus channel(ResultSet row, int number) throws SQLException {
        long reminder = row.getLong("remind_after");
        return new ChannelStatus(
                row.getString("name"),
                row.getString("kind"),
                Severity.of(row.getString("min_severity")),
                texts(row, "resources"),
                texts(row, "kinds").stream().map(AlertKind::of).toList(),
                reminder == 0 ? null : Duration.ofSeconds(reminder).toString(),
                row.getString("status"),
                instant(row, "since"),
                row.getString("last_error"),
                row.getInt("pending"),
                row.getInt("dead"));
    }

    private static NotificationStatus notification(ResultSet row, int number) throws SQLException {
        boolean pending = row.getString("status").equals("pending");
        int status = row.getInt("last_status");
        Integer lastStatus = row.wasNull() ? null : status;
        return new NotificationStatus(
                row.getObject("notification_id", UUID.class),
                row.getObject("event_id", UUID.class),
                row.getString("channel"),
                row.getObject("incident_id", UUID.class),
                row.getString("type"),
                row.getString("status"),
                row.getInt("attempt"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                pending ? instant(row, "next_at") : null,
                instant(row, "ended_at"),
                lastStatus,
                row.getString("last_error"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
