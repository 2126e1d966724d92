-- A clock that was wrong: ahead for an hour, or by years, and put right again.

begin;

-- The functions of the lifecycle are not held to the rules of a row as direct writes are: they have to keep them.
alter table public.vantage_sync_state
add constraint rules check (public.refuse_invalid_vantage_sync_state(vantage_sync_state) is not null);
grant execute on function public.refuse_invalid_vantage_sync_state(public.vantage_sync_state) to service_role;

-- What a run of the functions leaves behind while the clock is that much ahead
create function pg_temp.ran_ahead(p_resource text, p_ahead interval, p_status text)
returns void
language sql
security definer
as $$
  update public.vantage_sync_state s
  set last_sync_status = p_status,
      started_at = c.at,
      start_clock = c.at,
      completed_at = case when p_status = 'success' then c.at end,
      duration_ms = case when p_status = 'success' then 0 end,
      last_sync_time = case when p_status = 'success' then c.at end,
      watermark = case when p_status = 'success' then c.at end,
      run_id = gen_random_uuid(),
      version = s.version + 1
  from (select clock_timestamp() + p_ahead as at) as c
  where s.resource = p_resource
$$;

create function pg_temp.ended_ahead(p_resource text, p_ahead interval)
returns void
language sql
security definer
as $$
  update public.vantage_sync_state s
  set completed_at = clock_timestamp() + p_ahead,
      last_sync_time = clock_timestamp() + p_ahead,
      version = s.version + 1
  where s.resource = p_resource
$$;

create function pg_temp.kinds(p_resource text)
returns text
language plpgsql
as $$
declare
  v_kinds text := (
    select coalesce(string_agg(a.kind, ' ' order by a.kind), '') from public.vantage_sync_alert a where a.resource = p_resource);
begin
  assert (
    select coalesce(string_agg(x.alert ->> 'kind', ' ' order by x.alert ->> 'kind'), '') = v_kinds
    from public.vantage_sync_state s
    cross join lateral jsonb_array_elements(public.vantage_sync_alerts(s)::jsonb) with ordinality as x (alert, position)
    where s.resource = p_resource), 'a row in hand has those of the view: ' || v_kinds;

  return v_kinds;
end
$$;

set local role service_role;

do $$
declare
  v_before public.vantage_sync_state;
  v_after public.vantage_sync_state;
  v_clock timestamptz;
begin
  -- An hour ahead
  insert into public.vantage_sync_state (resource) values ('spec.hour');
  perform pg_temp.ran_ahead('spec.hour', '1 hour', 'success');
  v_before := (select s from public.vantage_sync_state s where s.resource = 'spec.hour');
  v_clock := clock_timestamp();
  v_after := public.start_vantage_sync('spec.hour');
  assert v_after.started_at = greatest(v_before.completed_at, v_before.started_at + interval '1 microsecond'), 'times stay in order';
  assert v_after.watermark is null, 'what changed while the clock was ahead is not skipped: the sync is a full one';
  v_after := public.complete_vantage_sync('spec.hour');
  assert v_after.watermark between v_clock and clock_timestamp(), 'the watermark is the clock at the start, not the held time';
  v_after := public.start_vantage_sync('spec.hour');
  assert v_after.watermark between v_clock and clock_timestamp(), 'and stays from then on';

  -- A watermark of the caller's is theirs, also when it is ahead.
  v_after := public.complete_vantage_sync('spec.hour', p_watermark => clock_timestamp() + interval '2 hours');
  assert v_after.watermark = (public.start_vantage_sync('spec.hour')).watermark, 'it stays';

  -- Years ahead
  insert into public.vantage_sync_state (resource) values ('spec.years');
  perform pg_temp.ran_ahead('spec.years', '73 years', 'success');
  assert pg_temp.kinds('spec.years') = 'stale', 'a success in the far future is none';
  v_after := public.start_vantage_sync('spec.years');
  assert v_after.started_at between v_clock and clock_timestamp(), 'nobody waits for 73 years';
  v_after := public.complete_vantage_sync('spec.years');
  assert v_after.last_sync_time between v_clock and clock_timestamp() and v_after.watermark = v_after.started_at, 'all is well again';
  assert pg_temp.kinds('spec.years') = '', 'and no alert is left';

  -- It was running then, and its job is dead.
  insert into public.vantage_sync_state (resource) values ('spec.dead');
  perform pg_temp.ran_ahead('spec.dead', '73 years', 'running');
  assert pg_temp.kinds('spec.dead') like '%stuck%', 'a run that began in the far future is stuck';
  v_after := public.start_vantage_sync('spec.dead');
  assert v_after.started_at between v_clock and clock_timestamp(), 'and can be taken over without force';
  assert (select r.duration_ms = 0 and r.status = 'abandoned' from public.vantage_sync_run r
    where r.resource = 'spec.dead' and r.run_id <> v_after.run_id), 'its run ends';

  -- It was running then, and its job goes on.
  insert into public.vantage_sync_state (resource) values ('spec.alive');
  perform pg_temp.ran_ahead('spec.alive', '73 years', 'running');
  v_after := public.progress_vantage_sync('spec.alive');
  assert (v_after.progress ->> 'at')::timestamptz between v_clock and clock_timestamp(), 'a heartbeat has the time of now';
  v_after := public.complete_vantage_sync('spec.alive');
  assert v_after.last_sync_status = 'success' and v_after.duration_ms = 0, 'it can complete';
  v_after := public.start_vantage_sync('spec.alive');
  assert v_after.started_at between v_clock and clock_timestamp(), 'and the next run has the time of now';
end
$$;

-- Events of OpenLineage have times of their own, which are none of a clock that was wrong.
do $$
declare
  v_ahead interval;
  v_resource text;
  v_run uuid;
  v_event text;
  v_start timestamptz;
begin
  foreach v_ahead in array array['1 hour', '73 years']::interval[] loop
    v_resource := 'spec.events_' || extract(epoch from v_ahead);
    insert into public.vantage_sync_state (resource) values (v_resource);

    foreach v_event in array array['COMPLETE', 'FAIL'] loop
      perform pg_temp.ran_ahead(v_resource, v_ahead, 'success');
      v_run := gen_random_uuid();
      v_start := clock_timestamp() - interval '5 minutes';
      assert public.record_vantage_lineage(v_resource, v_run, 'START', v_start) = 'applied', 'no start is late';
      assert public.record_vantage_lineage(v_resource, v_run, 'RUNNING', clock_timestamp()) = 'applied', 'a heartbeat';
      assert public.record_vantage_lineage(v_resource, v_run, v_event, clock_timestamp()) = 'applied', 'its end';
      assert (select s.run_id = v_run and s.watermark is not distinct from case when v_event = 'COMPLETE' then v_start end
        from public.vantage_sync_state s where s.resource = v_resource), 'the watermark is the start, as the job knows it';

      perform pg_temp.ran_ahead(v_resource, v_ahead, 'success');
      v_run := gen_random_uuid();
      assert public.record_vantage_lineage(v_resource, v_run, v_event, clock_timestamp()) = 'applied', 'an end alone';
      assert public.record_vantage_lineage(v_resource, v_run, v_event, clock_timestamp()) = 'repeated', 'once';
      assert (select s.run_id = v_run and s.watermark is null from public.vantage_sync_state s where s.resource = v_resource),
        'what changed while the clock was ahead is not skipped';
      assert (select r.run_id = v_run from public.vantage_sync_run r where r.resource = v_resource order by r.started_at desc limit 1), 'a run';

      -- Only the end of the latest was ahead.
      perform pg_temp.ran_ahead(v_resource, '-1 minute', 'success');
      perform pg_temp.ended_ahead(v_resource, v_ahead);
      assert public.record_vantage_lineage(v_resource, gen_random_uuid(), 'START', clock_timestamp()) = 'applied', 'the next start';
      assert (select v_ahead > '1 day' or s.started_at > clock_timestamp() + interval '59 minutes'
        from public.vantage_sync_state s where s.resource = v_resource), 'a run begins after the one before has ended';
    end loop;
  end loop;
end
$$;

rollback;
