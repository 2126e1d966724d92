-- Every row of the table in CONTRACT 4: what a call with a run id does. Whatever it refuses or repeats changes nothing.

begin;

set local role service_role;

-- One resource with a run of each ending, one running; an ended and a running one of another resource beside it.
select public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-000000000001');
select public.complete_vantage_sync('spec.runs', 1, 1, 0, '00000000-0000-4000-8000-000000000001');
select public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-000000000002');
select public.fail_vantage_sync('spec.runs', '[{"code": "A", "message": "b"}]', '00000000-0000-4000-8000-000000000002', 7, 4, 3);
select public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-000000000003');
select public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-000000000004', true);
select public.start_vantage_sync('spec.other', '00000000-0000-4000-8000-000000000005');
select public.complete_vantage_sync('spec.other', 1, 1, 0, '00000000-0000-4000-8000-000000000005');
select public.start_vantage_sync('spec.other', '00000000-0000-4000-8000-000000000006');

create function pg_temp.picture()
returns jsonb
language sql
as $$
  select jsonb_build_array(
    (select jsonb_agg(s order by s.resource) from public.vantage_sync_state s),
    (select jsonb_agg(r order by r.run_id) from public.vantage_sync_run r))
$$;

do $$
declare
  v_picture jsonb := pg_temp.picture();
  v_run text := '00000000-0000-4000-8000-00000000000';
  v_case record;
  v_refusal jsonb;
  v_superseded_by text;
begin
  for v_case in
    select call.name, c.run, c.answer,
      format(call.statement, v_run || c.run) as statement
    from (values
      ('start', 'select public.start_vantage_sync(''spec.runs'', %L)'),
      ('start by force', 'select public.start_vantage_sync(''spec.runs'', %L, true)'),
      ('complete', 'select public.complete_vantage_sync(''spec.runs'', 9, 9, 9, %L)'),
      ('fail', 'select public.fail_vantage_sync(''spec.runs'', ''[{"code": "X", "message": "y"}]'', %L)'),
      ('progress', 'select public.progress_vantage_sync(''spec.runs'', 9, 9, %L)')
    ) as call (name, statement)
    join (values
      ('start', '1', 'run-already-finished'),
      ('start', '2', 'run-already-finished'),
      ('start', '3', 'run-already-finished'),
      ('start', '4', null),
      ('start', '5', 'sync-already-running'),
      ('start', '6', 'sync-already-running'),
      ('start', '9', 'sync-already-running'),
      ('start by force', '1', 'run-already-finished'),
      ('start by force', '2', 'run-already-finished'),
      ('start by force', '3', 'run-already-finished'),
      ('start by force', '4', null),
      ('complete', '1', null),
      ('complete', '2', 'run-already-finished'),
      ('complete', '3', 'run-superseded'),
      ('complete', '5', 'run-not-found'),
      ('complete', '6', 'run-not-found'),
      ('complete', '9', 'run-not-found'),
      ('fail', '1', 'run-already-finished'),
      ('fail', '2', null),
      ('fail', '3', 'run-superseded'),
      ('fail', '5', 'run-not-found'),
      ('fail', '6', 'run-not-found'),
      ('fail', '9', 'run-not-found'),
      ('progress', '1', 'run-already-finished'),
      ('progress', '2', 'run-already-finished'),
      ('progress', '3', 'run-superseded'),
      ('progress', '5', 'run-not-found'),
      ('progress', '6', 'run-not-found'),
      ('progress', '9', 'run-not-found')
    ) as c (call, run, answer) on c.call = call.name
  loop
    v_refusal := pg_temp.refusal(v_case.statement);
    assert v_refusal ->> 'constraint' is not distinct from v_case.answer,
      format('%s of run %s answers %s, not %s', v_case.name, v_case.run, coalesce(v_refusal::text, '200'), v_case.answer);
    assert pg_temp.picture() = v_picture, format('%s of run %s changed something', v_case.name, v_case.run);
    continue when v_case.answer is null;

    assert v_refusal ->> 'sqlstate' = case v_case.answer
      when 'run-not-found' then 'PT404' else 'PT409' end, v_refusal::text;
    assert v_refusal ->> 'message' !~ '\.$' and v_refusal ->> 'hint' ~ '^[A-Z].*[^.]$', v_refusal::text;
    v_superseded_by := case v_case.run when '3' then v_run || 4 end;
    assert v_refusal -> 'detail' = jsonb_strip_nulls(jsonb_build_object(
        'resource', 'spec.runs',
        'run_id', v_run || case v_case.answer when 'sync-already-running' then '4' else v_case.run end,
        'since', (
          select to_char(coalesce(r.completed_at, r.started_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
          from public.vantage_sync_run r
          where r.run_id::text = v_run || case v_case.answer when 'sync-already-running' then '4' else v_case.run end
            and r.resource = 'spec.runs'),
        'superseded_by', v_superseded_by)), v_refusal::text;
  end loop;
end
$$;

-- What the runs show
do $$
declare
  v_run public.vantage_sync_run;
begin
  select * into v_run from public.vantage_sync_run where run_id = '00000000-0000-4000-8000-000000000001';
  assert v_run.status = 'success' and v_run.watermark = v_run.started_at and v_run.errors = '[]', 'a success';
  assert (v_run.records_synced, v_run.records_created, v_run.records_updated) = (1, 1, 0), 'with its counts';

  select * into v_run from public.vantage_sync_run where run_id = '00000000-0000-4000-8000-000000000002';
  assert v_run.status = 'failed' and v_run.errors = '[{"code": "A", "message": "b"}]', 'a failure with its errors';
  assert (v_run.records_synced, v_run.records_created, v_run.records_updated) = (7, 4, 3), 'and counts of its own';
  assert v_run.watermark is null, 'which leaves no watermark';

  assert (select (s.records_synced, s.records_created, s.records_updated) = (1, 1, 0)
    from public.vantage_sync_state s where s.resource = 'spec.runs'), 'the state keeps those of the last success';
end
$$;

-- The current running run: applied, once.
do $$
declare
  v_state public.vantage_sync_state;
  v_picture jsonb;
begin
  v_state := public.progress_vantage_sync('spec.runs', 5, 10, '00000000-0000-4000-8000-000000000004');
  assert v_state.progress @> '{"records": 5, "total": 10}', 'progress is applied';

  v_state := public.complete_vantage_sync('spec.runs', 20, 15, 5, '00000000-0000-4000-8000-000000000004');
  assert v_state.last_sync_status = 'success' and v_state.records_synced = 20, 'complete is applied';

  v_picture := pg_temp.picture();
  assert v_state = public.complete_vantage_sync('spec.runs', 99, 99, 99, '00000000-0000-4000-8000-000000000004'),
    'its retry answers the same, whatever it brings';
  assert pg_temp.picture() = v_picture, 'and changes nothing';

  v_state := public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-00000000000b');
  assert v_state.run_id = '00000000-0000-4000-8000-00000000000b', 'the next run has the id that was given';
  v_picture := pg_temp.picture();
  assert v_state = public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-00000000000b'), 'start is repeated';
  assert v_state = public.complete_vantage_sync('spec.runs', 1, 1, 1, '00000000-0000-4000-8000-000000000004'),
    'the answer to a late retry is the state of now';
  assert pg_temp.picture() = v_picture, 'and nothing changes';

  v_state := public.fail_vantage_sync('spec.runs', '[]', '00000000-0000-4000-8000-00000000000b');
  assert v_state.last_sync_status = 'failed', 'fail is applied';
  v_picture := pg_temp.picture();
  assert v_state = public.fail_vantage_sync('spec.runs', '[{"code": "X", "message": "y"}]', '00000000-0000-4000-8000-00000000000b', 5),
    'its retry answers the same';
  assert pg_temp.picture() = v_picture, 'and changes nothing';

  perform public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-00000000000c');
  v_state := public.complete_vantage_sync('spec.runs', 3, 2, 1);
  assert v_state.run_id = '00000000-0000-4000-8000-00000000000c' and v_state.last_sync_status = 'success',
    'without a run id a call is for the running run';
end
$$;

-- A job that syncs several resources may use one id for all of them.
do $$
declare
  v_state public.vantage_sync_state;
begin
  v_state := public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-000000000005');
  assert v_state.run_id = '00000000-0000-4000-8000-000000000005', 'one that has ended elsewhere';
  v_state := public.start_vantage_sync('spec.runs', '00000000-0000-4000-8000-000000000006', true);
  assert v_state.run_id = '00000000-0000-4000-8000-000000000006', 'one that runs elsewhere';
  v_state := public.complete_vantage_sync('spec.runs', 4, 2, 2, '00000000-0000-4000-8000-000000000006');
  assert (select s.last_sync_status = 'running' from public.vantage_sync_state s where s.resource = 'spec.other'), 'each ends for itself';
  assert (select count(*) = 2 from public.vantage_sync_run r where r.run_id = '00000000-0000-4000-8000-000000000006'), 'and is a run of its own';
end
$$;

-- A deleted resource takes its runs along, and its run ids are unknown from then on.
do $$
begin
  delete from public.vantage_sync_state where resource = 'spec.runs';
  assert not exists (select from public.vantage_sync_run where resource = 'spec.runs'), 'its runs are gone';
  assert exists (select from public.vantage_sync_run where resource = 'spec.other'), 'and nobody else''s';
  assert pg_temp.refusal('select public.complete_vantage_sync(''spec.runs'', 1, 1, 0, ''00000000-0000-4000-8000-000000000001'')')
    @> '{"sqlstate": "PT404", "constraint": "sync-state-not-found"}', 'it is not known';
  perform public.start_vantage_sync('spec.runs');
  assert pg_temp.refusal('select public.complete_vantage_sync(''spec.runs'', 1, 1, 0, ''00000000-0000-4000-8000-000000000001'')')
    @> '{"sqlstate": "PT404", "constraint": "run-not-found"}', 'registered again, it has a history of its own';
end
$$;

-- An id that is made here is one of version 7, which begins with the time: endings append to the index of the history.
do $$
declare
  v_from timestamptz := clock_timestamp();
  v_run text := (public.start_vantage_sync('spec.made')).run_id::text;
  v_until timestamptz := clock_timestamp();
begin
  assert v_run ~ '^.{14}7.{4}[89ab]', 'version and variant';
  assert ('x' || left(replace(v_run, '-', ''), 12))::bit(48)::bigint
    between floor(extract(epoch from v_from) * 1000) and ceil(extract(epoch from v_until) * 1000), 'milliseconds';
end
$$;

-- Pages, newest first: a cursor neither skips nor repeats while new runs arrive.
do $$
declare
  v_seen uuid[] := '{}';
  v_all uuid[];
  v_page uuid[];
  v_cursor timestamptz := 'infinity';
begin
  for i in 1..25 loop
    perform public.start_vantage_sync('spec.pages');
    perform public.complete_vantage_sync('spec.pages');
  end loop;

  v_all := array(select r.run_id from public.vantage_sync_run r where r.resource = 'spec.pages' order by r.started_at desc);

  loop
    select array_agg(p.run_id), min(p.started_at)
    into v_page, v_cursor
    from (
      select r.run_id, r.started_at
      from public.vantage_sync_run r
      where r.resource = 'spec.pages' and r.started_at < v_cursor
      order by r.started_at desc
      limit 4
    ) as p;
    exit when v_page is null;

    v_seen := v_seen || v_page;
    perform public.start_vantage_sync('spec.pages', p_force => true);
  end loop;

  assert v_seen = v_all, 'the pages are the history as it was';
  assert array_length(v_all, 1) = 25, 'of 25 runs';
end
$$;

rollback;
