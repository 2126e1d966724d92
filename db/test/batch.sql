-- Many calls in one transaction: each with the result or the error that it has alone.

begin;

set local role service_role;

-- Of each call, in their order: the status or what it was refused with.
create function pg_temp.outcomes(p_calls jsonb)
returns text
language sql
as $$
  select string_agg(
    coalesce((b.state).resource || ' ' || (b.state).last_sync_status, b.error_constraint, b.error_code), ', '
    order by b.call_number)
  from public.batch_vantage_sync(p_calls) as b
$$;

do $$
declare
  v_one constant uuid := '11111111-1111-4111-8111-111111111111';
  v_outcome text;
  v_refusal jsonb;
  v_error record;
  v_state public.vantage_sync_state;
begin
  assert (select count(*) from public.batch_vantage_sync('[]')) = 0, 'none';

  -- A refused call changes nothing and touches no other, wherever it stands
  v_outcome := pg_temp.outcomes('[
    {"call": "complete", "resource": "spec.unknown"},
    {"call": "start", "resource": "spec.b"},
    {"call": "fail", "resource": "spec.unknown", "errors": []},
    {"call": "start", "resource": "spec.a"},
    {"call": "progress", "resource": "spec.unknown"}]');
  assert v_outcome = 'sync-state-not-found, spec.b running, sync-state-not-found, spec.a running, sync-state-not-found',
    v_outcome;
  assert not exists (select from public.vantage_sync_state where resource = 'spec.unknown'), 'nothing was registered';
  assert (select count(*) from public.vantage_sync_state where resource in ('spec.a', 'spec.b')) = 2, 'both are there';

  -- Calls on one resource in their order, each seeing those before it; the second of two starts is refused
  v_outcome := pg_temp.outcomes('[
    {"call": "progress", "resource": "spec.a", "records": 5, "total": 10},
    {"call": "complete", "resource": "spec.a", "records_synced": 7, "records_created": 3, "records_updated": 4},
    {"call": "start", "resource": "spec.a"},
    {"call": "start", "resource": "spec.a"},
    {"call": "fail", "resource": "spec.a", "errors": [{"code": "A", "message": "Broken"}], "records_synced": 2},
    {"call": "complete", "resource": "spec.a"}]');
  assert v_outcome = 'spec.a running, spec.a success, spec.a running, sync-already-running, spec.a failed, sync-not-running',
    v_outcome;
  assert (select array_agg(h.status || ' ' || h.records_synced order by h.started_at)
    from public.vantage_sync_history h where h.resource = 'spec.a') = '{success 7,failed 2}', 'both runs are there, once';
  select s.* into v_state from public.vantage_sync_state s where s.resource = 'spec.a';
  assert v_state.records_synced = 7 and v_state.records_created = 3 and v_state.records_updated = 4, 'counts of the success';
  assert v_state.errors = '[{"code": "A", "message": "Broken"}]', 'errors of the failure';

  -- Every parameter arrives
  v_outcome := pg_temp.outcomes(jsonb_build_array(
    jsonb_build_object('call', 'start', 'resource', 'spec.a', 'run_id', v_one),
    jsonb_build_object('call', 'start', 'resource', 'spec.a', 'run_id', v_one),
    jsonb_build_object('call', 'progress', 'resource', 'spec.a', 'run_id', gen_random_uuid()),
    jsonb_build_object('call', 'complete', 'resource', 'spec.a', 'run_id', v_one, 'watermark', '2026-01-02T03:04:05Z'),
    jsonb_build_object('call', 'complete', 'resource', 'spec.a', 'run_id', v_one),
    jsonb_build_object('call', 'fail', 'resource', 'spec.a', 'run_id', v_one, 'errors', '[]'::jsonb),
    jsonb_build_object('call', 'start', 'resource', 'spec.b', 'force', false),
    jsonb_build_object('call', 'start', 'resource', 'spec.b', 'force', true)));
  assert v_outcome = 'spec.a running, spec.a running, run-not-found, spec.a success, spec.a success, run-already-finished,'
    || ' sync-already-running, spec.b running', v_outcome;
  assert (select s.watermark from public.vantage_sync_state s where s.resource = 'spec.a') = '2026-01-02T03:04:05Z', 'watermark';

  -- A ping changes what it changes alone, has no state, and registers nothing
  v_outcome := pg_temp.outcomes('[
    {"call": "ping", "resource": "spec.unknown", "signal": "start", "errors": []},
    {"call": "ping", "resource": "spec.a", "signal": "start", "errors": [], "run_id": "22222222-2222-4222-8222-222222222222"},
    {"call": "ping", "resource": "spec.a", "signal": "log", "errors": [], "records": 5, "total": 10},
    {"call": "progress", "resource": "spec.a"},
    {"call": "ping", "resource": "spec.a", "signal": "success", "errors": [], "records_synced": 6, "records_created": 5,
     "records_updated": 1, "watermark": "2026-02-02T03:04:05Z"},
    {"call": "ping", "resource": "spec.a", "signal": "fail", "errors": [{"code": "B", "message": "Pinged"}]},
    {"call": "ping", "resource": "spec.a", "signal": "nonsense", "errors": []}]');
  assert v_outcome = 'sync-state-not-found, spec.a running, invalid-request', v_outcome;
  assert not exists (select from public.vantage_sync_state where resource = 'spec.unknown'), 'nothing was registered';
  select s.* into v_state from public.vantage_sync_state s where s.resource = 'spec.a';
  assert v_state.last_sync_status = 'failed' and v_state.errors = '[{"code": "B", "message": "Pinged"}]', 'it failed';
  assert v_state.records_synced = 6 and v_state.records_created = 5 and v_state.records_updated = 1
    and v_state.watermark = '2026-02-02T03:04:05Z', 'counts of the success';
  assert (select h.progress ->> 'total' from public.vantage_sync_history h
    where h.run_id = '22222222-2222-4222-8222-222222222222') = '10', 'progress of its run';

  -- An error is the one of the call alone
  foreach v_refusal in array array[
    pg_temp.refusal('select public.fail_vantage_sync(''spec.b'', ''[{}]'')'),
    pg_temp.refusal('select public.start_vantage_sync(''spec.b'')'),
    pg_temp.refusal('select public.complete_vantage_sync(''spec.b'', -1)'),
    pg_temp.refusal('select public.complete_vantage_sync(''spec.unknown'')')
  ] loop
    assert exists (
      select
      from public.batch_vantage_sync('[
        {"call": "fail", "resource": "spec.b", "errors": [{}]},
        {"call": "start", "resource": "spec.b"},
        {"call": "complete", "resource": "spec.b", "records_synced": -1},
        {"call": "complete", "resource": "spec.unknown"}]') as b
      where b.state is null and v_refusal = jsonb_build_object(
        'sqlstate', b.error_code, 'constraint', b.error_constraint, 'message', b.error_message, 'hint', b.error_hint,
        'detail', b.error_detail::jsonb)), v_refusal::text;
  end loop;

  -- What no function takes hurts nobody else either
  v_outcome := pg_temp.outcomes('[
    {"call": "complete", "resource": "spec.a", "watermark": "no time"},
    {"call": "nonsense", "resource": "spec.a"},
    {"call": "start", "resource": "spec.a", "run_id": "no uuid"},
    {"resource": "spec.a"},
    {"call": "start"},
    {},
    [],
    null,
    {"call": "complete", "resource": "spec.b", "records_synced": 99999999999},
    {"call": "complete", "resource": "spec.b"}]');
  assert v_outcome = '22007, 20000, 22P02, 20000, 23502, 20000, 20000, 20000, 22003, spec.b success', v_outcome;

  -- The locks of the caller's other statements wait as long as before
  assert current_setting('lock_timeout') = '0', current_setting('lock_timeout');
end
$$;

rollback;
