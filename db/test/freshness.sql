-- As of when the data of a resource is, and whether that is fresh enough: in every state, at, before and past each bound.

begin;

-- What the function says of one resource: fresh, or the reason why it is not.
create function pg_temp.verdict(p_max_age interval default null, p_since timestamptz default null, p_idle boolean default false)
returns text
language sql
as $$
  select case when f.fresh then 'fresh' else coalesce(f.reason, 'unknown') end
  from public.require_fresh_vantage_sync(array['spec.fresh'], p_max_age, p_since, p_idle, true) as f
$$;

set local role service_role;

do $$
declare
  v_now constant timestamptz := statement_timestamp();
  v_utc constant text := to_char(v_now at time zone 'UTC' - interval '3 hours', 'YYYY-MM-DD HH24:MI:SS');
  v_refusal jsonb;
begin
  assert pg_temp.verdict() = 'unknown', 'no such resource';

  insert into public.vantage_sync_state (resource) values ('spec.fresh');
  assert pg_temp.verdict() ~ '^spec.fresh has never run', pg_temp.verdict();
  assert pg_temp.verdict('3650 days') = 'spec.fresh has never had a successful sync.', 'no success';
  assert (select f.age is null from public.vantage_sync_freshness f where f.resource = 'spec.fresh'), 'no age without a success';

  perform public.start_vantage_sync('spec.fresh');
  assert pg_temp.verdict() = 'spec.fresh has never had a successful sync.', 'at its first run';

  -- Three hours ago a run of an hour began that succeeded: it is the start that counts.
  update public.vantage_sync_state
  set last_sync_status = 'success', started_at = v_now - interval '3 hours', completed_at = v_now - interval '2 hours'
  where resource = 'spec.fresh';
  assert (select f.as_of = v_now - interval '3 hours' and f.age = interval '3 hours' and f.fresh and not f.running
    from public.vantage_sync_freshness f where f.resource = 'spec.fresh'), 'as of the start';
  assert pg_temp.verdict() = 'fresh', 'without an alert';
  assert pg_temp.verdict('3 hours') = 'fresh', 'as old as it may be';
  assert pg_temp.verdict('2 hours 59 minutes 59.5 seconds')
    = format('spec.fresh has data as of %s UTC, which is longer ago than 2 h 59 min 59.5 s.', v_utc), pg_temp.verdict('2 hours 59 minutes 59.5 seconds');
  assert pg_temp.verdict(null, v_now - interval '3 hours') = 'fresh', 'since exactly then';
  assert pg_temp.verdict(null, v_now - interval '3 hours' + interval '1 microsecond') ~ 'which is before', 'since later';
  assert pg_temp.verdict('4 hours', v_now - interval '1 hour') ~ 'which is before', 'both bounds hold';
  assert pg_temp.verdict('1 hour', v_now - interval '4 hours') ~ 'which is longer ago', 'both bounds hold';

  -- A run that goes on or has failed since takes nothing away, unless none may run.
  perform public.start_vantage_sync('spec.fresh');
  assert pg_temp.verdict('3 hours') = 'fresh', 'running again';
  assert pg_temp.verdict('3 hours', null, true) = 'spec.fresh is running.', 'not idle';
  assert pg_temp.verdict('1 hour', null, true) ~ 'longer ago than 1 h\. spec\.fresh is running\.$', 'both are said';
  perform public.fail_vantage_sync('spec.fresh', '[]');
  assert pg_temp.verdict('3 hours', null, true) = 'fresh', 'failed since';

  -- What a caller gives as watermark is not when the data was read.
  perform public.start_vantage_sync('spec.fresh');
  perform public.complete_vantage_sync('spec.fresh', p_watermark => v_now - interval '30 days');
  assert pg_temp.verdict('1 minute') = 'fresh', 'as of its start';
  perform public.start_vantage_sync('spec.fresh');
  assert pg_temp.verdict('1 minute') = 'fresh', 'as of its start, from the history';

  -- The threshold of the resource decides where no other is given.
  perform public.fail_vantage_sync('spec.fresh', '[]');
  update public.vantage_sync_state
  set stale_after = '1 hour', last_sync_time = v_now - interval '2 hours'
  where resource = 'spec.fresh';
  assert (select f.reason from public.require_fresh_vantage_sync(array['spec.fresh'], p_report_only => true) as f)
    ~ '^spec.fresh has had no successful sync since', 'stale';

  -- Refusals
  v_refusal := pg_temp.refusal('select public.require_fresh_vantage_sync(array[''spec.fresh''])');
  assert v_refusal ->> 'sqlstate' = 'PT412' and v_refusal ->> 'constraint' = 'not-fresh', v_refusal::text;
  assert v_refusal #>> '{detail,resources,0,resource}' = 'spec.fresh', v_refusal::text;
  assert v_refusal #>> '{detail,resources,0,fresh}' = 'false', v_refusal::text;
  assert v_refusal #>> '{detail,resources,0,as_of}' ~ 'Z$', v_refusal::text;

  v_refusal := pg_temp.refusal('select public.require_fresh_vantage_sync(array[''spec.fresh'', ''spec.nope''])');
  assert v_refusal ->> 'sqlstate' = 'PT404' and v_refusal ->> 'message' = 'There is no resource spec.nope', v_refusal::text;

  assert (select array_agg(f.resource) = array['funds', 'accounts']
    from public.require_fresh_vantage_sync(array['funds', 'accounts', 'funds'], p_report_only => true) as f), 'each once, in their order';
end
$$;

-- What is no question
do $$
declare
  v_arguments text;
begin
  foreach v_arguments in array array[
    'null', 'array[]::text[]', 'array[null]', 'array(select i::text from generate_series(1, 1001) as i)',
    'array[''accounts''], interval ''0''', 'array[''accounts''], interval ''-1 hour''', 'array[''accounts''], interval ''1 month''',
    'array[''accounts''], interval ''3651 days''',
    'array[''accounts''], null, ''infinity''', 'array[''accounts''], null, ''-infinity''', 'array[''accounts''], null, now() + interval ''25 hours'''
  ] loop
    assert pg_temp.rule(format('select public.require_fresh_vantage_sync(%s)', v_arguments)) = 'invalid-request', v_arguments;
  end loop;
end
$$;

-- Times are read and written the same in any session.
set local timezone = 'Pacific/Auckland';
set local intervalstyle = 'sql_standard';
do $$
begin
  perform public.start_vantage_sync('spec.fresh');
  perform public.complete_vantage_sync('spec.fresh');
  assert (select f.as_of = s.started_at and f.age < interval '1 minute'
    from public.require_fresh_vantage_sync(array['spec.fresh'], interval '1 hour') as f
    join public.vantage_sync_state s on s.resource = f.resource), 'in Auckland';
end
$$;

-- Readers ask as well.
reset role;
do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated'] loop
    if pg_has_role(current_user, v_role, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
      execute format('set local role %I', v_role);
      assert (select f.fresh from public.require_fresh_vantage_sync(array['spec.fresh'], interval '1 hour') as f), v_role;
      reset role;
    end if;
  end loop;
end
$$;

-- Where the retention has deleted the run, its watermark stands for its start.
do $$
begin
  perform public.start_vantage_sync('spec.old');
  perform public.complete_vantage_sync('spec.old');
  perform public.start_vantage_sync('spec.old');
  delete from public.vantage_sync_history where resource = 'spec.old';
  assert (select f.as_of = s.watermark from public.vantage_sync_freshness f
    join public.vantage_sync_state s on s.resource = f.resource where f.resource = 'spec.old'), 'the watermark';
end
$$;

rollback;
