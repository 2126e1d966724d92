-- The transitions of a state, without run ids: what each call sets and what it leaves alone.

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
  v_now timestamptz;
begin
  v_now := clock_timestamp();
  v_after := public.start_vantage_sync('spec.lifecycle');
  assert v_after.resource = 'spec.lifecycle', 'start registers a resource not seen before';
  assert v_after.last_sync_status = 'running', 'start makes it running';
  assert v_after.started_at between v_now and clock_timestamp(), 'start sets started_at to now';
  assert v_after.completed_at is null and v_after.duration_ms is null, 'a running sync has no end';
  assert v_after.last_sync_time is null and v_after.watermark is null, 'a first sync is a full one';
  assert v_after.run_id is not null, 'start makes up a run id';
  assert v_after = (select s from public.vantage_sync_state s where s.resource = 'spec.lifecycle'), 'start returns the row';

  v_now := clock_timestamp();
  v_before := v_after;
  v_after := public.complete_vantage_sync('spec.lifecycle', 150, 10, 140);
  assert v_after.last_sync_status = 'success', 'complete makes it success';
  assert v_after.last_sync_time between v_now and clock_timestamp(), 'complete sets last_sync_time to now';
  assert v_after.completed_at = v_after.last_sync_time, 'complete sets completed_at to the same time';
  assert v_after.duration_ms = floor(extract(epoch from v_after.completed_at - v_after.started_at) * 1000), 'duration';
  assert (v_after.records_synced, v_after.records_created, v_after.records_updated) = (150, 10, 140), 'counts';
  assert v_after.started_at = v_before.started_at and v_after.run_id = v_before.run_id, 'complete keeps the run';
  assert v_after.created_at = v_before.created_at and v_after.updated_at > v_before.updated_at, 'updated_at moves';

  v_before := v_after;
  v_after := public.start_vantage_sync('spec.lifecycle');
  assert v_after.started_at > v_before.started_at and v_after.run_id <> v_before.run_id, 'each start is a run of its own';
  assert v_after.completed_at is null and v_after.duration_ms is null, 'which has no end yet';
  assert (v_after.last_sync_time, v_after.watermark, v_after.records_synced, v_after.records_created,
      v_after.records_updated, v_after.errors, v_after.created_at)
    = (v_before.last_sync_time, v_before.watermark, v_before.records_synced, v_before.records_created,
      v_before.records_updated, v_before.errors, v_before.created_at), 'start leaves everything else alone';

  v_before := v_after;
  v_after := public.fail_vantage_sync('spec.lifecycle', '[{"code": "API_TIMEOUT", "message": "30 s", "extra": 1}]');
  assert v_after.last_sync_status = 'failed', 'fail makes it failed';
  assert v_after.errors = '[{"code": "API_TIMEOUT", "message": "30 s", "extra": 1}]', 'fail stores the errors as they came';
  assert v_after.completed_at >= v_after.started_at and v_after.duration_ms >= 0, 'fail ends the run';
  assert (v_after.last_sync_time, v_after.watermark, v_after.records_synced, v_after.records_created, v_after.records_updated)
    = (v_before.last_sync_time, v_before.watermark, v_before.records_synced, v_before.records_created,
      v_before.records_updated), 'what the last success left stays';

  v_before := v_after;
  v_after := public.start_vantage_sync('spec.lifecycle');
  assert v_after.errors = v_before.errors, 'the errors stay while the retry runs';

  v_after := public.complete_vantage_sync('spec.lifecycle');
  assert v_after.errors = '[]', 'success empties the errors';
  assert (v_after.records_synced, v_after.records_created, v_after.records_updated) = (0, 0, 0), 'a count left out is 0';

  perform public.start_vantage_sync('spec.lifecycle');
  v_after := public.complete_vantage_sync('spec.lifecycle', null, null, null);
  assert (v_after.records_synced, v_after.records_created, v_after.records_updated) = (0, 0, 0), 'a null count is 0';
end
$$;

-- Calls as they were written for the first migration, by position and by name, with all arguments and with the fewest.
do $$
begin
  perform public.start_vantage_sync('spec.calls');
  perform public.complete_vantage_sync('spec.calls', 1, 2, 3);
  perform public.start_vantage_sync(p_resource => 'spec.calls');
  perform public.complete_vantage_sync(
    p_resource => 'spec.calls', p_records_synced => 1, p_records_created => 2, p_records_updated => 3);
  perform public.start_vantage_sync('spec.calls');
  perform public.complete_vantage_sync('spec.calls');
  perform public.start_vantage_sync('spec.calls');
  perform public.fail_vantage_sync('spec.calls', '[]');
  perform public.start_vantage_sync('spec.calls');
  perform public.fail_vantage_sync(p_errors => '[{"code":"A","message":"b"}]', p_resource => 'spec.calls');

  assert (select count(*) = 5 from public.vantage_sync_run where resource = 'spec.calls'), 'each was a run';
  assert (select count(*) = 4 from pg_catalog.pg_proc
    where pronamespace = 'public'::regnamespace
      and proname in ('start_vantage_sync', 'progress_vantage_sync', 'complete_vantage_sync', 'fail_vantage_sync')),
    'no call is ambiguous: each function exists once';
end
$$;

-- A clock that stepped back: the runs of before lie in the future.
do $$
declare
  v_before public.vantage_sync_state;
  v_after public.vantage_sync_state;
begin
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, last_sync_time)
  values ('spec.clock', 'success', now() + interval '1 hour', now() + interval '2 hours', now() + interval '2 hours')
  returning * into v_before;

  v_after := public.start_vantage_sync('spec.clock');
  assert v_after.started_at = v_before.completed_at, 'a run does not start before the one before it ended';

  v_after := public.progress_vantage_sync('spec.clock');
  assert (v_after.progress ->> 'at')::timestamptz = v_after.started_at, 'nor shows life before it started';

  v_after := public.complete_vantage_sync('spec.clock');
  assert v_after.completed_at = v_after.started_at and v_after.duration_ms = 0, 'nor ends before that';

  v_before := v_after;
  v_after := public.start_vantage_sync('spec.clock');
  assert v_after.started_at = v_before.started_at + interval '1 microsecond', 'two runs never start at the same time';

  v_after := public.fail_vantage_sync('spec.clock', '[]');
  assert v_after.completed_at = v_after.started_at, 'a failure does not end before its start either';

  insert into public.vantage_sync_state (resource, last_sync_status, started_at)
  values ('spec.century', 'running', now() - interval '100 years');
  v_after := public.complete_vantage_sync('spec.century');
  assert v_after.duration_ms = 2147483647, 'a duration is held where it would overflow';
end
$$;

rollback;
