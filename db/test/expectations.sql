-- What is expected: when a cron fires in a time zone, and what is no schedule.

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
  return (pg_temp.refusal(format('select public.vantage_sync_expectation(%L)', p_expect)) ->> 'detail')::jsonb #>> '{errors}';
end
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

  assert pg_temp.refusal('select public.vantage_sync_expectation(''{}'')') @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', 'as a problem';
  assert jsonb_array_length(pg_temp.errors('{"cron": "x", "time_zone": "x", "grace": "x", "x": 1}')::jsonb) = 4, 'all that is wrong at once';
end
$$;

rollback;
