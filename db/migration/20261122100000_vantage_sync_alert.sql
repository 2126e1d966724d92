-- vantage_sync_alert: what is out of order, said by the database, so that HTTP, psql, PostgREST and Grafana agree.
--
-- One row an alert, computed when it is read: nothing is stored, so nothing has to be kept up to date. A threshold is
-- the resource's own, or else a setting (vantage.stuck_after, vantage.stale_after, vantage.slow_after) that the service
-- sets with each connection and `alter database … set vantage.stale_after = 'PT12H'` sets for all, or else the default.
-- Undone by ../rollback/20261122100000_vantage_sync_alert_rollback.sql.

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_sync_state
  add column stuck_after interval,
  add column stale_after interval,
  add column slow_after interval;

-- Not as "not valid": the table has a row a resource, and is locked already.
alter table public.vantage_sync_state
  -- A threshold is a length of time: more than none, at most ten years, and in units that are always as long.
  -- squawk-ignore constraint-missing-not-valid
  add constraint vantage_sync_state_stuck_after_sane
    check (stuck_after > interval '0' and stuck_after <= interval '3650 days'
      and extract(year from stuck_after) = 0 and extract(month from stuck_after) = 0),

  -- squawk-ignore constraint-missing-not-valid
  add constraint vantage_sync_state_stale_after_sane
    check (stale_after > interval '0' and stale_after <= interval '3650 days'
      and extract(year from stale_after) = 0 and extract(month from stale_after) = 0),

  -- squawk-ignore constraint-missing-not-valid
  add constraint vantage_sync_state_slow_after_sane
    check (slow_after > interval '0' and slow_after <= interval '3650 days'
      and extract(year from slow_after) = 0 and extract(month from slow_after) = 0);

comment on column public.vantage_sync_state.stuck_after is
  'How long a run may go without a sign of life; null for the setting vantage.stuck_after, 30 minutes unless set.';
comment on column public.vantage_sync_state.stale_after is
  'How old the last success may be; null for the setting vantage.stale_after, 24 hours unless set.';
comment on column public.vantage_sync_state.slow_after is
  'How long a run may take; null for the setting vantage.slow_after, 5 minutes unless set.';

-- ---------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------

-- The rules of the contract, each once. Exactly at the threshold is no alert, a microsecond past it is one. The time is
-- that of the statement, so that a transaction left open does not stop the clock. No function of ours is called: those
-- who may only read may execute none. Times are subtracted first, as in start_vantage_sync.
create view public.vantage_sync_alert
with (security_invoker = true)
as
select
  s.resource,
  a.kind,
  a.since,
  -- ISO 8601 whatever the intervalstyle of the session.
  case when a.threshold is not null then concat(
    'P',
    nullif(extract(year from a.threshold), 0) || 'Y',
    nullif(extract(month from a.threshold), 0) || 'M',
    nullif(extract(day from a.threshold), 0) || 'D',
    case when a.threshold - date_trunc('day', a.threshold) <> interval '0' then 'T' end,
    nullif(extract(hour from a.threshold), 0) || 'H',
    nullif(extract(minute from a.threshold), 0) || 'M',
    nullif(trim_scale(extract(second from a.threshold)), 0) || 'S')
  end as threshold,
  a.detail
from public.vantage_sync_state s
cross join lateral (
  select
    'failed' as kind,
    s.completed_at as since,
    null::interval as threshold,
    format('The latest run of %s failed with %s.', s.resource, case jsonb_array_length(s.errors)
      when 0 then 'no error told'
      when 1 then '1 error'
      else jsonb_array_length(s.errors) || ' errors'
    end) as detail
  where s.last_sync_status = 'failed'
  union all
  select
    'stuck',
    l.sign_of_life,
    t.stuck_after,
    format('%s is running without a sign of life since %s UTC.',
      s.resource, to_char(l.sign_of_life at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
  from (select greatest(s.started_at, (s.progress ->> 'at')::timestamptz) as sign_of_life) as l,
    (select coalesce(s.stuck_after, (
      select coalesce(nullif(current_setting('vantage.stuck_after', true), ''), 'PT30M')::interval)) as stuck_after) as t
  where s.last_sync_status = 'running'
    and statement_timestamp() - l.sign_of_life > t.stuck_after
  union all
  select
    'stale',
    coalesce(s.last_sync_time, s.created_at),
    t.stale_after,
    case when s.last_sync_time is null
      then format('%s has never had a successful sync since it was registered at %s UTC.',
        s.resource, to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
      else format('%s has had no successful sync since %s UTC.',
        s.resource, to_char(s.last_sync_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
    end
  from (select coalesce(s.stale_after, (
      select coalesce(nullif(current_setting('vantage.stale_after', true), ''), 'PT24H')::interval)) as stale_after) as t
  where statement_timestamp() - coalesce(s.last_sync_time, s.created_at) > t.stale_after
  union all
  -- Of a run that has ended: a long one that goes on is stuck, unless it shows life.
  select
    'slow',
    s.completed_at,
    t.slow_after,
    format('The latest run of %s took %s seconds.',
      s.resource, trim_scale(extract(epoch from s.completed_at - s.started_at)))
  from (select coalesce(s.slow_after, (
      select coalesce(nullif(current_setting('vantage.slow_after', true), ''), 'PT5M')::interval)) as slow_after) as t
  where s.last_sync_status in ('success', 'failed')
    and s.completed_at - s.started_at > t.slow_after
) as a;

comment on view public.vantage_sync_alert is
  'One row an alert, as of now. Worst first: order by array_position(array[''failed'', ''stuck'', ''stale'', ''slow''], kind), since, resource.';
comment on column public.vantage_sync_alert.resource is
  'What it is about, a row of vantage_sync_state.';
comment on column public.vantage_sync_alert.kind is
  'failed: the latest run failed. stuck: running, without a sign of life for longer than stuck_after. stale: no success for longer than stale_after, or never one. slow: the latest run took longer than slow_after.';
comment on column public.vantage_sync_alert.since is
  'failed and slow: when that run ended. stuck: the last sign of life. stale: the last success, or where there is none, the registration.';
comment on column public.vantage_sync_alert.threshold is
  'What was passed, as an ISO 8601 duration: the resource''s own or the default; null for failed.';
comment on column public.vantage_sync_alert.detail is
  'One plain sentence.';

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------

-- As before, but that a resource's own stuck_after counts.
create or replace function public.start_vantage_sync(
  p_resource text,
  p_run_id uuid default null,
  p_force boolean default false
)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
  v_since text;
begin
  loop
    -- One statement decides, so of two simultaneous starts exactly one wins; the other waits here for its commit.
    -- Times are read once the row is locked, and held after those of the run before, should the clock step back.
    insert into public.vantage_sync_state as s (resource, last_sync_status, started_at, run_id)
    values (p_resource, 'running', clock_timestamp(), coalesce(p_run_id, gen_random_uuid()))
    on conflict (resource) do update
    set last_sync_status = 'running',
        started_at = greatest(clock_timestamp(), s.completed_at, s.started_at + interval '1 microsecond'),
        completed_at = null,
        duration_ms = null,
        run_id = excluded.run_id,
        progress = null
    where s.run_id is distinct from p_run_id
      and (s.last_sync_status <> 'running'
        or p_force
        -- Stuck. Times are subtracted first: adding "1 day" to one would depend on the session's time zone.
        or clock_timestamp() - greatest(s.started_at, (s.progress ->> 'at')::timestamptz)
          > coalesce(s.stuck_after, public.vantage_sync_stuck_after()))
       or s.run_id is null
    returning s.* into v_state;

    if found then
      return v_state;
    end if;

    select s.*
    into v_state
    from public.vantage_sync_state s
    where s.resource = p_resource;

    -- This call repeats one whose answer was lost.
    if v_state.run_id = p_run_id and v_state.last_sync_status = 'running' then
      return v_state;
    end if;

    perform public.refuse_used_vantage_run(p_resource, p_run_id);

    -- Otherwise it ended, or was deleted, since the insert looked: try again.
    exit when v_state.last_sync_status = 'running';
  end loop;

  v_since := public.vantage_sync_time_text(v_state.started_at);

  raise exception using
    errcode = 'PT409',
    constraint = 'sync-already-running',
    message = format('%s is already running, since %s, as run %s', p_resource, v_since, v_state.run_id),
    detail = jsonb_build_object('resource', p_resource, 'run_id', v_state.run_id, 'since', v_since)::text,
    hint = format(
      'Let that run end and start again; it can be taken over by force, or %s after its last sign of life',
      coalesce(v_state.stuck_after, public.vantage_sync_stuck_after()));
end
$$;

-- Volatile although it only reads, so that it reads what the statement that calls it has written.
create function public.vantage_sync_alerts(p_resource text)
returns text
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  return coalesce((
    select '[' || string_agg(row_to_json(j)::text, ',' order by a.severity) || ']'
    from (
      select a.*, array_position(array['failed', 'stuck', 'stale', 'slow'], a.kind) as severity
      from public.vantage_sync_alert a
      where a.resource = p_resource
    ) as a
    cross join lateral (
      select a.resource, a.kind, public.vantage_sync_time_text(a.since) as since, a.threshold, a.detail
    ) as j
  ), '[]');
end
$$;

comment on function public.vantage_sync_alerts(text) is
  'The alerts of a resource, worst first, as the text of the JSON array that its state carries; for the answer of a call, whose own statement does not see yet what it wrote.';

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on table public.vantage_sync_alert from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_alert to anon, authenticated, service_role;

revoke all on function public.vantage_sync_alerts(text) from public, anon, authenticated, service_role;
grant execute on function public.vantage_sync_alerts(text) to service_role;
