package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.EffectiveThresholds;

/** The statements that read states, each with its alerts and the times at which it is due. */
final class SyncStateStatements {

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

    /** Alerts, likewise. */
    private static final String ALERTS = """
            '[' || string_agg(row_to_json(j)::text, ',' order by one.rank) || ']' as alerts
            from public.vantage_sync_alert one
            cross join lateral (
              select
                one.resource,
                one.kind,
                to_char(one.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as since,
                one.threshold,
                one.detail
            ) as j
            """;

    private static final String WITH_ALERTS = """
            from public.vantage_sync_state s
            left join (
              select
                one.resource as of_resource,
                array_agg(one.kind) as kinds,
            """ + ALERTS + """
              group by one.resource
            ) as a on a.of_resource = s.resource
            """;

    /** Of each state its alerts and next due times, gathered to the text of a JSON array. */
    private static final String ALERTS_AND_DUE_TIMES = """
            coalesce(a.alerts, '[]') as alerts,
            coalesce(n.next_due, '[]') as next_due
            """;

    /** Gathered for all states, and then joined: best where most of them are read. */
    private static final String GATHERED = WITH_ALERTS + """
            left join (
              select v.resource as of_resource,
            """ + NEXT_DUE + """
              group by v.resource
            ) as n on n.of_resource = s.resource
            """;

    /** Looked up for each state: best where they are few among many. */
    private static final String LOOKED_UP = """
            left join lateral (
              select
            """ + ALERTS + """
              where one.resource = s.resource
            ) as a on true
            left join lateral (
              select
            """ + NEXT_DUE + """
              where s.expect is not null and v.resource = s.resource
            ) as n on true
            """;

    static final String FIND = "select " + SyncStateRow.COLUMNS + EffectiveThresholds.COLUMNS + ALERTS_AND_DUE_TIMES
            + GATHERED + EffectiveThresholds.DEFAULTS + """
            where s.resource = :resource
            """;

    /**
     * A subselect hides how many they are. A plan for one would look cheaper than one for any number, and PostgreSQL would
     * plan each read anew, which takes six times as long as the read.
     */
    private static final String OF_THESE = """
            where s.resource = any (cast((select cast(:resources as text[])) as text[]))
            """;

    /**
     * Several at a time. A report that is not small is read alone, so that many states that are read together hold no more
     * than one does.
     */
    static final String FIND_SOME = "select " + SyncStateRow.SMALL_COLUMNS + """
            case when cardinality(cast(:resources as text[])) = 1 or pg_column_size(errors) <= 8192 then errors end as errors,
            """ + EffectiveThresholds.COLUMNS
            + ALERTS_AND_DUE_TIMES + """
            from public.vantage_sync_state s
            """ + LOOKED_UP + EffectiveThresholds.DEFAULTS + OF_THESE;

    private static final String LISTED = "select " + SyncStateRow.LISTED_COLUMNS + ALERTS_AND_DUE_TIMES;

    static final String FIND_ALL = LISTED + """
            from public.vantage_sync_state s
            """ + LOOKED_UP + ErrorExcerpt.ALLOWED_TO_STATES + OF_THESE;

    static final String LIST = LISTED + GATHERED + ErrorExcerpt.ALLOWED_TO_STATES + """
            where last_sync_status = any (:statuses)
              and (cardinality(cast(:alerts as text[])) = 0 or a.kinds && cast(:alerts as text[]))
            order by %s
            limit :limit
            """;

    /** The beginning of a list whatever its alerts. Subselects hide its length, as {@link #OF_THESE}. */
    static final String PAGE = LISTED + """
            from (
              select *
              from public.vantage_sync_state s
              where last_sync_status = any (cast((select cast(:statuses as text[])) as text[]))
              order by %1$s
              limit (select cast(:limit as integer))
            ) as s
            """ + LOOKED_UP + ErrorExcerpt.ALLOWED_TO_STATES + """
            order by %1$s
            """;

    /** Of thousands of schedules, the texts of all due times would take longer than all else. */
    static final String VERSIONS = """
            select s.resource, s.updated_at, coalesce(a.alerts, '[]') as alerts, n.first_due, n.last_due
            """ + WITH_ALERTS + """
            left join (
              select v.resource as of_resource, min(v.due_at) as first_due, max(v.due_at) as last_due
              from public.vantage_sync_next_due v
              group by v.resource
            ) as n on n.of_resource = s.resource
            order by %s
            """;

    private SyncStateStatements() {}
}
