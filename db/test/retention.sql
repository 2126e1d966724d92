-- Old runs are deleted in batches, oldest first; the latest of a resource stays, however old.

begin;

-- Runs of a past that nobody can write
create function pg_temp.past(p_resource text, variadic p_days integer[])
returns void
language sql
security definer
as $$
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created, records_updated, errors)
  select gen_random_uuid(), p_resource, 'success', now() - d * interval '1 day', now() - d * interval '1 day', 0, 0, 0, 0, '[]'
  from unnest(p_days) as d
$$;

create function pg_temp.another_move_is_under_way()
returns void
language sql
security definer
as $$
  insert into public.vantage_sync_history_move (resource, through) values ('spec.gone', now())
$$;

set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
  v_refusal jsonb;
begin
  -- Nothing of before may be old enough to be counted here.
  while public.delete_old_vantage_sync_runs('80 days', 1000) > 0 loop
    null;
  end loop;

  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at)
  values ('spec.old', 'failed', now() - interval '100 days', now() - interval '100 days'),
    ('spec.new', 'failed', now() - interval '1 day', now() - interval '1 day'),
    ('spec.running', 'running', now() - interval '100 days', null);

  perform pg_temp.past('spec.old', 101, 102);
  perform pg_temp.past('spec.new', 91, 89, 93);
  perform pg_temp.past('spec.running', 200);

  assert public.delete_old_vantage_sync_runs('90 days', 2) = 2, 'a batch';
  assert array(select extract(day from now() - r.started_at)::int from public.vantage_sync_run r
    where r.resource in ('spec.old', 'spec.new', 'spec.running') order by r.resource, r.started_at)
    = array[93, 91, 89, 1, 101, 100, 100], 'the oldest go first';
  assert public.delete_old_vantage_sync_runs('90 days', 2) = 1, 'the next, of which one is the latest of its resource';
  assert public.delete_old_vantage_sync_runs('90 days', 2) = 2, 'the rest';
  assert public.delete_old_vantage_sync_runs('90 days', 2) = 0, 'no more';
  assert array(select extract(day from now() - r.started_at)::int from public.vantage_sync_run r
    where r.resource in ('spec.old', 'spec.new', 'spec.running') order by r.resource, r.started_at)
    = array[89, 1, 100, 100], 'the latest of each stays, and so does what is young enough';

  assert public.delete_old_vantage_sync_runs('0 days') >= 1, 'a thousand at a time by default';
  assert (select count(*) = 3 from public.vantage_sync_run r where r.resource in ('spec.old', 'spec.new', 'spec.running')), 'the latest stay even so';

  perform public.start_vantage_sync('spec.old');
  perform public.complete_vantage_sync('spec.old');
  assert public.delete_old_vantage_sync_runs('90 days') = 1, 'what was the latest and no longer is';
  assert public.delete_old_vantage_sync_runs('90 days') = 0, 'and that is all';

  -- A run that ended before those that are gone already
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at)
  values ('spec.late', 'failed', now() - interval '300 days', now() - interval '300 days');
  update public.vantage_sync_state set completed_at = now() - interval '200 days'
  where resource = 'spec.late';
  assert public.delete_old_vantage_sync_runs('90 days') = 1, 'written after it was passed';
  update public.vantage_sync_state set resource = 'spec.renamed' where resource = 'spec.late';
  assert public.delete_old_vantage_sync_runs('90 days') = 0, 'the latest stays under a new name';
  perform public.start_vantage_sync('spec.renamed');
  assert public.delete_old_vantage_sync_runs('90 days') = 1, 'until it no longer is';

  insert into public.vantage_sync_state (resource, last_sync_status, started_at)
  values ('spec.abandoned', 'running', now() - interval '300 days');
  update public.vantage_sync_state set started_at = now() - interval '200 days' where resource = 'spec.abandoned';
  assert public.delete_old_vantage_sync_runs('90 days') = 1, 'taken over before it was passed';

  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at)
  values ('spec.before', 'failed', now() - interval '300 days', now() - interval '300 days');
  perform pg_temp.another_move_is_under_way();
  update public.vantage_sync_state set resource = 'spec.after' where resource = 'spec.before';
  assert public.delete_old_vantage_sync_runs('90 days') = 0, 'nor does the latest go while it waits to follow to a new name';
  while public.move_vantage_sync_history() > 0 loop
    null;
  end loop;
  assert (select count(*) = 1 from public.vantage_sync_run r where r.resource = 'spec.after'), 'it has followed';
  assert public.delete_old_vantage_sync_runs('90 days') = 0, 'and stays';

  select * into v_state from public.vantage_sync_state where resource = 'spec.old';
  assert exists (select from public.vantage_sync_run r where r.run_id = v_state.run_id), 'each state has its run';

  v_refusal := pg_temp.refusal('select public.delete_old_vantage_sync_runs(''-1 day'', 0)');
  assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', v_refusal::text;
  assert v_refusal -> 'detail' = '{"errors": [
    {"pointer": "#/older_than", "detail": "must be a duration that is not negative"},
    {"pointer": "#/batch", "detail": "must be 1 or more"}]}', v_refusal::text;
  assert pg_temp.refusal('select public.delete_old_vantage_sync_runs(null)') ->> 'sqlstate' = 'PT400', 'null is no age';
  assert pg_temp.refusal('select public.delete_old_vantage_sync_runs(''1 day'', null)') ->> 'sqlstate' = 'PT400', 'nor a batch';
end
$$;

rollback;
