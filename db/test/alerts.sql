-- Each kind of alert just below, at and just past its threshold: by default, by setting and by the resource's own.

begin;

create function pg_temp.kinds(p_resource text)
returns text
language plpgsql
as $$
declare
  v_kinds text := (
    select coalesce(string_agg(a.kind, ' ' order by a.rank), '') from public.vantage_sync_alert a where a.resource = p_resource);
begin
  assert (
    select coalesce(string_agg(x.alert ->> 'kind', ' ' order by x.position), '') = v_kinds
    from public.vantage_sync_state s
    cross join lateral jsonb_array_elements(public.vantage_sync_alerts(s)::jsonb) with ordinality as x (alert, position)
    where s.resource = p_resource), 'a row in hand has those of the view: ' || v_kinds;

  return v_kinds;
end
$$;

-- A state whose times lie that long before the statement. What is left out is null, the registration an instant ago.
create function pg_temp.state(
  p_status text,
  p_started interval default null,
  p_completed interval default null,
  p_success interval default null,
  p_created interval default '0',
  p_beat interval default null,
  p_stuck_after interval default null,
  p_stale_after interval default null,
  p_slow_after interval default null
)
returns text
language plpgsql
as $$
declare
  v_now timestamptz := statement_timestamp();
begin
  delete from public.vantage_sync_state where resource = 'spec.alert';
  insert into public.vantage_sync_state (
    resource, last_sync_status, started_at, completed_at, last_sync_time, created_at, progress,
    stuck_after, stale_after, slow_after)
  values (
    'spec.alert', p_status, v_now - p_started, v_now - p_completed, v_now - p_success, v_now - p_created,
    case when p_beat is not null then
      jsonb_build_object('records', null, 'total', null, 'at', public.vantage_sync_time_text(v_now - p_beat)) end,
    p_stuck_after, p_stale_after, p_slow_after);
  return 'spec.alert';
end
$$;

set local role service_role;

-- Thresholds by default, by the resource's own, and by setting; us is a microsecond.
do $$
declare
  v_us constant interval := interval '1 microsecond';
  v_case record;
  v_own boolean;
  v_stuck interval;
  v_stale interval;
  v_slow interval;
begin
  for v_case in
    select * from (values
      ('by default', interval '30 minutes', interval '24 hours', interval '5 minutes'),
      ('by the resource''s own', '90 minutes', '2 days', '10 minutes'),
      ('by a shorter one of the resource''s own', '10 minutes', '6 hours', '30 seconds'),
      ('by setting', '45 minutes', '12 hours', '1 minute')) as c (name, stuck, stale, slow)
  loop
    v_own := v_case.name like '%own';
    v_stuck := case when v_own then v_case.stuck end;
    v_stale := case when v_own then v_case.stale end;
    v_slow := case when v_own then v_case.slow end;
    if v_case.name = 'by setting' then
      update public.vantage_sync_setting set stuck_after = 'PT45M', stale_after = 'PT12H', slow_after = 'PT1M';
    end if;

    -- stuck: since the start, or since the last sign of life
    assert pg_temp.kinds(pg_temp.state('running', v_case.stuck - v_us, p_stuck_after => v_stuck)) = '', 'stuck, below, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', v_case.stuck, p_stuck_after => v_stuck)) = '', 'stuck, at, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', v_case.stuck + v_us, p_stuck_after => v_stuck)) = 'stuck', 'stuck, past, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', '2 days', p_beat => v_case.stuck - v_us, p_stuck_after => v_stuck)) = '', 'stuck, below, by a sign of life, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', '2 days', p_beat => v_case.stuck, p_stuck_after => v_stuck)) = '', 'stuck, at, by a sign of life, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', '2 days', p_beat => v_case.stuck + v_us, p_stuck_after => v_stuck)) = 'stuck', 'stuck, past, by a sign of life, ' || v_case.name;

    -- stale: since the last success, or since the registration; whatever the latest run comes to
    assert pg_temp.kinds(pg_temp.state('success', v_case.stale - v_us, v_case.stale - v_us, v_case.stale - v_us, p_stale_after => v_stale)) = '', 'stale, below, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('success', v_case.stale, v_case.stale, v_case.stale, p_stale_after => v_stale)) = '', 'stale, at, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('success', v_case.stale + v_us, v_case.stale + v_us, v_case.stale + v_us, p_stale_after => v_stale)) = 'stale', 'stale, past, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('never_run', p_stale_after => v_stale)) = 'stale', 'stale, never run, at once, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('failed', '0', '0', p_created => v_case.stale - v_us, p_stale_after => v_stale)) = 'failed', 'stale, every run failed, below, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('failed', '0', '0', p_created => v_case.stale, p_stale_after => v_stale)) = 'failed', 'stale, every run failed, at, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('failed', '0', '0', p_created => v_case.stale + v_us, p_stale_after => v_stale)) = 'failed stale', 'stale, every run failed, past, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', '0', null, v_case.stale + v_us, p_stale_after => v_stale)) = 'stale', 'stale, while it runs, ' || v_case.name;

    -- slow: the latest run, once it has ended
    assert pg_temp.kinds(pg_temp.state('success', v_case.slow - v_us, '0', '0', p_slow_after => v_slow)) = '', 'slow, below, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('success', v_case.slow, '0', '0', p_slow_after => v_slow)) = '', 'slow, at, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('success', v_case.slow + v_us, '0', '0', p_slow_after => v_slow)) = 'slow', 'slow, past, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('failed', v_case.slow + v_us, '0', p_slow_after => v_slow)) = 'failed slow', 'slow, failed, ' || v_case.name;
    assert pg_temp.kinds(pg_temp.state('running', v_case.slow + v_us, p_slow_after => v_slow)) = '', 'slow, not while it runs, ' || v_case.name;
  end loop;
end
$$;

-- failed has no threshold: from the failure to the next start
do $$
begin
  perform public.start_vantage_sync('spec.failed');
  assert pg_temp.kinds('spec.failed') = '', 'not while it runs';
  perform public.fail_vantage_sync('spec.failed', '[{"code": "A", "message": "b"}]');
  assert pg_temp.kinds('spec.failed') = 'failed', 'once it has failed';
  perform public.start_vantage_sync('spec.failed');
  assert pg_temp.kinds('spec.failed') = '', 'the retry may clear it';
  perform public.complete_vantage_sync('spec.failed');
  assert pg_temp.kinds('spec.failed') = '', 'and has';
end
$$;

update public.vantage_sync_setting set stuck_after = default, stale_after = default, slow_after = default;

-- How bad each kind is: of two resources that have all four between them
do $$
begin
  perform pg_temp.state('failed', '10 minutes', '0', p_created => '3 days');
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, last_sync_time)
  values ('spec.alert.stuck', 'running', statement_timestamp() - interval '1 hour', statement_timestamp());

  assert (select string_agg(concat_ws(' ', a.rank, a.severity, a.kind), ', ' order by a.rank)
    from public.vantage_sync_alert a
    where a.resource like 'spec.alert%')
    = '1 error failed, 2 error stuck, 3 error stale, 4 warning slow', 'worst first';

  perform pg_temp.state('never_run');
  assert (select a.severity from public.vantage_sync_alert a where a.resource = 'spec.alert') = 'warning', 'registered lately';
  perform pg_temp.state('never_run', p_created => '3 days');
  assert (select a.severity from public.vantage_sync_alert a where a.resource = 'spec.alert') = 'error', 'registered long ago';
end
$$;

-- Silence while nobody watched, and two minutes after it, counts for nothing
reset role;
update public.vantage_sync_setting set unwatched = tstzmultirange(
  tstzrange(statement_timestamp() - interval '40 hours', statement_timestamp() - interval '39 hours'),
  tstzrange(statement_timestamp() - interval '100 minutes', statement_timestamp() - interval '20 minutes'));
set local role service_role;

do $$
declare
  v_us constant interval := interval '1 microsecond';
  v_said constant text := format('Nobody watched from %s to %s UTC; a report may be missing.',
    to_char((statement_timestamp() - interval '100 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
    to_char((statement_timestamp() - interval '22 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI'));
begin
  assert pg_temp.kinds(pg_temp.state('running', '99 minutes')) = '', 'silent within and since';
  assert pg_temp.kinds(pg_temp.state('running', '110 minutes')) = '', 'silent as long as the threshold and the gap';
  assert pg_temp.kinds(pg_temp.state('running', '110 minutes' + v_us)) = 'stuck', 'or a microsecond longer';
  assert (select a.detail like '%UTC. ' || v_said from public.vantage_sync_alert a where a.resource = 'spec.alert'), 'and it says so';
  perform pg_temp.state('running', '19 minutes', p_stuck_after => '10 minutes');
  assert (select a.detail not like '%Nobody%' from public.vantage_sync_alert a where a.resource = 'spec.alert'), 'but only of a gap in the silence';
  assert pg_temp.kinds(pg_temp.state('success', '25 hours 20 minutes', '25 hours 20 minutes', '25 hours 20 minutes')) = '', 'no success for as long as the threshold and the gap';
  assert pg_temp.kinds(pg_temp.state('success', '25 hours 20 minutes', '25 hours 20 minutes', '25 hours 20 minutes' + v_us)) = 'stale', 'or a microsecond longer';
  assert (select a.detail like '%UTC. ' || v_said from public.vantage_sync_alert a where a.resource = 'spec.alert'), 'which says so as well';
end
$$;

reset role;
update public.vantage_sync_setting set unwatched = tstzmultirange(
  tstzrange(statement_timestamp() - interval '1 hour', statement_timestamp() + interval '2 minutes'));
set local role service_role;

do $$
begin
  assert pg_temp.kinds(pg_temp.state('running', '85 minutes')) = '', 'whoever just began to watch waits for reports';
  assert pg_temp.kinds(pg_temp.state('running', '91 minutes')) = 'stuck', 'but not for what was stuck before';
  assert pg_temp.kinds(pg_temp.state('running', '-1 hour')) = '', 'nor for one that is ahead';
end
$$;

reset role;
update public.vantage_sync_setting set unwatched = default;
set local role service_role;

-- What an alert says
do $$
declare
  v_now constant timestamptz := statement_timestamp();
  v_state public.vantage_sync_state;
begin
  perform pg_temp.state('failed', '11 minutes', '1 minute 1.5 seconds', p_created => '3 days');
  assert (select jsonb_object_agg(a.kind, a.since) from public.vantage_sync_alert a where a.resource = 'spec.alert')
    = jsonb_build_object('failed', v_now - interval '1 minute 1.5 seconds', 'slow', v_now - interval '1 minute 1.5 seconds',
      'stale', v_now - interval '3 days'), 'since when';
  assert (select jsonb_object_agg(a.kind, a.threshold) from public.vantage_sync_alert a where a.resource = 'spec.alert')
    = '{"failed": null, "slow": "PT5M", "stale": "PT24H"}', 'by which threshold';
  assert (select a.detail from public.vantage_sync_alert a where a.resource = 'spec.alert' and a.kind = 'slow')
    = 'The latest run of spec.alert took 598.5 seconds.', 'in plain words';
  assert (select a.detail from public.vantage_sync_alert a where a.resource = 'spec.alert' and a.kind = 'failed')
    = 'The latest run of spec.alert failed with no errors reported.', 'without an error';

  perform public.start_vantage_sync('spec.alert');
  perform public.fail_vantage_sync('spec.alert', '[{"code": "A", "message": "b"}]');
  assert (select a.detail from public.vantage_sync_alert a where a.resource = 'spec.alert' and a.kind = 'failed')
    = 'The latest run of spec.alert failed with 1 error.', 'with one';

  perform pg_temp.state('running', '31 minutes', p_success => '2 days', p_beat => '30 minutes 10 seconds');
  assert (select jsonb_object_agg(a.kind, a.since) from public.vantage_sync_alert a where a.resource = 'spec.alert')
    = jsonb_build_object('stuck', v_now - interval '30 minutes 10 seconds', 'stale', v_now - interval '2 days'),
    'since the sign of life, since the success';

  -- A threshold is written in one way only, whatever the session prefers.
  set local intervalstyle = 'sql_standard';
  update public.vantage_sync_state
  set stuck_after = '90 seconds', stale_after = '1 day 2 hours 0.25 seconds'
  where resource = 'spec.alert';
  assert (select jsonb_object_agg(a.kind, a.threshold) from public.vantage_sync_alert a where a.resource = 'spec.alert')
    = '{"stuck": "PT1M30S", "stale": "P1DT2H0.25S"}', 'ISO 8601';
  assert (select a.threshold::interval from public.vantage_sync_alert a where a.resource = 'spec.alert' and a.kind = 'stale')
    = interval '1 day 2 hours 0.25 seconds', 'which PostgreSQL reads back';

  -- The alerts that a call answers with
  v_state := public.start_vantage_sync('spec.answer');
  v_state := public.fail_vantage_sync('spec.answer', '[]');
  assert public.vantage_sync_alerts(v_state)::jsonb = jsonb_build_array(jsonb_build_object(
    'resource', 'spec.answer', 'kind', 'failed', 'since', public.vantage_sync_time_text(v_state.completed_at),
    'threshold', null, 'detail', 'The latest run of spec.answer failed with no errors reported.')), 'as JSON';
  v_state := public.start_vantage_sync('spec.answer');
  assert public.vantage_sync_alerts(v_state) = '[]', 'none is an empty array';

  -- Of a row in hand by the same rule as the view's
  perform pg_temp.state('running', '31 minutes', p_success => '2 days');
  v_state := (select s from public.vantage_sync_state s where s.resource = 'spec.alert');
  assert (select jsonb_agg(x ->> 'detail') from jsonb_array_elements(public.vantage_sync_alerts(v_state)::jsonb) as x)
    = (select jsonb_agg(a.detail order by a.rank)
      from public.vantage_sync_alert a where a.resource = 'spec.alert'), 'the same sentences';
end
$$;

-- The resource's own threshold also decides when a run can be taken over.
do $$
declare
  v_old public.vantage_sync_state;
begin
  v_old := public.start_vantage_sync('spec.takeover');
  update public.vantage_sync_state
  set started_at = clock_timestamp() - interval '59 minutes', stuck_after = '1 hour' where resource = 'spec.takeover';
  assert pg_temp.rule('select public.start_vantage_sync(''spec.takeover'')') = 'sync-already-running', 'alive for an hour';
  update public.vantage_sync_state set started_at = clock_timestamp() - interval '1 hour' where resource = 'spec.takeover';
  assert (public.start_vantage_sync('spec.takeover')).run_id <> v_old.run_id, 'and not longer';
  assert (select s.stuck_after = interval '1 hour' from public.vantage_sync_state s where s.resource = 'spec.takeover'), 'which stays';

  v_old := public.start_vantage_sync('spec.takeover.sooner');
  update public.vantage_sync_state
  set started_at = clock_timestamp() - interval '1 minute', stuck_after = '1 minute' where resource = 'spec.takeover.sooner';
  assert (public.start_vantage_sync('spec.takeover.sooner')).run_id <> v_old.run_id, 'sooner than by default';
end
$$;

-- What is no threshold
do $$
declare
  v_column text;
  v_value text;
begin
  foreach v_column in array array['stuck_after', 'stale_after', 'slow_after'] loop
    foreach v_value in array array[
      '0', '-1 second', '3650 days 1 microsecond', '100 years', '1 month', '1 year', '1 month -1 day', '-1 day 1 hour'] loop
      assert pg_temp.rule(format('insert into public.vantage_sync_state (resource, %I) values (''spec.bad'', %L)', v_column, v_value))
        = 'vantage_sync_threshold_valid', format('%s %s', v_column, v_value);
    end loop;

    foreach v_value in array array['1 microsecond', '3650 days', '87600 hours', '1 day -1 hour'] loop
      assert pg_temp.rule(format('insert into public.vantage_sync_state (resource, %I) values (%L, %L)',
        v_column, 'spec.good.' || md5(v_column || v_value), v_value)) is null, format('%s %s', v_column, v_value);
    end loop;
  end loop;
end
$$;

reset role;

-- Who may read, and that nobody writes
do $$
declare
  v_case record;
  v_role text;
begin
  for v_case in
    select r.role, p.privilege,
      has_table_privilege(r.role, 'public.vantage_sync_alert', p.privilege) as actual,
      r.role <> 'public' and p.privilege = 'select' as expected
    from unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (role)
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p (privilege)
  loop
    assert v_case.actual = v_case.expected, format('%s %s: %s', v_case.role, v_case.privilege, v_case.actual);
  end loop;

  assert (select c.reloptions @> array['security_invoker=true'] from pg_catalog.pg_class c
    where c.oid = 'public.vantage_sync_alert'::regclass), 'the view reads with the rights of who asks it';

  if not pg_has_role(current_user, 'anon', case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
    grant anon to current_user;
  end if;
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    execute format('set local role %I', v_role);
    assert (select count(*) > 0 from public.vantage_sync_alert), v_role || ' reads alerts of every kind';
    reset role;
  end loop;
end
$$;

rollback;
