package com.vantage.syncstate.incident;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.incident.Incident.Acknowledgement;
import com.vantage.syncstate.incident.Incident.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The incidents, read as {@code authenticated}; evaluated, acknowledged and deleted as {@code service_role}. */
@Repository
public class IncidentRepository {

    /** Of each in a list; more than a page or the stream can hold of all of them would serve nobody. */
    private static final int LISTED_EVENTS = 20;

    /** Null where it cannot be written here, and where another instance is at it. */
    private static final String EVALUATE = """
            select case
              when not current_setting('transaction_read_only')::boolean then public.evaluate_vantage_alerts(:limit)
            end
            """;

    /** As above. */
    private static final String FILL_DUE = """
            select case
              when not current_setting('transaction_read_only')::boolean then public.fill_vantage_sync_due()
            end
            """;

    private static final String SELECT = """
            select
              i.incident_id, i.resource, i.opened_at, i.closed_at, i.severity, i.kinds, i.acknowledged_at, i.acknowledged_by,
              i.acknowledged_note, i.close_reason, i.reopened, i.flapping, e.events, e.total, e.listed
            from public.vantage_incident i
            cross join lateral (
              select
                '[' || string_agg(row_to_json(j)::text, ',' order by j.seq) || ']' as events,
                max(j.seq) as total,
                count(*) as listed
              from (
                select
                  v.event_id,
                  v.seq,
                  v.type,
                  to_char(v.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
                  v.body -> 'severity' as severity,
                  v.body -> 'kinds' as kinds,
                  v.body -> 'detail' as detail
                from public.vantage_incident_event v
                where v.incident_id = i.incident_id
                order by v.seq desc
                limit :events
              ) as j
            ) as e
            """;

    private static final String PAGE = SELECT + """
            where (cast(:open as boolean) is null or (i.closed_at is null) = cast(:open as boolean))
              and (cast(:resource as text) is null or i.resource = cast(:resource as text))
              and (cast(:openedAt as timestamptz) is null
                or (i.opened_at, i.incident_id) < (cast(:openedAt as timestamptz), cast(:incidentId as uuid)))
            order by i.opened_at desc, i.incident_id desc
            limit :limit
            """;

    private static final String FIND = SELECT + """
            where i.incident_id = :incidentId
            """;

    private static final String POSITION = """
            select coalesce(max(v.position), 0) from public.vantage_incident_event v
            """;

    private static final String CHANGED = SELECT + """
            where i.incident_id in (
              select v.incident_id
              from public.vantage_incident_event v
              where v.position > :after and v.position <= :through
              order by v.position desc
              limit :limit
            )
            order by i.changed_at, i.incident_id
            """;

    private static final String ACKNOWLEDGE = """
            select a.incident_id from public.acknowledge_vantage_incident(:incidentId, :by, :note) as a
            """;

    private static final String DELETE_OLD =
            "select public.delete_old_vantage_incidents(cast(:olderThan as interval), :batch)";

    private final JdbcClient reader;
    private final JdbcClient service;

    IncidentRepository(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    /**
     * Opens, changes and closes incidents by the alerts of this moment.
     *
     * @return how many; as many as the limit means that there may be more. Empty where another instance is at it, or the
     *     database takes no writes
     */
    OptionalInt evaluate(int limit) {
        return service.sql(EVALUATE)
                .param("limit", limit)
                .query((row, number) -> {
                    int count = row.getInt(1);
                    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(count);
                })
                .single();
    }

    /** Plans the times at which resources are due next, for as many of them as take little time. */
    void fillDue() {
        service.sql(FILL_DUE).query((row, number) -> row.getInt(1)).single();
    }

    /**
     * Newest first, each with its latest events.
     *
     * @param open null for those that are open and those that are closed
     * @param resource null for all
     * @param after null for the newest of all
     */
    List<Incident> page(@Nullable Boolean open, @Nullable String resource, @Nullable IncidentCursor after, int limit) {
        return reader.sql(PAGE)
                .param("events", LISTED_EVENTS)
                .param("open", open, Types.BOOLEAN)
                .param("resource", resource, Types.VARCHAR)
                .param(
                        "openedAt",
                        after == null ? null : after.openedAt().atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("incidentId", after == null ? null : after.incidentId(), Types.OTHER)
                .param("limit", limit)
                .query(IncidentRepository::incident)
                .list();
    }

    /** @throws RequestRejected {@code incident-not-found} */
    Incident get(UUID incidentId) {
        return get(reader, incidentId);
    }

    /** @throws RequestRejected {@code incident-not-found}, {@code incident-closed}, {@code invalid-request} */
    Incident acknowledge(UUID incidentId, @Nullable String by, @Nullable String note) {
        service.sql(ACKNOWLEDGE)
                .param("incidentId", incidentId)
                .param("by", by, Types.VARCHAR)
                .param("note", note, Types.VARCHAR)
                .query(UUID.class)
                .single();
        // By the same connections: the reader's may lead to a replica that does not have it yet.
        return get(service, incidentId);
    }

    /** Deletes at most so many that were closed longer ago than that, and returns how many; 0 when none is left. */
    int deleteOld(Duration olderThan, int batch) {
        return service.sql(DELETE_OLD)
                .param("olderThan", olderThan.toString())
                .param("batch", batch)
                .query(Integer.class)
                .single();
    }

    /** The place of the latest event among all events; 0 where there is none. */
    public long position() {
        return reader.sql(POSITION).query(Long.class).single();
    }

    /** Those with an event after one place and up to another, of so many events the latest, each with its own latest. */
    public List<Incident> changed(long after, long through, int limit) {
        return reader.sql(CHANGED)
                .param("events", LISTED_EVENTS)
                .param("after", after)
                .param("through", through)
                .param("limit", limit)
                .query(IncidentRepository::incident)
                .list();
    }

    private static Incident get(JdbcClient jdbc, UUID incidentId) {
        return jdbc.sql(FIND)
                .param("events", null, Types.INTEGER)
                .param("incidentId", incidentId)
                .query(IncidentRepository::incident)
                .optional()
                .orElseThrow(() -> new RequestRejected(
                        ProblemType.INCIDENT_NOT_FOUND,
                        "There is no incident " + incidentId
                                + ". Closed ones are kept as long as runs are; look it up in GET /incidents.",
                        RequestRejected.Details.NONE));
    }

    private static Incident incident(ResultSet row, int number) throws SQLException {
        Instant acknowledgedAt = instant(row, "acknowledged_at");
        int total = row.getInt("total");
        boolean truncated = row.getInt("listed") < total;
        return new Incident(
                row.getObject("incident_id", UUID.class),
                row.getString("resource"),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                instant(row, "closed_at"),
                Severity.of(row.getString("severity")),
                Arrays.asList((String[]) row.getArray("kinds").getArray()),
                acknowledgedAt == null
                        ? null
                        : new Acknowledgement(
                                acknowledgedAt, row.getString("acknowledged_by"), row.getString("acknowledged_note")),
                row.getString("events"),
                row.getString("close_reason"),
                row.getInt("reopened"),
                row.getBoolean("flapping"),
                truncated ? total : null,
                truncated ? true : null);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
