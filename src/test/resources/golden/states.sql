-- A state of each kind of alert and of their combinations; pg_temp.at(n) is n minutes before the test, in whole minutes.

delete from public.vantage_sync_state;
update public.vantage_watch set evaluated_at = null;
update public.vantage_sync_setting set unwatched = tstzmultirange(tstzrange(pg_temp.at(600), pg_temp.at(590)));

create function pg_temp.state(
  p_resource text, p_status text, p_from integer, p_to integer, p_success integer default null, p_errors jsonb default '[]', p_expect jsonb default null
)
returns void
language sql
as $$
  insert into public.vantage_sync_state
    (resource, last_sync_status, started_at, completed_at, last_sync_time, records_synced, errors, created_at, expect)
  values (p_resource, p_status, pg_temp.at(p_from), pg_temp.at(p_to), coalesce(pg_temp.at(p_success), case when p_status = 'success' then pg_temp.at(p_to) end), 7, p_errors,
    pg_temp.at(2880), p_expect)
$$;

create function pg_temp.due(p_resource text, p_ago integer, p_skipped text default null)
returns void
language sql
as $$
  insert into public.vantage_sync_due (resource, due_at, counts_from, deadline, skipped)
  values (p_resource, pg_temp.at(p_ago), pg_temp.at(p_ago + 30), pg_temp.at(p_ago - 60), p_skipped)
$$;

create function pg_temp.error(p_code text)
returns jsonb
language sql
as $$
  select jsonb_build_array(jsonb_build_object('code', p_code, 'message', 'No answer within 30 s'))
$$;

create function pg_temp.cron()
returns jsonb
language sql
as $$
  select '{"cron": "0 0 1 1 *", "time_zone": "Asia/Kolkata", "grace": "PT1H"}'::jsonb
$$;

select
  pg_temp.state('failed', 'failed', 30, 25, 100, pg_temp.error('E1')),
  pg_temp.state('failed-alike', 'failed', 35, 30, 100, pg_temp.error('E1') || pg_temp.error('E2') || pg_temp.error('E3')),
  pg_temp.state('failed-hostile', 'failed', 30, 25, 100, jsonb_build_array(jsonb_build_object(
    'code', E'<b>\u202E*#`_~[E](https://evil.example)|',
    'message', E'<!channel> <https://evil.example|x> & @here\r\nBcc: all@example.com\t\x1b[31m\u2066"' || repeat('x', 1048576)))),
  pg_temp.state('failed-silently', 'failed', 30, 25, 100),
  pg_temp.state('failed-slow', 'failed', 60, 25, 100, pg_temp.error('E4')),
  pg_temp.state('failed-stale', 'failed', 30, 25, 1500, pg_temp.error('E5')),
  pg_temp.state('failed-stale-slow', 'failed', 60, 25, 1500, pg_temp.error('E6')),
  pg_temp.state('stuck', 'running', 60, null, 100),
  pg_temp.state('stuck-stale', 'running', 60, null, 1500),
  pg_temp.state('stuck-unwatched', 'running', 1000, null, 1100),
  pg_temp.state('stale', 'success', 1505, 1500),
  pg_temp.state('stale-slow', 'success', 1530, 1500),
  pg_temp.state('stale-never', 'never_run', null, null),
  pg_temp.state('slow', 'success', 60, 25),
  pg_temp.state('due', 'success', 1505, 1500, null, '[]', pg_temp.cron()),
  pg_temp.state('due-started', 'running', 20, null, 1500, '[]', pg_temp.cron()),
  pg_temp.state('due-stuck', 'running', 90, null, 1500, '[]', pg_temp.cron()),
  pg_temp.state('due-failed', 'failed', 20, 15, 1500, pg_temp.error('E7'), pg_temp.cron()),
  pg_temp.state('due-skipped', 'success', 1505, 1500, null, '[]', pg_temp.cron()),
  pg_temp.state('due-every', 'success', 90, 85, null, '[]', '{"every": "PT1H", "grace": "PT15M"}');

delete from public.vantage_sync_due;
select pg_temp.due(d.resource, d.ago, d.skipped)
from (values
  ('due', 1500, null), ('due', 240, 'Diwali <b>'), ('due', 120, null), ('due', -1320, null),
  ('due-started', 120, null), ('due-stuck', 120, null), ('due-failed', 120, null), ('due-skipped', 120, 'Diwali'), ('due-skipped', -1320, null)
) as d (resource, ago, skipped);

-- One that was taken over, whose successor runs.
select pg_temp.state('failed-abandoned', 'running', 60, null, 100);
select public.start_vantage_sync('failed-abandoned', null, true);
