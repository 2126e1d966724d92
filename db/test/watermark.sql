-- The watermark: where the next sync goes on from, so that nothing is lost.

begin;

set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
  v_started timestamptz;
  v_changed timestamptz;
  v_given timestamptz;
  v_refusal jsonb;
begin
  v_state := public.start_vantage_sync('spec.watermark');
  assert v_state.watermark is null, 'null: a full sync';
  v_started := v_state.started_at;

  v_changed := clock_timestamp(); -- a record changes at the source after it was read, while the sync still runs
  v_state := public.complete_vantage_sync('spec.watermark', 1, 1, 0);
  assert v_state.watermark = v_started, 'the start of the run that succeeded';
  assert v_changed < v_state.last_sync_time, 'modified since last_sync_time would lose the record';
  assert v_changed >= v_state.watermark, 'modified since watermark finds it';

  v_state := public.start_vantage_sync('spec.watermark');
  assert v_state.watermark = v_started, 'it stays while the next runs';
  v_state := public.fail_vantage_sync('spec.watermark', '[]');
  assert v_state.watermark = v_started, 'and when that fails';
  assert (select r.watermark is null from public.vantage_sync_run r where r.run_id = v_state.run_id), 'a failure reaches none';

  v_given := '2025-11-05 10:30:00.123456Z';
  v_state := public.start_vantage_sync('spec.watermark');
  v_state := public.complete_vantage_sync('spec.watermark', 1, 0, 1, p_watermark => v_given);
  assert v_state.watermark = v_given, 'the caller''s is taken, also when it goes back';
  assert (select r.watermark = v_given from public.vantage_sync_run r where r.run_id = v_state.run_id), 'the run has it';

  v_state := public.start_vantage_sync('spec.watermark');
  foreach v_given in array array[
    'infinity', '-infinity', clock_timestamp() + interval '25 hours', '9999-12-31 00:00:00Z', '0044-03-15 00:00:00Z BC'
  ]::timestamptz[] loop
    v_refusal := pg_temp.refusal(format('select public.complete_vantage_sync(''spec.watermark'', p_watermark => %L)', v_given));
    assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', v_refusal::text;
    assert v_refusal -> 'detail' = '{"resource": "spec.watermark", "errors": [
      {"pointer": "#/watermark", "detail": "must be a time between the year 1 and a day from now"}]}', v_refusal::text;
  end loop;
  assert v_state = (select s from public.vantage_sync_state s where s.resource = 'spec.watermark'), 'nothing changed';

  v_given := clock_timestamp() + interval '23 hours';
  v_state := public.complete_vantage_sync('spec.watermark', p_watermark => v_given);
  assert v_state.watermark = v_given, 'a clock that goes ahead is forgiven';

  -- Set back by hand for a full sync; what the run had reached stays true.
  update public.vantage_sync_state set watermark = null where resource = 'spec.watermark' returning * into v_state;
  assert v_state.watermark is null, 'the state';
  assert (select r.watermark = v_given from public.vantage_sync_run r where r.run_id = v_state.run_id), 'the run';
end
$$;

rollback;
