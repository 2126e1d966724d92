-- What events of OpenLineage come to: in order, shuffled, doubled and late.

begin;

-- What an event returns or is refused with, and the status after it with its times in minutes since ten o'clock.
create function pg_temp.event(p_event text, p_run integer, p_minute integer, p_more text default '')
returns text
language plpgsql
as $$
declare
  v_statement text := format(
    'select public.record_vantage_lineage(''spec.lineage'', %L, %L, %L %s)',
    lpad(p_run::text, 8, '0') || '-0000-4000-8000-000000000000', p_event,
    timestamptz '2026-01-02 10:00Z' + make_interval(mins => p_minute), p_more);
  v_outcome text;
begin
  begin
    execute v_statement into v_outcome;
  exception when others then
    get stacked diagnostics v_outcome = constraint_name;
  end;

  return (
    select concat_ws(' ', v_outcome, s.last_sync_status,
      round(extract(epoch from s.started_at - timestamptz '2026-01-02 10:00Z') / 60),
      round(extract(epoch from s.completed_at - timestamptz '2026-01-02 10:00Z') / 60),
      'w', round(extract(epoch from s.watermark - timestamptz '2026-01-02 10:00Z') / 60),
      'n', (select count(*) from public.vantage_sync_history h where h.resource = 'spec.lineage'))
    from (select 1) as one
    left join public.vantage_sync_state s on s.resource = 'spec.lineage');
end
$$;

set local role service_role;

do $$
begin
  -- Unknown, until it is registered
  assert pg_temp.event('START', 1, 0) = 'unregistered w n 0', pg_temp.event('START', 1, 0);
  assert pg_temp.event('OTHER', 1, 0, ', p_register => true') = 'unregistered w n 0', 'metadata registers nothing';

  -- In order, sent after the end: the times are those of the events
  assert pg_temp.event('START', 1, 0, ', p_register => true') = 'applied running 0 w n 0', 'start';
  assert pg_temp.event('START', 1, 0) = 'repeated running 0 w n 0', 'start, doubled';
  assert pg_temp.event('RUNNING', 1, 1) = 'applied running 0 w n 0', 'a heartbeat';
  assert pg_temp.event('OTHER', 1, 1) = 'applied running 0 w n 0', 'metadata of a run that goes on';
  assert pg_temp.event('COMPLETE', 1, 5, ', p_records => 7') = 'applied success 0 5 w 0 n 1', 'the watermark is the start';
  assert pg_temp.event('COMPLETE', 1, 5) = 'repeated success 0 5 w 0 n 1', 'complete, doubled';
  assert pg_temp.event('START', 1, 0) = 'late success 0 5 w 0 n 1', 'a start after the end';
  assert pg_temp.event('RUNNING', 1, 1) = 'late success 0 5 w 0 n 1', 'a heartbeat after the end';
  assert pg_temp.event('FAIL', 1, 6) = 'run-already-finished success 0 5 w 0 n 1', 'the first ending stands';
  assert (select h.records_synced = 7 and h.duration_ms = 300000 and h.watermark = h.started_at
    from public.vantage_sync_history h where h.resource = 'spec.lineage'), 'the history has it';

  -- Another event comes before the start
  assert pg_temp.event('RUNNING', 2, 12) = 'applied running 12 w 0 n 1', 'a start where none was seen';
  assert pg_temp.event('START', 2, 10) = 'applied running 10 w 0 n 1', 'the true start';
  assert pg_temp.event('START', 2, 0) = 'repeated running 10 w 0 n 1', 'not before the run before it';
  assert pg_temp.event('START', 3, 11) = 'applied running 11 w 0 n 2', 'one that is stuck is taken over';
  assert pg_temp.event('COMPLETE', 2, 13) = 'run-superseded running 11 w 0 n 2', 'whose end changes nothing';
  assert pg_temp.event('COMPLETE', 3, 14) = 'applied success 11 14 w 11 n 3', 'a run after a take-over';

  -- An end without a start: when it began to read is not known
  assert pg_temp.event('COMPLETE', 4, 20) = 'applied success 20 20 w 11 n 4', 'the watermark stays';
  assert pg_temp.event('START', 4, 19) = 'late success 20 20 w 11 n 4', 'its start comes too late';
  assert pg_temp.event('FAIL', 5, 25, ', p_errors => ''[{"code": "C", "message": "m"}]''') = 'applied failed 25 25 w 11 n 5', 'fail';
  assert pg_temp.event('FAIL', 5, 25) = 'repeated failed 25 25 w 11 n 5', 'fail, doubled';
  assert pg_temp.event('ABORT', 6, 24) = 'late failed 25 25 w 11 n 5', 'before a later run';

  -- With one
  assert pg_temp.event('START', 7, 30) = 'applied running 30 w 11 n 5', 'start';
  assert pg_temp.event('ABORT', 7, 29) = 'applied failed 30 30 w 11 n 6', 'never before its start';

  -- No event
  assert pg_temp.event('START', null, 40) like 'invalid-request failed%', 'no run';
  assert pg_temp.event('STOP', 8, 40) like 'invalid-request failed%', 'no type';
end
$$;

-- While another run lives, and of a future that no clock has.
do $$
declare
  v_run constant uuid := '00000009-0000-4000-8000-000000000000';
  v_other constant uuid := '00000010-0000-4000-8000-000000000000';
  v_state public.vantage_sync_state;
begin
  assert public.record_vantage_lineage('spec.lineage', v_run, 'START', clock_timestamp() + interval '100 years') = 'applied', 'future';

  select s.* into v_state from public.vantage_sync_state s where s.resource = 'spec.lineage';
  assert v_state.started_at <= clock_timestamp(), 'not later than now';

  assert pg_temp.rule(format('select public.record_vantage_lineage(''spec.lineage'', %L, ''START'', clock_timestamp())', v_other))
    = 'sync-already-running', 'alive';
  assert pg_temp.rule(format('select public.record_vantage_lineage(''spec.lineage'', %L, ''COMPLETE'', clock_timestamp())', v_other))
    = 'sync-already-running', 'alive: no ending either';
  assert public.record_vantage_lineage('spec.lineage', v_run, 'COMPLETE', clock_timestamp(), 2147483647) = 'applied', 'ended';
end
$$;

rollback;
