-- The manual test sequence of the original guide, with what it says is expected.

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

delete from public.vantage_sync_state where resource in ('accounts', 'funds');
insert into public.vantage_sync_state (resource) values ('accounts'), ('funds');

do $$
declare
  v_state public.vantage_sync_state;
begin
  select * into v_state from public.vantage_sync_state where resource = 'accounts';
  assert v_state.last_sync_status = 'never_run', 'it begins as never_run';

  perform public.start_vantage_sync('accounts');
  select * into v_state from public.vantage_sync_state where resource = 'accounts';
  assert v_state.last_sync_status = 'running' and v_state.started_at is not null, 'it is running';

  perform public.complete_vantage_sync('accounts', 100, 10, 90);
  select * into v_state from public.vantage_sync_state where resource = 'accounts';
  assert v_state.last_sync_status = 'success', 'it is success';
  assert v_state.last_sync_time > now(), 'last_sync_time is now';
  assert v_state.duration_ms >= 0, 'the duration was calculated';
  assert (v_state.records_synced, v_state.records_created, v_state.records_updated) = (100, 10, 90), 'counts are stored';

  perform public.start_vantage_sync('funds');
  perform public.fail_vantage_sync('funds', '[{"code":"TEST","message":"Test error"}]'::jsonb);
  select * into v_state from public.vantage_sync_state where resource = 'funds';
  assert v_state.last_sync_status = 'failed', 'it is failed';
  assert v_state.errors = '[{"code":"TEST","message":"Test error"}]', 'errors are populated';

  perform public.start_vantage_sync('funds');
  perform public.complete_vantage_sync('funds', 1, 1, 0);
  select * into v_state from public.vantage_sync_state where resource = 'funds';
  assert v_state.last_sync_status = 'success' and v_state.errors = '[]', 'the retry succeeds and empties errors';

  assert pg_temp.refusal('select public.complete_vantage_sync(''funds'', 1, 1, 0)')
    @> '{"sqlstate": "PT409", "constraint": "sync-not-running"}', 'completing twice is refused';
end
$$;

rollback;
