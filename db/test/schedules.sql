-- Schedules: what is one, when a resource is due by it, and what becomes of a due time that nobody met.

begin;

create function pg_temp.times(p_cron text, p_zone text, p_from date, p_days integer)
returns text
language sql
as $$
  select string_agg(to_char(t.at at time zone 'UTC', 'MM-DD HH24:MI'), ' ' order by t.at)
  from public.vantage_cron_times(p_cron, p_zone, p_from, p_days) as t (at)
$$;

create function pg_temp.errors(p_expect text)
returns text
language plpgsql
as $$
begin
  return (pg_temp.refusal(format('insert into public.vantage_sync_state (resource, expect) values (''spec.refused'', %L)', p_expect))
    ->> 'detail')::jsonb #>> '{errors}';
end
$$;

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

-- Both days on which clocks change: what they skip is as much later, what they show twice is due once
do $$
begin
  assert pg_temp.times('30 2 * * *', 'Europe/Paris', '2027-03-27', 3) = '03-27 01:30 03-28 01:30 03-29 00:30', 'Paris, in spring';
  assert pg_temp.times('0,30 2,3 * * *', 'Europe/Paris', '2027-03-28', 1) = '03-28 01:00 03-28 01:30', 'two that become one are one';
  assert pg_temp.times('30 2 * * *', 'Europe/Paris', '2026-10-24', 3) = '10-24 00:30 10-25 00:30 10-26 01:30', 'Paris, in autumn';
  assert pg_temp.times('30 2 * * *', 'America/New_York', '2027-03-13', 3) = '03-13 07:30 03-14 07:30 03-15 06:30', 'New York, in spring';
  assert pg_temp.times('30 1 * * *', 'America/New_York', '2026-10-31', 3) = '10-31 05:30 11-01 05:30 11-02 06:30', 'New York, in autumn';
  assert pg_temp.times('0 0 * * *', 'Africa/Cairo', '2026-04-23', 3) = '04-22 22:00 04-23 22:00 04-24 21:00', 'Cairo has no midnight';
  assert pg_temp.times('30 23 * * *', 'Africa/Cairo', '2026-10-28', 3) = '10-28 20:30 10-29 20:30 10-30 21:30', 'Cairo, in autumn';
  assert pg_temp.times('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03', 3) = '10-02 15:45 10-03 15:45 10-04 15:15', 'Lord Howe, by half an hour';
  assert pg_temp.times('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04', 3) = '04-03 14:45 04-04 14:45 04-05 15:15', 'and back';
  assert pg_temp.times('0 5 * * MON-FRI', 'Europe/Paris', '2026-11-27', 4) = '11-27 04:00 11-30 04:00', 'not over a weekend';
  assert pg_temp.times('0 5 * * 7', 'UTC', '2026-11-27', 4) = '11-29 05:00', 'Sunday is 7';
  assert pg_temp.times('0 5 * * 0', 'UTC', '2026-11-27', 4) = '11-29 05:00', 'and 0';
  assert pg_temp.times('0 5 * * SUN-TUE', 'UTC', '2026-11-27', 4) = '11-29 05:00 11-30 05:00', 'and before Monday';
  assert pg_temp.times('5-59/25 */12 1 JAN,jul *', 'UTC', '2027-01-01', 40) = '01-01 00:05 01-01 00:30 01-01 00:55 01-01 12:05 01-01 12:30 01-01 12:55', 'lists, ranges, steps, names';
end
$$;

-- The shortest time between two of them
do $$
declare
  v_case record;
begin
  for v_case in
    select * from (values
      ('* * * * *', interval '1 minute'), ('0 5 * * MON-FRI', '24 hours'), ('0 5,6 * * *', '1 hour'), ('30 0,23 * * *', '1 hour'),
      ('0 5 28,1 * *', '24 hours'), ('0 5 * * MON', '168 hours'), ('0 0 29 2 *', '35064 hours'), ('0 0 1 1 *', '8760 hours')) as c (cron, gap)
  loop
    assert public.vantage_cron_gap(v_case.cron) = v_case.gap, format('%s: %s', v_case.cron, public.vantage_cron_gap(v_case.cron));
  end loop;
end
$$;

-- What is no schedule, and what to do about it
do $$
declare
  v_case record;
begin
  for v_case in
    select * from (values
      ('7', '#/expect', 'either cron or every'),
      ('{}', '#/expect', 'either cron or every'),
      ('{"cron": "0 5 * * *", "every": "1h", "grace": "1h"}', '#/expect', 'either cron or every'),
      ('{"cron": "daily", "grace": "1h"}', '#/expect/cron', 'five fields'),
      ('{"cron": "@daily", "grace": "1h"}', '#/expect/cron', 'five fields'),
      ('{"cron": "0 0 5 * * *", "grace": "1h"}', '#/expect/cron', 'five fields'),
      ('{"cron": 5, "grace": "1h"}', '#/expect/cron', 'five fields'),
      ('{"cron": "", "grace": "1h"}', '#/expect/cron', 'five fields'),
      ('{"cron": "60 5 * * *", "grace": "1h"}', '#/expect/cron', '0 to 59'),
      ('{"cron": "0 24 * * *", "grace": "1h"}', '#/expect/cron', '0 to 23'),
      ('{"cron": "0 5 32 * *", "grace": "1h"}', '#/expect/cron', '1 to 31'),
      ('{"cron": "0 5 * MAYBE *", "grace": "1h"}', '#/expect/cron', 'JAN to DEC'),
      ('{"cron": "0 5 * * FRI-MON", "grace": "1h"}', '#/expect/cron', 'MON to SUN'),
      ('{"cron": "0 5 * * */2", "grace": "1h"}', '#/expect/cron', 'MON to SUN'),
      ('{"cron": "*/0 5 * * *", "grace": "1h"}', '#/expect/cron', '0 to 59'),
      ('{"cron": "9-5 5 * * *", "grace": "1h"}', '#/expect/cron', '0 to 59'),
      ('{"cron": "0 5 31 2,4,6 *", "grace": "1h"}', '#/expect/cron', 'never fires'),
      ('{"cron": "0 5 1 * MON", "grace": "1h"}', '#/expect/cron', 'both the day of the month and the day of the week'),
      ('{"cron": "0 5 * * *", "time_zone": "Europe/Pari", "grace": "1h"}', '#/expect/time_zone', 'IANA'),
      ('{"cron": "0 5 * * *", "time_zone": "CEST", "grace": "1h"}', '#/expect/time_zone', 'IANA'),
      ('{"cron": "0 5 * * *", "time_zone": "Foo/Bar5", "grace": "1h"}', '#/expect/time_zone', 'IANA'),
      ('{"cron": "0 5 * * *", "time_zone": "+02:00", "grace": "1h"}', '#/expect/time_zone', 'IANA'),
      ('{"cron": "0 5 * * *", "time_zone": 2, "grace": "1h"}', '#/expect/time_zone', 'IANA'),
      ('{"cron": "0 5 * * *"}', '#/expect/grace', 'for example PT30M'),
      ('{"cron": "0 5 * * *", "grace": "P1M"}', '#/expect/grace', 'for example PT30M'),
      ('{"cron": "0 5 * * *", "grace": "-1h"}', '#/expect/grace', 'for example PT30M'),
      ('{"cron": "0 5 * * *", "grace": "0s"}', '#/expect/grace', 'PT1S or longer'),
      ('{"cron": "0 * * * *", "grace": "PT61M"}', '#/expect/grace', '1 h 0 min at the shortest'),
      ('{"every": "1h", "grace": "2h"}', '#/expect/grace', '1 h 0 min at the shortest'),
      ('{"every": "59s", "grace": "1s"}', '#/expect/every', 'from PT1M to P3650D'),
      ('{"every": "3651d", "grace": "1s"}', '#/expect/every', 'from PT1M to P3650D'),
      ('{"every": "often", "grace": "1s"}', '#/expect/every', 'for example PT30M'),
      ('{"every": "1h", "grace": "1m", "time_zone": "UTC"}', '#/expect/time_zone', 'belongs to a cron'),
      ('{"every": "1h", "grace": "1m", "a/b": 1}', '#/expect/a~1b', 'expected one of every, grace')) as c (expect, pointer, said)
  loop
    assert pg_temp.errors(v_case.expect)::jsonb #>> '{0,pointer}' = v_case.pointer
      and pg_temp.errors(v_case.expect)::jsonb #>> '{0,detail}' like '%' || v_case.said || '%', format('%s: %s', v_case.expect, pg_temp.errors(v_case.expect));
  end loop;

  assert pg_temp.refusal('insert into public.vantage_sync_state (resource, expect) values (''spec.refused'', ''{}'')')
    @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', 'as a problem';
  assert jsonb_array_length(pg_temp.errors('{"cron": "x", "time_zone": "x", "grace": "x", "x": 1}')::jsonb) = 4, 'all that is wrong at once';
end
$$;

-- Whoever writes the state writes its schedule, which takes effect at once
set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
begin
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
  update public.vantage_sync_state set created_at = now() - interval '60 days', expect = '{"cron": "0 5 * * *", "grace": "1h"}' where resource = 'spec.days';
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
  assert (select e.body ->> 'detail' like 'spec.days was due at % and never started.' and e.body ->> 'explanation' like '%Expected by the cron 0 5 * * * in UTC, within 1 h 0 min: % UTC missed · %'
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
