-- Direct writes, which the original allows to service_role: legal rows are stored and make history, others are refused.
-- After each of them but a correction the state agrees with its latest run.

begin;

set local role service_role;

create function pg_temp.disagreements()
returns bigint
language sql
as $$
  select count(*)
  from public.vantage_sync_state s
  left join lateral (
    select r.*
    from public.vantage_sync_run r
    where r.resource = s.resource
    order by r.started_at desc
    limit 1
  ) as r on true
  where s.run_id is distinct from r.run_id
     or (s.error_count, s.error_bytes, s.error_code)
       is distinct from (jsonb_array_length(s.errors), octet_length(s.errors::text), left(s.errors #>> '{0,code}', 200))
     or case when s.last_sync_status = 'never_run' then r.run_id is not null else not (
       r.status = s.last_sync_status
       and r.started_at = s.started_at
       and r.completed_at is not distinct from s.completed_at
       and r.duration_ms is not distinct from s.duration_ms
       and (r.status <> 'running' or r.progress is not distinct from s.progress)
       and (r.status <> 'failed' or r.errors = s.errors)
       and (r.status <> 'success' or (r.records_synced, r.records_created, r.records_updated)
         = (s.records_synced, s.records_created, s.records_updated)))
       end
$$;

do $$
declare
  v_state public.vantage_sync_state;
  v_before public.vantage_sync_state;
  v_runs bigint;
begin
  -- A whole life without one function
  insert into public.vantage_sync_state (resource) values ('spec.direct') returning * into v_state;
  assert v_state.run_id is null and v_state.last_sync_status = 'never_run', 'registered';
  assert pg_temp.disagreements() = 0, 'registered';

  update public.vantage_sync_state set last_sync_status = 'running', started_at = clock_timestamp() where resource = 'spec.direct'
  returning * into v_state;
  assert v_state.run_id is not null, 'a sync that begins is a run';
  assert pg_temp.disagreements() = 0, 'running';

  v_before := v_state;
  update public.vantage_sync_state
  set last_sync_status = 'success', last_sync_time = clock_timestamp(), completed_at = clock_timestamp(), duration_ms = 12,
      records_synced = 5, records_created = 3, records_updated = 2
  where resource = 'spec.direct'
  returning * into v_state;
  assert v_state.run_id = v_before.run_id and v_state.duration_ms = 12, 'it ends as it was written';
  assert pg_temp.disagreements() = 0, 'success';

  update public.vantage_sync_state
  set last_sync_status = 'running', completed_at = null, duration_ms = null where resource = 'spec.direct'
  returning * into v_state;
  assert v_state.run_id <> v_before.run_id and v_state.started_at > v_before.started_at, 'the next, whose start was left out';
  assert pg_temp.disagreements() = 0, 'running again';

  perform public.progress_vantage_sync('spec.direct', 1, 2);
  v_before := v_state;
  update public.vantage_sync_state set last_sync_status = 'failed', errors = '[{"code": "A", "message": "b"}]' where resource = 'spec.direct'
  returning * into v_state;
  assert v_state.run_id = v_before.run_id, 'the same run fails';
  assert v_state.completed_at is not null and v_state.duration_ms is not null, 'when and after how long is filled in';
  assert v_state.progress is null, 'its progress is over';
  assert pg_temp.disagreements() = 0, 'failed';

  -- A later start is another run, an earlier one corrects the same.
  update public.vantage_sync_state
  set last_sync_status = 'success', last_sync_time = now() + interval '1 hour', started_at = now() + interval '1 hour',
      completed_at = now() + interval '1 hour', duration_ms = 0, errors = '[]'
  where resource = 'spec.direct'
  returning * into v_state;
  assert v_state.run_id <> v_before.run_id, 'a whole run in one write';
  assert (select count(*) = 3 from public.vantage_sync_run where resource = 'spec.direct'), 'nothing of before is lost';
  assert pg_temp.disagreements() = 0, 'a whole run';

  v_before := v_state;
  update public.vantage_sync_state set started_at = started_at - interval '5 minutes', duration_ms = 300000 where resource = 'spec.direct'
  returning * into v_state;
  assert v_state.run_id = v_before.run_id, 'a correction';
  assert (select r.started_at = v_before.started_at and r.duration_ms = 0 from public.vantage_sync_run r where r.run_id = v_state.run_id),
    'of the state alone: the history keeps what it was given first';

  assert pg_temp.refusal('update public.vantage_sync_state set started_at = now() - interval ''1 hour'' where resource = ''spec.direct''')
    @> '{"sqlstate": "23514", "constraint": "vantage_sync_state_starts_after_last_run"}', 'the latest run does not start before others';
  assert pg_temp.refusal('update public.vantage_sync_state set last_sync_status = ''running'', started_at = now() - interval ''1 hour'', completed_at = null, duration_ms = null where resource = ''spec.direct''')
    @> '{"sqlstate": "23514", "constraint": "vantage_sync_state_starts_after_last_run"}', 'nor does the next';
  assert pg_temp.refusal('update public.vantage_sync_state set run_id = gen_random_uuid() where resource = ''spec.direct''')
    @> '{"sqlstate": "23514", "constraint": "vantage_sync_state_starts_after_last_run"}', 'a run does not change its id';

  -- A restart by hand takes over.
  v_before := public.start_vantage_sync('spec.direct');
  update public.vantage_sync_state set started_at = started_at + interval '1 minute' where resource = 'spec.direct'
  returning * into v_state;
  assert (select r.status = 'abandoned' and r.superseded_by = v_state.run_id and r.completed_at = v_state.started_at
    from public.vantage_sync_run r where r.run_id = v_before.run_id), 'the old run is abandoned';
  assert pg_temp.disagreements() = 0, 'a restart';

  -- Insert, upsert, rename, several at once
  insert into public.vantage_sync_state (resource, last_sync_status, last_sync_time)
  values ('spec.insert', 'success', '2025-11-05T10:30:00Z')
  returning * into v_state;
  assert v_state.started_at = v_state.last_sync_time and v_state.completed_at = v_state.last_sync_time and v_state.duration_ms = 0,
    'what was left out follows from what was given';
  assert pg_temp.disagreements() = 0, 'insert';

  insert into public.vantage_sync_state (resource, last_sync_status, last_sync_time, started_at, completed_at, records_synced)
  values ('spec.insert', 'success', '2025-11-06T10:30:00Z', '2025-11-06T10:20:00Z', '2025-11-06T10:30:00Z', 8)
  on conflict (resource) do update
  set last_sync_status = excluded.last_sync_status, last_sync_time = excluded.last_sync_time, started_at = excluded.started_at,
      completed_at = excluded.completed_at, records_synced = excluded.records_synced
  returning * into v_state;
  assert v_state.records_synced = 8, 'upsert';
  assert (select count(*) = 2 from public.vantage_sync_run where resource = 'spec.insert'), 'a second run';
  assert pg_temp.disagreements() = 0, 'upsert';

  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
  values ('spec.insert2', 'failed', now(), null, '[{"code": "A", "message": "b"}]'), ('spec.insert3', 'running', now(), null, '[]');
  assert pg_temp.disagreements() = 0, 'insert of two';

  update public.vantage_sync_state set resource = 'spec.renamed' where resource = 'spec.insert';
  assert (select count(*) = 2 from public.vantage_sync_run where resource = 'spec.renamed'), 'the history moves along';
  assert pg_temp.disagreements() = 0, 'rename';

  update public.vantage_sync_state set records_synced = records_synced + 1 where resource = 'spec.renamed';
  assert (select r.records_synced = 8 from public.vantage_sync_run r where r.run_id = v_state.run_id), 'a count that is corrected';
  update public.vantage_sync_state set records_synced = records_synced - 1 where resource = 'spec.renamed';

  -- An ending after another, of which only the end is known
  v_before := (select s from public.vantage_sync_state s where s.resource = 'spec.insert2');
  update public.vantage_sync_state set last_sync_status = 'success' where resource = 'spec.insert2' returning * into v_state;
  assert v_state.run_id <> v_before.run_id and v_state.errors = '[]', 'is a run of its own';
  assert v_state.last_sync_time = v_state.completed_at and v_state.started_at = v_state.completed_at, 'with the times that are known';
  assert v_state.watermark is null, 'and no watermark, since nobody knows when it began';
  update public.vantage_sync_state set last_sync_time = clock_timestamp(), records_synced = 3 where resource = 'spec.insert2' returning * into v_state;
  assert (select count(*) = 3 from public.vantage_sync_run r where r.resource = 'spec.insert2'), 'so is a later success';
  assert pg_temp.disagreements() = 0, 'endings';

  -- A later write of both times alone makes another duration.
  update public.vantage_sync_state
  set started_at = clock_timestamp(), completed_at = clock_timestamp() + interval '40 seconds' where resource = 'spec.insert2'
  returning * into v_state;
  assert v_state.duration_ms between 39000 and 41000, 'which is computed';
  assert pg_temp.disagreements() = 0, 'durations';

  -- A run id that is taken
  v_state := (select s from public.vantage_sync_state s where s.resource = 'spec.renamed');
  perform public.start_vantage_sync('spec.renamed');
  assert pg_temp.refusal(format('update public.vantage_sync_state set started_at = clock_timestamp(), run_id = %L where resource = ''spec.renamed''', v_state.run_id))
    @> '{"sqlstate": "PT409", "constraint": "run-already-finished"}', 'by an earlier run';

  -- Set back
  perform public.complete_vantage_sync('spec.renamed');
  update public.vantage_sync_state
  set last_sync_status = 'never_run', last_sync_time = null, started_at = null, completed_at = null, duration_ms = null
  where resource = 'spec.renamed'
  returning * into v_state;
  assert v_state.run_id is null, 'who has never run has no run';
  assert v_state.watermark is null, 'and begins with a full sync';
  assert not exists (select from public.vantage_sync_run where resource = 'spec.renamed'), 'and no history';
  assert pg_temp.disagreements() = 0, 'never_run';
  assert (public.start_vantage_sync('spec.renamed')).last_sync_status = 'running', 'it can begin anew';

  -- A time that is none
  assert pg_temp.refusal('update public.vantage_sync_state set progress = ''{"records": 1, "total": 2, "at": "2025-02-30T00:00:00.000000Z"}'' where resource = ''spec.renamed''')
    ->> 'sqlstate' = '22008', 'is refused';

  delete from public.vantage_sync_state where resource like 'spec.%';
  assert not exists (select from public.vantage_sync_run where resource like 'spec.%'), 'delete';
end
$$;

-- A success by direct writes leaves a watermark where the start is known.
do $$
declare
  v_state public.vantage_sync_state;
  v_clock timestamptz := clock_timestamp();
begin
  insert into public.vantage_sync_state (resource) values ('spec.watermark');
  update public.vantage_sync_state set last_sync_status = 'running', started_at = clock_timestamp() - interval '1 minute' where resource = 'spec.watermark';
  update public.vantage_sync_state set last_sync_status = 'success' where resource = 'spec.watermark' returning * into v_state;
  assert v_state.watermark = v_state.started_at, 'the start';
  assert v_state.last_sync_time = v_state.completed_at and v_state.completed_at >= v_clock, 'the end is now';
  assert v_state.duration_ms >= 60000, 'a minute and more';

  update public.vantage_sync_state
  set last_sync_status = 'success', started_at = clock_timestamp(), completed_at = clock_timestamp(), last_sync_time = clock_timestamp(), watermark = '2025-11-05T10:30:00Z'
  where resource = 'spec.watermark' returning * into v_state;
  assert v_state.watermark = '2025-11-05T10:30:00Z', 'or the one that is given';
  assert pg_temp.disagreements() = 0, 'they agree';
end
$$;

-- A row that was read whole and is upserted whole changes nothing of its run, as supabase-js's upsert does it.
create function pg_temp.upsert(p_row public.vantage_sync_state)
returns public.vantage_sync_state
language sql
as $$
  insert into public.vantage_sync_state
  select (p_row).*
  on conflict (resource) do update
  set last_sync_status = excluded.last_sync_status, last_sync_time = excluded.last_sync_time,
      records_synced = excluded.records_synced, errors = excluded.errors, started_at = excluded.started_at,
      completed_at = excluded.completed_at, duration_ms = excluded.duration_ms, updated_at = excluded.updated_at,
      run_id = excluded.run_id, watermark = excluded.watermark, progress = excluded.progress,
      start_clock = excluded.start_clock, ended_progress = excluded.ended_progress, version = excluded.version
  returning *
$$;

do $$
declare
  v_before public.vantage_sync_state;
  v_after public.vantage_sync_state;
begin
  v_before := public.start_vantage_sync('spec.whole');
  v_before := public.progress_vantage_sync('spec.whole', 1, 2);
  v_after := pg_temp.upsert(v_before);
  assert v_after.updated_at > v_before.updated_at and v_after.version > v_before.version, 'it is a change';
  v_before.updated_at := v_after.updated_at;
  v_before.version := v_after.version;
  assert v_after = v_before, 'of nothing else while it runs';

  v_before := public.complete_vantage_sync('spec.whole', 5);
  update public.vantage_sync_state set watermark = null where resource = 'spec.whole' returning * into v_before;
  v_after := pg_temp.upsert(v_before);
  assert v_after.watermark is null, 'a full sync that is wanted stays wanted';
  v_before.updated_at := v_after.updated_at;
  v_before.version := v_after.version;
  assert v_after = v_before, 'nor of anything else once it has ended';
  assert (select count(*) = 1 from public.vantage_sync_run r where r.resource = 'spec.whole'), 'there is one run';
end
$$;

-- A version that a direct write brings along lets it pass by nothing.
do $$
declare
  v_state public.vantage_sync_state;
begin
  v_state := public.start_vantage_sync('spec.version');
  assert pg_temp.rule('update public.vantage_sync_state set version = version + 1, records_synced = -1 where resource = ''spec.version''')
    = 'vantage_sync_state_counts_not_negative', 'an impossible row is refused';

  update public.vantage_sync_state set version = version + 1000, last_sync_status = 'success' where resource = 'spec.version';
  assert (
    select s.version = v_state.version + 1 and s.last_sync_time is not null
    from public.vantage_sync_state s
    where s.resource = 'spec.version'), 'what it leaves out is filled in';
  assert (select r.status = 'success' from public.vantage_sync_run r where r.run_id = v_state.run_id), 'its run is in the history';
end
$$;

-- Nobody writes the history or the runs directly.
do $$
declare
  v_statement text;
begin
  perform public.start_vantage_sync('spec.runs');
  perform public.complete_vantage_sync('spec.runs', 5, 3, 2);

  foreach v_statement in array array[
    'insert into public.vantage_sync_history (run_id) values (gen_random_uuid())',
    'update public.vantage_sync_history set records_synced = 6 where resource = ''spec.runs''',
    'delete from public.vantage_sync_history where resource = ''spec.runs''',
    'insert into public.vantage_sync_run (run_id) values (gen_random_uuid())',
    'update public.vantage_sync_run set records_synced = 6 where resource = ''spec.runs''',
    'delete from public.vantage_sync_run where resource = ''spec.runs''',
    'insert into public.vantage_sync_history_move (resource, through) values (''spec.runs'', now())',
    'update public.vantage_sync_setting set retention_position = now()',
    'insert into public.vantage_sync_setting default values',
    'delete from public.vantage_sync_setting'
  ] loop
    assert pg_temp.refusal(v_statement) ->> 'sqlstate' in ('42501', '55000'),
      v_statement || ': ' || coalesce(pg_temp.refusal(v_statement)::text, 'was accepted');
  end loop;
end
$$;

rollback;
