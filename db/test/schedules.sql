-- Schedules: when a resource is due by one, and what becomes of a due time that nobody met.

begin;

create function pg_temp.stale(p_resource text)
returns text
language sql
as $$
  select a.detail from public.vantage_sync_alert a where a.resource = p_resource and a.kind = 'stale'
$$;

-- Due so long before the statement, with a grace of an hour, by a calendar that has nothing else.
create function pg_temp.due(p_resource text, p_ago interval, p_skipped text default null)
returns void
language sql
as $$
  insert into public.vantage_sync_due (resource, due_at, counts_from, deadline, skipped)
  values (p_resource, statement_timestamp() - p_ago, statement_timestamp() - p_ago - interval '30 minutes',
    statement_timestamp() - p_ago + interval '1 hour', p_skipped)
$$;

-- Whoever writes the state writes its schedule, which takes effect at once
set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
begin
  assert pg_temp.refusal('insert into public.vantage_sync_state (resource, expect) values (''spec.refused'', ''{}'')')
    @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', 'what is none is refused';

  insert into public.vantage_sync_state (resource, expect)
  values ('spec.cron', '{"cron": " 0  5 * * mon-fri ", "time_zone": "Europe/Paris", "grace": "1h"}')
  returning * into v_state;
  assert v_state.expect = '{"cron": "0 5 * * mon-fri", "time_zone": "Europe/Paris", "grace": "PT1H"}', 'in one form';
  assert (select count(*) >= 3 and bool_and(u.due_at > clock_timestamp() and u.deadline - u.due_at = interval '1 hour'
      and u.due_at - u.counts_from = interval '1 hour' and to_char(u.due_at at time zone 'Europe/Paris', 'HH24:MI') = '05:00')
    from public.vantage_sync_due u where u.resource = 'spec.cron'), 'due from now on';
  assert (select count(*) from public.vantage_sync_next_due n where n.resource = 'spec.cron') = 3, 'the next three';
  assert pg_temp.stale('spec.cron') is null, 'never run, but not due yet';

  update public.vantage_sync_state set expect = '{"cron": "*/5 * * * *", "grace": "4m"}' where resource = 'spec.cron';
  assert (select count(*) = 1000 and min(u.due_at - u.counts_from) = interval '150 seconds'
    from public.vantage_sync_due u where u.resource = 'spec.cron'), 'another one: at most a thousand, early by half of the gap';
  assert (public.start_vantage_sync('spec.cron')).expect = '{"cron": "*/5 * * * *", "time_zone": "UTC", "grace": "PT4M"}', 'which stays';
  assert jsonb_array_length(public.vantage_sync_next_due((select s from public.vantage_sync_state s where s.resource = 'spec.cron'))::jsonb) = 3, 'of a row in hand';

  update public.vantage_sync_state set resource = 'spec.renamed' where resource = 'spec.cron';
  assert (select count(*) from public.vantage_sync_due u where u.resource = 'spec.renamed') = 1000, 'it follows to another name';
  update public.vantage_sync_state set expect = null where resource = 'spec.renamed';
  assert not exists (select from public.vantage_sync_due u where u.resource in ('spec.cron', 'spec.renamed')), 'and goes with null';

  update public.vantage_sync_state set expect = '{"cron": "0 0 29 2 *", "grace": "1d"}' where resource = 'spec.renamed';
  assert (select count(*) from public.vantage_sync_due u where u.resource = 'spec.renamed') = 3, 'three at least, however far ahead';
  perform public.skip_vantage_sync_day('spec.renamed', '2028-02-29', 'Nobody works');
  delete from public.vantage_sync_state where resource = 'spec.renamed';
  assert not exists (select from public.vantage_sync_due u where u.resource = 'spec.renamed')
    and not exists (select from public.vantage_sync_skipped_day k where k.resource = 'spec.renamed'), 'nothing is left of what is deleted';
end
$$;

reset role;

-- Missed: a microsecond past the deadline; who never started, who started and is not done, and who is done
insert into public.vantage_sync_state (resource, expect, created_at)
select 'spec.' || r, '{"cron": "0 0 1 1 *", "grace": "1h"}', now() - interval '30 days'
from unnest(array['below', 'past', 'early', 'soon', 'late', 'run', 'skipped', 'twice', 'blind']) as r;
delete from public.vantage_sync_due;

do $$
declare
  v_now constant timestamptz := statement_timestamp();
  v_at constant text := to_char((statement_timestamp() - interval '2 hours') at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS');
begin
  perform pg_temp.due('spec.below', interval '1 hour');
  assert pg_temp.stale('spec.below') is null, 'at the deadline';
  perform pg_temp.due('spec.past', interval '1 hour' + interval '1 microsecond');
  assert pg_temp.stale('spec.past') like 'spec.past was due at % UTC and never started.', 'past it';
  assert (select a.since = v_now - interval '1 hour' - interval '1 microsecond' and a.threshold = 'PT1H' and a.severity = 'error'
    from public.vantage_sync_alert a where a.resource = 'spec.past'), 'since it was due, by the grace';

  perform pg_temp.due('spec.twice', interval '26 hours');
  perform pg_temp.due('spec.twice', interval '2 hours');
  assert (select a.since = v_now - interval '26 hours' from public.vantage_sync_alert a where a.resource = 'spec.twice'), 'the first of two that were missed';

  perform pg_temp.due('spec.early', interval '2 hours');
  update public.vantage_sync_state
  set last_sync_status = 'success', started_at = v_now - interval '150 minutes', completed_at = v_now - interval '149 minutes', last_sync_time = v_now - interval '149 minutes'
  where resource = 'spec.early';
  assert pg_temp.stale('spec.early') is null, 'a success that started so early counts';
  perform pg_temp.due('spec.soon', interval '2 hours');
  update public.vantage_sync_state
  set last_sync_status = 'success', started_at = v_now - interval '151 minutes', completed_at = v_now - interval '1 minute', last_sync_time = v_now - interval '1 minute'
  where resource = 'spec.soon';
  assert pg_temp.stale('spec.soon') = format('spec.soon was due at %s UTC and never started.', v_at), 'one that started sooner does not, whenever it was done';

  perform pg_temp.due('spec.run', interval '2 hours');
  perform public.start_vantage_sync('spec.run');
  update public.vantage_sync_state set started_at = v_now - interval '20 minutes' where resource = 'spec.run';
  assert pg_temp.stale('spec.run') = format('spec.run was due at %s UTC and has started, but is not done: it is running since %s UTC.',
    v_at, to_char((v_now - interval '20 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')), 'started, not done';
  perform public.fail_vantage_sync('spec.run', '[]');
  assert pg_temp.stale('spec.run') like 'spec.run was due at % UTC and has started, but is not done: the run failed at % UTC.', 'started, and failed';
  perform public.start_vantage_sync('spec.run');
  perform public.complete_vantage_sync('spec.run');
  assert pg_temp.stale('spec.run') is null, 'done at last';

  perform pg_temp.due('spec.late', interval '2 hours');
  update public.vantage_sync_state set last_sync_status = 'success', last_sync_time = v_now where resource = 'spec.late';
  assert pg_temp.stale('spec.late') is null, 'a success that psql writes counts';

  perform pg_temp.due('spec.skipped', interval '2 hours', 'Holiday');
  assert pg_temp.stale('spec.skipped') is null, 'a day that is skipped is not due';

  assert (select public.vantage_sync_alerts(s)::jsonb #>> '{0,detail}' from public.vantage_sync_state s where s.resource = 'spec.past') = pg_temp.stale('spec.past'),
    'by the same rule for a row in hand';
  assert pg_temp.stale('spec.blind') is null, 'where nobody plans, nothing is made up';
end
$$;

-- Nobody watched: what may have been reported then counts for nothing
do $$
begin
  perform pg_temp.due('spec.blind', interval '3 hours');
  update public.vantage_sync_setting set unwatched = tstzmultirange(tstzrange(
    statement_timestamp() - interval '3 hours', statement_timestamp() - interval '1 hour'));
end
$$;
do $$
begin
  assert pg_temp.stale('spec.blind') like 'spec.blind was due at % UTC and never started. Nobody watched from % to % UTC; a report may be missing.', 'an hour watched in vain';
  update public.vantage_sync_setting set unwatched = tstzmultirange(tstzrange(
    statement_timestamp() - interval '3 hours', statement_timestamp() - interval '1 hour' + interval '1 second'));
  assert pg_temp.stale('spec.blind') is null, 'not yet';
  update public.vantage_sync_setting set unwatched = default;
end
$$;

-- At an interval: so long after the start of the last success, or after the registration
do $$
declare
  v_now constant timestamptz := statement_timestamp();
begin
  insert into public.vantage_sync_state (resource, expect, created_at)
  values ('spec.every', '{"every": "1h", "grace": "15m"}', v_now - interval '75 minutes');
  assert pg_temp.stale('spec.every') is null, 'at the deadline';
  update public.vantage_sync_state set created_at = v_now - interval '75 minutes' - interval '1 microsecond' where resource = 'spec.every';
  assert pg_temp.stale('spec.every') like 'spec.every was due at % UTC and never started.', 'past it';
  perform public.start_vantage_sync('spec.every');
  assert pg_temp.stale('spec.every') like '%has started, but is not done%', 'started';
  perform public.complete_vantage_sync('spec.every');
  assert pg_temp.stale('spec.every') is null, 'done';
  assert (select array_agg(n.due_at - s.success_started_at order by n.due_at) = array[interval '1 hour', '2 hours', '3 hours']
      and bool_and(n.deadline - n.due_at = interval '15 minutes' and n.local like '%+00:00')
    from public.vantage_sync_next_due n join public.vantage_sync_state s on s.resource = n.resource where s.resource = 'spec.every'), 'the next three';
  assert not exists (select from public.vantage_sync_due u where u.resource = 'spec.every'), 'without rows of its own';
end
$$;

-- Days that are skipped
set local role service_role;

do $$
declare
  v_day date;
  v_before timestamptz;
begin
  insert into public.vantage_sync_state (resource, expect) values ('spec.days', '{"cron": "30 23 * * *", "time_zone": "America/New_York", "grace": "1h"}');
  select (min(n.due_at) at time zone 'America/New_York')::date into v_day from public.vantage_sync_next_due n where n.resource = 'spec.days';
  select s.updated_at into v_before from public.vantage_sync_state s where s.resource = 'spec.days';

  assert (public.skip_vantage_sync_day('spec.days', v_day, 'Thanksgiving')).reason = 'Thanksgiving', 'by the clocks of its time zone';
  assert (select count(*) = 1 and max(u.skipped) = 'Thanksgiving' from public.vantage_sync_due u where u.resource = 'spec.days' and u.skipped is not null), 'marked';
  assert (select min((n.due_at at time zone 'America/New_York')::date) from public.vantage_sync_next_due n where n.resource = 'spec.days') = v_day + 1, 'not due';
  assert (select s.updated_at > v_before from public.vantage_sync_state s where s.resource = 'spec.days'), 'another state';
  perform public.skip_vantage_sync_day('spec.days', v_day, 'A holiday');
  assert (select k.reason from public.vantage_sync_skipped_day k where k.resource = 'spec.days') = 'A holiday', 'another reason';
  perform public.skip_vantage_sync_day('spec.days', v_day + 100, 'Far ahead');

  update public.vantage_sync_state set expect = '{"cron": "0 22 * * *", "time_zone": "America/New_York", "grace": "1h"}' where resource = 'spec.days';
  assert (select count(*) from public.vantage_sync_due u where u.resource = 'spec.days' and u.skipped = 'A holiday') <= 1
    and not exists (select from public.vantage_sync_next_due n where n.resource = 'spec.days' and (n.due_at at time zone 'America/New_York')::date = v_day), 'by another cron as well';

  perform public.unskip_vantage_sync_day('spec.days', v_day);
  perform public.unskip_vantage_sync_day('spec.days', v_day);
  assert not exists (select from public.vantage_sync_due u where u.resource = 'spec.days' and u.skipped is not null), 'due again';

  assert pg_temp.rule('select public.skip_vantage_sync_day(''spec.nobody'', current_date, ''a'')') = 'sync-state-not-found', 'there is none';
  assert pg_temp.rule('select public.skip_vantage_sync_day(''accounts'', current_date, ''a'')') = 'no-calendar', 'no calendar';
  assert pg_temp.rule('select public.skip_vantage_sync_day(''spec.every'', current_date, ''a'')') = 'no-calendar', 'an interval is none';
  assert pg_temp.rule('select public.unskip_vantage_sync_day(''spec.every'', current_date)') = 'no-calendar', 'nor for this';
  assert pg_temp.rule('select public.skip_vantage_sync_day(''spec.days'', current_date, '' '')') = 'invalid-request', 'a reason';
  assert pg_temp.rule('select public.skip_vantage_sync_day(''spec.days'', null, ''a'')') = 'invalid-request', 'a day';
  assert pg_temp.rule('select public.skip_vantage_sync_day(''spec.days'', current_date + 3651, ''a'')') = 'invalid-request', 'not so far ahead';
  assert pg_temp.rule('insert into public.vantage_sync_due select * from public.vantage_sync_due') = '42501', 'nobody writes due times';
end
$$;

reset role;

-- What was due while nothing ran is planned afterwards; what is long past goes, but for the first that was missed
do $$
begin
  delete from public.vantage_sync_due where resource like 'spec.%';
  -- Half a day from now: a success shortly before a due time meets it.
  update public.vantage_sync_state set created_at = now() - interval '60 days', expect = jsonb_build_object(
    'cron', to_char(now() at time zone 'UTC' + interval '12 hours', '"0" FMHH24 "* * *"'), 'grace', '1h') where resource = 'spec.days';
  delete from public.vantage_sync_due where resource = 'spec.days';
  perform pg_temp.due('spec.days', interval '20 days');
  perform pg_temp.due('spec.days', interval '19 days');
  perform public.fill_vantage_sync_due();
end
$$;
do $$
begin
  assert (select count(*) from public.vantage_sync_due u where u.resource = 'spec.days' and u.due_at < now() - interval '8 days') = 1, 'the first';
  assert (select count(*) between 6 and 8 from public.vantage_sync_due u where u.resource = 'spec.days' and u.due_at between now() - interval '8 days' and now()), 'a week ago until now';
  assert (select count(*) >= 6 from public.vantage_sync_due u where u.resource = 'spec.days' and u.due_at > now()), 'and from now on';
  assert public.fill_vantage_sync_due() = 0, 'then there is nothing to plan';
end
$$;

-- An incident opens and closes by it
do $$
begin
  perform public.evaluate_vantage_alerts(10000);
  assert (select i.kinds = '{stale}' and i.severity = 'error' from public.vantage_incident i where i.resource = 'spec.days' and i.closed_at is null), 'opened';
  assert (select e.body ->> 'detail' like 'spec.days was due at % and never started.' and e.body ->> 'explanation' like '%Expected by the cron 0 % * * * in UTC, within 1 h 0 min: % UTC missed · %'
    from public.vantage_incident_event e join public.vantage_incident i on i.incident_id = e.incident_id
    where i.resource = 'spec.days'), 'and says why';
  perform public.start_vantage_sync('spec.days');
  perform public.complete_vantage_sync('spec.days');
  perform public.evaluate_vantage_alerts(10000);
  assert (select i.close_reason = 'recovered' from public.vantage_incident i where i.resource = 'spec.days'), 'closed';
  assert (select count(*) filter (where d ->> 'what' = 'to come') = 3 from jsonb_array_elements(public.explain_vantage_sync('spec.days')::jsonb -> 'due') as d), 'what is due next';
  assert public.explain_vantage_sync('spec.every') ->> 'text' like '%Expected every 1 h 0 min, within 15 min: % UTC to come.%', 'at an interval';
end
$$;

rollback;
