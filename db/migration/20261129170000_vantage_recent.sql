-- vantage_sync_recent: how the last runs of each resource ended and how long they took, in one row a resource, for pages that
-- show many resources at a glance.
--
-- Undone by ../rollback/20261129170000_vantage_recent_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------

-- A list for each fact, not an object for each run: of ten thousand resources that is half of the text and of the time.
-- Of a run that goes on, the state has it. An abandoned run neither succeeded nor failed: it counts for the rate, but the
-- failures before and after it stay in a row. The usual duration is the median, of which one slow run changes nothing, and
-- is taken of successes alone: what fails often fails at once. No function of ours is called, as in vantage_sync_alert. Runs are
-- sorted once, not in each aggregate, and failures are counted by the index of what did not succeed: it names that condition.
create or replace view public.vantage_sync_recent
with (security_invoker = true)
as
select
  s.resource,
  coalesce(r.statuses, '[]'::json) as statuses,
  coalesce(r.started_at, '[]'::json) as started_at,
  coalesce(r.durations_ms, '[]'::json) as durations_ms,
  r.success_rate,
  r.usual_duration_ms,
  c.consecutive_failures,
  c.failing_since
from public.vantage_sync_state s
cross join lateral (
  select
    json_agg(h.status) as statuses,
    json_agg(to_char(h.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as started_at,
    json_agg(h.duration_ms) as durations_ms,
    round(count(*) filter (where h.status = 'success')::numeric / nullif(count(*), 0), 4) as success_rate,
    percentile_disc(0.5) within group (order by h.duration_ms) filter (where h.status = 'success') as usual_duration_ms,
    min(h.started_at) as first_started_at,
    max(h.started_at) filter (where h.status = 'success') as last_success_started_at
  from (
    select l.status, l.started_at, l.duration_ms
    from (
      select n.status, n.started_at, n.duration_ms
      from public.vantage_sync_history n
      where n.resource = s.resource
      order by n.started_at desc
      limit 30
    ) as l
    order by l.started_at
  ) as h
) as r
cross join lateral (
  select
    count(*)::integer as consecutive_failures,
    min(f.completed_at) as failing_since
  from public.vantage_sync_history f
  where f.resource = s.resource
    and f.status <> 'success'
    and f.status = 'failed'
    and f.started_at >= r.first_started_at
    and f.started_at > coalesce(r.last_success_started_at, '-infinity')
) as c;

comment on view public.vantage_sync_recent is
  'One row a resource: its last 30 runs that have ended, and what they come to.';
comment on column public.vantage_sync_recent.resource is
  'What they copied, a row of vantage_sync_state.';
comment on column public.vantage_sync_recent.statuses is
  'How each of the last 30 runs that have ended did so, oldest first: success, failed or abandoned.';
comment on column public.vantage_sync_recent.started_at is
  'When each of them started.';
comment on column public.vantage_sync_recent.durations_ms is
  'How long each of them took, in milliseconds.';
comment on column public.vantage_sync_recent.success_rate is
  'The part of these that succeeded, from 0 to 1; null where there is none.';
comment on column public.vantage_sync_recent.usual_duration_ms is
  'The median duration of those that succeeded, in milliseconds; null where none has.';
comment on column public.vantage_sync_recent.consecutive_failures is
  'How many of these have failed since the last success.';
comment on column public.vantage_sync_recent.failing_since is
  'When the first of those in a row had failed; null where the last did not fail.';

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on table public.vantage_sync_recent from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_recent to anon, authenticated, service_role;

reset client_min_messages;
