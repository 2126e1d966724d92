package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.alert.EffectiveThresholds;
import com.vantage.syncstate.database.ReadBatcher;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The sync states, read as {@code authenticated}; each call is one statement.
 *
 * <p>An unavailable database arrives as {@link org.springframework.dao.DataAccessResourceFailureException}.
 */
@Repository
public class SyncStateRepository {

    /** Due times, of a resource or by resource, gathered to the text of a JSON array. */
    private static final String NEXT_DUE = """
            '[' || string_agg(row_to_json(j)::text, ',' order by v.due_at) || ']' as next_due
            from public.vantage_sync_next_due v
            cross join lateral (
              select
                to_char(v.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as due_at,
                v.local,
                to_char(v.deadline at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as deadline
            ) as j
            """;

    private static final String WITH_ALERTS = """
            from public.vantage_sync_state s
            left join (
              select
                a.resource as of_resource,
                array_agg(a.kind) as kinds,
                '[' || string_agg(
                  row_to_json(j)::text, ',' order by a.rank) || ']' as alerts
              from public.vantage_sync_alert a
              cross join lateral (
                select
                  a.resource,
                  a.kind,
                  to_char(a.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as since,
                  a.threshold,
                  a.detail
              ) as j
              group by a.resource
            ) as a on a.of_resource = s.resource
            """;

    /** States with their alerts and next due times, those of each gathered to the text of a JSON array. */
    private static final String STATES_WITH_ALERTS = """
            coalesce(a.alerts, '[]') as alerts,
            coalesce(n.next_due, '[]') as next_due
            """ + WITH_ALERTS + """
            left join (
              select v.resource as of_resource,
            """ + NEXT_DUE + """
              group by v.resource
            ) as n on n.of_resource = s.resource
            """;

    private static final String LISTED_STATES =
            "select " + SyncStateRow.LISTED_COLUMNS + STATES_WITH_ALERTS + ErrorExcerpt.ALLOWED_TO_STATES;

    static final String FIND = "select " + SyncStateRow.COLUMNS + EffectiveThresholds.COLUMNS + STATES_WITH_ALERTS
            + EffectiveThresholds.DEFAULTS + """
            where s.resource = :resource
            """;

    /**
     * Several at a time. Alerts and due times are looked up for each; a report that is not small is read alone, so that many states that
     * are read together hold no more than one does.
     *
     * <p>A subselect hides how many they are. A plan for one would look cheaper than one for any number, and PostgreSQL would plan each
     * read anew, which takes six times as long as the read.
     */
    static final String FIND_SOME = "select " + SyncStateRow.SMALL_COLUMNS + """
            case when cardinality(cast(:resources as text[])) = 1 or pg_column_size(errors) <= 8192 then errors end as errors,
            """ + EffectiveThresholds.COLUMNS
            + """
            coalesce(a.alerts, '[]') as alerts,
            coalesce(n.next_due, '[]') as next_due
            from public.vantage_sync_state s
            left join lateral (
              select '[' || string_agg(row_to_json(j)::text, ',' order by one.rank) || ']' as alerts
              from public.vantage_sync_alert one
              cross join lateral (
                select
                  one.resource,
                  one.kind,
                  to_char(one.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as since,
                  one.threshold,
                  one.detail
              ) as j
              where one.resource = s.resource
            ) as a on true
            left join lateral (
              select
            """ + NEXT_DUE + """
              where s.expect is not null and v.resource = s.resource
            ) as n on true
            """ + EffectiveThresholds.DEFAULTS + """
            where s.resource = any (cast((select cast(:resources as text[])) as text[]))
            """;

    private static final String LIST = LISTED_STATES + """
            where last_sync_status = any (:statuses)
              and (cardinality(cast(:alerts as text[])) = 0 or a.kinds && cast(:alerts as text[]))
            order by %s
            limit :limit
            """;

    /** Of thousands of schedules, the texts of all due times would take longer than all else. */
    private static final String VERSIONS = """
            select s.resource, s.updated_at, coalesce(a.alerts, '[]') as alerts, n.first_due, n.last_due
            """ + WITH_ALERTS + """
            left join (
              select v.resource as of_resource, min(v.due_at) as first_due, max(v.due_at) as last_due
              from public.vantage_sync_next_due v
              group by v.resource
            ) as n on n.of_resource = s.resource
            order by %s
            """;

    private static final String FIND_ALL = LISTED_STATES + """
            where s.resource = any (:resources)
            """;

    private final JdbcClient reader;
    private final ReadBatcher<String, String, Optional<SyncStateDetails>> batches = new ReadBatcher<>();

    SyncStateRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** What version of each state there is, in the order of a dashboard: little to read, however much the states hold. */
    public List<StateVersion> versions() {
        return reader.sql(VERSIONS.formatted(DashboardOrder.SQL))
                .query((row, number) -> new StateVersion(
                        row.getString("resource"),
                        SyncStateRow.instantOf(row, "updated_at"),
                        row.getString("alerts"),
                        SyncStateRow.instant(row, "first_due"),
                        SyncStateRow.instant(row, "last_due")))
                .list();
    }

    /** Those of these that there are, in any order, with an excerpt of their errors. */
    public List<SyncState> find(Collection<String> resources) {
        return reader.sql(FIND_ALL)
                .param("resources", resources.toArray(String[]::new))
                .query(SyncStateRow::listed)
                .list();
    }

    List<SyncState> list(ListQuery query) {
        String order = query.sort() == null ? DashboardOrder.SQL : query.sort().orderBy(query.descending());
        return reader.sql(LIST.formatted(order))
                .param(
                        "statuses",
                        query.statuses().stream().map(SyncStatus::value).toArray(String[]::new))
                .param("alerts", query.alerts().stream().map(AlertKind::value).toArray(String[]::new))
                .param("limit", query.limit(), Types.INTEGER)
                .query(SyncStateRow::listed)
                .list();
    }

    /** @throws RequestRejected {@code sync-state-not-found} */
    SyncStateDetails get(String resource) {
        Optional<SyncStateDetails> found = batches.read("state", resource, this::details);
        if (found == null) {
            throw notFound(resource);
        }
        return found.or(() -> details(Set.of(resource)).getOrDefault(resource, Optional.empty()))
                .orElseThrow(() -> notFound(resource));
    }

    /** Those of these that there are; empty for one that is to be read alone. */
    private Map<String, Optional<SyncStateDetails>> details(Set<String> resources) {
        Map<String, Optional<SyncStateDetails>> found = new HashMap<>();
        reader.sql(FIND_SOME)
                .param("resources", resources.toArray(String[]::new))
                .query(row -> {
                    found.put(
                            row.getString("resource"),
                            row.getString("errors") == null
                                    ? Optional.empty()
                                    : Optional.of(SyncStateRow.details(row, 0)));
                });
        return found;
    }

    /** What becomes of a call on a resource that is unknown. */
    public static RequestRejected notFound(String resource) {
        return new RequestRejected(
                ProblemType.SYNC_STATE_NOT_FOUND,
                "There is no resource " + resource + ". Start it first, which registers it, or check the name against"
                        + " GET /sync-states.",
                RequestRejected.Details.of(resource));
    }
}
