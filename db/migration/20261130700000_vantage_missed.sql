-- missed_vantage_syncs: the due times of the last week that no run has met, for pages and queries that look back. The alert stale
-- says what is missed now; this, what was.
--
-- Undone by ../rollback/20261130700000_vantage_missed_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

-- The due times of a calendar are rows, planned when it is written. Those of an interval follow from the runs, also from runs
-- before it was set: so it has to be known since when. No foreign key, for the reason that events have none.
create table if not exists public.vantage_sync_interval (
  resource text collate "C" not null,
  since timestamptz not null,

  constraint vantage_sync_interval_pkey primary key (resource)
);

comment on table public.vantage_sync_interval is
  'One row a resource of which a success is expected at an interval.';
comment on column public.vantage_sync_interval.since is
  'When that was set, or where it was set at the registration, when that was: what was due before is not counted.';

insert into public.vantage_sync_interval (resource, since)
select s.resource, statement_timestamp()
from public.vantage_sync_state s
where s.expect ? 'every'
on conflict do nothing;

-- ---------------------------------------------------------------------------------------------------------------
-- Triggers
-- ---------------------------------------------------------------------------------------------------------------

-- Definer: nobody else may write it.
create or replace function public.follow_vantage_sync_interval()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    delete from public.vantage_sync_interval i where i.resource = old.resource;

    return null;
  end if;

  if tg_op = 'UPDATE' and new.resource <> old.resource then
    delete from public.vantage_sync_interval i where i.resource = new.resource;
    update public.vantage_sync_interval i set resource = new.resource where i.resource = old.resource;
  end if;

  if tg_op = 'INSERT' or new.expect is distinct from old.expect then
    delete from public.vantage_sync_interval i where i.resource = new.resource;

    if new.expect ? 'every' then
      insert into public.vantage_sync_interval (resource, since)
      values (new.resource, case when tg_op = 'INSERT' then least(new.created_at, statement_timestamp()) else statement_timestamp() end);
    end if;
  end if;

  return null;
end
$$;

comment on function public.follow_vantage_sync_interval() is
  'Notes since when a success is expected at an interval, and lets that follow a resource that is renamed or deleted.';

create or replace trigger vantage_sync_state_5_note_inserted_interval
after insert on public.vantage_sync_state
for each row
when (new.expect is not null)
execute function public.follow_vantage_sync_interval();

-- Of a write that names one of these columns alone: the functions of the lifecycle name neither.
create or replace trigger vantage_sync_state_5_note_updated_interval
after update of expect, resource on public.vantage_sync_state
for each row execute function public.follow_vantage_sync_interval();

create or replace trigger vantage_sync_state_5_forget_interval
after delete on public.vantage_sync_state
for each row
when (old.expect is not null)
execute function public.follow_vantage_sync_interval();

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------

-- A due time is missed where its deadline has passed, and no success has started before the next due time counts: as the
-- explanation has it. A function, not a view: what is asked of each resource then ends at the index, which has its runs, and of
-- them those that did not succeed.
create or replace function public.missed_vantage_syncs(p_since timestamptz default null)
returns table (resource text, due_at timestamptz, local text, deadline timestamptz)
language sql
stable
security invoker
rows 1000
set search_path = ''
set jit = off
as $$
  select
    s.resource,
    m.due_at,
    concat(
      to_char(m.due_at at time zone z.name, 'YYYY-MM-DD"T"HH24:MI:SS'),
      case when z.ahead < interval '0' then '-' else '+' end,
      to_char(greatest(z.ahead, -z.ahead), 'HH24:MI')),
    m.deadline
  from public.vantage_sync_state s
  cross join (select greatest(p_since, statement_timestamp() - interval '168 hours') as since) as p
  cross join lateral (
    select
      extract(epoch from (s.expect ->> 'grace')::interval)::double precision * interval '1 second' as grace,
      extract(epoch from (s.expect ->> 'every')::interval)::double precision * interval '1 second' as every
  ) as e
  cross join lateral (
    -- By a calendar: met where a success follows before the next due time counts.
    select d.due_at, d.deadline
    from (
      select
        n.due_at,
        n.deadline,
        n.skipped,
        lead(n.due_at is null) over (order by n.counts_from, n.due_at nulls last) as is_met
      from (
        select u.counts_from, u.due_at, u.deadline, u.skipped
        from public.vantage_sync_due u
        where u.resource = s.resource collate "C" and u.due_at >= p.since and u.due_at <= statement_timestamp() + e.grace
        union all
        select h.started_at, null, null, null
        from (
          select r.started_at
          from public.vantage_sync_history r
          where r.resource = s.resource collate "C" and r.started_at >= p.since - e.grace
          except
          select r.started_at
          from public.vantage_sync_history r
          where r.resource = s.resource collate "C" and r.started_at >= p.since - e.grace and r.status <> 'success'
        ) as h
      ) as n
    ) as d
    where s.expect ? 'cron'
      and d.deadline < statement_timestamp()
      and d.skipped is null
      and d.is_met is not true
    union all
    -- At an interval, each success begins to count anew, and one is missed for each interval that has gone by without any.
    select
      g.success + c.n::double precision * e.every as due_at,
      g.success + c.n::double precision * e.every + e.grace as deadline
    from (
      select greatest(i.since, p.since) as since
      from public.vantage_sync_interval i
      where i.resource = s.resource collate "C"
    ) as w
    cross join lateral (select coalesce(s.success_started_at, s.last_sync_time) as success) as l
    cross join lateral (
      select b.success, lead(b.success) over (order by b.success) as next
      from (
        select coalesce(
          (
            select h.started_at
            from public.vantage_sync_history h
            where h.resource = s.resource collate "C" and h.status = 'success' and h.started_at <= w.since
            order by h.started_at desc
            limit 1
          ),
          case when l.success <= w.since then l.success end,
          s.created_at) as success
        union
        (
          select h.started_at
          from public.vantage_sync_history h
          where h.resource = s.resource collate "C" and h.started_at > w.since
          except
          select h.started_at
          from public.vantage_sync_history h
          where h.resource = s.resource collate "C" and h.started_at > w.since and h.status <> 'success'
        )
        union
        select l.success
        where l.success > w.since
      ) as b
    ) as g
    cross join lateral generate_series(
      greatest(ceil(extract(epoch from w.since - g.success) / extract(epoch from e.every)), 1),
      case
        when g.next is not null then floor(extract(epoch from g.next - g.success) / extract(epoch from e.every)) - 1
        else ceil(extract(epoch from statement_timestamp() - e.grace - g.success) / extract(epoch from e.every)) - 1
      end) as c (n)
    where s.expect ? 'every'
  ) as m
  cross join lateral (
    select o.name, (m.due_at at time zone o.name) - (m.due_at at time zone 'UTC') as ahead
    from (select coalesce(s.expect ->> 'time_zone', 'UTC') as name) as o
  ) as z
  where s.expect is not null
$$;

comment on function public.missed_vantage_syncs(timestamptz) is
  'The due times since then, a week ago at the earliest, whose deadline has passed without a success, in no order: each with the same by the clocks of its schedule, and its deadline.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies and grants
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_sync_interval enable row level security;

drop policy if exists vantage_sync_interval_read on public.vantage_sync_interval;
create policy vantage_sync_interval_read on public.vantage_sync_interval
for select to anon, authenticated, service_role
using (true);

revoke all on table public.vantage_sync_interval
from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_interval
to anon, authenticated, service_role;

revoke all on function
  public.follow_vantage_sync_interval(),
  public.missed_vantage_syncs(timestamptz)
from public, anon, authenticated, service_role;
grant execute on function public.missed_vantage_syncs(timestamptz)
to anon, authenticated, service_role;

reset client_min_messages;
