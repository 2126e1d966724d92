-- Progress: how far the running run is, and its signs of life.

begin;

-- The functions of the lifecycle are not held to the rules of a row as direct writes are: they have to keep them.
alter table public.vantage_sync_state
add constraint rules check (public.refuse_invalid_vantage_sync_state(vantage_sync_state) is not null);
grant execute on function public.refuse_invalid_vantage_sync_state(public.vantage_sync_state) to service_role;

set local role service_role;

do $$
declare
  v_before public.vantage_sync_state;
  v_after public.vantage_sync_state;
  v_case record;
  v_refusal jsonb;
begin
  v_before := public.start_vantage_sync('spec.progress');
  assert v_before.progress is null, 'none reported yet';

  v_after := public.progress_vantage_sync('spec.progress');
  assert v_after.progress - 'at' = '{"records": null, "total": null}', 'a heartbeat has no numbers';
  assert v_after.progress ->> 'at' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$', 'but a time in UTC';
  assert (v_after.progress ->> 'at')::timestamptz between v_before.started_at and clock_timestamp(), 'which is now';
  assert v_after.updated_at > v_before.updated_at, 'it is a change';
  assert (v_after.started_at, v_after.run_id, v_after.last_sync_status) = (v_before.started_at, v_before.run_id, 'running'), 'of nothing else';

  v_after := public.progress_vantage_sync('spec.progress', 5);
  assert v_after.progress - 'at' = '{"records": 5, "total": null}', 'records alone';
  v_after := public.progress_vantage_sync('spec.progress', p_total => 10);
  assert v_after.progress - 'at' = '{"records": 5, "total": 10}', 'what is left out stays';
  v_before := v_after;
  v_after := public.progress_vantage_sync('spec.progress');
  assert v_after.progress - 'at' = v_before.progress - 'at', 'a heartbeat keeps the numbers';
  assert v_after.progress ->> 'at' > v_before.progress ->> 'at', 'and moves the time';
  v_after := public.progress_vantage_sync('spec.progress', 10, 10);
  assert v_after.progress - 'at' = '{"records": 10, "total": 10}', 'all of them';
  v_after := public.progress_vantage_sync('spec.progress', 0, 0);
  assert v_after.progress - 'at' = '{"records": 0, "total": 0}', 'none of none';
  v_after := public.progress_vantage_sync('spec.progress', 4, 8);
  assert (select r.progress = v_after.progress from public.vantage_sync_run r where r.run_id = v_after.run_id), 'the run has it too';

  for v_case in
    select *
    from (values
      ('-1', 'null', '[{"pointer": "#/records", "detail": "must not be negative"}]'),
      ('null', '-1', '[{"pointer": "#/total", "detail": "must not be negative"}]'),
      ('-1', '-1', '[{"pointer": "#/records", "detail": "must not be negative"}, {"pointer": "#/total", "detail": "must not be negative"}]'),
      ('11', '10', '[{"pointer": "#/records", "detail": "must leave records (11) within total (10)"}]'),
      ('9', 'null', '[{"pointer": "#/records", "detail": "must leave records (9) within total (8)"}]'),
      ('null', '3', '[{"pointer": "#/total", "detail": "must leave records (4) within total (3)"}]')
    ) as c (records, total, field_errors)
  loop
    v_refusal := pg_temp.refusal(format('select public.progress_vantage_sync(''spec.progress'', %s, %s)', v_case.records, v_case.total));
    assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', v_refusal::text;
    assert v_refusal -> 'detail' = jsonb_build_object(
      'resource', 'spec.progress', 'run_id', v_after.run_id, 'errors', v_case.field_errors::jsonb), v_refusal::text;
    assert v_after = (select s from public.vantage_sync_state s where s.resource = 'spec.progress'), 'nothing changed';
  end loop;

  v_before := v_after;
  v_after := public.complete_vantage_sync('spec.progress', 8, 8, 0);
  assert v_after.progress is null, 'what has ended makes no progress';
  assert (select r.progress = v_before.progress from public.vantage_sync_run r where r.run_id = v_after.run_id), 'the run keeps its last';
  assert pg_temp.refusal('select public.progress_vantage_sync(''spec.progress'', 9)') ->> 'constraint' = 'sync-not-running', 'it cannot be reported afterwards';
  assert pg_temp.refusal(format('select public.progress_vantage_sync(''spec.progress'', 9, p_run_id => %L)', v_after.run_id))
    ->> 'constraint' = 'run-already-finished', 'nor for that run';

  v_after := public.start_vantage_sync('spec.progress');
  assert v_after.progress is null, 'the next run begins without';
  perform public.progress_vantage_sync('spec.progress', 1);
  v_after := public.fail_vantage_sync('spec.progress', '[]');
  assert v_after.progress is null, 'a failure makes none either';
end
$$;

rollback;
