-- vantage_notification: what is to be sent of an incident's events, to which channel, and what became of it.
--
-- An event is fanned out in the transaction that appends it, so none is lost and none is made twice. An instance claims
-- what is due, commits, sends outside of any transaction, and records the outcome: whatever is killed in between is sent
-- again, under the same id. No URL and no secret of a channel is here; they stay in the configuration of the service.
-- Undone by ../rollback/20261129151000_vantage_notification_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

create table if not exists public.vantage_channel (
  name text collate "C" not null,
  kind text not null,
  is_grouped boolean not null,
  min_severity text not null,
  resources text[],
  kinds text[],
  remind_after interval,
  failures integer not null default 0,
  failing_since timestamptz,
  hold_until timestamptz,
  paused_at timestamptz,
  last_error text,

  constraint vantage_channel_pkey primary key (name),

  constraint vantage_channel_name_valid check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),

  constraint vantage_channel_min_severity_known check (min_severity in ('error', 'warning')),

  constraint vantage_channel_remind_after_positive check (remind_after > interval '0')
);

-- No foreign key, for the reason that events have none.
create table if not exists public.vantage_notification (
  notification_id uuid not null default gen_random_uuid(),
  position bigint generated always as identity,
  event_id uuid not null default gen_random_uuid(),
  channel text collate "C" not null,
  incident_id uuid,
  seq integer,
  type text not null,
  status text not null default 'pending',
  attempt integer not null default 0,
  created_at timestamptz not null default statement_timestamp(),
  next_at timestamptz not null default statement_timestamp(),
  lease_until timestamptz,
  ended_at timestamptz,
  last_status integer,
  last_error text,

  constraint vantage_notification_pkey primary key (notification_id),

  -- Each channel is sent an event once.
  constraint vantage_notification_event_key unique (event_id, channel),

  -- skipped: before it was sent, the channel was taken out of the configuration, or it was over.
  constraint vantage_notification_status_known check (status in ('pending', 'sent', 'dead', 'skipped')),

  constraint vantage_notification_ended_has_time check ((status = 'pending') = (ended_at is null)),

  -- A test is of no incident.
  constraint vantage_notification_test_has_no_incident
    check ((type = 'test') = (incident_id is null) and (incident_id is null) = (seq is null))
);

create index if not exists vantage_notification_pending_idx
on public.vantage_notification (channel, position) where status = 'pending';
create index if not exists vantage_notification_incident_idx
on public.vantage_notification (incident_id, channel, seq);
create index if not exists vantage_notification_test_idx on public.vantage_notification (created_at) where type = 'test';
create index if not exists vantage_notification_position_idx on public.vantage_notification (position desc);

comment on table public.vantage_channel is
  'One row a channel of the configuration, as the service was configured when it last started, and how it does.';
comment on column public.vantage_channel.is_grouped is
  'Whether several events go out as one message, as to a chat, or each as one of its own.';
comment on column public.vantage_channel.min_severity is
  'warning for all, error for errors alone.';
comment on column public.vantage_channel.resources is
  'The resources of which it is notified, * standing for any characters; null for all.';
comment on column public.vantage_channel.kinds is
  'The kinds of alerts of which it is notified; null for all.';
comment on column public.vantage_channel.remind_after is
  'How long after the last message of an open incident it is reminded; null for never.';
comment on column public.vantage_channel.failures is
  'How many deliveries in a row have failed. From the fifth on, one is tried at a time.';
comment on column public.vantage_channel.failing_since is
  'When the first of them failed; null where the last one succeeded.';
comment on column public.vantage_channel.hold_until is
  'Until when nothing is tried, as its receiver asked or because it keeps failing.';
comment on column public.vantage_channel.paused_at is
  'Since when nothing is sent, because its receiver answered 410; a test that succeeds lifts it.';
comment on column public.vantage_channel.last_error is
  'Why the last delivery failed; null where it succeeded.';
comment on table public.vantage_notification is
  'One row an event and channel: what is to be sent, and what became of it.';
comment on column public.vantage_notification.event_id is
  'The event, and so the id under which a receiver sees it, however often it is sent; of a test, one of its own.';
comment on column public.vantage_notification.status is
  'pending, sent, dead (given up) or skipped (before it was sent, its channel was taken out of the configuration, or it was over).';
comment on column public.vantage_notification.attempt is
  'How many deliveries have failed.';
comment on column public.vantage_notification.next_at is
  'When it is tried next.';
comment on column public.vantage_notification.lease_until is
  'Until when an instance is at it; then another takes it up.';
comment on column public.vantage_notification.last_status is
  'The HTTP status of the last answer; null where there was none.';

-- ---------------------------------------------------------------------------------------------------------------
-- Fan-out
-- ---------------------------------------------------------------------------------------------------------------

-- Whoever was notified of an incident is notified of all that follows; others are, once it is theirs. An acknowledgement ends changes
-- that make nothing worse. What a channel fails to deliver goes to every other, whatever they ask for.
create or replace function public.fan_out_vantage_incident_event()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  insert into public.vantage_notification (event_id, channel, incident_id, seq, type)
  select new.event_id, c.name, new.incident_id, new.seq, new.type
  from public.vantage_channel c
  cross join lateral (
    select
      exists (
        select
        from public.vantage_notification n
        where n.incident_id = new.incident_id and n.channel = c.name and n.status <> 'skipped') as notified,
      new.body -> 'kinds' ? 'undelivered' as undelivered,
      new.type in ('opened', 'changed', 'reminder', 'flapping')
        and public.is_vantage_resource_muted(new.body ->> 'resource', new.body -> 'kinds', new.at) as muted
  ) as t
  where case
      when t.undelivered then new.body ->> 'resource' <> 'channel/' || c.name
      when t.muted then false
      when new.type = 'reminder' then t.notified
        and not exists (
          select
          from public.vantage_notification n
          where n.incident_id = new.incident_id and n.channel = c.name and n.created_at > new.at - c.remind_after)
        and c.remind_after is not null
      when new.type = 'changed' and exists (
          select
          from public.vantage_incident i
          where i.incident_id = new.incident_id and i.acknowledged_at is not null) then false
      else t.notified
        or new.type in ('opened', 'changed', 'flapping')
          and (c.min_severity = 'warning' or new.body ->> 'severity' = 'error')
          and (c.kinds is null or new.body -> 'kinds' ?| c.kinds)
          and (c.resources is null or exists (
            select
            from unnest(c.resources) as p (pattern)
            where new.body ->> 'resource' like replace(replace(p.pattern, '_', '\_'), '*', '%')))
    end;

  return null;
end
$$;

comment on function public.fan_out_vantage_incident_event() is
  'Makes the notifications of an event, one a channel that is to be notified.';

create or replace trigger vantage_incident_event_fan_out
after insert on public.vantage_incident_event
for each row execute function public.fan_out_vantage_incident_event();

create or replace function public.forget_vantage_notifications()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  delete from public.vantage_notification n
  where n.event_id in (select o.event_id from old_events o);

  return null;
end
$$;

comment on function public.forget_vantage_notifications() is
  'Deletes the notifications of events that are deleted.';

create or replace trigger vantage_incident_event_forget
after delete on public.vantage_incident_event
referencing old table as old_events
for each statement execute function public.forget_vantage_notifications();

-- ---------------------------------------------------------------------------------------------------------------
-- Channels
-- ---------------------------------------------------------------------------------------------------------------

-- Definer: nobody else may write channels.
create or replace function public.set_vantage_channels(p_channels jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  -- Instances that start together write one after the other.
  perform pg_advisory_xact_lock(hashtextextended('public.vantage_channel', 0));

  insert into public.vantage_channel as c (name, kind, is_grouped, min_severity, resources, kinds, remind_after)
  select n.name, n.kind, n.is_grouped, n.min_severity, n.resources, n.kinds, n.remind_after
  from jsonb_to_recordset(p_channels) as n (
    name text, kind text, is_grouped boolean, min_severity text, resources text[], kinds text[], remind_after interval)
  order by n.name
  on conflict (name) do update
  set kind = excluded.kind,
      is_grouped = excluded.is_grouped,
      min_severity = excluded.min_severity,
      resources = excluded.resources,
      kinds = excluded.kinds,
      remind_after = excluded.remind_after
  where (c.kind, c.is_grouped, c.min_severity, c.resources, c.kinds, c.remind_after) is distinct from
    (excluded.kind, excluded.is_grouped, excluded.min_severity, excluded.resources, excluded.kinds, excluded.remind_after);

  with gone as (
    delete from public.vantage_channel c
    where not p_channels @> jsonb_build_array(jsonb_build_object('name', c.name))
    returning c.name
  )
  update public.vantage_notification n
  set status = 'skipped',
      ended_at = statement_timestamp(),
      lease_until = null
  where n.status = 'pending' and n.channel in (select g.name from gone g);
end
$$;

comment on function public.set_vantage_channels(jsonb) is
  'Makes the channels those of the array, without their URLs and secrets; what was to be sent to others is skipped.';

-- What is wrong with a channel, as an alert; no resource has such a name. With a second part every version of PostgreSQL
-- describes the view alike.
create or replace view public.vantage_channel_alert
with (security_invoker = true)
as
select
  'channel/' || c.name as resource,
  'undelivered' as kind,
  coalesce(c.paused_at, c.failing_since) as since,
  'PT15M' as threshold,
  case
    when c.paused_at is not null then format('The channel %s is paused since %s UTC: its receiver answered 410 Gone.',
      c.name, to_char(c.paused_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
    else format('The channel %s has delivered nothing since %s UTC: %s.',
      c.name, to_char(c.failing_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), c.last_error)
  end as detail
from public.vantage_channel c
cross join (select interval '15 minutes' as undelivered_after) as t
where c.paused_at is not null or statement_timestamp() - c.failing_since > t.undelivered_after;

comment on view public.vantage_channel_alert is
  'The channels that have delivered nothing for 15 minutes, or are paused.';

-- ---------------------------------------------------------------------------------------------------------------
-- Delivery
-- ---------------------------------------------------------------------------------------------------------------

-- Where a source is away, resource after resource goes stuck or stale, each at a time of its own. From the fifth on within five
-- minutes, where that is at least half of all, one cause is more likely than as many. One that was registered lately and has never
-- run, which is a warning, has not gone.
create or replace function public.vantage_common_causes(p_from timestamptz, p_until timestamptz)
returns table (event_id uuid, affected bigint, resources bigint)
language sql
stable
security invoker
set search_path = ''
as $$
  select c.event_id, c.affected, r.resources
  from (
    select
      s.event_id,
      s.at,
      count(*) filter (where s.is_first) over (order by s.at range between interval '5 minutes' preceding and current row) as affected
    from (
      select
        e.event_id,
        e.at,
        coalesce(e.at - lag(e.at) over (partition by e.incident_id order by e.seq) > interval '5 minutes', true) as is_first
      from public.vantage_incident_event e
      where e.at >= p_from - interval '5 minutes'
        and e.at <= p_until
        and e.type in ('opened', 'changed')
        and e.body -> 'kinds' <@ '["stuck", "stale"]'
        and e.body ->> 'severity' = 'error'
        and exists (select from public.vantage_sync_state t where t.resource = e.body ->> 'resource')
    ) as s
  ) as c
  cross join (select count(*) as resources from public.vantage_sync_state) as r
  where c.at >= p_from and c.affected >= 5 and 2 * c.affected >= r.resources
$$;

comment on function public.vantage_common_causes(timestamptz, timestamptz) is
  'The events of that time by which so many resources had gone stuck or stale within five minutes that they likely have one cause.';

create or replace function public.vantage_common_cause(p_event_ids uuid[])
returns text
language sql
stable
security invoker
set search_path = ''
as $$
  select format('%s of %s resources went stuck or stale within 5 minutes, likely by one cause', max(c.affected), max(c.resources))
  from (
    select min(e.at) as since, max(e.at) as until
    from public.vantage_incident_event e
    where e.event_id = any (p_event_ids)
  ) as m
  cross join lateral public.vantage_common_causes(m.since, m.until) as c
  where c.event_id = any (p_event_ids)
  having count(*) > 0
$$;

comment on function public.vantage_common_cause(uuid[]) is
  'What the events of one message for people likely have in common, in words; null for nothing.';

-- Definer, as what follows. Whoever holds the channel's row claims; another finds nothing. In order for each incident: of
-- a channel that is not grouped only its first that is pending, of one that is grouped all that are due from the first on.
-- A test goes whatever the channel's state is: it is how that is found out.
create or replace function public.claim_vantage_notifications(p_channel text, p_limit integer default 20)
returns table (
  notification_id uuid,
  event_id uuid,
  incident_id uuid,
  seq integer,
  type text,
  at timestamptz,
  body jsonb
)
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_channel public.vantage_channel;
  v_clock timestamptz;
  v_is_open boolean;
begin
  -- Most of the time there is nothing; then nothing is locked.
  if not exists (select from public.vantage_notification n where n.channel = p_channel and n.status = 'pending') then
    return;
  end if;

  select c.*
  into v_channel
  from public.vantage_channel c
  where c.name = p_channel
  for update skip locked;

  if not found then
    return;
  end if;

  v_clock := clock_timestamp();
  v_is_open := v_channel.paused_at is null and coalesce(v_channel.hold_until <= v_clock, true);

  -- Nobody is called out for what is over. Where nothing of it can have arrived, not even its closing is sent; where
  -- something may have, the closing is.
  if v_channel.kind = 'pagerduty' then
    update public.vantage_notification n
    set status = 'skipped',
        ended_at = v_clock
    where n.channel = p_channel
      and n.status = 'pending'
      and coalesce(n.lease_until < v_clock, true)
      and exists (
        select
        from public.vantage_notification c
        where c.incident_id = n.incident_id and c.channel = n.channel and c.seq >= n.seq and c.type = 'closed'
          and c.status = 'pending')
      and (n.type <> 'closed' or not exists (
        select
        from public.vantage_notification e
        where e.incident_id = n.incident_id and e.channel = n.channel and e.seq < n.seq
          and (e.status = 'sent' or e.attempt > 0 or e.lease_until is not null)));
  end if;

  -- What likely has a cause that people were notified of goes together, a minute after their last message of it.
  if v_channel.is_grouped and v_is_open then
    with cause as materialized (
      select c.event_id
      from public.vantage_common_causes(v_clock - interval '5 minutes', v_clock) as c
    ),
    sent as (
      select max(o.ended_at) as at
      from cause c
      join public.vantage_notification o on o.event_id = c.event_id and o.channel = p_channel and o.status = 'sent'
    )
    update public.vantage_notification n
    set next_at = l.at + interval '1 minute'
    from cause c, sent l
    where n.event_id = c.event_id
      and n.channel = p_channel
      and n.status = 'pending'
      and n.attempt = 0
      and n.lease_until is null
      and n.next_at <= v_clock
      and l.at > v_clock - interval '1 minute';
  end if;

  return query
  with due as (
    select n.notification_id
    from public.vantage_notification n
    where n.channel = p_channel
      and n.status = 'pending'
      and n.next_at <= v_clock
      and (n.lease_until is null or n.lease_until < v_clock)
      and (n.type = 'test' or v_is_open)
      and not exists (
        select
        from public.vantage_notification e
        where e.incident_id = n.incident_id and e.channel = n.channel and e.seq < n.seq and e.status = 'pending'
          and (not v_channel.is_grouped or e.next_at > v_clock or e.lease_until >= v_clock))
    order by n.type = 'test' desc, n.position
    limit case when v_channel.failures >= 5 and not v_channel.is_grouped then 1 else p_limit end
  ),
  claimed as (
    update public.vantage_notification n
    set lease_until = v_clock + interval '90 seconds'
    where n.notification_id in (select d.notification_id from due d)
    returning n.notification_id, n.event_id, n.incident_id, n.seq, n.type, n.created_at, n.position
  )
  select c.notification_id, c.event_id, c.incident_id, c.seq, c.type, coalesce(e.at, c.created_at), e.body
  from claimed c
  left join public.vantage_incident_event e on e.event_id = c.event_id
  order by c.position;
end
$$;

comment on function public.claim_vantage_notifications(text, integer) is
  'What is to be sent to a channel now, for 90 seconds; null as body is a test.';

create or replace function public.release_vantage_notifications(p_notification_ids uuid[])
returns void
language sql
volatile
security definer
set search_path = ''
as $$
  update public.vantage_notification n
  set lease_until = null
  where n.notification_id = any (p_notification_ids) and n.status = 'pending'
$$;

comment on function public.release_vantage_notifications(uuid[]) is
  'Gives back what was claimed and not tried.';

-- The outcome of one message: sent; retry; dead, where trying again is of no use; gone, where the receiver wants no more.
create or replace function public.record_vantage_delivery(
  p_channel text,
  p_notification_ids uuid[],
  p_outcome text,
  p_status integer default null,
  p_error text default null,
  p_retry_after interval default null
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_waits constant interval[] := array[
    '5 seconds', '30 seconds', '2 minutes', '10 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours',
    '20 hours', '24 hours']::interval[];
  v_channel public.vantage_channel;
  v_clock timestamptz;
begin
  -- In the order in which the claim locks: first the channel.
  select c.*
  into v_channel
  from public.vantage_channel c
  where c.name = p_channel
  for update;

  v_clock := clock_timestamp();

  update public.vantage_notification n
  set status = case
        when p_outcome = 'sent' then 'sent'
        when p_outcome = 'dead' or n.type = 'test' then 'dead'
        else 'pending'
      end,
      ended_at = case when p_outcome in ('sent', 'dead') or n.type = 'test' then v_clock end,
      attempt = n.attempt + (p_outcome <> 'sent')::integer,
      next_at = v_clock + v_waits[least(n.attempt + 1, 11)] * (0.8 + 0.4 * random()),
      lease_until = null,
      last_status = p_status,
      last_error = p_error
  where n.notification_id = any (p_notification_ids) and n.status = 'pending';

  if p_outcome = 'sent' then
    if v_channel.failures > 0 or v_channel.paused_at is not null or v_channel.hold_until is not null then
      update public.vantage_channel c
      set failures = 0,
          failing_since = null,
          hold_until = null,
          paused_at = null,
          last_error = null
      where c.name = p_channel;
    end if;

    -- It answers again: what waited for that waits no longer.
    if v_channel.failures >= 5 or v_channel.paused_at is not null then
      update public.vantage_notification n
      set next_at = v_clock
      where n.channel = p_channel and n.status = 'pending' and n.next_at > v_clock;
    end if;
  else
    update public.vantage_channel c
    set failures = c.failures + 1,
        failing_since = coalesce(c.failing_since, v_clock),
        paused_at = case when p_outcome = 'gone' then coalesce(c.paused_at, v_clock) else c.paused_at end,
        -- One is tried each time, at least every ten minutes.
        hold_until = greatest(
          case when c.failures >= 4 then v_clock + v_waits[least(c.failures - 2, 4)] * (0.8 + 0.4 * random()) end,
          case when p_retry_after is not null then v_clock + least(p_retry_after, interval '1 hour') end),
        last_error = p_error
    where c.name = p_channel;
  end if;
end
$$;

comment on function public.record_vantage_delivery(text, uuid[], text, integer, text, interval) is
  'Notes what became of a message: sent, retry, dead or gone; a test is tried once.';

-- Under the lock of the evaluation: given up is what nobody took for as long as all waits together, reminded is who asked
-- for it, and a channel that delivers nothing is an incident of its own, reported by the others.
create or replace function public.watch_vantage_channels()
returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := statement_timestamp();
  v_row record;
  v_count integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('public.vantage_incident', 0)) then
    return null;
  end if;

  update public.vantage_notification n
  set status = 'dead',
      ended_at = v_clock,
      last_error = coalesce(n.last_error, 'Nothing was tried in time')
  where n.status = 'pending' and n.created_at < v_clock - interval '76 hours' and coalesce(n.lease_until < v_clock, true);

  delete from public.vantage_notification n
  where n.type = 'test' and n.created_at < v_clock - interval '7 days';

  for v_row in
    select i.incident_id
    from public.vantage_incident i
    where i.closed_at is null and i.is_red and not i.flapping and i.acknowledged_at is null
      and not public.is_vantage_resource_muted(i.resource, to_jsonb(i.kinds), v_clock)
      and exists (
        select
        from public.vantage_channel c
        where c.remind_after is not null
          and (
            select max(n.created_at)
            from public.vantage_notification n
            where n.incident_id = i.incident_id and n.channel = c.name and n.status <> 'skipped') < v_clock - c.remind_after)
    order by i.opened_at
    limit 100
  loop
    perform public.append_vantage_incident_event(v_row.incident_id, 'reminder', v_clock, (
      select e.body
      from public.vantage_incident_event e
      where e.incident_id = v_row.incident_id and e.type in ('opened', 'changed')
      order by e.seq desc
      limit 1));
    v_count := v_count + 1;
  end loop;

  -- Once for all mutes that have ended, and only what was not sent because of them: in one of them it became what it is.
  for v_row in
    select i.incident_id
    from public.vantage_incident i
    where i.closed_at is null and i.is_red and not i.flapping
      and not public.is_vantage_resource_muted(i.resource, to_jsonb(i.kinds), v_clock)
      and exists (
        select
        from public.vantage_mute m
        where not m.is_over and m.ends_at <= v_clock
          and i.changed_at >= m.starts_at and i.changed_at < m.ends_at
          and (m.kinds is null or i.kinds <@ m.kinds)
          and exists (
            select
            from unnest(m.resources) as p (pattern)
            where i.resource like replace(replace(p.pattern, '_', '\_'), '*', '%')))
    order by i.opened_at
  loop
    perform public.append_vantage_incident_event(v_row.incident_id, 'changed', v_clock, (
      select e.body
      from public.vantage_incident_event e
      where e.incident_id = v_row.incident_id and e.type in ('opened', 'changed', 'flapping')
      order by e.seq desc
      limit 1));
    v_count := v_count + 1;
  end loop;

  update public.vantage_mute m
  set is_over = true
  where not m.is_over and m.ends_at <= v_clock;

  delete from public.vantage_mute m
  where m.is_over and m.ends_at < v_clock - interval '90 days';

  for v_row in
    select
      coalesce(a.resource, i.resource) as resource, a.since, a.detail, i.incident_id, i.opened_at,
      exists (select from public.vantage_channel c where 'channel/' || c.name = i.resource) as is_configured
    from public.vantage_channel_alert a
    full join (
      select o.incident_id, o.resource, o.opened_at
      from public.vantage_incident o
      where o.closed_at is null and o.kinds = '{undelivered}'
    ) as i on i.resource = a.resource
    where a.resource is null or i.resource is null
  loop
    v_count := v_count + 1;

    if v_row.incident_id is null then
      insert into public.vantage_incident as i (resource, opened_at, kinds, severity, changed_at)
      values (v_row.resource, v_clock, '{undelivered}', 'error', v_clock)
      returning i.incident_id into v_row.incident_id;

      perform public.append_vantage_incident_event(v_row.incident_id, 'opened', v_clock,
        public.vantage_channel_event_body(v_row.resource, v_row.since, v_row.detail));
    else
      update public.vantage_incident i
      set closed_at = v_clock,
          close_reason = case when v_row.is_configured then 'recovered' else 'deleted' end,
          is_red = false,
          changed_at = v_clock,
          acknowledged_at = null,
          acknowledged_by = null,
          acknowledged_note = null
      where i.incident_id = v_row.incident_id;

      perform public.append_vantage_incident_event(v_row.incident_id, 'closed', v_clock,
        public.vantage_channel_event_body(v_row.resource, v_row.opened_at, format(
          case when v_row.is_configured then 'The channel %s delivers again.' else 'The channel %s was taken out of the configuration.' end,
          substr(v_row.resource, 9))));
    end if;
  end loop;

  return v_count;
end
$$;

comment on function public.watch_vantage_channels() is
  'Gives up what is too old, reminds, and opens and closes the incidents of channels that deliver nothing; returns how many events it made. Null where another call is at it.';

create or replace function public.vantage_channel_event_body(p_resource text, p_since timestamptz, p_detail text)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select jsonb_build_object(
    'resource', p_resource,
    'severity', 'error',
    'kinds', jsonb_build_array('undelivered'),
    'since', public.vantage_sync_time_text(p_since),
    'run_id', null,
    'detail', p_detail,
    'alerts', '[]'::jsonb,
    'errors', '[]'::jsonb,
    'state', null)
$$;

comment on function public.vantage_channel_event_body(text, timestamptz, text) is
  'The body of an event of a channel''s incident.';

-- ---------------------------------------------------------------------------------------------------------------
-- By hand
-- ---------------------------------------------------------------------------------------------------------------

create or replace function public.test_vantage_channel(p_channel text)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_notification_id uuid;
begin
  insert into public.vantage_notification as n (channel, type)
  select c.name, 'test'
  from public.vantage_channel c
  where c.name = p_channel
  returning n.notification_id into v_notification_id;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'channel-not-found',
      message = format('There is no channel %s', p_channel),
      detail = '{}',
      hint = 'Channels come from the configuration, vantage.notify.channels; GET /channels lists them';
  end if;

  return v_notification_id;
end
$$;

comment on function public.test_vantage_channel(text) is
  'Makes a notification that says it is a test, and returns its id. Refuses with PT404 channel-not-found.';

create or replace function public.retry_vantage_notification(p_notification_id uuid)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_notification public.vantage_notification;
begin
  select n.*
  into v_notification
  from public.vantage_notification n
  where n.notification_id = p_notification_id
  for update;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'notification-not-found',
      message = format('There is no notification %s', p_notification_id),
      detail = '{}',
      hint = 'They are kept as long as their incidents; look it up in GET /notifications';
  end if;

  if v_notification.status in ('sent', 'skipped') or v_notification.type = 'test' then
    raise exception using
      errcode = 'PT409',
      constraint = 'notification-not-retryable',
      message = case
        when v_notification.type = 'test' then 'The notification is a test'
        else format('The notification to %s is %s', v_notification.channel, v_notification.status)
      end,
      detail = '{}',
      hint = case
        when v_notification.type = 'test' then format('Test it again by POST /channels/%s/test', v_notification.channel)
        when v_notification.status = 'sent' then 'Its receiver has it; GET /notifications?status=dead lists those that were given up'
        else 'Its channel was taken out of the configuration, or it was over before it was sent; GET /channels lists the channels'
      end;
  end if;

  -- From now on it has as long as a new one.
  update public.vantage_notification n
  set status = 'pending',
      ended_at = null,
      attempt = 0,
      created_at = statement_timestamp(),
      next_at = statement_timestamp()
  where n.notification_id = p_notification_id;

  return p_notification_id;
end
$$;

comment on function public.retry_vantage_notification(uuid) is
  'Tries a notification again that was given up, or waits. Refuses with PT404 notification-not-found and PT409 notification-not-retryable.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_channel enable row level security;
alter table public.vantage_notification enable row level security;

drop policy if exists vantage_channel_read on public.vantage_channel;
create policy vantage_channel_read on public.vantage_channel
for select to anon, authenticated, service_role
using (true);

drop policy if exists vantage_notification_read on public.vantage_notification;
create policy vantage_notification_read on public.vantage_notification
for select to anon, authenticated, service_role
using (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

revoke all on table
  public.vantage_channel, public.vantage_notification, public.vantage_channel_alert
from public, anon, authenticated, service_role;
grant select on table
  public.vantage_channel, public.vantage_notification, public.vantage_channel_alert
to anon, authenticated, service_role;

revoke all on function
  public.fan_out_vantage_incident_event(),
  public.forget_vantage_notifications(),
  public.set_vantage_channels(jsonb),
  public.vantage_common_causes(timestamptz, timestamptz),
  public.vantage_common_cause(uuid[]),
  public.claim_vantage_notifications(text, integer),
  public.release_vantage_notifications(uuid[]),
  public.record_vantage_delivery(text, uuid[], text, integer, text, interval),
  public.watch_vantage_channels(),
  public.vantage_channel_event_body(text, timestamptz, text),
  public.test_vantage_channel(text),
  public.retry_vantage_notification(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.set_vantage_channels(jsonb),
  public.vantage_common_causes(timestamptz, timestamptz),
  public.vantage_common_cause(uuid[]),
  public.claim_vantage_notifications(text, integer),
  public.release_vantage_notifications(uuid[]),
  public.record_vantage_delivery(text, uuid[], text, integer, text, interval),
  public.watch_vantage_channels(),
  public.test_vantage_channel(text),
  public.retry_vantage_notification(uuid)
to service_role;

reset client_min_messages;
