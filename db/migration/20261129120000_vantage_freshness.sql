-- vantage_sync_freshness: as of when is the data of each resource, and is that fresh enough for whoever builds on it?
--
-- The data is as of the start of the last successful run: what changed at the source while it ran may be missing, and its
-- end would flatter a long run. A watermark that the caller gave would make a source look old in which nothing changes.
-- Undone by ../rollback/20261129120000_vantage_freshness_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------

-- The run is in the history where a later one has not succeeded. Where the retention has deleted it, its watermark is the
-- nearest time before it that is known. A time more than a day ahead is one of a clock that was wrong, and says nothing.
-- Every column of each part is named, so that a restored view has the same text.
create or replace view public.vantage_sync_freshness
with (security_invoker = true)
as
select
  s.resource,
  d.as_of,
  case when d.as_of is not null then greatest(statement_timestamp() - d.as_of, interval '0') end as age,
  a.kind is null and d.as_of is not null as fresh,
  s.last_sync_status = 'running' as running,
  case
    when a.kind is not null then a.detail
    when d.as_of is null then format('%s has never had a successful sync.', s.resource)
    else format('%s has data as of %s UTC.', s.resource, to_char(d.as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
  end as reason
from public.vantage_sync_state s
cross join lateral (
  select
    case
      when s.last_sync_status = 'success' then s.started_at
      when s.last_sync_time is not null then coalesce(
        (
          select h.started_at
          from public.vantage_sync_history h
          where h.resource = s.resource and h.status = 'success'
          order by h.started_at desc
          limit 1
        ),
        least(s.watermark, s.last_sync_time))
    end as started_at
) as l
cross join lateral (
  select
    case when l.started_at - statement_timestamp() <= interval '24 hours' then l.started_at end as as_of
) as d
left join public.vantage_sync_alert a on a.resource = s.resource and a.kind = 'stale';

comment on view public.vantage_sync_freshness is
  'One row a resource, as of now: as of when its data is, and whether that is fresh.';
comment on column public.vantage_sync_freshness.resource is
  'What it is about, a row of vantage_sync_state.';
comment on column public.vantage_sync_freshness.as_of is
  'The start of the last successful run; null where there has been none.';
comment on column public.vantage_sync_freshness.age is
  'How long ago that was; null where there has been none.';
comment on column public.vantage_sync_freshness.fresh is
  'Whether it has had a successful run, and has no alert of the kind stale.';
comment on column public.vantage_sync_freshness.running is
  'Whether it is being synced now.';
comment on column public.vantage_sync_freshness.reason is
  'One plain sentence: why it is not fresh, or else as of when its data is.';

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------

create or replace function public.require_fresh_vantage_sync(
  p_resources text[],
  p_max_age interval default null,
  p_since timestamptz default null,
  p_idle boolean default false,
  p_report_only boolean default false
)
returns table (
  resource text,
  as_of timestamptz,
  age interval,
  fresh boolean,
  reason text
)
language plpgsql
stable
security invoker
set search_path = ''
as $$
#variable_conflict use_column
declare
  -- Whatever the intervalstyle of the session, and the time zone.
  v_max_age text := concat_ws(' ',
    nullif(extract(day from justify_hours(p_max_age)), 0) || ' d',
    nullif(extract(hour from justify_hours(p_max_age)), 0) || ' h',
    nullif(extract(minute from p_max_age), 0) || ' min',
    nullif(trim_scale(extract(second from p_max_age)), 0) || ' s');
  v_since text := to_char(p_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS');
  v_field_errors jsonb;
  v_unknown text[];
  v_result jsonb;
  v_reasons text;
begin
  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_field_errors
  from (values
    ('#/resources', 'must be 1 to 1000 names of resources',
      coalesce(cardinality(p_resources), 0) not between 1 and 1000 or array_position(p_resources, null) is not null),
    ('#/max_age', 'must be positive, at most 3650 days, without months and years',
      p_max_age <= interval '0' or p_max_age > interval '3650 days'
        or extract(year from p_max_age) <> 0 or extract(month from p_max_age) <> 0),
    ('#/since', 'must be a time between the year 1 and a day from now',
      p_since not between '0001-01-01 00:00:00Z' and clock_timestamp() + interval '24 hours')
  ) as f (pointer, detail, applies)
  where f.applies;

  if v_field_errors is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'It is not clear what has to be fresh',
      detail = jsonb_build_object('errors', v_field_errors)::text,
      hint = 'Call it as require_fresh_vantage_sync(array[''accounts'', ''funds''], interval ''6 hours'')';
  end if;

  -- An object each, in the order of the names; fresh is null where there is no such resource.
  select jsonb_agg(jsonb_build_object(
    'resource', r.name,
    'as_of', to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'age', 'PT' || trunc(extract(epoch from f.age)) || 'S',
    'fresh', c.reasons = '',
    'reason', coalesce(nullif(c.reasons, ''), f.reason)
  ) order by r.position)
  into v_result
  from (
    select n.name, min(n.position) as position
    from unnest(p_resources) with ordinality as n (name, position)
    group by n.name
  ) as r
  left join public.vantage_sync_freshness f on f.resource = r.name
  cross join lateral (
    select case when f.resource is not null then concat_ws(' ',
      case
        when p_max_age is null and p_since is null then case when not f.fresh then f.reason end
        when f.as_of is null then format('%s has never had a successful sync.', r.name)
        when f.age > p_max_age then format('%s has data as of %s UTC, which is longer ago than %s.',
          r.name, to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_max_age)
        when f.as_of < p_since then format('%s has data as of %s UTC, which is before %s UTC.',
          r.name, to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_since)
      end,
      case when p_idle and f.running then format('%s is running.', r.name) end)
    end as reasons
  ) as c;

  if not p_report_only then
    select array_agg(j.resource) filter (where j.fresh is null), string_agg(j.reason, ' ') filter (where not j.fresh)
    into v_unknown, v_reasons
    from jsonb_to_recordset(v_result) as j (resource text, fresh boolean, reason text);

    if v_unknown is not null then
      raise exception using
        errcode = 'PT404',
        constraint = 'sync-state-not-found',
        message = format('There is no resource %s', array_to_string(v_unknown, ', ')),
        detail = jsonb_build_object('resource', v_unknown[1])::text,
        hint = 'Check the name against the list of sync states; a resource is registered by its first start';
    end if;

    if v_reasons is not null then
      raise exception using
        errcode = 'PT412',
        constraint = 'not-fresh',
        message = rtrim(v_reasons, '.'),
        detail = jsonb_build_object('resources', v_result)::text,
        hint = 'Wait until they have been synced, or accept older data';
    end if;
  end if;

  return query
  select j.resource, j.as_of, j.age, j.fresh, j.reason
  from jsonb_to_recordset(v_result) as j (resource text, as_of timestamptz, age interval, fresh boolean, reason text);
end
$$;

comment on function public.require_fresh_vantage_sync(text[], interval, timestamptz, boolean, boolean) is
  'Returns a row for each of these resources where all are fresh: their data no older than p_max_age and as of p_since or later, or where neither is given, there and without an alert of the kind stale; with p_idle, none is running. Refuses with PT412 not-fresh, PT404 sync-state-not-found and PT400 invalid-request. With p_report_only it returns the rows whatever they say; fresh is then null where there is no such resource.';

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on table public.vantage_sync_freshness from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_freshness to anon, authenticated, service_role;

revoke all on function public.require_fresh_vantage_sync(text[], interval, timestamptz, boolean, boolean)
from public, anon, authenticated, service_role;
grant execute on function public.require_fresh_vantage_sync(text[], interval, timestamptz, boolean, boolean)
to anon, authenticated, service_role;

reset client_min_messages;
