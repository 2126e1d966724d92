-- Explanations, word for word, whatever session asks. What depends on the moment, how old data is, is cut out.

begin;

set local timezone = 'Asia/Kolkata';
set local intervalstyle = 'postgres_verbose';
set local datestyle = 'German';

delete from public.vantage_sync_state;
update public.vantage_sync_setting set unwatched = '{}';

create function pg_temp.at(p_time text)
returns timestamptz
language sql
as $$
  select (p_time || 'Z')::timestamptz
$$;

-- A run that has ended.
create function pg_temp.run(p_resource text, p_status text, p_from text, p_to text, p_records integer default 0, p_code text default null)
returns void
language sql
as $$
  insert into public.vantage_sync_history
    (run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created, records_updated, errors,
      error_code)
  values (
    gen_random_uuid(), p_resource, p_status, pg_temp.at(p_from), pg_temp.at(p_to),
    extract(epoch from pg_temp.at(p_to) - pg_temp.at(p_from)) * 1000, p_records, 0, 0,
    case when p_code is null then '[]' else jsonb_build_array(jsonb_build_object('code', p_code, 'message', 'No answer within 30 s')) end,
    p_code)
$$;

create function pg_temp.text(p_resource text)
returns text
language sql
as $$
  select regexp_replace(public.explain_vantage_sync(p_resource) ->> 'text', '\([^()]* ago\)', '(… ago)')
$$;

create function pg_temp.check(p_resource text, variadic p_lines text[])
returns void
language plpgsql
as $$
begin
  assert pg_temp.text(p_resource) = array_to_string(p_lines, e'\n'),
    format(e'%s:\n%s', p_resource, pg_temp.text(p_resource));
end
$$;

-- Nobody has to be stale in these stories, which are old.
update public.vantage_sync_setting set stale_after = interval '3650 days';

-- The third failure in a row, seen before, and elsewhere
do $$
begin
  perform pg_temp.run('funds', 'failed', '2026-10-02 05:00:00', '2026-10-02 05:00:30', p_code => 'API_TIMEOUT');
  perform pg_temp.run('funds', 'success', '2026-11-21 05:00:03', '2026-11-21 05:05:03', 150);
  perform pg_temp.run('funds', 'success', '2026-11-22 05:00:02', '2026-11-22 05:06:02', 180);
  perform pg_temp.run('funds', 'success', '2026-11-23 05:00:04', '2026-11-23 05:04:04', 120);
  perform pg_temp.run('funds', 'failed', '2026-11-24 05:00:05', '2026-11-24 05:00:35', p_code => 'API_TIMEOUT');
  perform pg_temp.run('funds', 'abandoned', '2026-11-24 05:15:01', '2026-11-24 05:15:31', p_code => 'API_TIMEOUT');
  insert into public.vantage_sync_state (resource, last_sync_status, last_sync_time, started_at, completed_at, errors)
  values
    ('funds', 'failed', pg_temp.at('2026-11-23 05:04:04'), pg_temp.at('2026-11-24 05:30:32'), pg_temp.at('2026-11-24 05:31:02'),
      '[{"code": "API_TIMEOUT", "message": "No answer\r\n\u001b[31mwithin\u202e 30 s"}]'),
    ('accounts', 'failed', pg_temp.at('2026-11-23 05:04:04'), pg_temp.at('2026-11-24 05:25:00'), pg_temp.at('2026-11-24 05:26:00'),
      '[{"code": "API_TIMEOUT", "message": "x"}]'),
    ('cashflows', 'failed', pg_temp.at('2026-11-23 05:04:04'), pg_temp.at('2026-11-24 05:00:00'), pg_temp.at('2026-11-24 05:01:00'),
      '[{"code": "API_TIMEOUT", "message": "x"}]');

  perform pg_temp.check('funds',
    'funds is red since 2026-11-24 05:31:02 UTC: The latest run of funds failed with API_TIMEOUT "No answer [31mwithin 30 s".',
    'It is failure number 3 in a row, each API_TIMEOUT; API_TIMEOUT was last seen at 2026-10-02 05:00 UTC. '
      '1 other resource has failed with it since 2026-11-24 05:21 UTC: accounts.',
    'Data is as of 2026-11-23 05:00:04 UTC (… ago). Usual, of the last 3 successes: 4 min to 6 min, 120 to 180 records.',
    '2026-11-22 05:00:02 started · 05:06:02 success · 2026-11-23 05:00:04 started · 05:04:04 success · 2026-11-24 05:00:05 started · '
      '05:00:35 failed · 05:15:01 started · 05:15:31 abandoned · 05:30:32 started · 05:31:02 failed',
    'Next: curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/funds/runs?status=failed"');
  assert public.explain_vantage_sync('funds') ->> 'elsewhere' = '["accounts"]', 'what failed long before is something else';
end
$$;

-- Where very many have it, the first hundred
do $$
begin
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
  select 'mass' || to_char(i, 'FM000'), 'failed', pg_temp.at('2026-11-25 05:00:00'), pg_temp.at('2026-11-25 05:01:00'), '[{"code": "AWAY", "message": "x"}]'
  from generate_series(1, 102) as i;

  assert public.explain_vantage_sync('mass102') ->> 'text'
    like '%More than 100 other resources have failed with it since 2026-11-25 04:51 UTC: mass001, mass002, mass003, mass004, mass005 and others.%', 'in words';
  assert json_array_length(public.explain_vantage_sync('mass102') -> 'elsewhere') = 100, 'and as JSON';
  delete from public.vantage_sync_state where resource = 'mass102';
  assert public.explain_vantage_sync('mass101') ->> 'text' like '%100 other resources have failed with it % mass005 and 95 more.%', 'no more than that';
end
$$;

-- A retry that goes on mends nothing yet; who takes care of it, and until when nobody is notified
do $$
declare
  v_incident uuid;
begin
  insert into public.vantage_incident (resource, opened_at, kinds, severity, changed_at)
  values ('prices', now(), '{failed}', 'error', now())
  returning incident_id into v_incident;
  perform public.acknowledge_vantage_incident(v_incident, 'Ada', 'The source is down');
  perform public.mute_vantage_resources('{price*}', date_trunc('hour', now()) + interval '1 day');
  perform pg_temp.run('prices', 'failed', '2026-11-24 05:00:00', '2026-11-24 05:01:00');
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, progress)
  values ('prices', 'running', pg_temp.at('2026-11-24 05:02:00'), jsonb_build_object('records', 1, 'total', 2, 'at', public.vantage_sync_time_text(now())));

  perform pg_temp.check('prices',
    'prices is red since 2026-11-24 05:01:00 UTC: The latest run of prices failed with no errors reported. '
      'It is running again since 2026-11-24 05:02:00 UTC.',
    'It is the first failure in a row.',
    'There is no data of it: no run is known to have succeeded.',
    '2026-11-24 05:00:00 started · 05:01:00 failed · 05:02:00 started',
    format('Muted until %s UTC.', to_char((date_trunc('hour', now()) + interval '1 day') at time zone 'UTC', 'YYYY-MM-DD HH24:MI')),
    'Acknowledged by Ada: The source is down.',
    'Next: curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/prices/runs?status=failed"');
end
$$;

-- Green, running, never run, stuck and slow
do $$
begin
  insert into public.vantage_sync_state
    (resource, last_sync_status, last_sync_time, started_at, completed_at, duration_ms, records_synced, created_at)
  values
    ('green', 'success', pg_temp.at('2026-11-24 05:01:00'), pg_temp.at('2026-11-24 05:00:00'), pg_temp.at('2026-11-24 05:01:00'), 60000, 7, now()),
    ('slow', 'success', pg_temp.at('2026-11-24 05:10:00'), pg_temp.at('2026-11-24 05:00:00'), pg_temp.at('2026-11-24 05:10:00'), 600000, 7, now()),
    ('stuck', 'running', null, pg_temp.at('2026-11-24 05:00:00'), null, null, 0, pg_temp.at('2026-11-01 00:00:00')),
    ('never', 'never_run', null, null, null, null, 0, pg_temp.at('2026-11-01 00:00:00'));

  perform pg_temp.check('green',
    'green is green: it succeeded at 2026-11-24 05:01:00 UTC with 7 records.',
    'Data is as of 2026-11-24 05:00:00 UTC (… ago).',
    '2026-11-24 05:00:00 started · 05:01:00 success');
  perform pg_temp.check('slow',
    'slow is red since 2026-11-24 05:10:00 UTC: The latest run of slow took 600 seconds.',
    'Data is as of 2026-11-24 05:00:00 UTC (… ago).',
    '2026-11-24 05:00:00 started · 05:10:00 success',
    'Next: curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/slow/runs?status=success"');
  perform pg_temp.check('stuck',
    'stuck is red since 2026-11-24 05:00:00 UTC: stuck is running without a sign of life since 2026-11-24 05:00:00 UTC.',
    'There is no data of it: no run is known to have succeeded.',
    '2026-11-24 05:00:00 started',
    'Next: curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/stuck"');
  perform pg_temp.check('never',
    'never is red since 2026-11-01 00:00:00 UTC: never has never run since it was registered at 2026-11-01 00:00:00 UTC.',
    'There is no data of it: no run is known to have succeeded.',
    'Next: curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/never/runs?limit=5"');
end
$$;

-- Of a success before the history that is kept, as much is known as the gate knows
do $$
begin
  insert into public.vantage_sync_state (resource, last_sync_status, last_sync_time, started_at, completed_at)
  values ('old', 'failed', pg_temp.at('2026-08-01 05:00:00'), pg_temp.at('2026-11-24 05:00:00'), pg_temp.at('2026-11-24 05:01:00'));

  assert pg_temp.text('old') like '%Data is as of 2026-08-01 05:00:00 UTC (… ago).%', pg_temp.text('old');
  assert public.explain_vantage_sync('old') ->> 'as_of' = (
    select public.vantage_sync_time_text(f.as_of) from public.vantage_sync_freshness f where f.resource = 'old'), 'the same';
end
$$;

-- When nobody watched
do $$
begin
  update public.vantage_sync_setting
  set unwatched = tstzmultirange(tstzrange(pg_temp.at('2026-11-24 05:20:00'), pg_temp.at('2026-11-24 05:33:00')));

  perform pg_temp.check('green',
    'green is green: it succeeded at 2026-11-24 05:01:00 UTC with 7 records.',
    'Data is as of 2026-11-24 05:00:00 UTC (… ago).',
    'Nobody watched from 2026-11-24 05:20 to 2026-11-24 05:31 UTC; a report may be missing.',
    '2026-11-24 05:00:00 started · 05:01:00 success');
  assert pg_temp.refusal('select public.explain_vantage_sync(''nobody'')') @> '{"sqlstate": "PT404", "constraint": "sync-state-not-found"}', 'there is none';
end
$$;

rollback;
