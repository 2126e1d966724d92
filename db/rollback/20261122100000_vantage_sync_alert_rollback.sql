-- Undoes ../migration/20261122100000_vantage_sync_alert.sql: the thresholds of the resources are lost. Stop the service
-- first: it would ask for the view. With Flyway in use, also delete the version's row from flyway_schema_history.

drop function public.vantage_sync_alerts(text);
drop view public.vantage_sync_alert;

-- The function in its earlier form.

create or replace function public.start_vantage_sync(
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

-- The constraints on these columns go with them.
alter table public.vantage_sync_state
  drop column slow_after,
  drop column stale_after,
  drop column stuck_after;
