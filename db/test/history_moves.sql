-- The history of a renamed or deleted resource follows it: at once as far as one batch reaches, then batch by batch.

begin;

create function pg_temp.past(p_resource text, p_runs integer, p_until timestamptz default now())
returns void
language sql
security definer
as $$
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created, records_updated, errors)
  select gen_random_uuid(), p_resource, 'success', p_until - d * interval '1 second', p_until - d * interval '1 second', 0, 0, 0, 0, '[]'
  from generate_series(1, p_runs) as d
$$;

create function pg_temp.runs(p_resource text)
returns bigint
language sql
as $$
  select count(*) from public.vantage_sync_run where resource = p_resource
$$;

set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
begin
  -- What fits in one batch
  perform public.start_vantage_sync('spec.small');
  perform public.complete_vantage_sync('spec.small');
  perform pg_temp.past('spec.small', 100);
  update public.vantage_sync_state set resource = 'spec.renamed' where resource = 'spec.small';
  assert pg_temp.runs('spec.small') = 0 and pg_temp.runs('spec.renamed') = 101, 'moves at once';
  delete from public.vantage_sync_state where resource = 'spec.renamed';
  assert pg_temp.runs('spec.renamed') = 0, 'is deleted at once';
  assert not exists (select from public.vantage_sync_history_move), 'nothing is left to do';

  -- What does not
  perform public.start_vantage_sync('spec.large');
  perform public.complete_vantage_sync('spec.large');
  perform pg_temp.past('spec.large', 4500);
  update public.vantage_sync_state set resource = 'spec.renamed' where resource = 'spec.large';
  assert pg_temp.runs('spec.renamed') = 2000, 'the first batch moves at once';
  assert (select min(r.started_at) > max(l.started_at) from public.vantage_sync_run r, public.vantage_sync_run l
    where r.resource = 'spec.renamed' and l.resource = 'spec.large'), 'the newest first';

  -- The old name is used again before the rest has moved, and the new one is given up.
  v_state := public.start_vantage_sync('spec.large');
  perform public.complete_vantage_sync('spec.large');
  delete from public.vantage_sync_state where resource = 'spec.renamed';
  v_state := public.start_vantage_sync('spec.renamed');
  perform public.complete_vantage_sync('spec.renamed');

  while public.move_vantage_sync_history(700) > 0 loop
    null;
  end loop;

  assert pg_temp.runs('spec.large') = 1, 'the name that is used again has its own runs';
  assert pg_temp.runs('spec.renamed') = 1, 'and so has the one that was given up';
  assert not exists (select from public.vantage_sync_history_move), 'nothing is left to do';

  -- Set back by hand
  perform pg_temp.past('spec.large', 3000);
  update public.vantage_sync_state
  set last_sync_status = 'never_run', last_sync_time = null, started_at = null, completed_at = null, duration_ms = null
  where resource = 'spec.large';
  while public.move_vantage_sync_history() > 0 loop
    null;
  end loop;
  assert pg_temp.runs('spec.large') = 0, 'is to forget';

  assert pg_temp.rule('select public.move_vantage_sync_history(0)') = 'invalid-request', 'a batch of none';
  assert pg_temp.rule('select public.move_vantage_sync_history(null)') = 'invalid-request', 'or of an unknown size';
end
$$;

-- A resource that is registered while its old runs are still being deleted goes on after them.
do $$
declare
  v_until timestamptz := clock_timestamp() + interval '1 hour';
  v_state public.vantage_sync_state;
begin
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at)
  values ('spec.ahead', 'failed', v_until, v_until);
  perform pg_temp.past('spec.ahead', 2500, v_until);
  delete from public.vantage_sync_state where resource = 'spec.ahead';
  v_state := public.start_vantage_sync('spec.ahead');
  assert (select min(r.started_at) > clock_timestamp() and max(r.started_at) < v_state.started_at from public.vantage_sync_run r
    where r.resource = 'spec.ahead' and r.run_id <> v_state.run_id), 'later than those';
  assert v_state.start_clock <= clock_timestamp(), 'but by the clock it is now';
  perform public.complete_vantage_sync('spec.ahead');
  while public.move_vantage_sync_history() > 0 loop
    null;
  end loop;
  assert pg_temp.runs('spec.ahead') = 1, 'its own run stays';
end
$$;

rollback;
