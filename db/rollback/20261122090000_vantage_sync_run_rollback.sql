-- Undoes ../migration/20261122090000_vantage_sync_run.sql: every run, run id, watermark and progress is lost; each state
-- keeps its twelve columns. Flyway does not run this; with Flyway in use, also delete the version's row from
-- flyway_schema_history.

drop function public.delete_old_vantage_sync_runs(interval, integer);
drop function public.progress_vantage_sync(text, integer, integer, uuid);
drop function public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer);
drop function public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz);
drop function public.start_vantage_sync(text, uuid, boolean);
drop function public.refuse_negative_vantage_counts(text, integer, integer, integer);
drop function public.repeat_or_refuse_vantage_sync(text, uuid, text);
drop function public.vantage_sync_stuck_after();

drop trigger vantage_sync_state_write_run_updated on public.vantage_sync_state;
drop trigger vantage_sync_state_write_run_inserted on public.vantage_sync_state;
drop trigger vantage_sync_state_set_run on public.vantage_sync_state;

drop table public.vantage_sync_run;

drop function public.check_vantage_sync_run();
drop function public.write_vantage_sync_run();
drop function public.set_vantage_sync_run();
drop function public.refuse_used_vantage_run(text, uuid);
drop function public.vantage_sync_time_text(timestamptz);

-- The constraints on these columns go with them.
alter table public.vantage_sync_state
  drop column progress,
  drop column watermark,
  drop column run_id;

alter table public.vantage_sync_state reset (fillfactor);

create index vantage_sync_state_last_sync_status_idx on public.vantage_sync_state (last_sync_status);
create index vantage_sync_state_last_sync_time_idx on public.vantage_sync_state (last_sync_time);
create index vantage_sync_state_duration_ms_idx on public.vantage_sync_state (duration_ms);

-- The functions in their first form.

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

revoke all on function
  public.start_vantage_sync(text),
  public.complete_vantage_sync(text, integer, integer, integer),
  public.fail_vantage_sync(text, jsonb),
  public.lock_running_vantage_sync(text)
from public, anon, authenticated, service_role;
grant execute on function
  public.start_vantage_sync(text),
  public.complete_vantage_sync(text, integer, integer, integer),
  public.fail_vantage_sync(text, jsonb),
  public.lock_running_vantage_sync(text)
to service_role;
