-- vantage_sync_state: when did each resource last sync, did it work, is it running, what went wrong?
--
-- One row a resource. Jobs write through start_vantage_sync, complete_vantage_sync and fail_vantage_sync;
-- everybody else reads. Applies through Flyway, `psql -f` and the Supabase CLI, on PostgreSQL 15 to 18, by a
-- login that owns the database and may create roles (superuser is not needed).
-- Undone by ../rollback/20251105132840_vantage_sync_state_rollback.sql.

-- ---------------------------------------------------------------------------------------------------------------
-- Roles
-- ---------------------------------------------------------------------------------------------------------------

-- The names are Supabase's, where they exist already. The comment tells the rollback which ones are ours to drop.
do $$
declare
  v_role text;
  v_may_become text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
        execute format('create role %I nologin', v_role);
        execute format('comment on role %I is %L', v_role, 'Created by 20251105132840_vantage_sync_state.sql');
      end if;
    exception when duplicate_object or unique_violation then
      null; -- roles belong to the whole cluster: another database of it is being migrated at this moment
    end;

    if not has_schema_privilege(v_role, 'public', 'usage') then
      execute format('grant usage on schema public to %I', v_role);
    end if;

    -- The service logs in as this user and then takes on the role of each request.
    if v_role <> 'anon' and not pg_has_role(current_user, v_role, v_may_become) then
      execute format('grant %I to current_user', v_role);
    end if;
  end loop;
end
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

create table public.vantage_sync_state (
  -- An identifier sorts the same on every machine, whatever the locale of the database.
  resource text collate "C" not null,
  last_sync_time timestamptz,
  last_sync_status text not null default 'never_run',
  records_synced integer not null default 0,
  records_created integer not null default 0,
  records_updated integer not null default 0,
  errors jsonb not null default '[]',
  started_at timestamptz,
  completed_at timestamptz,
  duration_ms integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),

  constraint vantage_sync_state_pkey primary key (resource),

  -- The name stands in URLs, log lines and metric labels, so it needs no escaping in any of them.
  constraint vantage_sync_state_resource_valid
    check (resource ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$'),

  constraint vantage_sync_state_status_known
    check (last_sync_status in ('never_run', 'running', 'success', 'failed')),

  constraint vantage_sync_state_counts_not_negative
    check (records_synced >= 0 and records_created >= 0 and records_updated >= 0),

  constraint vantage_sync_state_errors_is_array
    check (jsonb_typeof(errors) = 'array'),

  -- A running sync has begun and has not ended.
  constraint vantage_sync_state_running_is_open
    check (last_sync_status <> 'running'
      or (started_at is not null and completed_at is null and duration_ms is null)),

  -- Who succeeded knows when.
  constraint vantage_sync_state_success_has_time
    check (last_sync_status <> 'success' or last_sync_time is not null),

  constraint vantage_sync_state_ends_after_start
    check (completed_at >= started_at),

  constraint vantage_sync_state_duration_not_negative
    check (duration_ms >= 0),

  -- 'infinity' is no time at which anything happened, and JSON cannot say it.
  constraint vantage_sync_state_times_finite
    check (isfinite(last_sync_time) and isfinite(started_at) and isfinite(completed_at)
      and isfinite(created_at) and isfinite(updated_at))
);

comment on table public.vantage_sync_state is
  'One row a resource copied from the Vantage API: its last sync, whether it worked, and whether one is running.';
comment on column public.vantage_sync_state.resource is
  'What is copied: accounts, funds, cashflows, … 1 to 128 of A-Z a-z 0-9 _ . : -, beginning with a letter or digit.';
comment on column public.vantage_sync_state.last_sync_time is
  'When the last successful sync completed; null until one has.';
comment on column public.vantage_sync_state.last_sync_status is
  'never_run, running, success or failed.';
comment on column public.vantage_sync_state.records_synced is
  'Records processed by the last successful sync.';
comment on column public.vantage_sync_state.records_created is
  'Records created by the last successful sync.';
comment on column public.vantage_sync_state.records_updated is
  'Records updated by the last successful sync.';
comment on column public.vantage_sync_state.errors is
  'Errors of the last failed run, [{"code", "message", "timestamp"?, "record_id"?, "stack"?, "context"?}]; kept while the retry runs, emptied by success.';
comment on column public.vantage_sync_state.started_at is
  'When the latest run started.';
comment on column public.vantage_sync_state.completed_at is
  'When the latest run ended, well or badly; null while it runs.';
comment on column public.vantage_sync_state.duration_ms is
  'How long the latest run took, in milliseconds, held at 2147483647; null while it runs.';
comment on column public.vantage_sync_state.created_at is
  'When the resource was registered.';
comment on column public.vantage_sync_state.updated_at is
  'When the row last changed; set by a trigger, later at every change.';

insert into public.vantage_sync_state (resource) values ('accounts'), ('funds'), ('cashflows');

-- ---------------------------------------------------------------------------------------------------------------
-- Indexes
-- ---------------------------------------------------------------------------------------------------------------

create index vantage_sync_state_last_sync_status_idx on public.vantage_sync_state (last_sync_status);
create index vantage_sync_state_last_sync_time_idx on public.vantage_sync_state (last_sync_time);
create index vantage_sync_state_duration_ms_idx on public.vantage_sync_state (duration_ms);

-- ---------------------------------------------------------------------------------------------------------------
-- Triggers
-- ---------------------------------------------------------------------------------------------------------------

create function public.set_vantage_sync_updated_at()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  -- Strictly later than before, so that (resource, updated_at) names one version of the row: ETags rely on it.
  new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 microsecond');
  return new;
end
$$;

comment on function public.set_vantage_sync_updated_at() is
  'Sets updated_at on every insert and update, strictly increasing for a row.';

create trigger vantage_sync_state_set_updated_at
before insert or update on public.vantage_sync_state
for each row execute function public.set_vantage_sync_updated_at();

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------
-- A refusal is raised with errcode PT400, PT404 or PT409 (through PostgREST: the HTTP status), the slug of the
-- problem as constraint name, its facts as JSON in the detail, and in the hint what to do. See ../docs/ERROR_CODES.md.

create function public.start_vantage_sync(p_resource text)
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
  -- One statement decides, so of two simultaneous starts exactly one wins; the other waits here for its commit.
  insert into public.vantage_sync_state as s (resource, last_sync_status, started_at)
  values (p_resource, 'running', clock_timestamp())
  on conflict (resource) do update
  set last_sync_status = 'running',
      started_at = clock_timestamp(),
      completed_at = null,
      duration_ms = null
  where s.last_sync_status <> 'running'
     or s.started_at < clock_timestamp() - interval '30 minutes' -- stuck: taken over
  returning s.* into v_state;

  if not found then
    select to_char(s.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    into v_since
    from public.vantage_sync_state s
    where s.resource = p_resource;

    raise exception using
      errcode = 'PT409',
      constraint = 'sync-already-running',
      message = format('%s is already running, since %s', p_resource, v_since),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Let that run end and start again; it can be taken over 30 minutes after its start';
  end if;

  return v_state;
end
$$;

comment on function public.start_vantage_sync(text) is
  'Begins a sync: the resource is running from now on. Registers a resource not seen before; takes over a run that started more than 30 minutes ago. Refuses with PT409 sync-already-running.';

create function public.lock_running_vantage_sync(p_resource text)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
begin
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
  for update;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Start it first, which registers it, or check the name against the list of sync states';
  end if;

  if v_state.last_sync_status <> 'running' then
    raise exception using
      errcode = 'PT409',
      constraint = 'sync-not-running',
      message = format('%s is not running, its status is %s', p_resource, v_state.last_sync_status),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Start it first; if this call repeats one whose answer was lost, the first one took effect';
  end if;

  return v_state;
end
$$;

comment on function public.lock_running_vantage_sync(text) is
  'Locks and returns the row of a running sync. Refuses with PT404 sync-state-not-found and PT409 sync-not-running.';

create function public.vantage_sync_duration_ms(p_from timestamptz, p_to timestamptz)
returns integer
language sql
immutable
security invoker
set search_path = ''
as $$
  select least(floor(extract(epoch from p_to - p_from) * 1000), 2147483647)::integer
$$;

comment on function public.vantage_sync_duration_ms(timestamptz, timestamptz) is
  'Whole milliseconds from one time to another, held at 2147483647.';

create function public.complete_vantage_sync(
  p_resource text,
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
  v_state public.vantage_sync_state := public.lock_running_vantage_sync(p_resource);
  -- Read after the lock was won: the time at which this transaction began may lie before the run's start.
  v_now timestamptz := greatest(clock_timestamp(), v_state.started_at);
begin
  update public.vantage_sync_state s
  set last_sync_time = v_now,
      last_sync_status = 'success',
      records_synced = coalesce(p_records_synced, 0),
      records_created = coalesce(p_records_created, 0),
      records_updated = coalesce(p_records_updated, 0),
      errors = '[]',
      completed_at = v_now,
      duration_ms = public.vantage_sync_duration_ms(s.started_at, v_now)
  where s.resource = p_resource
  returning s.* into v_state;

  return v_state;
end
$$;

comment on function public.complete_vantage_sync(text, integer, integer, integer) is
  'Ends a running sync as success: sets last_sync_time, stores the counts, empties errors. Refuses with PT404 sync-state-not-found and PT409 sync-not-running.';

create function public.vantage_sync_error_flaws(p_errors jsonb)
returns jsonb
language sql
immutable
security invoker
set search_path = ''
as $$
  select case
    when jsonb_typeof(p_errors) is distinct from 'array' then
      jsonb_build_array(jsonb_build_object('pointer', '#/errors', 'detail', 'must be an array of errors'))
    else (
      select coalesce(jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail)), '[]')
      from (
        select format('#/errors/%s%s', e.position - 1, flaw.pointer) as pointer, flaw.detail
        from jsonb_array_elements(p_errors) with ordinality as e (error, position)
        cross join lateral (
          select '' as pointer, 'must be an object with code and message' as detail
          where jsonb_typeof(e.error) <> 'object'
          union all
          select '/' || k.key, 'must be a string that is not blank'
          from unnest(array['code', 'message']) as k (key)
          where jsonb_typeof(e.error) = 'object'
            and not coalesce(jsonb_typeof(e.error -> k.key) = 'string' and e.error ->> k.key ~ '\S', false)
          union all
          select '/timestamp', 'must be a time in ISO 8601, for example 2025-11-05T10:30:00Z'
          where jsonb_typeof(e.error -> 'timestamp') <> 'null'
            and not (jsonb_typeof(e.error -> 'timestamp') = 'string'
              and e.error ->> 'timestamp'
                ~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$')
        ) as flaw
        order by e.position
        limit 20
      ) as f
    )
  end
$$;

comment on function public.vantage_sync_error_flaws(jsonb) is
  'What is wrong with a list of errors, as [{"pointer", "detail"}], at most 20; empty where nothing is.';

create function public.fail_vantage_sync(p_resource text, p_errors jsonb)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_flaws jsonb := public.vantage_sync_error_flaws(p_errors);
  v_state public.vantage_sync_state;
  v_now timestamptz;
begin
  if v_flaws <> '[]' then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The errors cannot be stored as they are',
      detail = jsonb_build_object('resource', p_resource, 'errors', v_flaws)::text,
      hint = 'Send [{"code", "message"}, …], each a string that is not blank';
  end if;

  v_state := public.lock_running_vantage_sync(p_resource);
  v_now := greatest(clock_timestamp(), v_state.started_at);

  update public.vantage_sync_state s
  set last_sync_status = 'failed',
      errors = p_errors,
      completed_at = v_now,
      duration_ms = public.vantage_sync_duration_ms(s.started_at, v_now)
  where s.resource = p_resource
  returning s.* into v_state;

  return v_state;
end
$$;

comment on function public.fail_vantage_sync(text, jsonb) is
  'Ends a running sync as failed and stores its errors; last_sync_time and the counts of the last success stay. Refuses with PT400 invalid-request, PT404 sync-state-not-found and PT409 sync-not-running.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_sync_state enable row level security;

create policy vantage_sync_state_read on public.vantage_sync_state
for select to anon, authenticated
using (true);

create policy vantage_sync_state_write on public.vantage_sync_state
for all to service_role
using (true)
with check (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- Default privileges may have given more than this (Supabase gives everybody everything), so all is taken back first.
revoke all on table public.vantage_sync_state from public, anon, authenticated, service_role;
grant select on table public.vantage_sync_state to anon, authenticated;
grant select, insert, update, delete on table public.vantage_sync_state to service_role;

revoke all on function
  public.start_vantage_sync(text),
  public.complete_vantage_sync(text, integer, integer, integer),
  public.fail_vantage_sync(text, jsonb),
  public.lock_running_vantage_sync(text),
  public.vantage_sync_duration_ms(timestamptz, timestamptz),
  public.vantage_sync_error_flaws(jsonb),
  public.set_vantage_sync_updated_at()
from public, anon, authenticated, service_role;
grant execute on function
  public.start_vantage_sync(text),
  public.complete_vantage_sync(text, integer, integer, integer),
  public.fail_vantage_sync(text, jsonb),
  public.lock_running_vantage_sync(text),
  public.vantage_sync_duration_ms(timestamptz, timestamptz),
  public.vantage_sync_error_flaws(jsonb)
to service_role;
