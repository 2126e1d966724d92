-- Old runs are deleted in batches, oldest first; the latest of a resource stays, however old.

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

  insert into public.vantage_sync_run (run_id, resource, status, started_at, completed_at, duration_ms)
  select gen_random_uuid(), r.resource, 'success', now() - r.days * interval '1 day', now() - r.days * interval '1 day', 0
  from (values ('spec.old', 101), ('spec.old', 102), ('spec.new', 91), ('spec.new', 89), ('spec.new', 93), ('spec.running', 200))
    as r (resource, days);

  assert public.delete_old_vantage_sync_runs('90 days', 2) = 2, 'a batch';
  assert array(select extract(day from now() - r.started_at)::int from public.vantage_sync_run r
    where r.resource in ('spec.old', 'spec.new', 'spec.running') order by r.resource, r.started_at)
    = array[93, 91, 89, 1, 101, 100, 100], 'the oldest go first';
  assert public.delete_old_vantage_sync_runs('90 days', 2) = 2, 'the next';
  assert public.delete_old_vantage_sync_runs('90 days', 2) = 1, 'the rest';
  assert public.delete_old_vantage_sync_runs('90 days', 2) = 0, 'no more';
  assert array(select extract(day from now() - r.started_at)::int from public.vantage_sync_run r
    where r.resource in ('spec.old', 'spec.new', 'spec.running') order by r.resource, r.started_at)
    = array[89, 1, 100, 100], 'the latest of each stays, and so does what is young enough';

  assert public.delete_old_vantage_sync_runs('0 days') >= 1, 'a thousand at a time unless told';
  assert (select count(*) = 3 from public.vantage_sync_run r where r.resource in ('spec.old', 'spec.new', 'spec.running')), 'the latest stay even so';

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
