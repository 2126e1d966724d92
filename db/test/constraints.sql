-- Impossible rows are refused, each by its own rule.

begin;

set local role service_role;

do $$
declare
  v_case record;
begin
  for v_case in
    select *
    from (values
      ('resource_valid', '(resource) values (''a b'')'),
      ('status_known', '(resource, last_sync_status) values (''spec.c'', ''stuck'')'),
      ('counts_not_negative', '(resource, records_synced) values (''spec.c'', -1)'),
      ('counts_not_negative', '(resource, records_created) values (''spec.c'', -1)'),
      ('counts_not_negative', '(resource, records_updated) values (''spec.c'', -1)'),
      ('errors_is_array', '(resource, errors) values (''spec.c'', ''{}'')'),
      ('running_is_open', '(resource, last_sync_status) values (''spec.c'', ''running'')'),
      ('running_is_open', '(resource, last_sync_status, started_at, completed_at) values (''spec.c'', ''running'', now(), now())'),
      ('running_is_open', '(resource, last_sync_status, started_at, duration_ms) values (''spec.c'', ''running'', now(), 1)'),
      ('success_has_time', '(resource, last_sync_status, started_at, completed_at) values (''spec.c'', ''success'', now(), now())'),
      ('ends_after_start', '(resource, last_sync_status, started_at, completed_at) values (''spec.c'', ''failed'', now(), now() - interval ''1 s'')'),
      ('duration_not_negative', '(resource, duration_ms) values (''spec.c'', -1)'),
      ('times_finite', '(resource, last_sync_status, last_sync_time) values (''spec.c'', ''success'', ''-infinity'')'),
      ('times_finite', '(resource, last_sync_status, started_at) values (''spec.c'', ''running'', ''-infinity'')'),
      ('times_finite', '(resource, last_sync_status, started_at, completed_at) values (''spec.c'', ''failed'', now(), ''-infinity'')'),
      ('times_finite', '(resource, watermark) values (''spec.c'', ''-infinity'')'),
      ('times_finite', '(resource, created_at) values (''spec.c'', ''-infinity'')'),
      ('times_not_ahead', '(resource, watermark) values (''spec.c'', ''infinity'')'),
      ('times_not_ahead', '(resource, created_at) values (''spec.c'', ''2099-01-01'')'),
      ('times_not_ahead', '(resource, last_sync_status, started_at) values (''spec.c'', ''running'', now() + interval ''25 hours'')'),
      ('times_not_ahead', '(resource, last_sync_status, last_sync_time) values (''spec.c'', ''success'', ''2099-01-01'')'),
      ('times_not_ahead', '(resource, last_sync_status, started_at, completed_at) values (''spec.c'', ''failed'', now(), ''2099-01-01'')'),
      ('times_not_ahead', '(resource, last_sync_status, started_at, progress) values (''spec.c'', ''running'', now(), ''{"records": 1, "total": 2, "at": "2099-01-01T00:00:00.000000Z"}'')')
    ) as c (rule, statement)
  loop
    assert pg_temp.refusal('insert into public.vantage_sync_state ' || v_case.statement) @> jsonb_build_object(
        'sqlstate', '23514', 'constraint', 'vantage_sync_state_' || v_case.rule),
      v_case.statement || ': ' || pg_temp.refusal('insert into public.vantage_sync_state ' || v_case.statement);
  end loop;

  assert pg_temp.refusal('insert into public.vantage_sync_state (resource) values (''spec.c''), (''spec.c'')')
    @> '{"sqlstate": "23505", "constraint": "vantage_sync_state_pkey"}', 'a resource is there once';
end
$$;

-- Of what only the functions and the trigger write, by its function alone.
reset role;

do $$
declare
  v_case record;
  v_statement text;
begin
  for v_case in
    select *
    from (values
      ('ended_has_times', '{"last_sync_status": "failed", "run_id": "00000000-0000-4000-8000-000000000000"}'),
      ('ended_has_times', '{"last_sync_status": "failed", "run_id": "00000000-0000-4000-8000-000000000000", "started_at": "2000-01-01", "completed_at": "2000-01-01"}'),
      ('run_is_known', '{"last_sync_status": "running", "started_at": "2000-01-01"}'),
      ('run_is_known', '{"last_sync_status": "never_run", "run_id": "00000000-0000-4000-8000-000000000000"}'),
      ('progress_while_running', '{"last_sync_status": "never_run", "progress": {"records": 1, "total": 2, "at": "2000-01-01T00:00:00.000000Z"}}')
    ) as c (rule, state)
  loop
    v_statement := format(
      'select public.refuse_invalid_vantage_sync_state(jsonb_populate_record(null::public.vantage_sync_state, %L))',
      '{"resource": "spec.c"}'::jsonb || v_case.state::jsonb);
    assert pg_temp.rule(v_statement) is not distinct from 'vantage_sync_state_' || v_case.rule,
      v_case.state || ': ' || coalesce(pg_temp.refusal(v_statement)::text, 'was accepted');
  end loop;
end
$$;

set local role service_role;

-- Progress
do $$
declare
  v_case record;
  v_statement text;
begin
  perform public.start_vantage_sync('spec.c');

  for v_case in
    select *
    from (values
      (true, '{"records": 1, "total": 1, "at": "2000-01-01T00:00:00.000000Z"}'),
      (true, '{"records": 5.0, "total": 5, "at": "2000-01-01T00:00:00.000000Z"}'),
      (true, '{"records": null, "total": null, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": 2, "total": 1, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": -1, "total": 1, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": 1.5, "total": 2, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": "1", "total": 2, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": 1, "total": 2147483648, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": 1, "total": 2, "at": "today"}'),
      (false, '{"records": 1, "total": 2, "at": null}'),
      (false, '{"total": 2, "at": "2000-01-01T00:00:00.000000Z"}'),
      (false, '{"records": 1, "total": 2, "at": "2000-01-01T00:00:00.000000Z", "more": 1}'),
      (false, '[{"records": 1, "total": 2, "at": "2000-01-01T00:00:00.000000Z"}]'),
      (false, '5')
    ) as c (valid, progress)
  loop
    v_statement := format('update public.vantage_sync_state set progress = %L where resource = ''spec.c''', v_case.progress);
    assert pg_temp.rule(v_statement) is not distinct from case when not v_case.valid then 'vantage_sync_state_progress_valid' end,
      v_case.progress || ': ' || coalesce(pg_temp.refusal(v_statement)::text, 'was accepted');
  end loop;

  -- What was written as 5.0 does not block a heartbeat.
  update public.vantage_sync_state
  set progress = '{"records": 5.0, "total": 7.0, "at": "2000-01-01T00:00:00.000000Z"}'
  where resource = 'spec.c';
  assert (public.progress_vantage_sync('spec.c')).progress @> '{"records": 5, "total": 7}', 'a heartbeat keeps them';
end
$$;

rollback;
