-- explain_vantage_sync: why a resource is red or green, in plain words and as JSON, from what the database knows alone: the
-- same facts at the same moment give the same text.
-- Undone by ../rollback/20261129152000_vantage_explanation_rollback.sql.

set client_min_messages = warning;

-- A length of time for people: its two largest units.
create or replace function public.vantage_time_length(p_length interval)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select case
    when s.seconds >= 86400 then format('%s d %s h', s.seconds / 86400, s.seconds % 86400 / 3600)
    when s.seconds >= 3600 then format('%s h %s min', s.seconds / 3600, s.seconds % 3600 / 60)
    when s.seconds >= 60 then format('%s min', s.seconds / 60)
    else format('%s s', s.seconds)
  end
  from (select greatest(extract(epoch from p_length), 0)::bigint as seconds) as s
$$;

comment on function public.vantage_time_length(interval) is
  'A length of time for people, such as 1 d 4 h.';

-- It reads what everybody with a role may read. What failed with the same code is looked up here unless it is known.
create or replace function public.vantage_sync_explanation(p_resource text, p_failures jsonb)
returns json
language plpgsql
stable
security invoker
set search_path = ''
set jit = off
as $$
declare
  v_clock timestamptz := statement_timestamp();
  v_state public.vantage_sync_state;
  v_incident public.vantage_incident;
  v_ended public.vantage_sync_history;
  v_kinds text[];
  v_details text;
  v_since timestamptz;
  v_sentence text;
  v_row record;
  v_code text;
  v_before text;
  v_elsewhere text[];
  v_elsewhere_text text;
  v_as_of timestamptz;
  v_as_of_text text;
  v_usual jsonb;
  v_usual_text text;
  v_timeline jsonb;
  v_timeline_text text;
  v_blind jsonb;
  v_blind_text text;
  v_due jsonb := '[]';
  v_due_text text;
  v_muted timestamptz;
  v_next jsonb;
begin
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', public.vantage_plain_text(p_resource, 128)),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Start it, which registers it, or check the name against GET /sync-states';
  end if;

  select i.*
  into v_incident
  from public.vantage_incident i
  where i.resource = p_resource and i.closed_at is null and i.is_red;

  -- The latest run that ended: while a retry goes on, what failed is still what is wrong.
  select h.*
  into v_ended
  from public.vantage_sync_history h
  where h.resource = p_resource
  order by h.started_at desc
  limit 1;

  select
    coalesce(array_agg(a.kind order by a.rank), '{}'),
    string_agg(case
      when a.kind = 'failed' then public.vantage_failure_sentence(p_resource, 'failed', v_state.errors)
      else a.detail
    end, ' ' order by a.rank),
    min(case
      -- In seconds, which are as long whatever the time zone of the session.
      when a.kind = 'stale' and (v_state.last_sync_status <> 'never_run' or v_state.expect is not null) then
        a.since + extract(epoch from a.threshold::interval)::double precision * interval '1 second'
      else a.since
    end)
  into v_kinds, v_details, v_since
  from public.vantage_sync_alert a
  where a.resource = p_resource;

  if v_state.last_sync_status = 'running' and v_ended.status in ('failed', 'abandoned') and not 'failed' = any (v_kinds) then
    v_kinds := array['failed'] || v_kinds;
    v_since := least(v_since, v_ended.completed_at);
    v_details := concat_ws(' ',
      public.vantage_failure_sentence(p_resource, v_ended.status, v_ended.errors),
      v_details,
      format('It is running again since %s UTC.', to_char(v_state.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')));
  end if;

  v_sentence := case
    when v_kinds <> '{}' then format('%s is red since %s UTC: %s',
      p_resource, to_char(v_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_details)
    when v_state.last_sync_status = 'running' then format('%s is running since %s UTC, and nothing is wrong with it.',
      p_resource, to_char(v_state.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
    when v_state.last_sync_status = 'never_run' then format('%s has never run, and nothing is wrong with that: it was registered at %s UTC.',
      p_resource, to_char(v_state.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
    else format('%s is green: it succeeded at %s UTC with %s records.',
      p_resource, to_char(v_state.completed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_state.records_synced)
  end;

  if v_kinds = '{}' then
    v_since := case v_state.last_sync_status
      when 'running' then v_state.started_at
      when 'never_run' then v_state.created_at
      else v_state.completed_at
    end;
  end if;

  -- Was it so before?
  if 'failed' = any (v_kinds) then
    v_code := v_ended.error_code;

    with recent as (
      select h.status, h.started_at, h.completed_at, h.error_code as code,
        bool_or(h.status = 'success') over (order by h.started_at desc) as is_before
      from (
        select r.status, r.started_at, r.completed_at, r.error_code
        from public.vantage_sync_history r
        where r.resource = p_resource
        order by r.started_at desc
        limit 1000
      ) as h
    )
    select
      count(*) filter (where not r.is_before) as streak,
      count(*) filter (where not r.is_before and r.code is not distinct from v_code) as same,
      max(r.completed_at) filter (where r.is_before and r.code = v_code) as seen
    into v_row
    from recent r;

    v_before := concat(
      case
        when v_row.streak > 1 then format('It is failure number %s in a row%s', v_row.streak,
          case when v_code is not null and v_row.same = v_row.streak then format(', each %s', public.vantage_plain_text(v_code, 100)) end)
        else 'It is the first failure in a row'
      end,
      case
        when v_code is null then '.'
        when v_row.seen is not null then format('; %s was last seen at %s UTC.',
          public.vantage_plain_text(v_code, 100), to_char(v_row.seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
        else format('; %s was not seen before in the history that is kept.', public.vantage_plain_text(v_code, 100))
      end);

    -- Who else has it: what failed so since shortly before this did. Where very many have, as when a source is away, the
    -- latest hundred say enough.
    select coalesce(array_agg(f.failure ->> 0 order by (f.failure ->> 0) collate "C"), '{}')
    into v_elsewhere
    from (
      select o.failure
      from jsonb_array_elements(coalesce(
        p_failures, case when v_code is not null then public.vantage_failures_by_code(v_code) -> v_code end)) with ordinality as o (failure, n)
      where o.failure ->> 0 <> p_resource
        and (o.failure ->> 1)::timestamptz > v_since - interval '10 minutes'
      order by o.n
      limit 101
    ) as f;

    if v_elsewhere <> '{}' then
      v_elsewhere_text := format('%s other %s failed with it since %s UTC: %s%s.',
        case when cardinality(v_elsewhere) > 100 then 'More than 100' else cardinality(v_elsewhere)::text end,
        case when cardinality(v_elsewhere) = 1 then 'resource has' else 'resources have' end,
        to_char((v_since - interval '10 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
        array_to_string(v_elsewhere[1:5], ', '),
        case when cardinality(v_elsewhere) > 100 then ' and others'
          when cardinality(v_elsewhere) > 5 then format(' and %s more', cardinality(v_elsewhere) - 5) end);
      v_elsewhere := v_elsewhere[1:100];
    end if;
  end if;

  -- Data is as of the start of the last success: what changed at the source while it ran may be missing. Of one before the
  -- history that is kept, as much is known as the gate knows.
  select max(h.started_at)
  into v_as_of
  from public.vantage_sync_history h
  where h.resource = p_resource and h.status = 'success';

  if v_as_of is null and v_state.last_sync_time is not null then
    select f.as_of
    into v_as_of
    from public.vantage_sync_freshness f
    where f.resource = p_resource;
  end if;

  v_as_of_text := case
    when v_as_of is null then 'There is no data of it: no run is known to have succeeded.'
    else format('Data is as of %s UTC (%s ago).',
      to_char(v_as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), public.vantage_time_length(v_clock - v_as_of))
  end;

  -- What is usual: of the latest 20 successes, without the strangest tenth at either end.
  select
    count(*) as n,
    percentile_disc(0.1) within group (order by u.duration_ms) as fastest,
    percentile_disc(0.9) within group (order by u.duration_ms) as slowest,
    percentile_disc(0.1) within group (order by u.records_synced) as fewest,
    percentile_disc(0.9) within group (order by u.records_synced) as most
  into v_row
  from (
    select h.duration_ms, h.records_synced
    from public.vantage_sync_history h
    where h.resource = p_resource and h.status = 'success'
    order by h.started_at desc
    limit 20
  ) as u;

  if v_row.n >= 3 then
    v_usual := jsonb_build_object(
      'n', v_row.n,
      'duration', jsonb_build_object('from_ms', v_row.fastest, 'to_ms', v_row.slowest),
      'records', jsonb_build_object('from', v_row.fewest, 'to', v_row.most));
    v_usual_text := format('Usual, of the last %s successes: %s to %s, %s to %s records.',
      v_row.n,
      public.vantage_time_length(make_interval(secs => v_row.fastest / 1000)),
      public.vantage_time_length(make_interval(secs => v_row.slowest / 1000)),
      v_row.fewest, v_row.most);
  end if;

  -- The last steps, oldest first; a day is named where it begins.
  with step as (
    select s.at, s.what, s.n as rank
    from (
      select h.started_at as at, 'started' as what, 1 as n
      from (select r.started_at from public.vantage_sync_history r where r.resource = p_resource order by r.started_at desc limit 10) as h
      union all
      select h.completed_at, h.status, 2
      from (
        select r.completed_at, r.status
        from public.vantage_sync_history r
        where r.resource = p_resource
        order by r.started_at desc
        limit 10
      ) as h
      union all
      select v_state.started_at, 'started', 1 where v_state.last_sync_status = 'running'
    ) as s
    order by s.at desc, s.n desc
    limit 10
  ),
  dated as (
    select t.at, t.what, row_number() over w as n,
      lag((t.at at time zone 'UTC')::date) over w is distinct from (t.at at time zone 'UTC')::date as is_first
    from step t
    window w as (order by t.at, t.rank)
  )
  select
    coalesce(jsonb_agg(jsonb_build_object('at', public.vantage_sync_time_text(t.at), 'what', t.what) order by t.n), '[]'),
    string_agg(concat(
      to_char(t.at at time zone 'UTC', case when t.is_first then 'YYYY-MM-DD HH24:MI:SS' else 'HH24:MI:SS' end), ' ', t.what), ' · ' order by t.n)
  into v_timeline, v_timeline_text
  from dated t;

  -- When nobody watched, since the last success; the two minutes after each are the service's own.
  select
    coalesce(jsonb_agg(jsonb_build_object(
      'from', public.vantage_sync_time_text(b.since), 'until', public.vantage_sync_time_text(b.until)) order by b.since), '[]'),
    string_agg(format('Nobody watched from %s to %s UTC; a report may be missing.',
      to_char(b.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), to_char(b.until at time zone 'UTC', 'YYYY-MM-DD HH24:MI')), ' ' order by b.since)
  into v_blind, v_blind_text
  from (
    select lower(g.gap) as since, upper(g.gap) - interval '2 minutes' as until
    from public.vantage_sync_setting d
    cross join unnest(d.unwatched) as g (gap)
    where upper(g.gap) > coalesce(v_as_of, v_state.created_at)
    order by g.gap desc
    limit 3
  ) as b;

  -- When it was due and will be, by a calendar; at an interval, the one time after the last success.
  if v_state.expect is not null then
    with due as (
      (
        select u.due_at, u.counts_from, u.deadline, u.skipped
        from public.vantage_sync_due u
        where u.resource = p_resource and u.due_at <= v_clock
        order by u.due_at desc
        limit 3
      )
      union all
      (
        select u.due_at, u.counts_from, u.deadline, u.skipped
        from public.vantage_sync_due u
        where u.resource = p_resource and u.due_at > v_clock
        order by u.due_at
        limit 3
      )
      union all
      select i.success + i.every, i.success, i.success + i.every + i.grace, null
      from (
        select
          coalesce(v_state.success_started_at, v_state.last_sync_time, v_state.created_at) as success,
          extract(epoch from (v_state.expect ->> 'every')::interval)::double precision * interval '1 second' as every,
          extract(epoch from (v_state.expect ->> 'grace')::interval)::double precision * interval '1 second' as grace
      ) as i
      where v_state.expect ? 'every'
    ),
    followed as (
      select u.due_at, u.counts_from, u.deadline, u.skipped, lead(u.counts_from) over (order by u.due_at) as until
      from due u
    ),
    judged as (
      select u.due_at, u.deadline, u.skipped, case
          when u.skipped is not null then 'skipped'
          when v_state.expect ? 'cron' and exists (
            select
            from public.vantage_sync_history h
            where h.resource = p_resource and h.status = 'success' and h.started_at >= u.counts_from
              and (u.until is null or h.started_at < u.until)) then 'met'
          when u.deadline < v_clock then 'missed'
          when u.due_at <= v_clock then 'due now'
          else 'to come'
        end as what
      from followed u
    )
    select
      jsonb_agg(jsonb_build_object(
        'due_at', public.vantage_sync_time_text(u.due_at), 'deadline', public.vantage_sync_time_text(u.deadline),
        'what', u.what, 'skipped', u.skipped) order by u.due_at),
      format('Expected %s, within %s: %s.',
        coalesce(
          'by the cron ' || (v_state.expect ->> 'cron') || ' in ' || (v_state.expect ->> 'time_zone'),
          'every ' || public.vantage_time_length((v_state.expect ->> 'every')::interval)),
        public.vantage_time_length((v_state.expect ->> 'grace')::interval),
        string_agg(concat(
          to_char(u.due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), ' UTC ',
          case when v_state.expect ->> 'time_zone' <> 'UTC' then
            to_char(u.due_at at time zone (v_state.expect ->> 'time_zone'), '(HH24:MI "local") ')
          end,
          u.what,
          ' (' || public.vantage_plain_text(u.skipped, 100) || ')'), ' · ' order by u.due_at))
    into v_due, v_due_text
    from judged u;
  end if;

  select max(m.ends_at)
  into v_muted
  from public.vantage_mute m
  where m.starts_at <= v_clock and m.ends_at > v_clock
    and exists (
      select
      from unnest(m.resources) as p (pattern)
      where p_resource like replace(replace(p.pattern, '_', '\_'), '*', '%'));

  select coalesce(jsonb_agg(jsonb_build_object('why', n.why, 'command', n.command) order by n.rank), '[]')
  into v_next
  from (
    values
      (1, 'failed', 'What failed, run by run', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s/runs?status=failed"', p_resource)),
      (2, 'stuck', 'Which run it is, and what it last reported', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s"', p_resource)),
      (3, 'stale', 'When it last ran', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s/runs?limit=5"', p_resource)),
      (4, 'slow', 'How long it took before', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s/runs?status=success"', p_resource))
  ) as n (rank, kind, why, command)
  where n.kind = any (v_kinds);

  -- json, for the order of its keys.
  return json_build_object(
    'resource', p_resource,
    'kinds', to_jsonb(v_kinds),
    'since', public.vantage_sync_time_text(v_since),
    'sentence', v_sentence,
    'same_as_before', v_before,
    'elsewhere', to_jsonb(coalesce(v_elsewhere, '{}')),
    'as_of', public.vantage_sync_time_text(v_as_of),
    'usual', v_usual,
    'timeline', v_timeline,
    'blind', v_blind,
    'due', coalesce(v_due, '[]'),
    'muted_until', public.vantage_sync_time_text(v_muted),
    'acknowledged_by', case when v_incident.acknowledged_at is not null then coalesce(v_incident.acknowledged_by, '') end,
    'next', v_next,
    'text', concat_ws(e'\n',
      v_sentence,
      nullif(concat_ws(' ', v_before, v_elsewhere_text), ''),
      concat_ws(' ', v_as_of_text, v_usual_text),
      -- An alert may say it already.
      case when position(v_blind_text in v_sentence) = 0 then v_blind_text end,
      v_due_text,
      v_timeline_text,
      'Muted until ' || to_char(v_muted at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC.',
      case when v_incident.acknowledged_at is not null then
        'Acknowledged' || coalesce(' by ' || public.vantage_plain_text(v_incident.acknowledged_by, 200), '')
          || coalesce(': ' || public.vantage_plain_text(v_incident.acknowledged_note, 500), '') || '.'
      end,
      'Next: ' || (v_next #>> '{0,command}')));
end
$$;

comment on function public.vantage_sync_explanation(text, jsonb) is
  'As that of the resource alone, with the failures of its error code, as vantage_failures_by_code gives them; null to look them up.';

-- Definer: the helpers are for nobody else to call.
create or replace function public.explain_vantage_sync(p_resource text)
returns json
language sql
stable
security definer
set search_path = ''
as $$
  select public.vantage_sync_explanation(p_resource, null)
$$;

comment on function public.explain_vantage_sync(text) is
  'Why a resource is red or green: since when, whether it was so before, who else has it, as of when its data is, what is usual, the last steps and the next command; text says the same in words. Refuses with PT404 sync-state-not-found.';

-- What is sent says why, as of then; that of a channel, or of a resource that is gone, has said all it can.
create or replace function public.explain_vantage_incident_event()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if exists (select from public.vantage_sync_state s where s.resource = new.body ->> 'resource') then
    new.body := new.body - 'failures'
      || jsonb_build_object('explanation', public.vantage_sync_explanation(new.body ->> 'resource', new.body -> 'failures') ->> 'text');
  end if;

  return new;
end
$$;

comment on function public.explain_vantage_incident_event() is
  'Adds the explanation of the resource, as of now, to an event.';

create or replace trigger vantage_incident_event_explain
before insert on public.vantage_incident_event
for each row execute function public.explain_vantage_incident_event();

revoke all on function
  public.vantage_time_length(interval),
  public.vantage_sync_explanation(text, jsonb),
  public.explain_vantage_sync(text),
  public.explain_vantage_incident_event()
from public, anon, authenticated, service_role;
grant execute on function public.explain_vantage_sync(text) to anon, authenticated, service_role;

reset client_min_messages;
