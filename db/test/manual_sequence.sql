-- The manual test sequence of the original guide, with what it says is expected.

begin;

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
