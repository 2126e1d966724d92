-- A run that is stuck, or any by force, is taken over: it ends as abandoned in the same transaction.

begin;

-- The functions of the lifecycle are not held to the rules of a row as direct writes are: they have to keep them.
alter table public.vantage_sync_state
add constraint rules check (public.refuse_invalid_vantage_sync_state(vantage_sync_state) is not null);
grant execute on function public.refuse_invalid_vantage_sync_state(public.vantage_sync_state) to service_role;

set local role service_role;

do $$
declare
  v_old public.vantage_sync_state;
  v_new public.vantage_sync_state;
  v_run public.vantage_sync_run;
  v_refusal jsonb;
begin
  -- Stuck is longer than 30 minutes without a sign of life. (The clock moves on while this runs: a second is left.)
  v_old := public.start_vantage_sync('spec.stuck');
  update public.vantage_sync_state set started_at = clock_timestamp() - interval '29 minutes 59 seconds' where resource = 'spec.stuck';
  assert pg_temp.refusal('select public.start_vantage_sync(''spec.stuck'')')
    @> '{"sqlstate": "PT409", "constraint": "sync-already-running"}', 'alive until 30 minutes have passed';

  update public.vantage_sync_state set started_at = clock_timestamp() - interval '30 minutes' where resource = 'spec.stuck'
  returning * into v_old;
  v_new := public.start_vantage_sync('spec.stuck');
  assert v_new.run_id <> v_old.run_id and v_new.last_sync_status = 'running', 'a microsecond later it is taken over';

  select * into v_run from public.vantage_sync_run where run_id = v_old.run_id;
  assert v_run.status = 'abandoned' and v_run.superseded_by = v_new.run_id, 'the old run names the one that took over';
  assert v_run.completed_at = v_new.started_at, 'it ends when that one starts';
  assert v_run.duration_ms between 1800000 and 1860000, 'and shows how long it took';
  assert (select r.status = 'running' from public.vantage_sync_run r where r.run_id = v_new.run_id), 'which runs';

  v_refusal := pg_temp.refusal(format('select public.complete_vantage_sync(''spec.stuck'', 5, 5, 0, %L)', v_old.run_id));
  assert v_refusal @> '{"sqlstate": "PT409", "constraint": "run-superseded"}', 'the zombie is refused';
  assert v_refusal #>> '{detail,superseded_by}' = v_new.run_id::text, 'and by whom';

  -- Progress and a plain heartbeat put it off.
  v_old := public.start_vantage_sync('spec.alive');
  update public.vantage_sync_state set started_at = clock_timestamp() - interval '2 hours' where resource = 'spec.alive';
  perform public.progress_vantage_sync('spec.alive');
  assert pg_temp.refusal('select public.start_vantage_sync(''spec.alive'')') ->> 'constraint' = 'sync-already-running',
    'who shows life is not stuck, however long it runs';
  update public.vantage_sync_state
  set progress = jsonb_set(progress, '{at}', to_jsonb(to_char(
    clock_timestamp() at time zone 'UTC' - interval '30 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))
  where resource = 'spec.alive';
  v_new := public.start_vantage_sync('spec.alive');
  assert v_new.run_id <> v_old.run_id, 'until its last sign of life lies that far back';
  assert v_new.progress is null, 'the next run has not reported any progress yet';

  -- A retry of its own start is no take-over, however late.
  v_old := public.start_vantage_sync('spec.self', '00000000-0000-4000-8000-00000000000a');
  update public.vantage_sync_state set started_at = started_at - interval '2 hours' where resource = 'spec.self' returning * into v_old;
  v_new := public.start_vantage_sync('spec.self', '00000000-0000-4000-8000-00000000000a');
  assert v_new = v_old, 'nothing changes';

  -- By force
  v_old := public.start_vantage_sync('spec.force');
  v_new := public.start_vantage_sync('spec.force', p_force => true);
  assert v_new.run_id <> v_old.run_id, 'force takes over a run that is alive';
  assert (select r.status = 'abandoned' and r.superseded_by = v_new.run_id
    from public.vantage_sync_run r where r.run_id = v_old.run_id), 'which is abandoned';
  assert pg_temp.refusal('select public.start_vantage_sync(''spec.force'', p_force => false)') ->> 'constraint'
    = 'sync-already-running', 'force must be said';
  assert pg_temp.refusal('select public.start_vantage_sync(''spec.force'', p_force => null)') ->> 'constraint'
    = 'sync-already-running', 'null does not say it';
  v_new := public.start_vantage_sync('spec.force', '00000000-0000-4000-8000-00000000000b', true);
  assert v_new.run_id = '00000000-0000-4000-8000-00000000000b', 'with an id of the caller''s';
  perform public.complete_vantage_sync('spec.force');
  assert (public.start_vantage_sync('spec.force', p_force => true)).last_sync_status = 'running', 'force is no burden where nothing runs';

  assert (select count(*) = 1 from public.vantage_sync_run r where r.resource = 'spec.force' and r.status = 'running'), 'one runs';
  assert (select bool_and(r.completed_at <= n.started_at)
    from (select r.*, lead(r.run_id) over (partition by r.resource order by r.started_at) as next
      from public.vantage_sync_run r where r.resource like 'spec.%') as r
    join public.vantage_sync_run n on n.run_id = r.next), 'no two runs overlap';
end
$$;

-- The default is a setting of the database.
update public.vantage_sync_setting set stuck_after = 'PT1H30M';

do $$
declare
  v_old public.vantage_sync_state;
begin
  v_old := public.start_vantage_sync('spec.setting');
  update public.vantage_sync_state set started_at = clock_timestamp() - interval '89 minutes' where resource = 'spec.setting';
  assert pg_temp.refusal('select public.start_vantage_sync(''spec.setting'')') ->> 'constraint' = 'sync-already-running', '90 minutes are not over';
  update public.vantage_sync_state set started_at = clock_timestamp() - interval '90 minutes' where resource = 'spec.setting';
  assert (public.start_vantage_sync('spec.setting')).run_id <> v_old.run_id, 'they are over';
end
$$;

rollback;
