-- The due times of the last week that no run has met: by a calendar and at an interval, and since when they count.

begin;

-- How long ago each was due, in minutes, newest first.
create function pg_temp.missed(p_resource text)
returns text
language sql
as $$
  select string_agg(round(extract(epoch from statement_timestamp() - m.due_at) / 60)::text, ' ' order by m.due_at desc)
  from public.missed_vantage_syncs() m
  where m.resource = p_resource
$$;

-- A run that started so many minutes ago, and took one.
create function pg_temp.ran(p_resource text, p_minutes integer, p_status text default 'success')
returns void
language sql
as $$
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created, records_updated, errors)
  values (
    gen_random_uuid(), p_resource, p_status, statement_timestamp() - make_interval(mins => p_minutes),
    statement_timestamp() - make_interval(mins => p_minutes - 1), 60000, 0, 0, 0, '[]')
$$;

-- Due so many minutes ago, with a grace of an hour, half of which is how early a success may start.
create function pg_temp.due(p_resource text, p_minutes integer, p_skipped text default null)
returns void
language sql
as $$
  insert into public.vantage_sync_due (resource, due_at, counts_from, deadline, skipped)
  values (p_resource, statement_timestamp() - make_interval(mins => p_minutes), statement_timestamp() - make_interval(mins => p_minutes + 30),
    statement_timestamp() - make_interval(mins => p_minutes - 60), p_skipped)
$$;

insert into public.vantage_sync_state (resource, expect, created_at)
select 'spec.' || r, '{"cron": "0 5 * * *", "time_zone": "Asia/Kolkata", "grace": "1h"}', now() - interval '30 days'
from unnest(array['calendar', 'shifted', 'longago']) as r;
delete from public.vantage_sync_due;

-- By a calendar
do $$
declare
  v_minutes integer;
begin
  foreach v_minutes in array array[1000, 880, 760, 640, 520, 400, 280, 160, 60] loop
    perform pg_temp.due('spec.calendar', v_minutes, case v_minutes when 520 then 'Holiday' end);
  end loop;
  perform pg_temp.ran('spec.calendar', 910);
  perform pg_temp.ran('spec.calendar', 671);
  perform pg_temp.ran('spec.calendar', 400, 'failed');
  perform pg_temp.ran('spec.calendar', 280, 'abandoned');
  -- 60: its hour is not over. 160: none. 280 and 400: none that succeeded. 520: skipped. 640: none. 760: one that started late, before
  -- the next one counts. 880: one that started as early as it may. 1000: none.
  assert pg_temp.missed('spec.calendar') = '160 280 400 640 1000', pg_temp.missed('spec.calendar');

  perform pg_temp.ran('spec.calendar', 131);
  assert pg_temp.missed('spec.calendar') = '280 400 640 1000', 'met at last';

  assert (select bool_and(m.deadline = m.due_at + interval '1 hour'
      and m.local = to_char(m.due_at at time zone 'Asia/Kolkata', 'YYYY-MM-DD"T"HH24:MI:SS"+05:30"'))
    from public.missed_vantage_syncs() m where m.resource = 'spec.calendar'), 'by the clocks of its time zone';
end
$$;

-- As its explanation says it, and the alert
do $$
begin
  delete from public.vantage_sync_due u where u.resource = 'spec.calendar' and u.due_at < statement_timestamp() - interval '300 minutes';
  assert (
    select jsonb_agg(d -> 'due_at' order by d ->> 'due_at') from jsonb_array_elements(public.explain_vantage_sync('spec.calendar')::jsonb -> 'due') as d
    where d ->> 'what' = 'missed'
  ) = (
    select jsonb_agg(public.vantage_sync_time_text(m.due_at) order by m.due_at) from public.missed_vantage_syncs() m where m.resource = 'spec.calendar'
  ), 'the same of a calendar';
end
$$;

-- A week, and no more
do $$
begin
  perform pg_temp.due('spec.longago', 7 * 1440 + 1);
  perform pg_temp.due('spec.longago', 7 * 1440);
  assert pg_temp.missed('spec.longago') = '10080', pg_temp.missed('spec.longago');
  assert (select array_agg(m.due_at order by m.due_at) from public.missed_vantage_syncs(statement_timestamp() - interval '400 minutes') m
      where m.resource = 'spec.calendar')
    = (select array_agg(m.due_at order by m.due_at) from public.missed_vantage_syncs() m
      where m.resource = 'spec.calendar' and m.due_at >= statement_timestamp() - interval '400 minutes'), 'or since a time';
end
$$;

-- At an interval: each hour that went by without a success, since the interval was set
do $$
begin
  insert into public.vantage_sync_state (resource, expect, created_at)
  values ('spec.every', null, statement_timestamp() - interval '1000 minutes');
  update public.vantage_sync_state set expect = '{"every": "1h", "grace": "15m"}' where resource = 'spec.every';
  assert pg_temp.missed('spec.every') is null, 'what was due before it was set is nobody''s fault';
  update public.vantage_sync_interval set since = statement_timestamp() - interval '20 hours' where resource = 'spec.every';

  perform pg_temp.ran('spec.every', 650);
  perform pg_temp.ran('spec.every', 591);
  perform pg_temp.ran('spec.every', 412);
  perform pg_temp.ran('spec.every', 300);
  perform pg_temp.ran('spec.every', 270, 'failed');
  -- 300 is 112 after 412: late, but before the next was due; 650 is 350 after the registration. 412 is 179 after 591: too late.
  assert pg_temp.missed('spec.every') = '60 120 180 240 531 760 820 880 940', pg_temp.missed('spec.every');

  perform pg_temp.ran('spec.every', 75);
  assert pg_temp.missed('spec.every') = '180 240 531 760 820 880 940', 'at its deadline it is not missed';
  update public.vantage_sync_interval set since = statement_timestamp() - interval '241 minutes' where resource = 'spec.every';
  assert pg_temp.missed('spec.every') = '180 240', 'since it was set';
  update public.vantage_sync_state set expect = '{"every": "61m", "grace": "15m"}' where resource = 'spec.every';
  assert pg_temp.missed('spec.every') is null, 'another one begins now';
end
$$;

-- The first at an interval is what the alert is about
do $$
begin
  insert into public.vantage_sync_state (resource, expect, created_at)
  values ('spec.alert', '{"every": "1h", "grace": "15m"}', statement_timestamp() - interval '200 minutes');
  assert pg_temp.missed('spec.alert') = '20 80 140', 'since it was registered with it: ' || pg_temp.missed('spec.alert');
  assert (select min(m.due_at) from public.missed_vantage_syncs() m where m.resource = 'spec.alert')
    = (select a.since from public.vantage_sync_alert a where a.resource = 'spec.alert' and a.kind = 'stale'), 'never run';
end
$$;

-- Since when an interval counts follows its resource, whoever writes it
set local role service_role;

do $$
begin
  update public.vantage_sync_state set expect = '{"every": "2h", "grace": "15m"}' where resource = 'spec.shifted';
  assert (select count(*) from public.vantage_sync_interval i where i.resource = 'spec.shifted') = 1, 'set';
  update public.vantage_sync_state set resource = 'spec.renamed' where resource = 'spec.shifted';
  assert (select array_agg(i.resource) from public.vantage_sync_interval i where i.resource in ('spec.shifted', 'spec.renamed')) = '{spec.renamed}', 'renamed';
  update public.vantage_sync_state set expect = '{"cron": "0 5 * * *", "grace": "1h"}' where resource = 'spec.renamed';
  assert not exists (select from public.vantage_sync_interval i where i.resource = 'spec.renamed'), 'a calendar is none';
  update public.vantage_sync_state set expect = '{"every": "2h", "grace": "15m"}' where resource = 'spec.renamed';
  delete from public.vantage_sync_state where resource = 'spec.renamed';
  assert not exists (select from public.vantage_sync_interval i where i.resource = 'spec.renamed'), 'deleted';
  assert pg_temp.rule('insert into public.vantage_sync_interval values (''spec.every'')') = '42501', 'nobody writes it';
end
$$;

rollback;
