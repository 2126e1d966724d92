-- Impossible rows are impossible by constraint, each by its own.

begin;

create function pg_temp.refusal(p_statement text)
returns jsonb
language plpgsql
as $$
declare
  v_constraint text;
  v_detail text;
  v_hint text;
begin
  execute p_statement;
  return null;
exception when others then
  get stacked diagnostics v_constraint = constraint_name, v_detail = pg_exception_detail, v_hint = pg_exception_hint;
  return jsonb_build_object(
    'sqlstate', sqlstate, 'constraint', v_constraint, 'message', sqlerrm, 'hint', v_hint,
    'detail', case when v_detail like '{%' then v_detail::jsonb end);
end
$$;

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
      ('times_finite', '(resource, last_sync_status, last_sync_time) values (''spec.c'', ''success'', ''infinity'')'),
      ('times_finite', '(resource, last_sync_status, started_at) values (''spec.c'', ''running'', ''-infinity'')'),
      ('times_finite', '(resource, last_sync_status, started_at, completed_at) values (''spec.c'', ''failed'', now(), ''infinity'')'),
      ('watermark_finite', '(resource, watermark) values (''spec.c'', ''infinity'')')
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

-- Runs: each rule is broken alone, in a row that is otherwise a good one of the past.
do $$
declare
  v_case record;
  v_statement text;
begin
  perform public.start_vantage_sync('spec.c');

  for v_case in
    select *
    from (values
      (null, '{}'),
      ('status_known', '{"status": "never_run"}'),
      ('counts_not_negative', '{"records_synced": -1}'),
      ('counts_not_negative', '{"records_created": -1}'),
      ('counts_not_negative', '{"records_updated": -1}'),
      ('errors_of_failed', '{"errors": [{"code": "c", "message": "m"}]}'),
      ('errors_of_failed', '{"status": "failed", "errors": {}}'),
      (null, '{"status": "failed", "errors": [{"code": "c", "message": "m"}]}'),
      ('running_is_open', '{"completed_at": null}'),
      ('running_is_open', '{"duration_ms": null}'),
      ('running_is_open', '{"status": "running"}'),
      ('ends_after_start', '{"completed_at": "1999-01-01T00:00:00Z"}'),
      ('duration_not_negative', '{"duration_ms": -1}'),
      ('abandoned_is_superseded', '{"status": "abandoned"}'),
      ('abandoned_is_superseded', '{"superseded_by": "00000000-0000-0000-0000-000000000001"}'),
      ('abandoned_is_superseded', '{"status": "abandoned", "run_id": "00000000-0000-0000-0000-000000000001", "superseded_by": "00000000-0000-0000-0000-000000000001"}'),
      (null, '{"status": "abandoned", "superseded_by": "00000000-0000-0000-0000-000000000001"}'),
      ('watermark_of_success', '{"status": "failed", "watermark": "2000-01-01T00:00:00Z"}'),
      (null, '{"watermark": "2000-01-01T00:00:00Z"}'),
      ('times_finite', '{"watermark": "infinity"}'),
      ('times_finite', '{"completed_at": "infinity"}'),
      ('times_finite', '{"started_at": "-infinity"}'),
      (null, '{"progress": {"records": 1, "total": 1, "at": "2000-01-01T00:00:00.000000Z"}}'),
      (null, '{"progress": {"records": null, "total": null, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": 2, "total": 1, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": -1, "total": 1, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": 1.5, "total": 2, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": "1", "total": 2, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": 1, "total": 2147483648, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": 1, "total": 2, "at": "today"}}'),
      ('progress_valid', '{"progress": {"records": 1, "total": 2, "at": null}}'),
      ('progress_valid', '{"progress": {"total": 2, "at": "2000-01-01T00:00:00.000000Z"}}'),
      ('progress_valid', '{"progress": {"records": 1, "total": 2, "at": "2000-01-01T00:00:00.000000Z", "more": 1}}'),
      ('progress_valid', '{"progress": [{"records": 1, "total": 2, "at": "2000-01-01T00:00:00.000000Z"}]}'),
      ('progress_valid', '{"progress": 5}')
    ) as c (rule, row)
  loop
    v_statement := format(
      'insert into public.vantage_sync_run select * from jsonb_populate_record(null::public.vantage_sync_run, %L)',
      jsonb_build_object(
        'run_id', gen_random_uuid(), 'resource', 'spec.c', 'status', 'success',
        'started_at', '2000-01-01T00:00:00Z'::timestamptz + (random() * 1e8)::int * interval '1 microsecond',
        'completed_at', '2000-01-01T01:00:00Z', 'duration_ms', 5,
        'records_synced', 0, 'records_created', 0, 'records_updated', 0, 'errors', '[]'::jsonb)
        || v_case.row::jsonb);

    if v_case.rule is null then
      assert pg_temp.refusal(v_statement) is null, v_case.row || ': ' || pg_temp.refusal(v_statement);
    else
      assert pg_temp.refusal(v_statement)
          @> jsonb_build_object('sqlstate', '23514', 'constraint', 'vantage_sync_run_' || v_case.rule),
        v_case.row || ': ' || coalesce(pg_temp.refusal(v_statement)::text, 'was accepted');
    end if;
  end loop;
end
$$;

-- Two running runs, by whatever way
do $$
declare
  v_state public.vantage_sync_state;
  v_refusal jsonb;
begin
  v_state := public.start_vantage_sync('spec.two');

  v_refusal := pg_temp.refusal(format(
    'insert into public.vantage_sync_run (run_id, resource, status, started_at) values (gen_random_uuid(), ''spec.two'', ''running'', %L)',
    v_state.started_at - interval '1 hour'));
  assert v_refusal @> '{"sqlstate": "23505", "constraint": "vantage_sync_run_one_running_idx"}', v_refusal::text;

  v_refusal := pg_temp.refusal(format(
    'insert into public.vantage_sync_run (run_id, resource, status, started_at, completed_at, duration_ms) values (gen_random_uuid(), ''spec.two'', ''success'', %1$L, %1$L, 0)',
    v_state.started_at));
  assert v_refusal @> '{"sqlstate": "23505", "constraint": "vantage_sync_run_history_idx"}', v_refusal::text;

  v_refusal := pg_temp.refusal(
    'insert into public.vantage_sync_run (run_id, resource, status, started_at, completed_at, duration_ms) values (gen_random_uuid(), ''spec.nowhere'', ''success'', now(), now(), 0)');
  assert v_refusal ->> 'sqlstate' in ('23503', '23514'), 'no run without its resource: ' || v_refusal;
end
$$;

rollback;
