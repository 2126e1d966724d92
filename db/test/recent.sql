-- How the last runs of a resource ended: the order, the limit, and what counts as a failure in a row.

begin;

set local role service_role;

do $$
declare
  v_recent public.vantage_sync_recent;
  v_ended timestamptz;
begin
  insert into public.vantage_sync_state (resource) values ('spec.recent');
  select * into v_recent from public.vantage_sync_recent where resource = 'spec.recent';
  assert v_recent.statuses::text = '[]' and v_recent.started_at::text = '[]' and v_recent.durations_ms::text = '[]', 'no run';
  assert v_recent.success_rate is null and v_recent.usual_duration_ms is null and v_recent.failing_since is null, 'unknown';
  assert v_recent.consecutive_failures = 0, 'none has failed';

  perform public.start_vantage_sync('spec.recent');
  assert (select r.statuses::text = '[]' from public.vantage_sync_recent r where r.resource = 'spec.recent'), 'it goes on';
  perform public.complete_vantage_sync('spec.recent');

  for v_number in 1 .. 2 loop
    perform public.start_vantage_sync('spec.recent');
    perform public.fail_vantage_sync('spec.recent', '[]');
    v_ended := coalesce(v_ended, (select s.completed_at from public.vantage_sync_state s where s.resource = 'spec.recent'));
    perform public.start_vantage_sync('spec.recent');
    perform public.start_vantage_sync('spec.recent', p_force => true);
    perform public.fail_vantage_sync('spec.recent', '[]');
  end loop;

  select * into v_recent from public.vantage_sync_recent where resource = 'spec.recent';
  assert v_recent.statuses::jsonb = '["success", "failed", "abandoned", "failed", "failed", "abandoned", "failed"]'::jsonb, v_recent.statuses;
  assert v_recent.consecutive_failures = 4, 'those taken over do not count';
  assert v_recent.failing_since = v_ended, 'since the first of them had failed';
  assert v_recent.success_rate = 0.1429, v_recent.success_rate;
  assert v_recent.usual_duration_ms >= 0, 'of the success alone';
  assert v_recent.started_at::jsonb = (
    select jsonb_agg(to_char(h.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') order by h.started_at)
    from public.vantage_sync_history h
    where h.resource = 'spec.recent'), v_recent.started_at;

  for v_number in 1 .. 29 loop
    perform public.start_vantage_sync('spec.recent');
    perform public.complete_vantage_sync('spec.recent');
  end loop;

  select * into v_recent from public.vantage_sync_recent where resource = 'spec.recent';
  assert json_array_length(v_recent.statuses) = 30 and v_recent.statuses ->> 0 = 'failed' and v_recent.statuses ->> 29 = 'success', 'the last 30';
  assert v_recent.consecutive_failures = 0 and v_recent.failing_since is null, 'a success ends the row';
end
$$;

rollback;
