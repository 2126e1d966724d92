-- vantage_sync_run: every attempt to sync a resource, so that retries, overlaps and crashes cannot corrupt the picture.
--
-- A run is one attempt. Its id is the idempotency key and the fencing token of start_vantage_sync,
-- progress_vantage_sync, complete_vantage_sync and fail_vantage_sync; who leaves it out gets what he got before.
-- Calls and statements written for 20251105132840_vantage_sync_state.sql work unchanged.
-- Undone by ../rollback/20261122090000_vantage_sync_run_rollback.sql.
--
-- How the two tables agree: a lifecycle call, or anybody's insert or update of vantage_sync_state, writes the state
-- alone. One trigger before that write names the run it belongs to, one after it writes the run. So there is one place
-- where history is made, a direct write cannot bypass it, and a state costs no second statement to keep honest.
-- Direct writes to vantage_sync_run are held to the state by a third trigger.

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

-- Progress is one jsonb column, not three: it is selected, streamed and shown under the name and in the shape of the
-- contract, and null says that there is none. It is some 70 bytes, rewritten in place (HOT) by each heartbeat.
alter table public.vantage_sync_state
  add column run_id uuid,
  add column watermark timestamptz,
  add column progress jsonb;

comment on column public.vantage_sync_state.run_id is
  'The latest run, a row of vantage_sync_run; null while there has been none.';
comment on column public.vantage_sync_state.watermark is
  'What to pass to the source as "modified since" next time: of the last successful sync, its caller''s watermark or else its start. Null means a full sync.';
comment on column public.vantage_sync_state.progress is
  'Of the running run: {"records", "total", "at"}, at being its last sign of life; null where there is none, and while nothing runs.';

create table public.vantage_sync_run (
  run_id uuid not null,
  resource text collate "C" not null,
  status text not null,
  started_at timestamptz not null,
  completed_at timestamptz,
  duration_ms integer,
  records_synced integer not null default 0,
  records_created integer not null default 0,
  records_updated integer not null default 0,
  errors jsonb not null default '[]',
  watermark timestamptz,
  progress jsonb,
  superseded_by uuid,

  constraint vantage_sync_run_pkey primary key (run_id),

  -- A resource takes its history along when it is renamed or deleted.
  constraint vantage_sync_run_resource_fkey
    foreign key (resource) references public.vantage_sync_state (resource) on update cascade on delete cascade,

  constraint vantage_sync_run_status_known
    check (status in ('running', 'success', 'failed', 'abandoned')),

  constraint vantage_sync_run_counts_not_negative
    check (records_synced >= 0 and records_created >= 0 and records_updated >= 0),

  -- Only a failure has errors to tell.
  constraint vantage_sync_run_errors_of_failed
    check (jsonb_typeof(errors) = 'array' and (status = 'failed' or errors = '[]')),

  -- A run has an end and a duration exactly when it no longer runs.
  constraint vantage_sync_run_running_is_open
    check ((status = 'running') = (completed_at is null) and (completed_at is null) = (duration_ms is null)),

  constraint vantage_sync_run_ends_after_start
    check (completed_at >= started_at),

  constraint vantage_sync_run_duration_not_negative
    check (duration_ms >= 0),

  -- A run is abandoned because another took over, and that one is known.
  constraint vantage_sync_run_abandoned_is_superseded
    check ((status = 'abandoned') = (superseded_by is not null) and superseded_by <> run_id),

  -- Only what was copied to the end tells where to go on from.
  constraint vantage_sync_run_watermark_of_success
    check (watermark is null or status = 'success'),

  -- {"records", "total", "at"}: whole numbers or null, records within total, a time in UTC.
  constraint vantage_sync_run_progress_valid
    check (progress is null or jsonb_path_match(progress, 'strict
      exists($.records) && exists($.total) && !exists($.keyvalue().key ? (@ != "records" && @ != "total" && @ != "at"))
      && ($.records == null || $.records >= 0 && $.records <= 2147483647 && $.records.floor() == $.records)
      && ($.total == null || $.total >= 0 && $.total <= 2147483647 && $.total.floor() == $.total)
      && ($.records == null || $.total == null || $.records <= $.total)
      && $.at like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$"
    ', silent => true) is true),

  -- 'infinity' is no time at which anything happened, and JSON cannot say it.
  constraint vantage_sync_run_times_finite
    check (isfinite(started_at) and isfinite(completed_at) and isfinite(watermark))
);

comment on table public.vantage_sync_run is
  'One row a run, an attempt to sync a resource. The state carries the latest; old ones go with delete_old_vantage_sync_runs.';
comment on column public.vantage_sync_run.run_id is
  'Given by the caller at start, or made up then.';
comment on column public.vantage_sync_run.resource is
  'What is copied, a row of vantage_sync_state.';
comment on column public.vantage_sync_run.status is
  'running, success, failed or abandoned (another run took over).';
comment on column public.vantage_sync_run.started_at is
  'When it started; later than every earlier run of the resource.';
comment on column public.vantage_sync_run.completed_at is
  'When it ended, or was taken over; null while it runs.';
comment on column public.vantage_sync_run.duration_ms is
  'How long it took, in milliseconds, held at 2147483647; null while it runs.';
comment on column public.vantage_sync_run.records_synced is
  'Records processed, as told at its end.';
comment on column public.vantage_sync_run.records_created is
  'Records created, as told at its end.';
comment on column public.vantage_sync_run.records_updated is
  'Records updated, as told at its end.';
comment on column public.vantage_sync_run.errors is
  'Why it failed, as in vantage_sync_state; empty otherwise.';
comment on column public.vantage_sync_run.watermark is
  'Where the next run could go on from when this one had succeeded; null unless it has.';
comment on column public.vantage_sync_run.progress is
  'Its last {"records", "total", "at"}, kept when it ends; null where it never told any.';
comment on column public.vantage_sync_run.superseded_by is
  'Of an abandoned run: the run that took over.';

-- ---------------------------------------------------------------------------------------------------------------
-- Indexes
-- ---------------------------------------------------------------------------------------------------------------

-- The history of a resource, newest first. Unique, so a page ends at one run and the next begins after it.
create unique index vantage_sync_run_history_idx on public.vantage_sync_run (resource, started_at desc);

-- A resource never has two running runs.
create unique index vantage_sync_run_one_running_idx on public.vantage_sync_run (resource) where status = 'running';

-- Status, time and duration were indexed on the state, whose every write changes all three: each then had to write
-- every index of the table anew (0 % HOT updates instead of 99.9 %). 10,000 states are read whole in milliseconds, so the three
-- move to the history, where there is much to find and where a run enters them once, when it ends.
-- Measured in ../docs/20251105132840_vantage_sync_state_DOCUMENTATION.md, "Write amplification".
-- Not concurrently: the table is locked already by the columns it was given, and the whole migration is one transaction.
-- squawk-ignore require-concurrent-index-deletion
drop index public.vantage_sync_state_last_sync_status_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index public.vantage_sync_state_last_sync_time_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index public.vantage_sync_state_duration_ms_idx;

create index vantage_sync_run_status_idx on public.vantage_sync_run (status, completed_at)
where status in ('failed', 'abandoned');
create index vantage_sync_run_completed_at_idx on public.vantage_sync_run (completed_at)
where completed_at is not null;
create index vantage_sync_run_duration_ms_idx on public.vantage_sync_run (duration_ms)
where duration_ms is not null;

-- Half of each page stays free for the next versions of its rows, which so need no new index entry.
alter table public.vantage_sync_state set (fillfactor = 50);

-- ---------------------------------------------------------------------------------------------------------------
-- Triggers
-- ---------------------------------------------------------------------------------------------------------------

create function public.set_vantage_sync_run()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_at timestamptz;
  v_is_late boolean := true;
begin
  if new.last_sync_status = 'never_run' then
    -- Set back by hand: to one who has never run, the next sync is a full one, unless he is told otherwise.
    if old.run_id is not null and new.watermark = old.watermark then
      new.watermark := null;
    end if;

    new.run_id := null;
    new.progress := null;

    return new;
  end if;

  if tg_op = 'INSERT' then
    new.run_id := coalesce(new.run_id, gen_random_uuid());
  else
    -- Written by hand, as the original allows: a sync that begins, or one that began later, is another run.
    if new.run_id is null or new.run_id = old.run_id then
      if old.run_id is null
        or (new.last_sync_status = 'running' and old.last_sync_status <> 'running')
        or new.started_at > old.started_at then
        new.run_id := gen_random_uuid();

        if new.last_sync_status = 'running' and new.started_at = old.started_at then
          new.started_at := greatest(clock_timestamp(), old.completed_at, old.started_at + interval '1 microsecond');
        end if;
      else
        new.run_id := old.run_id;
      end if;
    end if;

    -- The history is told in the order of started_at, and its last run is the one that the state tells of.
    if new.run_id <> old.run_id then
      v_is_late := new.started_at > old.started_at;
    elsif new.started_at < old.started_at then
      v_is_late := not exists (
        select
        from public.vantage_sync_run r
        where r.resource = old.resource and r.started_at >= new.started_at and r.run_id <> new.run_id
      );
    end if;

    if not v_is_late then
      raise exception using
        errcode = 'check_violation',
        schema = tg_table_schema,
        table = tg_table_name,
        column = 'started_at',
        constraint = 'vantage_sync_state_starts_after_last_run',
        message = format('The latest run of %s cannot start before an earlier one', new.resource),
        hint = 'Write a later started_at, or delete the earlier runs from vantage_sync_run first';
    end if;
  end if;

  if new.last_sync_status = 'running' then
    -- A time that cannot be read is refused here, and not by the start that must tell whether this run is stuck.
    v_at := (new.progress ->> 'at')::timestamptz;
  else
    new.started_at := coalesce(
      new.started_at,
      new.completed_at,
      case when new.last_sync_status = 'success' then new.last_sync_time end,
      clock_timestamp());
    new.completed_at := coalesce(
      new.completed_at,
      case when new.last_sync_status = 'success' and new.last_sync_time >= new.started_at then new.last_sync_time end,
      greatest(clock_timestamp(), new.started_at));
    new.progress := null;

    if new.duration_ms is null and new.completed_at >= new.started_at
      and isfinite(new.started_at) and isfinite(new.completed_at) then
      new.duration_ms := public.vantage_sync_duration_ms(new.started_at, new.completed_at);
    end if;
  end if;

  return new;
end
$$;

comment on function public.set_vantage_sync_run() is
  'Names the run that a written state belongs to, and fills in what a direct write of an ended sync left out.';

create trigger vantage_sync_state_set_run
before insert or update on public.vantage_sync_state
for each row execute function public.set_vantage_sync_run();

create function public.refuse_used_vantage_run(p_resource text, p_run_id uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_run public.vantage_sync_run;
begin
  select r.*
  into v_run
  from public.vantage_sync_run r
  where r.run_id = p_run_id;

  if v_run.resource <> p_resource then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = format('Run %s belongs to another resource', p_run_id),
      detail = jsonb_build_object(
        'resource', p_resource,
        'run_id', p_run_id,
        'errors', jsonb_build_array(jsonb_build_object(
          'pointer', '#/run_id', 'detail', 'is the id of a run of another resource')))::text,
      hint = 'Make a new run id for each run';
  end if;

  if v_run.status <> 'running' then
    raise exception using
      errcode = 'PT409',
      constraint = 'run-already-finished',
      message = format('Run %s of %s has ended as %s at %s',
        p_run_id, p_resource, v_run.status, public.vantage_sync_time_text(v_run.completed_at)),
      detail = jsonb_strip_nulls(jsonb_build_object(
        'resource', p_resource,
        'run_id', p_run_id,
        'since', public.vantage_sync_time_text(v_run.completed_at),
        'superseded_by', v_run.superseded_by))::text,
      hint = 'Start with a new run id, or with none';
  end if;
end
$$;

comment on function public.refuse_used_vantage_run(text, uuid) is
  'Refuses to begin a run under an id that was used before, with PT409 run-already-finished, or PT400 invalid-request where it was used on another resource.';

create function public.write_vantage_sync_run()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and old.run_id = new.run_id then
    update public.vantage_sync_run r
    set status = new.last_sync_status,
        started_at = new.started_at,
        completed_at = new.completed_at,
        duration_ms = new.duration_ms,
        records_synced = case new.last_sync_status when 'success' then new.records_synced else r.records_synced end,
        records_created = case new.last_sync_status when 'success' then new.records_created else r.records_created end,
        records_updated = case new.last_sync_status when 'success' then new.records_updated else r.records_updated end,
        errors = case new.last_sync_status when 'failed' then new.errors else '[]' end,
        -- What a run had reached stays true when somebody sets the state's watermark back for a full sync.
        watermark = case new.last_sync_status when 'success' then coalesce(r.watermark, new.watermark) end,
        progress = case new.last_sync_status when 'running' then new.progress else r.progress end
    where r.run_id = new.run_id;

    return null;
  end if;

  if tg_op = 'UPDATE' and old.last_sync_status = 'running' then
    update public.vantage_sync_run r
    set status = 'abandoned',
        completed_at = new.started_at,
        duration_ms = public.vantage_sync_duration_ms(r.started_at, new.started_at),
        superseded_by = new.run_id
    where r.run_id = old.run_id and new.run_id is not null;
  end if;

  if new.run_id is null then
    -- Set back to never_run by hand, which is to forget, as deleting and registering it again would be.
    delete from public.vantage_sync_run r where r.resource = new.resource;

    return null;
  end if;

  insert into public.vantage_sync_run (
    run_id, resource, status, started_at, completed_at, duration_ms,
    records_synced, records_created, records_updated, errors, watermark, progress)
  values (
    new.run_id, new.resource, new.last_sync_status, new.started_at, new.completed_at, new.duration_ms,
    case new.last_sync_status when 'success' then new.records_synced else 0 end,
    case new.last_sync_status when 'success' then new.records_created else 0 end,
    case new.last_sync_status when 'success' then new.records_updated else 0 end,
    case new.last_sync_status when 'failed' then new.errors else '[]' end,
    case new.last_sync_status when 'success' then new.watermark end,
    new.progress)
  on conflict (run_id) do nothing;

  -- The id was used before, or is in this very moment; either way this write is undone.
  if not found then
    perform public.refuse_used_vantage_run(new.resource, new.run_id);

    raise exception using
      errcode = 'serialization_failure',
      message = format('Run %s was written and deleted at this moment', new.run_id),
      hint = 'Try again';
  end if;

  return null;
end
$$;

comment on function public.write_vantage_sync_run() is
  'Writes the run that a state tells of: begins it, changes it, ends it as abandoned when another takes over.';

create trigger vantage_sync_state_write_run_inserted
after insert on public.vantage_sync_state
for each row
when (new.run_id is not null)
execute function public.write_vantage_sync_run();

create trigger vantage_sync_state_write_run_updated
after update on public.vantage_sync_state
for each row
when (old.run_id is not null or new.run_id is not null)
execute function public.write_vantage_sync_run();

create function public.check_vantage_sync_run()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
begin
  if tg_op = 'DELETE' then
    -- Without a lock: a run that is not the latest never becomes it again.
    select s.*
    into v_state
    from public.vantage_sync_state s
    where s.run_id = old.run_id and s.resource = old.resource;

    if not found then
      return null;
    end if;
  else
    select s.*
    into v_state
    from public.vantage_sync_state s
    where s.resource = new.resource
    for share;

    if tg_op = 'UPDATE' and (new.run_id <> old.run_id or new.resource <> old.resource) then
      null; -- refused below: a run stays what and where it is
    elsif new.run_id = v_state.run_id then
      if new.status = v_state.last_sync_status
        and new.started_at = v_state.started_at
        and new.completed_at is not distinct from v_state.completed_at
        and new.duration_ms is not distinct from v_state.duration_ms
        and (new.status <> 'running' or new.progress is not distinct from v_state.progress)
        and (new.status <> 'failed' or new.errors = v_state.errors)
        and (new.status <> 'success' or (new.records_synced, new.records_created, new.records_updated)
          = (v_state.records_synced, v_state.records_created, v_state.records_updated)) then
        return null;
      end if;
    elsif new.status <> 'running' and new.started_at < v_state.started_at and v_state.run_id is not null then
      return null;
    end if;
  end if;

  raise exception using
    errcode = 'check_violation',
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = 'vantage_sync_run_agrees_with_state',
    message = format('The runs of %s would no longer agree with its state', v_state.resource),
    hint = 'Write vantage_sync_state, which writes the latest run; only older ones can be written here';
end
$$;

comment on function public.check_vantage_sync_run() is
  'Refuses a direct write to a run that would leave the state in disagreement with its latest run.';

-- Depth 0 is a statement of somebody's own; deeper is the state's trigger or the foreign key, which agree by themselves.
create trigger vantage_sync_run_agrees_with_state
after insert or update or delete on public.vantage_sync_run
for each row
when (pg_trigger_depth() = 0)
execute function public.check_vantage_sync_run();

-- ---------------------------------------------------------------------------------------------------------------
-- Runs of before
-- ---------------------------------------------------------------------------------------------------------------

-- What each state tells of its latest sync becomes its first run. The start of the last success is known only where
-- that was the latest run; elsewhere the watermark stays null, since a full sync loses nothing and a guess might.
update public.vantage_sync_state s
set run_id = gen_random_uuid(),
    watermark = case s.last_sync_status when 'success' then s.started_at end
where s.last_sync_status <> 'never_run';

-- Added after the rows were filled in. Not as "not valid": the table has a row a resource, and is locked already.
alter table public.vantage_sync_state
  -- Who has run has a latest run, and of an ended one all times are known. The name comes last in the alphabet, which is
  -- the order of checks, so that a row that breaks an older rule too is refused by that one.
  -- squawk-ignore constraint-missing-not-valid
  add constraint vantage_sync_state_whole
    check ((run_id is null) = (last_sync_status = 'never_run')
      and (last_sync_status not in ('success', 'failed') or (started_at is not null and completed_at is not null))),

  -- squawk-ignore constraint-missing-not-valid
  add constraint vantage_sync_state_progress_while_running
    check (progress is null or last_sync_status = 'running'),

  -- squawk-ignore constraint-missing-not-valid
  add constraint vantage_sync_state_watermark_finite
    check (isfinite(watermark));

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------
-- Parameters beyond the original ones come last and have defaults. Refusals are raised as in the first migration;
-- the detail is a JSON object of resource, run_id, since, superseded_by and errors, each where there is one.

create function public.vantage_sync_time_text(p_time timestamptz)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select to_char(p_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

comment on function public.vantage_sync_time_text(timestamptz) is
  'A time in ISO 8601, in UTC and with microseconds, whatever the settings of the session.';

-- A setting rather than a parameter: the alerts, which are a view, must mean the same by "stuck". The service sets it
-- with each connection; `alter database … set vantage.stuck_after = 'PT45M'` sets it for all.
create function public.vantage_sync_stuck_after()
returns interval
language sql
stable
security invoker
set search_path = ''
as $$
  select coalesce(nullif(current_setting('vantage.stuck_after', true), ''), 'PT30M')::interval
$$;

comment on function public.vantage_sync_stuck_after() is
  'How long a run may go without a sign of life before it counts as stuck: the setting vantage.stuck_after, 30 minutes unless set.';

drop function public.start_vantage_sync(text);

create function public.start_vantage_sync(
  p_resource text,
  p_run_id uuid default null,
  p_force boolean default false
)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
  v_since text;
begin
  loop
    -- One statement decides, so of two simultaneous starts exactly one wins; the other waits here for its commit.
    -- Times are read once the row is locked, and held after those of the run before, should the clock step back.
    insert into public.vantage_sync_state as s (resource, last_sync_status, started_at, run_id)
    values (p_resource, 'running', clock_timestamp(), coalesce(p_run_id, gen_random_uuid()))
    on conflict (resource) do update
    set last_sync_status = 'running',
        started_at = greatest(clock_timestamp(), s.completed_at, s.started_at + interval '1 microsecond'),
        completed_at = null,
        duration_ms = null,
        run_id = excluded.run_id,
        progress = null
    where s.run_id is distinct from p_run_id
      and (s.last_sync_status <> 'running'
        or p_force
        -- Stuck. Times are subtracted first: adding "1 day" to one would depend on the session's time zone.
        or clock_timestamp() - greatest(s.started_at, (s.progress ->> 'at')::timestamptz)
          > public.vantage_sync_stuck_after())
       or s.run_id is null
    returning s.* into v_state;

    if found then
      return v_state;
    end if;

    select s.*
    into v_state
    from public.vantage_sync_state s
    where s.resource = p_resource;

    -- This call repeats one whose answer was lost.
    if v_state.run_id = p_run_id and v_state.last_sync_status = 'running' then
      return v_state;
    end if;

    perform public.refuse_used_vantage_run(p_resource, p_run_id);

    -- Otherwise it ended, or was deleted, since the insert looked: try again.
    exit when v_state.last_sync_status = 'running';
  end loop;

  v_since := public.vantage_sync_time_text(v_state.started_at);

  raise exception using
    errcode = 'PT409',
    constraint = 'sync-already-running',
    message = format('%s is already running, since %s, as run %s', p_resource, v_since, v_state.run_id),
    detail = jsonb_build_object('resource', p_resource, 'run_id', v_state.run_id, 'since', v_since)::text,
    hint = format(
      'Let that run end and start again; it can be taken over by force, or %s after its last sign of life',
      public.vantage_sync_stuck_after());
end
$$;

comment on function public.start_vantage_sync(text, uuid, boolean) is
  'Begins a run: the resource is running from now on. Registers a resource not seen before; takes over a run that is stuck, or any by force; changes nothing where that run is the running one. Refuses with PT409 sync-already-running and run-already-finished, and PT400 invalid-request for a run id of another resource.';

drop function public.complete_vantage_sync(text, integer, integer, integer);
drop function public.fail_vantage_sync(text, jsonb);
drop function public.lock_running_vantage_sync(text);

-- Volatile although it only reads: what it reads is what was committed since its caller looked.
create function public.repeat_or_refuse_vantage_sync(p_resource text, p_run_id uuid, p_status text)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
  v_run public.vantage_sync_run;
  v_since text;
begin
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Start it first, which registers it, or check the name against the list of sync states';
  end if;

  if p_run_id is null then
    raise exception using
      errcode = 'PT409',
      constraint = 'sync-not-running',
      message = format('%s is not running, its status is %s', p_resource, v_state.last_sync_status),
      detail = jsonb_strip_nulls(jsonb_build_object(
        'resource', p_resource,
        'run_id', v_state.run_id,
        'since', public.vantage_sync_time_text(v_state.completed_at)))::text,
      hint = 'Start it first; if this call repeats one whose answer was lost, the first one took effect';
  end if;

  select r.*
  into v_run
  from public.vantage_sync_run r
  where r.run_id = p_run_id and r.resource = p_resource;

  -- One that runs now had not begun when this call looked for it.
  if not found or v_run.status = 'running' then
    raise exception using
      errcode = 'PT404',
      constraint = 'run-not-found',
      message = format('%s has no run %s', p_resource, p_run_id),
      detail = jsonb_build_object('resource', p_resource, 'run_id', p_run_id)::text,
      hint = 'Pass the run id that the run was started with';
  end if;

  if v_run.status = p_status then
    return v_state;
  end if;

  v_since := public.vantage_sync_time_text(v_run.completed_at);

  if v_run.status = 'abandoned' then
    raise exception using
      errcode = 'PT409',
      constraint = 'run-superseded',
      message = format('Run %s of %s was taken over by run %s at %s',
        p_run_id, p_resource, v_run.superseded_by, v_since),
      detail = jsonb_build_object(
        'resource', p_resource,
        'run_id', p_run_id,
        'since', v_since,
        'superseded_by', v_run.superseded_by)::text,
      hint = 'Stop working on it: the other run does its work';
  end if;

  raise exception using
    errcode = 'PT409',
    constraint = 'run-already-finished',
    message = format('Run %s of %s has ended as %s at %s', p_run_id, p_resource, v_run.status, v_since),
    detail = jsonb_build_object('resource', p_resource, 'run_id', p_run_id, 'since', v_since)::text,
    hint = 'Its first ending stands; start a new run';
end
$$;

comment on function public.repeat_or_refuse_vantage_sync(text, uuid, text) is
  'Answers a call for a run that is not running: the state, unchanged, where the run already ended with that status. Refuses otherwise with PT404 sync-state-not-found or run-not-found, PT409 sync-not-running, run-superseded or run-already-finished.';

create function public.refuse_negative_vantage_counts(
  p_resource text,
  p_records_synced integer,
  p_records_created integer,
  p_records_updated integer
)
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
    message = 'A count cannot be negative',
    detail = jsonb_build_object('resource', p_resource, 'errors', (
      select jsonb_agg(jsonb_build_object('pointer', '#/' || c.key, 'detail', 'must not be negative'))
      from (values
        ('records_synced', p_records_synced),
        ('records_created', p_records_created),
        ('records_updated', p_records_updated)
      ) as c (key, value)
      where c.value < 0))::text,
    hint = 'Send how many records the run processed, created and updated';
end
$$;

comment on function public.refuse_negative_vantage_counts(text, integer, integer, integer) is
  'Refuses negative counts with PT400 invalid-request.';

create function public.complete_vantage_sync(
  p_resource text,
  p_records_synced integer default 0,
  p_records_created integer default 0,
  p_records_updated integer default 0,
  p_run_id uuid default null,
  p_watermark timestamptz default null
)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
begin
  if least(p_records_synced, p_records_created, p_records_updated) < 0 then
    perform public.refuse_negative_vantage_counts(p_resource, p_records_synced, p_records_created, p_records_updated);
  end if;

  -- A day ahead is more than any two clocks or time zones differ; beyond it, what changes until then would be lost.
  -- Going back is allowed: it is how a caller asks for the same records again.
  if p_watermark not between '0001-01-01 00:00:00Z' and clock_timestamp() + interval '24 hours' then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The watermark is not a time up to which anything can have been copied',
      detail = jsonb_build_object('resource', p_resource, 'errors', jsonb_build_array(jsonb_build_object(
        'pointer', '#/watermark', 'detail', 'must be a time between the year 1 and a day from now')))::text,
      hint = 'Send the newest modification time that the source reported, or leave it out to use the start of the run';
  end if;

  update public.vantage_sync_state s
  set last_sync_status = 'success',
      records_synced = coalesce(p_records_synced, 0),
      records_created = coalesce(p_records_created, 0),
      records_updated = coalesce(p_records_updated, 0),
      errors = '[]',
      -- Read once, and after the row was locked: the time at which this began may lie before the run's start.
      (last_sync_time, completed_at, duration_ms) = (
        select n.now, n.now, public.vantage_sync_duration_ms(s.started_at, n.now)
        from (select greatest(clock_timestamp(), s.started_at) as now offset 0) as n
      ),
      watermark = coalesce(p_watermark, s.started_at),
      progress = null
  where s.resource = p_resource
    and s.last_sync_status = 'running'
    and s.run_id = coalesce(p_run_id, s.run_id)
  returning s.* into v_state;

  if not found then
    v_state := public.repeat_or_refuse_vantage_sync(p_resource, p_run_id, 'success');
  end if;

  return v_state;
end
$$;

comment on function public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz) is
  'Ends a run as success: sets last_sync_time, stores the counts and the watermark, empties errors. Changes nothing where that run has ended so. Refuses with PT400 invalid-request, PT404 sync-state-not-found and run-not-found, PT409 sync-not-running, run-already-finished and run-superseded.';

create function public.fail_vantage_sync(
  p_resource text,
  p_errors jsonb,
  p_run_id uuid default null,
  p_records_synced integer default 0,
  p_records_created integer default 0,
  p_records_updated integer default 0
)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_flaws jsonb := public.vantage_sync_error_flaws(p_errors);
  v_state public.vantage_sync_state;
begin
  if v_flaws <> '[]' then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The errors cannot be stored as they are',
      detail = jsonb_build_object('resource', p_resource, 'errors', v_flaws)::text,
      hint = 'Send [{"code", "message"}, …], each a string that is not blank';
  end if;

  if least(p_records_synced, p_records_created, p_records_updated) < 0 then
    perform public.refuse_negative_vantage_counts(p_resource, p_records_synced, p_records_created, p_records_updated);
  end if;

  update public.vantage_sync_state s
  set last_sync_status = 'failed',
      errors = p_errors,
      (completed_at, duration_ms) = (
        select n.now, public.vantage_sync_duration_ms(s.started_at, n.now)
        from (select greatest(clock_timestamp(), s.started_at) as now offset 0) as n
      ),
      progress = null
  where s.resource = p_resource
    and s.last_sync_status = 'running'
    and s.run_id = coalesce(p_run_id, s.run_id)
  returning s.* into v_state;

  if not found then
    return public.repeat_or_refuse_vantage_sync(p_resource, p_run_id, 'failed');
  end if;

  -- The state keeps the counts of the last success, so those of a failure stand in its run alone.
  if greatest(p_records_synced, p_records_created, p_records_updated) > 0 then
    update public.vantage_sync_run r
    set records_synced = coalesce(p_records_synced, 0),
        records_created = coalesce(p_records_created, 0),
        records_updated = coalesce(p_records_updated, 0)
    where r.run_id = v_state.run_id;
  end if;

  return v_state;
end
$$;

comment on function public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer) is
  'Ends a run as failed and stores its errors; its counts go to the run, and last_sync_time, counts and watermark of the last success stay. Changes nothing where that run has ended so. Refuses with PT400 invalid-request, PT404 sync-state-not-found and run-not-found, PT409 sync-not-running, run-already-finished and run-superseded.';

create function public.progress_vantage_sync(
  p_resource text,
  p_records integer default null,
  p_total integer default null,
  p_run_id uuid default null
)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
  v_records integer;
  v_total integer;
  v_flaws jsonb;
begin
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
    and s.last_sync_status = 'running'
    and s.run_id = coalesce(p_run_id, s.run_id)
  for no key update;

  if not found then
    return public.repeat_or_refuse_vantage_sync(p_resource, p_run_id, 'running');
  end if;

  -- What is left out stays: a plain heartbeat moves the time alone.
  v_records := coalesce(p_records, (v_state.progress ->> 'records')::integer);
  v_total := coalesce(p_total, (v_state.progress ->> 'total')::integer);

  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_flaws
  from (values
    ('#/records', 'must not be negative', p_records < 0),
    ('#/total', 'must not be negative', p_total < 0),
    (case when p_records is null then '#/total' else '#/records' end,
      format('must leave records (%s) within total (%s)', v_records, v_total), v_records > v_total and v_total >= 0)
  ) as f (pointer, detail, is_so)
  where f.is_so;

  if v_flaws is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The progress cannot be as told',
      detail = jsonb_build_object('resource', p_resource, 'run_id', v_state.run_id, 'errors', v_flaws)::text,
      hint = 'Send how many records are done and, where it is known, of how many; send both when the total changes';
  end if;

  update public.vantage_sync_state s
  set progress = jsonb_build_object(
        'records', v_records,
        'total', v_total,
        'at', public.vantage_sync_time_text(
          greatest(clock_timestamp(), s.started_at, (s.progress ->> 'at')::timestamptz)))
  where s.resource = p_resource
  returning s.* into v_state;

  return v_state;
end
$$;

comment on function public.progress_vantage_sync(text, integer, integer, uuid) is
  'Tells how far the running run is, or only that it lives; puts off that it counts as stuck. Refuses with PT400 invalid-request, PT404 sync-state-not-found and run-not-found, PT409 sync-not-running, run-already-finished and run-superseded.';

create function public.delete_old_vantage_sync_runs(p_older_than interval, p_batch integer default 1000)
returns integer
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_before timestamptz := clock_timestamp() - p_older_than;
  v_deleted integer;
begin
  if p_older_than is null or p_older_than < interval '0' or p_batch is null or p_batch < 1 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'Old runs are deleted by an age that is not negative, at least one at a time',
      detail = jsonb_build_object('errors', (
        select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
        from (values
          ('#/older_than', 'must be a duration that is not negative', coalesce(p_older_than < interval '0', true)),
          ('#/batch', 'must be 1 or more', coalesce(p_batch < 1, true))
        ) as f (pointer, detail, is_so)
        where f.is_so))::text,
      hint = 'Call it as delete_old_vantage_sync_runs(interval ''90 days'', 1000) until it returns 0';
  end if;

  -- Never the latest run of a resource, so never a running one.
  with old as (
    select r.run_id
    from public.vantage_sync_run r
    where r.completed_at < v_before
      and not exists (
        select
        from public.vantage_sync_state s
        where s.resource = r.resource and s.run_id = r.run_id
      )
    order by r.completed_at
    limit p_batch
    for update of r skip locked
  )
  delete from public.vantage_sync_run r
  using old
  where r.run_id = old.run_id;

  get diagnostics v_deleted = row_count;

  return v_deleted;
end
$$;

comment on function public.delete_old_vantage_sync_runs(interval, integer) is
  'Deletes runs that ended longer ago than that, oldest first, at most so many, and returns how many; the latest run of a resource stays. Refuses with PT400 invalid-request.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_sync_run enable row level security;

create policy vantage_sync_run_read on public.vantage_sync_run
for select to anon, authenticated
using (true);

create policy vantage_sync_run_write on public.vantage_sync_run
for all to service_role
using (true)
with check (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on table public.vantage_sync_run from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_run to anon, authenticated;
grant select, insert, update, delete on table public.vantage_sync_run to service_role;

revoke all on function
  public.start_vantage_sync(text, uuid, boolean),
  public.progress_vantage_sync(text, integer, integer, uuid),
  public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz),
  public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer),
  public.delete_old_vantage_sync_runs(interval, integer),
  public.repeat_or_refuse_vantage_sync(text, uuid, text),
  public.refuse_used_vantage_run(text, uuid),
  public.refuse_negative_vantage_counts(text, integer, integer, integer),
  public.vantage_sync_time_text(timestamptz),
  public.vantage_sync_stuck_after(),
  public.set_vantage_sync_run(),
  public.write_vantage_sync_run(),
  public.check_vantage_sync_run()
from public, anon, authenticated, service_role;
grant execute on function
  public.start_vantage_sync(text, uuid, boolean),
  public.progress_vantage_sync(text, integer, integer, uuid),
  public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz),
  public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer),
  public.delete_old_vantage_sync_runs(interval, integer),
  public.repeat_or_refuse_vantage_sync(text, uuid, text),
  public.refuse_used_vantage_run(text, uuid),
  public.refuse_negative_vantage_counts(text, integer, integer, integer),
  public.vantage_sync_time_text(timestamptz),
  public.vantage_sync_stuck_after()
to service_role;
