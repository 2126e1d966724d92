-- What a ping comes to: each signal in each state, with the id of a run and without.

begin;

-- What a ping returns or is refused with, and the status after it.
create function pg_temp.ping(p_signal text, p_run_id uuid default null, p_more text default '')
returns text
language plpgsql
as $$
declare
  v_statement text := format('select public.ping_vantage_sync(''spec.ping'', %L, %L %s)', p_signal, p_run_id, p_more);
  v_outcome text := pg_temp.rule(v_statement);
begin
  return concat_ws(' ', v_outcome,
    (select s.last_sync_status from public.vantage_sync_state s where s.resource = 'spec.ping'),
    (select count(*) from public.vantage_sync_history h where h.resource = 'spec.ping'));
end
$$;

set local role service_role;

do $$
declare
  v_one constant uuid := '11111111-1111-4111-8111-111111111111';
  v_two constant uuid := '22222222-2222-4222-8222-222222222222';
  v_new constant uuid := '33333333-3333-4333-8333-333333333333';
  v_late constant uuid := '44444444-4444-4444-8444-444444444444';
begin
  -- Unknown, until it is created
  assert pg_temp.ping('success') = 'sync-state-not-found 0', pg_temp.ping('success');
  assert pg_temp.ping('log') = 'sync-state-not-found 0', 'log';
  assert public.ping_vantage_sync('spec.ping', 'log', p_create => true) = 'registered', 'created by a log';
  assert public.ping_vantage_sync('spec.ping', 'log', p_create => true) = 'applied', 'created once';
  assert public.ping_vantage_sync('spec.other', 'start', p_create => true) = 'registered', 'created by a start';
  assert pg_temp.ping('log') = 'never_run 0', 'a log of nothing does nothing';
  assert pg_temp.ping('nonsense') = 'invalid-request never_run 0', 'no signal';

  -- Without a run id
  assert pg_temp.ping('success') = 'success 1', 'an ending alone is a run';
  assert pg_temp.ping('start') = 'running 1', 'start';
  assert pg_temp.ping('start') = 'sync-already-running running 1', 'strict';
  assert pg_temp.ping('log') = 'running 1', 'a sign of life';
  assert (select s.progress ->> 'at' is not null from public.vantage_sync_state s where s.resource = 'spec.ping'), 'kept';
  assert pg_temp.ping('fail') = 'failed 2', 'fail';
  assert pg_temp.ping('fail') = 'failed 3', 'again is another run';

  -- With one
  assert pg_temp.ping('start', v_one) = 'running 3', 'start';
  assert pg_temp.ping('start', v_one) = 'running 3', 'repeated';
  assert pg_temp.ping('log', v_one) = 'running 3', 'a sign of life';
  assert pg_temp.ping('log', v_two) = 'running 3', 'of a run that never was';
  assert pg_temp.ping('success', v_two) = 'sync-already-running running 3', 'another run lives';
  assert pg_temp.ping('success', v_one, ', p_records_synced => 5') = 'success 4', 'success';
  assert pg_temp.ping('success', v_one) = 'success 4', 'repeated';
  assert pg_temp.ping('fail', v_one) = 'run-already-finished success 4', 'the first ending stands';
  assert pg_temp.ping('start', v_one) = 'run-already-finished success 4', 'a start after the end';
  assert pg_temp.ping('log', v_one) = 'run-already-finished success 4', 'a log after the end';
  assert (select s.records_synced = 5 from public.vantage_sync_state s where s.resource = 'spec.ping'), 'counts';
  assert pg_temp.ping('success', v_new, format(', p_watermark => %L', '2026-01-02 03:04:05Z')) = 'success 5', 'never seen: a run at once';
  assert (select s.run_id = v_new and s.watermark = '2026-01-02 03:04:05Z' from public.vantage_sync_state s
    where s.resource = 'spec.ping'), 'as it was reported';

  -- Taken over
  perform public.start_vantage_sync('spec.ping', v_late);
  perform public.start_vantage_sync('spec.ping', v_two, true);
  assert pg_temp.ping('log', v_late) = 'run-superseded running 6', 'has to stop';
  assert pg_temp.ping('fail', v_late) = 'run-superseded running 6', 'changes nothing';
  assert pg_temp.ping('fail', v_two, ', p_errors => ''[{"code": "EXIT_1", "message": "m"}]''') = 'failed 7', 'fail';
  assert (select s.errors #>> '{0,code}' = 'EXIT_1' from public.vantage_sync_state s where s.resource = 'spec.ping'), 'errors';
end
$$;

-- The secret is changed, never taken away or doubled.
do $$
begin
  assert pg_temp.rule('update public.vantage_ping_secret set secret = ''short''') = 'vantage_ping_secret_long_enough', 'long enough';
  assert pg_temp.rule('delete from public.vantage_ping_secret') = '42501', 'not deleted';
  assert pg_temp.rule('insert into public.vantage_ping_secret default values') = '42501', 'not doubled';
  update public.vantage_ping_secret set secret = gen_random_uuid()::text || gen_random_uuid()::text;
end
$$;

rollback;
