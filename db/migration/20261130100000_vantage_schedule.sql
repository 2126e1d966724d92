-- Schedules: when a resource is due, by what its column expect says. Whoever writes that column, the same rules read it, and
-- the due times of a calendar are there with the same statement. The alert stale is made of them in the first migration.
-- Undone by ../rollback/20261130100000_vantage_schedule_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

-- No foreign key, for the reason that events have none.
create table if not exists public.vantage_sync_skipped_day (
  resource text collate "C" not null,
  day date not null,
  reason text not null,
  created_at timestamptz not null default statement_timestamp(),

  constraint vantage_sync_skipped_day_pkey primary key (resource, day)
);

comment on table public.vantage_sync_skipped_day is
  'One row a day on which a resource is not due, whatever its calendar says: a holiday, a day on which its source is away.';
comment on column public.vantage_sync_skipped_day.day is
  'As its time zone has it.';
comment on column public.vantage_sync_skipped_day.reason is
  'Why, in plain words.';

-- ---------------------------------------------------------------------------------------------------------------
-- Due times
-- ---------------------------------------------------------------------------------------------------------------

-- Until in a week, a thousand at most, but three at least. A success that starts a little before a due time counts for it: by
-- the grace, but by no more than half of the shortest gap.
create or replace function public.plan_vantage_sync_due(p_resource text, p_expect jsonb, p_after timestamptz)
returns integer
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_cron text := p_expect ->> 'cron';
  v_zone text := p_expect ->> 'time_zone';
  v_grace interval := public.vantage_time_length_of(p_expect ->> 'grace');
  v_early interval := least(v_grace, public.vantage_cron_gap(v_cron) / 2);
  v_days integer;
  v_times timestamptz[];
  v_count integer;
begin
  -- Further and further, as a cron may fire every few minutes or on leap days alone.
  foreach v_days in array array[least(17, 2 + 1000 / cardinality(public.vantage_cron_minutes(v_cron))), 9, 70, 800, 5000] loop
    v_times := array(
      select c.at
      from public.vantage_cron_times(v_cron, v_zone, (p_after at time zone v_zone)::date, v_days) as c (at)
      where c.at > p_after
      order by c.at
      limit 1000);
    exit when cardinality(v_times) >= 3;
  end loop;

  insert into public.vantage_sync_due (resource, due_at, counts_from, deadline, skipped)
  select p_resource, t.at, t.at - v_early, t.at + v_grace, k.reason
  from unnest(v_times) with ordinality as t (at, n)
  left join public.vantage_sync_skipped_day k on k.resource = p_resource and k.day = (t.at at time zone v_zone)::date
  where t.n <= 3 or t.at <= statement_timestamp() + interval '168 hours'
  on conflict do nothing;
  get diagnostics v_count = row_count;

  return v_count;
end
$$;

comment on function public.plan_vantage_sync_due(text, jsonb, timestamptz) is
  'Adds the due times of a resource after that time, and returns how many.';

-- Definer: nobody else may write due times. A resource that is being planned elsewhere is left to that: by a lock that nobody
-- waits for here, so that it holds up no writer.
create or replace function public.fill_vantage_sync_due(p_limit integer default 200)
returns integer
language plpgsql
volatile
security definer
set search_path = ''
set jit = off
as $$
declare
  v_clock timestamptz := statement_timestamp();
  v_row record;
  v_expect jsonb;
  v_count integer := 0;
begin
  -- The first that was missed stays, for as long as it is what is wrong.
  delete from public.vantage_sync_due u
  using public.vantage_sync_state s
  cross join lateral (select coalesce(s.success_started_at, s.last_sync_time, s.created_at) as success) as b
  where u.deadline < v_clock - interval '168 hours'
    and s.resource = u.resource
    and (u.skipped is not null or u.counts_from <= b.success or exists (
      select
      from public.vantage_sync_due e
      where e.resource = u.resource and e.due_at < u.due_at and e.counts_from > b.success and e.skipped is null));

  for v_row in
    select s.resource, l.last
    from public.vantage_sync_state s
    cross join lateral (
      select max(n.due_at) as last, count(*) filter (where n.due_at > v_clock) as coming
      from (
        select u.due_at
        from public.vantage_sync_due u
        where u.resource = s.resource collate "C"
        order by u.due_at desc
        limit 3
      ) as n
    ) as l
    where s.expect ? 'cron' and (l.coming < 3 or l.last < v_clock + interval '8 hours')
    order by l.last nulls first
    limit p_limit
  loop
    continue when not pg_try_advisory_xact_lock(hashtextextended('public.vantage_sync_due/' || v_row.resource, 0));

    -- As it is now: it may have been changed before the lock was free.
    select s.expect
    into v_expect
    from public.vantage_sync_state s
    where s.resource = v_row.resource;

    if v_expect ? 'cron' then
      v_count := v_count + public.plan_vantage_sync_due(v_row.resource, v_expect,
        greatest(
          (select max(u.due_at) from public.vantage_sync_due u where u.resource = v_row.resource),
          -- Of what was due while nobody planned: so much that a thousand reach beyond now.
          v_clock - least(interval '168 hours', 300 * public.vantage_cron_gap(v_expect ->> 'cron'))));
    end if;
  end loop;

  return v_count;
end
$$;

comment on function public.fill_vantage_sync_due(integer) is
  'Adds the due times that come next, for at most so many resources, deletes those of long ago, and returns how many it added.';

-- ---------------------------------------------------------------------------------------------------------------
-- Writes of a schedule
-- ---------------------------------------------------------------------------------------------------------------

create or replace function public.read_vantage_sync_expectation()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or new.expect is distinct from old.expect then
    new.expect := public.vantage_sync_expectation(new.expect);
  end if;

  return new;
end
$$;

comment on function public.read_vantage_sync_expectation() is
  'Refuses a schedule that is none, however it is written.';

create or replace trigger vantage_sync_state_0_read_expectation
before insert or update of expect on public.vantage_sync_state
for each row
when (new.expect is not null)
execute function public.read_vantage_sync_expectation();

-- Definer, as the functions above. A new schedule begins now: what was due by the old one, or before, is nobody's fault.
create or replace function public.follow_vantage_sync_schedule()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.resource <> old.resource then
    delete from public.vantage_sync_due u where u.resource = new.resource;
    delete from public.vantage_sync_skipped_day k where k.resource = new.resource;
    update public.vantage_sync_due u set resource = new.resource where u.resource = old.resource;
    update public.vantage_sync_skipped_day k set resource = new.resource where k.resource = old.resource;
  elsif tg_op = 'DELETE' then
    delete from public.vantage_sync_due u where u.resource = old.resource;
    delete from public.vantage_sync_skipped_day k where k.resource = old.resource;

    return null;
  end if;

  if tg_op = 'INSERT' or new.expect is distinct from old.expect then
    perform pg_advisory_xact_lock(hashtextextended('public.vantage_sync_due/' || new.resource, 0));

    delete from public.vantage_sync_due u where u.resource = new.resource;

    if new.expect ? 'cron' then
      perform public.plan_vantage_sync_due(new.resource, new.expect, clock_timestamp());
    end if;
  end if;

  return null;
end
$$;

comment on function public.follow_vantage_sync_schedule() is
  'Plans the due times of a schedule that is written, and lets them follow a resource that is renamed or deleted.';

create or replace trigger vantage_sync_state_4_plan_inserted
after insert on public.vantage_sync_state
for each row
when (new.expect is not null)
execute function public.follow_vantage_sync_schedule();

-- Of a write that names one of these columns alone: the functions of the lifecycle name neither.
create or replace trigger vantage_sync_state_4_plan_updated
after update of expect, resource on public.vantage_sync_state
for each row execute function public.follow_vantage_sync_schedule();

create or replace trigger vantage_sync_state_4_forget_schedule
after delete on public.vantage_sync_state
for each row execute function public.follow_vantage_sync_schedule();

-- ---------------------------------------------------------------------------------------------------------------
-- Skipped days
-- ---------------------------------------------------------------------------------------------------------------

create or replace function public.skip_vantage_sync_day(p_resource text, p_day date, p_reason text)
returns public.vantage_sync_skipped_day
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_errors jsonb;
  v_day public.vantage_sync_skipped_day;
begin
  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_errors
  from (values
    ('#/day', 'must be a day from a year ago to ten years ahead, for example 2026-12-25',
      (p_day between current_date - 366 and current_date + 3650) is not true),
    ('#/reason', 'must say why, in 1 to 500 characters', (p_reason ~ '\S' and length(p_reason) <= 500) is not true)
  ) as f (pointer, detail, applies)
  where f.applies;

  if v_errors is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The day cannot be skipped like this',
      detail = jsonb_build_object('resource', p_resource, 'errors', v_errors)::text,
      hint = 'Say which day, as the time zone of the schedule has it, and why';
  end if;

  perform public.touch_vantage_sync_calendar(p_resource);

  insert into public.vantage_sync_skipped_day as k (resource, day, reason)
  values (p_resource, p_day, p_reason)
  on conflict (resource, day) do update
  set reason = excluded.reason
  returning k.* into v_day;

  update public.vantage_sync_due u
  set skipped = p_reason
  from public.vantage_sync_state s
  where u.resource = p_resource and s.resource = p_resource and (u.due_at at time zone (s.expect ->> 'time_zone'))::date = p_day;

  return v_day;
end
$$;

comment on function public.skip_vantage_sync_day(text, date, text) is
  'Lets a resource not be due on a day of its calendar, and says why; repeating it changes the reason. Refuses with PT400 invalid-request, PT404 sync-state-not-found and PT409 no-calendar.';

create or replace function public.unskip_vantage_sync_day(p_resource text, p_day date)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform public.touch_vantage_sync_calendar(p_resource);

  delete from public.vantage_sync_skipped_day k
  where k.resource = p_resource and k.day = p_day;

  update public.vantage_sync_due u
  set skipped = null
  from public.vantage_sync_state s
  where u.resource = p_resource and s.resource = p_resource and (u.due_at at time zone (s.expect ->> 'time_zone'))::date = p_day;
end
$$;

comment on function public.unskip_vantage_sync_day(text, date) is
  'Lets a resource be due again on a day; changes nothing where it is not skipped. Refuses with PT404 sync-state-not-found and PT409 no-calendar.';

-- The state is another one from now on, as its next due times are. The lock of its row keeps those who write its schedule out.
create or replace function public.touch_vantage_sync_calendar(p_resource text)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_expect jsonb;
begin
  update public.vantage_sync_state s
  set expect = s.expect
  where s.resource = p_resource
  returning s.expect into v_expect;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', public.vantage_plain_text(p_resource, 128)),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Register it first, or check the name against GET /sync-states';
  end if;

  if v_expect ? 'cron' is not true then
    raise exception using
      errcode = 'PT409',
      constraint = 'no-calendar',
      message = format('%s has no calendar whose days could be skipped', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Give it a schedule with a cron first, or mute it for that time';
  end if;

  perform pg_advisory_xact_lock(hashtextextended('public.vantage_sync_due/' || p_resource, 0));
end
$$;

comment on function public.touch_vantage_sync_calendar(text) is
  'Notes a change of the days on which a resource is due. Refuses with PT404 sync-state-not-found and PT409 no-calendar.';

-- ---------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------

-- Every column of each part is named, so that a restored view has the same text.
create or replace view public.vantage_sync_next_due
with (security_invoker = true)
as
select
  s.resource,
  n.due_at,
  concat(
    to_char(n.due_at at time zone z.name, 'YYYY-MM-DD"T"HH24:MI:SS'),
    case when z.ahead < interval '0' then '-' else '+' end,
    to_char(greatest(z.ahead, -z.ahead), 'HH24:MI')) as local,
  n.deadline
from public.vantage_sync_state s
cross join lateral (
  (
    select u.due_at, u.deadline
    from public.vantage_sync_due u
    where u.resource = s.resource collate "C" and u.due_at > statement_timestamp() and u.skipped is null
    order by u.due_at
    limit 3
  )
  union all
  select
    b.success + i.n * e.every as due_at,
    b.success + i.n * e.every + e.grace as deadline
  from (
    select case
      when coalesce(s.success_started_at, s.last_sync_time) - statement_timestamp() <= interval '24 hours'
        then coalesce(s.success_started_at, s.last_sync_time)
      else s.created_at
    end as success
  ) as b
  cross join (
    select
      extract(epoch from (s.expect ->> 'every')::interval)::double precision * interval '1 second' as every,
      extract(epoch from (s.expect ->> 'grace')::interval)::double precision * interval '1 second' as grace
  ) as e
  cross join lateral (
    select greatest(floor(extract(epoch from statement_timestamp() - b.success) / extract(epoch from e.every))::double precision, 0) as passed
  ) as p
  cross join lateral (select p.passed + m.n as n from generate_series(1, 3) as m (n)) as i
  where s.expect ? 'every'
) as n
cross join lateral (
  select o.name, (n.due_at at time zone o.name) - (n.due_at at time zone 'UTC') as ahead
  from (select coalesce(s.expect ->> 'time_zone', 'UTC') as name) as o
) as z
where s.expect is not null;

comment on view public.vantage_sync_next_due is
  'The next three due times of each resource that has a schedule, as of now, without those that are skipped.';
comment on column public.vantage_sync_next_due.resource is
  'What is due, a row of vantage_sync_state.';
comment on column public.vantage_sync_next_due.due_at is
  'When it is to start. At an interval: after the start of the last success.';
comment on column public.vantage_sync_next_due.local is
  'The same by the clocks of the time zone of its schedule.';
comment on column public.vantage_sync_next_due.deadline is
  'When it is to be done.';

-- As the alerts of a row in hand, for the answer of a call.
do $$
declare
  v_search_path text := current_setting('search_path');
  v_view text;
begin
  perform set_config('search_path', '', true);
  v_view := rtrim(pg_get_viewdef('public.vantage_sync_next_due'::regclass), ';');
  perform set_config('search_path', v_search_path, true);

  execute format($function$
create or replace function public.vantage_sync_next_due(p_state public.vantage_sync_state)
returns text
language plpgsql
stable
security invoker
set search_path = ''
set plan_cache_mode = force_generic_plan
as %L
$function$, format($body$
begin
  return coalesce((
    select '[' || string_agg(row_to_json(j)::text, ',' order by a.due_at) || ']'
    from (
%s
    ) as a
    cross join lateral (
      select
        public.vantage_sync_time_text(a.due_at) as due_at,
        a.local,
        public.vantage_sync_time_text(a.deadline) as deadline
    ) as j
  ), '[]');
end
$body$, replace(v_view, 'public.vantage_sync_state s', '(select (p_state).*) s')));
end
$$;

comment on function public.vantage_sync_next_due(public.vantage_sync_state) is
  'The next due times of a state, as the text of a JSON array; for the answer of a call.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies and grants
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_sync_skipped_day enable row level security;

drop policy if exists vantage_sync_skipped_day_read on public.vantage_sync_skipped_day;
create policy vantage_sync_skipped_day_read on public.vantage_sync_skipped_day
for select to anon, authenticated, service_role
using (true);

revoke all on table public.vantage_sync_skipped_day, public.vantage_sync_next_due
from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_skipped_day, public.vantage_sync_next_due
to anon, authenticated, service_role;

revoke all on function
  public.plan_vantage_sync_due(text, jsonb, timestamptz),
  public.fill_vantage_sync_due(integer),
  public.read_vantage_sync_expectation(),
  public.follow_vantage_sync_schedule(),
  public.skip_vantage_sync_day(text, date, text),
  public.unskip_vantage_sync_day(text, date),
  public.touch_vantage_sync_calendar(text),
  public.vantage_sync_next_due(public.vantage_sync_state)
from public, anon, authenticated, service_role;
grant execute on function
  public.fill_vantage_sync_due(integer),
  public.skip_vantage_sync_day(text, date, text),
  public.unskip_vantage_sync_day(text, date),
  public.vantage_sync_next_due(public.vantage_sync_state)
to service_role;

reset client_min_messages;
