-- vantage_incident: what is wrong with a resource for a while, from the first alert to the last, and what happened in it.
--
-- evaluate_vantage_alerts() compares the alerts with the incidents that are open. The service calls it every few seconds,
-- on one instance at a time; the calls of jobs pay nothing for it.
-- Undone by ../rollback/20261129140000_vantage_incident_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

-- No foreign key to the state: an incident outlives the resource that it was about. Its rows are written by functions of
-- the owner alone.
create table if not exists public.vantage_incident (
  incident_id uuid not null default gen_random_uuid(),
  resource text collate "C" not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  close_reason text,
  kinds text[] not null,
  severity text not null,
  is_red boolean not null default true,
  changed_at timestamptz not null,
  reopened integer not null default 0,
  flapping boolean not null default false,
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_note text,

  constraint vantage_incident_pkey primary key (incident_id),

  -- recovered: by a success. cleared: otherwise, as by a sign of life or another threshold. deleted: with the resource.
  constraint vantage_incident_close_reason_known check (close_reason in ('recovered', 'cleared', 'deleted')),

  constraint vantage_incident_closed_has_reason check ((closed_at is null) = (close_reason is null)),

  constraint vantage_incident_severity_known check (severity in ('error', 'warning')),

  -- Between its flips, a flapping incident stays open while nothing is wrong.
  constraint vantage_incident_open_is_red check (is_red or flapping or closed_at is not null)
);

create unique index if not exists vantage_incident_open_idx on public.vantage_incident (resource) where closed_at is null;
create index if not exists vantage_incident_resource_idx on public.vantage_incident (resource, opened_at desc, incident_id desc);
create index if not exists vantage_incident_opened_at_idx on public.vantage_incident (opened_at desc, incident_id desc);
create index if not exists vantage_incident_closed_at_idx on public.vantage_incident (closed_at) where closed_at is not null;

-- No foreign key either: its triggers would be the system's, which an owner may not disable to restore the data.
create table if not exists public.vantage_incident_event (
  event_id uuid not null default gen_random_uuid(),
  incident_id uuid not null,
  seq integer not null,
  position bigint generated always as identity,
  type text not null,
  at timestamptz not null,
  body jsonb not null,

  constraint vantage_incident_event_pkey primary key (event_id),

  -- The story of an incident, in this order.
  constraint vantage_incident_event_seq_key unique (incident_id, seq),

  constraint vantage_incident_event_position_key unique (position),

  constraint vantage_incident_event_type_known
    check (type in ('opened', 'changed', 'reminder', 'acknowledged', 'closed', 'flapping'))
);

create index if not exists vantage_incident_event_at_idx on public.vantage_incident_event (at);

create table if not exists public.vantage_watch (
  is_the_one boolean not null default true,
  evaluated_at timestamptz,

  constraint vantage_watch_pkey primary key (is_the_one),

  -- There is one watch.
  constraint vantage_watch_single check (is_the_one)
);

insert into public.vantage_watch default values on conflict do nothing;

comment on table public.vantage_incident is
  'One row an incident: a resource in which something is or was wrong, from the first alert to the last. At most one of a resource is open.';
comment on column public.vantage_incident.resource is
  'What it is about; there may be no such resource any more.';
comment on column public.vantage_incident.opened_at is
  'When it was found.';
comment on column public.vantage_incident.closed_at is
  'When it was found to be over; null while it is open.';
comment on column public.vantage_incident.close_reason is
  'recovered: the resource has succeeded. cleared: the alert is gone without, as by a sign of life. deleted: so was the resource.';
comment on column public.vantage_incident.kinds is
  'The kinds of its alerts, worst first: failed, stuck, stale, slow. Of one that is closed, the last that it had.';
comment on column public.vantage_incident.severity is
  'error or warning, that of the worst of its kinds.';
comment on column public.vantage_incident.is_red is
  'Whether something is wrong at this moment: not so once it is closed, and between the flips of one that is flapping.';
comment on column public.vantage_incident.changed_at is
  'When it last became what it is: opened, changed or closed, sent or not.';
comment on column public.vantage_incident.reopened is
  'How many times it was opened again, each within ten minutes of its closing.';
comment on column public.vantage_incident.flapping is
  'Whether it comes and goes: from its fourth reopening in an hour until 30 minutes without a change. Meanwhile nothing of it is sent.';
comment on column public.vantage_incident.acknowledged_at is
  'Since when somebody takes care of it; null again once it gets worse or is closed.';
comment on column public.vantage_incident.acknowledged_by is
  'Who, in their own words.';
comment on column public.vantage_incident.acknowledged_note is
  'What they have to say.';
comment on table public.vantage_incident_event is
  'What happened in an incident, one row an event; never changed.';
comment on column public.vantage_incident_event.seq is
  'Its place in the incident: 1, 2, 3, …';
comment on column public.vantage_incident_event.position is
  'Its place among all events, in the order in which they were committed.';
comment on column public.vantage_incident_event.type is
  'opened (seq over 1: again), changed, reminder, acknowledged, closed or flapping.';
comment on column public.vantage_incident_event.body is
  'What was so at that moment: {"resource", "severity", "kinds", "since", "run_id", "detail", "alerts", "errors", "state"}.';
comment on table public.vantage_watch is
  'One row: when the alerts were last evaluated.';

-- ---------------------------------------------------------------------------------------------------------------
-- Helpers
-- ---------------------------------------------------------------------------------------------------------------

-- What a job reports goes to chats, mails and terminals: on one line, without what controls them or turns text around.
create or replace function public.vantage_plain_text(p_text text, p_length integer)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select case when length(t.line) > p_length then left(t.line, p_length - 1) || '…' else t.line end
  from (
    select btrim(regexp_replace(
      left(p_text, 4 * p_length), '[\u0001-\u0020\u007f-\u00a0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+', ' ', 'g'))
      as line
  ) as t
$$;

comment on function public.vantage_plain_text(text, integer) is
  'The text on one line, of at most so many characters, without control characters and those that change the direction.';

create or replace function public.vantage_failure_sentence(p_resource text, p_status text, p_errors jsonb)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select case
    when p_status = 'abandoned' then format('The latest run of %s that ended was abandoned: another took over.', p_resource)
    when e.count = 0 then format('The latest run of %s failed with no errors reported.', p_resource)
    else format('The latest run of %s failed with %s "%s"%s.',
      p_resource,
      public.vantage_plain_text(e.first ->> 'code', 100),
      public.vantage_plain_text(e.first ->> 'message', 200),
      case e.count
        when 1 then ''
        when 2 then ' and 1 more error'
        else format(' and %s more errors', e.count - 1)
      end)
  end
  from (select p_errors -> 0 as first, jsonb_array_length(p_errors) as count offset 0) as e
$$;

comment on function public.vantage_failure_sentence(text, text, jsonb) is
  'Why the latest run that ended was no success, in one plain sentence.';

-- For all events of an evaluation at once: each would look through all states otherwise. Of a code the latest that failed with
-- it, which are a hundred, one more to know of, and the one that asks.
create or replace function public.vantage_failures_by_code(p_code text default null)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(c.code, c.failures), '{}')
  from (
    select f.code, jsonb_agg(jsonb_build_array(f.resource, public.vantage_sync_time_text(f.completed_at)) order by f.n) as failures
    from (
      select s.error_code as code, s.resource, s.completed_at,
        row_number() over (partition by s.error_code order by s.completed_at desc, s.resource) as n
      from public.vantage_sync_state s
      where s.last_sync_status = 'failed'
        and case when p_code is null then s.error_code is not null else s.error_code = p_code end
    ) as f
    where f.n <= 102
    group by f.code
  ) as c
$$;

comment on function public.vantage_failures_by_code(text) is
  'Of each error code, or of one, the resources that failed with it last, each with when, latest first, as {"code": [["resource", "time"], …]}.';

-- By indexes alone, as what its triggers do: a session that planned them while the tables were small would read them from end to
-- end for each of ten thousand events.
create or replace function public.append_vantage_incident_event(
  p_incident_id uuid,
  p_type text,
  p_at timestamptz,
  p_body jsonb
)
returns void
language sql
volatile
security invoker
set search_path = ''
set enable_seqscan = off
as $$
  insert into public.vantage_incident_event (incident_id, seq, type, at, body)
  select p_incident_id, coalesce(max(e.seq), 0) + 1, p_type, p_at, p_body
  from public.vantage_incident_event e
  where e.incident_id = p_incident_id
$$;

comment on function public.append_vantage_incident_event(uuid, text, timestamptz, jsonb) is
  'Appends an event to an incident.';

-- ---------------------------------------------------------------------------------------------------------------
-- Evaluation
-- ---------------------------------------------------------------------------------------------------------------

-- Definer: nobody else may write incidents. One call at a time, by a lock that a lost connection gives back at once; a
-- second one returns without waiting. A failure that was mended between two calls stays history. Compiling the query, which
-- the planner takes for a large one, would take twenty times as long as running it.
create or replace function public.evaluate_vantage_alerts(p_limit integer default 500)
returns integer
language plpgsql
volatile
security definer
set search_path = ''
set jit = off
as $$
declare
  v_clock timestamptz := statement_timestamp();
  v_last timestamptz;
  v_found record;
  v_incident public.vantage_incident;
  v_is_settled boolean;
  v_type text;
  v_failures jsonb;
  v_count integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('public.vantage_incident', 0)) then
    return null;
  end if;

  select w.evaluated_at
  into v_last
  from public.vantage_watch w;

  v_clock := greatest(v_clock, v_last);

  -- Nobody watched, so reports may be missing: silence does not count, until two more minutes have shown who is alive.
  -- As many gaps are kept as a nightly stop leaves in years.
  if v_clock - v_last > interval '60 seconds' then
    update public.vantage_sync_setting d
    set unwatched = (
      select range_agg(g.gap)
      from (
        select u.gap
        from unnest(d.unwatched + tstzmultirange(tstzrange(v_last, v_clock + interval '2 minutes'))) as u (gap)
        order by u.gap desc
        limit 1000
      ) as g);
  end if;

  update public.vantage_watch w
  set evaluated_at = v_clock;

  for v_found in
    with alert as (
      select
        a.resource collate "C" as resource,
        array_agg(a.kind) as kinds,
        max(a.severity) filter (where a.kind = 'stale') as stale_severity,
        jsonb_object_agg(a.kind, jsonb_build_object(
          'kind', a.kind, 'since', public.vantage_sync_time_text(a.since), 'threshold', a.threshold, 'detail', a.detail)) as alerts
      from public.vantage_sync_alert a
      group by a.resource
    ),
    state as (
      select
        t.resource collate "C" as resource, t.last_sync_status, t.last_sync_time, t.started_at, t.completed_at, t.duration_ms,
        t.records_synced, t.records_created, t.records_updated, t.run_id, t.watermark, t.progress,
        coalesce(t.fail_after, c.fail_after)::integer as fail_after
      from public.vantage_sync_state t
      cross join public.vantage_sync_setting c
    ),
    open as (
      select i.incident_id, i.resource, i.opened_at, i.kinds, i.severity, i.is_red, i.changed_at, i.flapping
      from public.vantage_incident i
      -- That of a channel is of no resource.
      where i.closed_at is null and i.kinds <> '{undelivered}'
    )
    select
      coalesce(s.resource, i.resource) as resource,
      i.incident_id,
      k.kinds,
      v.severity,
      e.error_code as code,
      case
        when s.resource is null then 'deleted'
        when s.last_sync_status = 'success' then 'recovered'
        else 'cleared'
      end as reason,
      jsonb_build_object(
        'resource', coalesce(s.resource, i.resource),
        'severity', coalesce(v.severity, i.severity),
        'kinds', to_jsonb(case when k.kinds = '{}' then i.kinds else k.kinds end),
        'since', coalesce(
          (select min(d.alerts #>> array[x.kind, 'since']) from unnest(k.kinds) as x (kind)),
          public.vantage_sync_time_text(i.opened_at)),
        'run_id', s.run_id,
        'detail', case
          when k.kinds <> '{}' then coalesce(
            (select string_agg(d.alerts #>> array[x.kind, 'detail'], ' ' order by x.n)
              from unnest(k.kinds) with ordinality as x (kind, n)),
            format('%s is running.', s.resource))
          when s.resource is null then format('%s was deleted.', i.resource)
          when s.last_sync_status = 'success' then format('%s succeeded at %s UTC with %s records.',
            s.resource, to_char(s.completed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), s.records_synced)
          else format('Nothing is wrong with %s any more.', s.resource)
        end,
        'alerts', coalesce(
          (select jsonb_agg(d.alerts -> x.kind order by x.n)
            from unnest(k.kinds) with ordinality as x (kind, n)
            where jsonb_typeof(d.alerts -> x.kind) = 'object'),
          '[]'),
        'errors', coalesce(
          (select jsonb_agg(jsonb_build_object(
              'code', public.vantage_plain_text(x.error ->> 'code', 100),
              'message', public.vantage_plain_text(x.error ->> 'message', 500)) order by x.n)
            from jsonb_array_elements(jsonb_path_query_array(e.errors, '$[0 to 2]')) with ordinality as x (error, n)),
          '[]'),
        'state', case when s.resource is not null then jsonb_build_object(
          'last_sync_status', s.last_sync_status,
          'last_sync_time', public.vantage_sync_time_text(s.last_sync_time),
          'started_at', public.vantage_sync_time_text(s.started_at),
          'completed_at', public.vantage_sync_time_text(s.completed_at),
          'duration_ms', s.duration_ms,
          'records_synced', s.records_synced,
          'records_created', s.records_created,
          'records_updated', s.records_updated,
          'watermark', public.vantage_sync_time_text(s.watermark),
          'progress', s.progress) end) as body
    from state s
    full join open i on i.resource = s.resource
    left join alert a on a.resource = s.resource
    -- The latest runs that ended: a retry that goes on mends nothing yet.
    left join lateral (
      select
        count(*) = s.fail_after and bool_and(h.status <> 'success') as failed,
        (array_agg(h.run_id order by h.started_at desc))[1] as run_id
      from (
        select h.run_id, h.status, h.started_at
        from public.vantage_sync_history h
        where s.last_sync_status in ('failed', 'running') and h.resource = s.resource
        order by h.started_at desc
        limit s.fail_after
      ) as h
    ) as r on true
    left join lateral (
      select h.status, h.completed_at, h.errors, h.error_code
      from public.vantage_sync_history h
      where r.failed and h.run_id = r.run_id and h.resource = s.resource
    ) as e on true
    -- What the end of a run decides does not go away while one goes on.
    cross join lateral (
      select array_remove(array[
        case when r.failed then 'failed' end,
        case when 'stuck' = any (a.kinds) then 'stuck' end,
        case when 'stale' = any (a.kinds) or s.last_sync_status = 'running' and i.is_red and 'stale' = any (i.kinds) then 'stale' end,
        case when 'slow' = any (a.kinds) or s.last_sync_status = 'running' and i.is_red and 'slow' = any (i.kinds) then 'slow' end
      ], null) as kinds
    ) as k
    cross join lateral (
      select case
        when k.kinds = '{}' then null
        when k.kinds && array['failed', 'stuck'] then 'error'
        when 'stale' = any (k.kinds) then coalesce(a.stale_severity, i.severity)
        else 'warning'
      end as severity
    ) as v
    cross join lateral (
      select coalesce(a.alerts, '{}') || case when r.failed then jsonb_build_object('failed', jsonb_build_object(
        'kind', 'failed', 'since', public.vantage_sync_time_text(e.completed_at), 'threshold', null,
        'detail', public.vantage_failure_sentence(s.resource, e.status, e.errors))) else '{}' end as alerts
    ) as d
    where case
        when i.incident_id is null then k.kinds <> '{}'
        when k.kinds = '{}' then i.is_red or i.changed_at < v_clock - interval '30 minutes'
        else not i.is_red or k.kinds <> i.kinds or v.severity <> i.severity
          or i.flapping and i.changed_at < v_clock - interval '30 minutes'
      end
    order by 1
    limit p_limit
  loop
    -- Well within the statement timeout, however much each has to say: whoever calls again goes on from here.
    if v_count > 0 and clock_timestamp() - statement_timestamp() > interval '1 second' then
      return p_limit;
    end if;

    v_count := v_count + 1;
    v_type := null;

    select i.*
    into v_incident
    from public.vantage_incident i
    where i.incident_id = v_found.incident_id;

    v_is_settled := v_incident.changed_at < v_clock - interval '30 minutes';

    if v_incident.incident_id is null then
      -- Back within ten minutes, it is the same incident.
      update public.vantage_incident i
      set closed_at = null,
          close_reason = null,
          kinds = v_found.kinds,
          severity = v_found.severity,
          is_red = true,
          changed_at = v_clock,
          reopened = i.reopened + 1,
          flapping = (
            select count(*) >= 3
            from public.vantage_incident_event e
            where e.incident_id = i.incident_id and e.type = 'opened' and e.seq > 1 and e.at > v_clock - interval '1 hour')
      where i.incident_id = (
        select c.incident_id
        from public.vantage_incident c
        where c.resource = v_found.resource and c.closed_at > v_clock - interval '10 minutes' and c.close_reason <> 'deleted'
        order by c.closed_at desc
        limit 1)
      returning i.* into v_incident;

      if not found then
        insert into public.vantage_incident as i (resource, opened_at, kinds, severity, changed_at)
        values (v_found.resource, v_clock, v_found.kinds, v_found.severity, v_clock)
        returning i.* into v_incident;
      end if;

      v_type := case when v_incident.flapping then 'flapping' else 'opened' end;
    elsif v_found.kinds = '{}'
      and (not v_incident.flapping or not v_incident.is_red or v_is_settled or v_found.reason = 'deleted') then
      v_incident.closed_at := v_clock;
      v_incident.close_reason := v_found.reason;
      v_incident.is_red := false;
      v_incident.flapping := false;
      v_incident.acknowledged_at := null;
      v_type := 'closed';
    else
      -- The flips of one that is flapping are not sent, but for what lasts.
      if not v_incident.flapping or v_is_settled then
        v_incident.flapping := false;
        v_type := 'changed';
      end if;

      if v_incident.severity = 'warning' and v_found.severity = 'error' then
        v_incident.acknowledged_at := null;
      end if;

      v_incident.is_red := v_found.kinds <> '{}';

      if v_incident.is_red then
        v_incident.kinds := v_found.kinds;
        v_incident.severity := v_found.severity;
      end if;
    end if;

    if v_found.incident_id is not null then
      update public.vantage_incident i
      set closed_at = v_incident.closed_at,
          close_reason = v_incident.close_reason,
          kinds = v_incident.kinds,
          severity = v_incident.severity,
          is_red = v_incident.is_red,
          changed_at = v_clock,
          flapping = v_incident.flapping,
          acknowledged_at = v_incident.acknowledged_at,
          acknowledged_by = case when v_incident.acknowledged_at is not null then i.acknowledged_by end,
          acknowledged_note = case when v_incident.acknowledged_at is not null then i.acknowledged_note end
      where i.incident_id = v_incident.incident_id;
    end if;

    if v_type is not null then
      -- For its explanation, which does not keep it.
      if v_found.code is not null then
        if v_failures is null then
          v_failures := public.vantage_failures_by_code();
        end if;

        v_found.body := v_found.body || jsonb_build_object('failures', coalesce(v_failures -> v_found.code, '[]'));
      end if;

      perform public.append_vantage_incident_event(v_incident.incident_id, v_type, v_clock, v_found.body);
    end if;
  end loop;

  return v_count;
end
$$;

comment on function public.evaluate_vantage_alerts(integer) is
  'Opens, changes and closes incidents by the alerts of this moment, at most so many and for about a second, and returns how many; as many as that means that there may be more. Null where another call is at it.';

-- ---------------------------------------------------------------------------------------------------------------
-- Acknowledgement
-- ---------------------------------------------------------------------------------------------------------------

-- Definer, as the function above, and by the same lock, so that events are committed in the order of their position.
create or replace function public.acknowledge_vantage_incident(
  p_incident_id uuid,
  p_by text default null,
  p_note text default null
)
returns public.vantage_incident
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz;
  v_incident public.vantage_incident;
begin
  if length(p_by) > 200 or length(p_note) > 2000 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'An acknowledgement is at most 2,200 characters',
      detail = jsonb_build_object('errors', (
        select jsonb_agg(jsonb_build_object('pointer', '#/' || f.key, 'detail', format('must be at most %s characters', f.length)))
        from (values ('by', p_by, 200), ('note', p_note, 2000)) as f (key, value, length)
        where length(f.value) > f.length))::text,
      hint = 'Say who takes care of it in at most 200 characters, and what there is to note in at most 2,000';
  end if;

  perform pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0));
  v_clock := clock_timestamp();

  select i.*
  into v_incident
  from public.vantage_incident i
  where i.incident_id = p_incident_id;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'incident-not-found',
      message = format('There is no incident %s', p_incident_id),
      detail = '{}',
      hint = 'Closed ones are kept as long as runs are; look it up in GET /incidents';
  end if;

  if v_incident.closed_at is not null then
    raise exception using
      errcode = 'PT409',
      constraint = 'incident-closed',
      message = format('The incident of %s was closed at %s', v_incident.resource, public.vantage_sync_time_text(v_incident.closed_at)),
      detail = jsonb_build_object('resource', v_incident.resource)::text,
      hint = 'Nothing is left to take care of; GET /incidents?open=true lists what is open';
  end if;

  -- Repeating it changes nothing.
  if v_incident.acknowledged_at is not null
    and (v_incident.acknowledged_by, v_incident.acknowledged_note) is not distinct from (p_by, p_note) then
    return v_incident;
  end if;

  update public.vantage_incident i
  set acknowledged_at = v_clock,
      acknowledged_by = p_by,
      acknowledged_note = p_note
  where i.incident_id = p_incident_id
  returning i.* into v_incident;

  perform public.append_vantage_incident_event(p_incident_id, 'acknowledged', v_clock, jsonb_build_object(
    'resource', v_incident.resource,
    'severity', v_incident.severity,
    'kinds', to_jsonb(v_incident.kinds),
    'since', public.vantage_sync_time_text(v_incident.opened_at),
    'run_id', (select s.run_id from public.vantage_sync_state s where s.resource = v_incident.resource),
    'detail', concat(
      format('The incident of %s is acknowledged', v_incident.resource),
      ' by ' || nullif(public.vantage_plain_text(p_by, 200), ''),
      ': ' || nullif(public.vantage_plain_text(p_note, 500), ''),
      '.'),
    'alerts', '[]'::jsonb,
    'errors', '[]'::jsonb,
    'state', null));

  return v_incident;
end
$$;

comment on function public.acknowledge_vantage_incident(uuid, text, text) is
  'Notes that somebody takes care of an open incident, until it gets worse or is closed; repeating it changes nothing. Refuses with PT400 invalid-request, PT404 incident-not-found and PT409 incident-closed.';

-- ---------------------------------------------------------------------------------------------------------------
-- Housekeeping
-- ---------------------------------------------------------------------------------------------------------------

-- Definer, as the functions above.
create or replace function public.delete_old_vantage_incidents(p_older_than interval, p_batch integer default 500)
returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_deleted integer;
begin
  if p_older_than is null or p_older_than < interval '0' or p_batch is null or p_batch < 1 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'Old incidents are deleted by an age that is not negative, at least one at a time',
      detail = jsonb_build_object('errors', (
        select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
        from (values
          ('#/older_than', 'must be a duration that is not negative', coalesce(p_older_than < interval '0', true)),
          ('#/batch', 'must be 1 or more', coalesce(p_batch < 1, true))
        ) as f (pointer, detail, applies)
        where f.applies))::text,
      hint = 'Call it as delete_old_vantage_incidents(interval ''90 days'', 500) until it returns 0';
  end if;

  -- By the lock of the evaluation, which might open one again.
  perform pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0));

  with deleted as (
    delete from public.vantage_incident i
    where i.incident_id in (
      select o.incident_id
      from public.vantage_incident o
      where o.closed_at < clock_timestamp() - p_older_than
      order by o.closed_at
      limit p_batch
    )
    returning i.incident_id
  ),
  deleted_events as (
    delete from public.vantage_incident_event e
    where e.incident_id in (select d.incident_id from deleted d)
  )
  select count(*)
  into v_deleted
  from deleted;

  return v_deleted;
end
$$;

comment on function public.delete_old_vantage_incidents(interval, integer) is
  'Deletes incidents that were closed longer ago than that, with their events, oldest first, at most so many, and returns how many; 0 when none is left. Refuses with PT400 invalid-request.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_incident enable row level security;
alter table public.vantage_incident_event enable row level security;
alter table public.vantage_watch enable row level security;

drop policy if exists vantage_incident_read on public.vantage_incident;
create policy vantage_incident_read on public.vantage_incident
for select to anon, authenticated, service_role
using (true);

drop policy if exists vantage_incident_event_read on public.vantage_incident_event;
create policy vantage_incident_event_read on public.vantage_incident_event
for select to anon, authenticated, service_role
using (true);

drop policy if exists vantage_watch_read on public.vantage_watch;
create policy vantage_watch_read on public.vantage_watch
for select to anon, authenticated, service_role
using (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on table public.vantage_incident, public.vantage_incident_event, public.vantage_watch
from public, anon, authenticated, service_role;
grant select on table public.vantage_incident, public.vantage_incident_event, public.vantage_watch
to anon, authenticated, service_role;

revoke all on function
  public.vantage_plain_text(text, integer),
  public.vantage_failure_sentence(text, text, jsonb),
  public.vantage_failures_by_code(text),
  public.append_vantage_incident_event(uuid, text, timestamptz, jsonb),
  public.evaluate_vantage_alerts(integer),
  public.acknowledge_vantage_incident(uuid, text, text),
  public.delete_old_vantage_incidents(interval, integer)
from public, anon, authenticated, service_role;
grant execute on function
  public.evaluate_vantage_alerts(integer),
  public.acknowledge_vantage_incident(uuid, text, text),
  public.delete_old_vantage_incidents(interval, integer)
to service_role;

reset client_min_messages;
