-- What is expected of a resource: a success by a calendar ({"cron", "time_zone", "grace"}) or at an interval ({"every",
-- "grace"}). How either is read, what is none and why, and when a cron fires.
-- Undone by ../rollback/20261130090000_vantage_expectation_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Calendars
-- ---------------------------------------------------------------------------------------------------------------
-- Here rather than in a library of the service, so that a schedule that psql or PostgREST writes is refused, or takes effect,
-- with the statement that writes it. The tests hold it to Spring's CronExpression.

create or replace function public.vantage_cron_field(p_field text, p_min integer, p_max integer, p_names text[])
returns integer[]
language plpgsql
immutable
security invoker
set search_path = ''
as $$
declare
  v_item text;
  v_part text[];
  v_from integer;
  v_to integer;
  v_step integer;
  v_values integer[] := '{}';
begin
  foreach v_item in array string_to_array(upper(p_field), ',') loop
    -- A star, a number or a name, or a range of these; and every how many of them.
    v_part := regexp_match(v_item, '^(?:(\*)|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:/([0-9]{1,3}))?$');
    v_from := case
      when v_part[1] is not null then p_min
      when v_part[2] ~ '[0-9]' then v_part[2]::integer
      else array_position(p_names, v_part[2])
    end;
    v_to := case
      when v_part[1] is not null or v_part[3] is null and v_part[4] is not null then p_max
      when v_part[3] is null then v_from
      when v_part[3] ~ '[0-9]' then v_part[3]::integer
      else array_position(p_names, v_part[3])
    end;
    v_step := coalesce(v_part[4]::integer, 1);

    -- Sunday is 0 and 7: as a beginning it comes before Monday.
    if p_max = 7 and v_from = 7 and v_to < 7 then
      v_from := 0;
    end if;

    -- Steps through all days of the week begin with Sunday for some programs, with Monday for others.
    if (v_from between p_min and p_max and v_to between v_from and p_max and v_step > 0) is not true
      or p_max = 7 and v_step > 1 and v_part[3] is null then
      return null;
    end if;

    v_values := v_values || array(select generate_series(v_from, v_to, v_step));
  end loop;

  return array(select distinct case p_max when 7 then x.value % 7 else x.value end from unnest(v_values) as x (value) order by 1);
end
$$;

comment on function public.vantage_cron_field(text, integer, integer, text[]) is
  'The values of one field of a cron expression, in order; null where it is none.';

create or replace function public.vantage_cron_fields(p_cron text)
returns table (minutes integer[], hours integer[], days integer[], months integer[], weekdays integer[])
language sql
immutable
security invoker
set search_path = ''
as $$
  select
    public.vantage_cron_field(f.field[1], 0, 59, '{}'),
    public.vantage_cron_field(f.field[2], 0, 23, '{}'),
    public.vantage_cron_field(f.field[3], 1, 31, '{}'),
    public.vantage_cron_field(f.field[4], 1, 12, '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}'),
    public.vantage_cron_field(f.field[5], 0, 7, '{MON,TUE,WED,THU,FRI,SAT,SUN}')
  from (select string_to_array(p_cron, ' ') as field) as f
  where cardinality(f.field) = 5
$$;

comment on function public.vantage_cron_fields(text) is
  'The values of the five fields of a cron expression, null for one that is none; no row where there are not five.';

create or replace function public.vantage_cron_days(p_cron text, p_from date, p_days integer)
returns setof date
language sql
immutable
security invoker
set search_path = ''
as $$
  select p_from + n.day
  from public.vantage_cron_fields(p_cron) as f
  cross join generate_series(0, p_days - 1) as n (day)
  where extract(month from p_from + n.day)::integer = any (f.months)
    and extract(day from p_from + n.day)::integer = any (f.days)
    and extract(dow from p_from + n.day)::integer = any (f.weekdays)
$$;

comment on function public.vantage_cron_days(text, date, integer) is
  'The days among so many on which a cron expression fires.';

create or replace function public.vantage_cron_minutes(p_cron text)
returns integer[]
language sql
immutable
security invoker
set search_path = ''
as $$
  select array_agg(60 * h.hour + m.minute order by h.hour, m.minute)
  from public.vantage_cron_fields(p_cron) as f
  cross join unnest(f.hours) as h (hour)
  cross join unnest(f.minutes) as m (minute)
$$;

comment on function public.vantage_cron_minutes(text) is
  'At which minutes of such a day it fires, in order.';

-- A time that the clocks skip is as much later, as PostgreSQL has it; of one that they show twice it is the first. Two that
-- become one are one.
create or replace function public.vantage_cron_times(p_cron text, p_time_zone text, p_from date, p_days integer)
returns setof timestamptz
language sql
stable
security invoker
set search_path = ''
as $$
  select distinct case when e.earlier < l.later and e.earlier at time zone p_time_zone = w.wall then e.earlier else l.later end
  from public.vantage_cron_days(p_cron, p_from, p_days) as d (day)
  cross join unnest(public.vantage_cron_minutes(p_cron)) as m (minute)
  cross join lateral (select d.day + make_interval(mins => m.minute) as wall) as w
  cross join lateral (select w.wall at time zone p_time_zone as later) as l
  cross join lateral (select l.later - interval '3 hours' as before) as b
  cross join lateral (
    select (w.wall - ((b.before at time zone p_time_zone) - (b.before at time zone 'UTC'))) at time zone 'UTC' as earlier
  ) as e
$$;

comment on function public.vantage_cron_times(text, text, date, integer) is
  'When a cron expression fires in a time zone on so many days, in no order.';

create or replace function public.vantage_cron_gap(p_cron text)
returns interval
language sql
immutable
security invoker
set search_path = ''
as $$
  select least(
    (
      select min(g.minutes)
      from (select m.minute - lag(m.minute) over (order by m.minute) as minutes from unnest(t.minutes) as m (minute)) as g
    ),
    (
      select 1440 * min(g.days)
      from (select c.day - lag(c.day) over (order by c.day) as days from public.vantage_cron_days(p_cron, '2025-01-01', t.days) as c (day)) as g
    ) + t.minutes[1] - t.minutes[cardinality(t.minutes)]) * interval '1 minute'
  from (
    select
      public.vantage_cron_minutes(p_cron) as minutes,
      -- Two weeks show all that weekdays alone decide, eight years every month of every length.
      case when cardinality(f.days) = 31 and cardinality(f.months) = 12 then 15 else 3000 end as days
    from public.vantage_cron_fields(p_cron) as f
    offset 0
  ) as t
$$;

comment on function public.vantage_cron_gap(text) is
  'The shortest time from one due time to the next, but for changes of the clocks.';

-- ---------------------------------------------------------------------------------------------------------------
-- What is expected
-- ---------------------------------------------------------------------------------------------------------------

-- Digits that no length of ten years needs are no length.
create or replace function public.vantage_time_length_of(p_text text)
returns interval
language sql
immutable
security invoker
set search_path = ''
as $$
  select case
    when p_text ~* '^[0-9]{1,9}[smhd]$' then
      left(p_text, -1)::double precision * case lower(right(p_text, 1))
        when 's' then interval '1 second' when 'm' then interval '1 minute' when 'h' then interval '1 hour' else interval '24 hours'
      end
    when p_text ~ '^P(?=.)([0-9]{1,6}W)?([0-9]{1,9}D)?(T(?=.)([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}([.][0-9]{1,6})?S)?)?$' then
      extract(epoch from p_text::interval)::double precision * interval '1 second'
  end
$$;

comment on function public.vantage_time_length_of(text) is
  'The length of time that a text says, as a number and a unit or as an ISO 8601 duration; null where it says none.';

create or replace function public.vantage_sync_expectation(p_expect jsonb)
returns jsonb
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  v_length constant text := 'must be a number with one of the units s, m, h and d, for example 30m, or an ISO 8601 duration, for example PT30M';
  v_cron text;
  v_zone text;
  v_grace interval := public.vantage_time_length_of(p_expect ->> 'grace');
  v_every interval := public.vantage_time_length_of(p_expect ->> 'every');
  v_gap interval;
  v_key text;
  v_errors jsonb := '[]';
begin
  if p_expect is null or jsonb_typeof(p_expect) = 'null' then
    return null;
  end if;

  if jsonb_typeof(p_expect) <> 'object' or p_expect ? 'cron' = p_expect ? 'every' then
    perform public.refuse_vantage_sync_expectation(jsonb_build_array(jsonb_build_object('pointer', '#/expect', 'detail',
      'must be an object with either cron or every, or null')));
  end if;

  for v_key in select k.key from jsonb_object_keys(p_expect) as k (key) order by 1 loop
    if v_key not in ('cron', 'every', 'grace') and not (v_key = 'time_zone' and p_expect ? 'cron') then
      v_errors := v_errors || jsonb_build_object('pointer', '#/expect/' || replace(replace(left(v_key, 100), '~', '~0'), '/', '~1'), 'detail', case v_key
        when 'time_zone' then 'belongs to a cron; an interval is as long in every time zone'
        else format('is unknown; expected one of %s', case when p_expect ? 'cron' then 'cron, time_zone, grace' else 'every, grace' end)
      end);
    end if;
  end loop;

  if p_expect ? 'cron' then
    v_cron := btrim(regexp_replace(p_expect ->> 'cron', '[ \t]+', ' ', 'g'));
    v_zone := coalesce(p_expect ->> 'time_zone', 'UTC');

    v_errors := v_errors || coalesce((
      select jsonb_build_object('pointer', '#/expect/cron', 'detail', w.wrong)
      from (select 1) as one
      left join lateral public.vantage_cron_fields(v_cron) as f on true
      left join lateral (
        select bool_or(f.days[1] <= case m.month when 2 then 29 when 4 then 30 when 6 then 30 when 9 then 30 when 11 then 30 else 31 end) as fires
        from unnest(f.months) as m (month)
      ) as l on true
      cross join lateral (
        select case
          when jsonb_typeof(p_expect -> 'cron') <> 'string' or length(v_cron) > 200 or f.minutes is null and f.hours is null and f.days is null then
            'must have five fields: minute, hour, day of the month, month and day of the week, for example 0 5 * * MON-FRI'
          when f.minutes is null then 'has a minute that is not valid; expected 0 to 59, *, ranges such as 0-29, lists such as 0,30 or steps such as */15'
          when f.hours is null then 'has an hour that is not valid; expected 0 to 23, *, ranges such as 8-18, lists such as 5,17 or steps such as */6'
          when f.days is null then 'has a day of the month that is not valid; expected 1 to 31, *, ranges such as 1-7, lists such as 1,15 or steps such as */2'
          when f.months is null then 'has a month that is not valid; expected 1 to 12 or JAN to DEC, *, ranges, lists or steps'
          when f.weekdays is null then 'has a day of the week that is not valid; expected 0 to 7 (0 and 7 are Sunday) or MON to SUN, *, ranges such as MON-FRI or lists such as TUE,THU'
          when split_part(v_cron, ' ', 3) <> '*' and split_part(v_cron, ' ', 5) <> '*' then
            'must not restrict both the day of the month and the day of the week, which programs read differently: set one of them to *'
          when l.fires is not true then 'never fires: its months do not have that day'
        end as wrong
      ) as w
      where w.wrong is not null
    ), '[]');

    if jsonb_typeof(p_expect -> 'time_zone') not in ('string', 'null') or not public.is_vantage_time_zone(v_zone) then
      v_errors := v_errors || jsonb_build_object('pointer', '#/expect/time_zone', 'detail',
        'must be a name of the IANA time zone database, for example Europe/Paris or UTC');
    end if;
  elsif jsonb_typeof(p_expect -> 'every') <> 'string' or v_every is null then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/every', 'detail', v_length);
  elsif v_every < interval '1 minute' or v_every > interval '87600 hours' then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/every', 'detail', 'must be from PT1M to P3650D');
  end if;

  if jsonb_typeof(p_expect -> 'grace') is distinct from 'string' or v_grace is null then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/grace', 'detail', v_length);
  elsif v_grace < interval '1 second' then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/grace', 'detail', 'must be PT1S or longer');
  elsif v_errors = '[]' then
    v_gap := coalesce(v_every, public.vantage_cron_gap(v_cron));

    if v_grace > v_gap then
      v_errors := v_errors || jsonb_build_object('pointer', '#/expect/grace', 'detail',
        format('must not be longer than the time from one due time to the next, which is %s at the shortest', public.vantage_time_length(v_gap)));
    end if;
  end if;

  if v_errors <> '[]' then
    perform public.refuse_vantage_sync_expectation(v_errors);
  end if;

  -- As durations that every reader understands.
  return (
    select jsonb_object_agg(k.key, k.value)
    from (values
      ('cron', v_cron),
      ('time_zone', v_zone),
      ('every', case when p_expect ? 'every' then public.vantage_duration_text(p_expect ->> 'every') end),
      ('grace', public.vantage_duration_text(p_expect ->> 'grace'))
    ) as k (key, value)
    where k.value is not null
  );
end
$$;

comment on function public.vantage_sync_expectation(jsonb) is
  'What is expected of a resource, as it is stored; null for nothing. Refuses with PT400 invalid-request what is no schedule.';

create or replace function public.vantage_duration_text(p_text text)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select case
    when p_text !~* '^[0-9]+[smhd]$' then p_text
    when upper(right(p_text, 1)) = 'D' then 'P' || upper(p_text)
    else 'PT' || upper(p_text)
  end
$$;

comment on function public.vantage_duration_text(text) is
  'A number and a unit as an ISO 8601 duration, which any other text is already.';

-- Only names of places, UTC and what shifts it: PostgreSQL takes abbreviations for time zones as well, which have no summer,
-- and texts such as Foo5 for five hours.
create or replace function public.is_vantage_time_zone(p_time_zone text)
returns boolean
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  if p_time_zone !~ '^([A-Za-z_]+(/[A-Za-z_-]+){1,2}|Etc/GMT[+-]([0-9]|1[0-4])|UTC|GMT)$' then
    return false;
  end if;

  perform statement_timestamp() at time zone p_time_zone;

  return true;
exception when invalid_parameter_value then
  return false;
end
$$;

comment on function public.is_vantage_time_zone(text) is
  'Whether it is a time zone by the name of a place, or UTC.';

create or replace function public.refuse_vantage_sync_expectation(p_errors jsonb)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT400',
    constraint = 'invalid-request',
    message = 'The schedule is not valid',
    detail = jsonb_build_object('errors', p_errors)::text,
    hint = 'Say when a success is expected: {"cron": "0 5 * * MON-FRI", "time_zone": "Europe/Paris", "grace": "PT1H"} or {"every": "PT1H", "grace": "PT15M"}';
end
$$;

comment on function public.refuse_vantage_sync_expectation(jsonb) is
  'Refuses a schedule with PT400 invalid-request.';

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

revoke all on function
  public.vantage_cron_field(text, integer, integer, text[]),
  public.vantage_cron_fields(text),
  public.vantage_cron_days(text, date, integer),
  public.vantage_cron_minutes(text),
  public.vantage_cron_times(text, text, date, integer),
  public.vantage_cron_gap(text),
  public.vantage_time_length_of(text),
  public.vantage_sync_expectation(jsonb),
  public.vantage_duration_text(text),
  public.is_vantage_time_zone(text),
  public.refuse_vantage_sync_expectation(jsonb)
from public, anon, authenticated, service_role;

reset client_min_messages;
