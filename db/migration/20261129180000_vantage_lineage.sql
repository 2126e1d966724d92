-- record_vantage_lineage: what the events of OpenLineage say of a run, by the rules of the lifecycle and at their own times.
--
-- Events come in any order, more than once, and late: some tools send all of them after the run has ended. So the times are
-- those of the events, never later than now; what can no longer be applied is late, and changes nothing.
-- Undone by ../rollback/20261129180000_vantage_lineage_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------

-- Whether a run is alive, and what becomes of one that has ended, the functions of the lifecycle decide. The times are
-- written directly, as service_role may, so that the trigger of direct writes keeps the history.
create or replace function public.record_vantage_lineage(
  p_resource text,
  p_run_id uuid,
  p_event text,
  p_event_time timestamptz,
  p_records integer default 0,
  p_errors jsonb default '[]',
  p_register boolean default false
)
returns text
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_time timestamptz;
  v_state public.vantage_sync_state;
  v_status text;
  v_is_running boolean;
  v_is_begun boolean;
  v_is_ahead boolean;
  v_ended_as text;
  v_latest_start timestamptz;
begin
  if p_event is null or p_event not in ('START', 'RUNNING', 'COMPLETE', 'FAIL', 'ABORT', 'OTHER')
    or p_run_id is null or p_event_time is null or not isfinite(p_event_time) then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'This is no event of a run',
      detail = '{"errors": [{"pointer": "#/eventType", "detail": "must be START, RUNNING, COMPLETE, FAIL, ABORT or OTHER, with the id of a run and a time"}]}',
      hint = 'Send the event as OpenLineage has it';
  end if;

  v_status := case p_event when 'COMPLETE' then 'success' when 'FAIL' then 'failed' when 'ABORT' then 'failed' end;

  if p_register and p_event <> 'OTHER' then
    insert into public.vantage_sync_state (resource)
    values (p_resource)
    on conflict (resource) do nothing;
  end if;

  -- Locked, so that what is decided here still holds below.
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
  for no key update;

  if not found then
    return 'unregistered';
  end if;

  -- As late as this: what it waited for is over now.
  v_time := least(p_event_time, clock_timestamp());
  v_is_running := v_state.last_sync_status = 'running' and v_state.run_id = p_run_id;

  select h.status
  into v_ended_as
  from public.vantage_sync_history h
  where h.run_id = p_run_id and h.resource = p_resource;

  if v_ended_as is not null then
    if v_status is null then
      return 'late';
    elsif v_status = 'success' then
      perform public.complete_vantage_sync(p_resource, p_run_id => p_run_id);
    else
      perform public.fail_vantage_sync(p_resource, p_errors, p_run_id);
    end if;

    return 'repeated';
  end if;

  if v_is_running and p_event in ('RUNNING', 'OTHER') then
    perform public.progress_vantage_sync(p_resource, p_run_id => p_run_id);

    return 'applied';
  elsif p_event = 'OTHER' then
    return 'ignored';
  end if;

  if v_is_running and p_event = 'START' then
    -- Another event of the run came first.
    select max(h.started_at)
    into v_latest_start
    from public.vantage_sync_history h
    where h.resource = p_resource;

    if v_time >= v_state.started_at or v_time <= v_latest_start then
      return 'repeated';
    end if;

    update public.vantage_sync_state
    set started_at = v_time
    where resource = p_resource;

    return 'applied';
  end if;

  v_is_begun := v_is_running;
  -- The clock ran ahead when the latest run began or ended, and was put right since: no event is later, and none is late for
  -- that.
  v_is_ahead := greatest(v_state.started_at, v_state.completed_at) > clock_timestamp();

  if not v_is_running then
    -- The history is in the order of the starts.
    if v_time <= v_state.started_at and not v_is_ahead then
      return 'late';
    end if;

    if v_state.last_sync_status = 'running' or v_is_ahead then
      -- Refused while another run lives; one that is stuck is taken over.
      v_state := public.start_vantage_sync(p_resource, p_run_id);
      v_is_begun := true;

      -- Its time is in the order of the history, its watermark is not.
      update public.vantage_sync_state s
      set started_at = case when v_is_ahead then s.started_at else least(p_event_time, s.started_at) end,
          start_clock = least(p_event_time, s.start_clock)
      where s.resource = p_resource;
    elsif v_status is null then
      update public.vantage_sync_state
      set last_sync_status = 'running',
          run_id = p_run_id,
          started_at = v_time
      where resource = p_resource;
    end if;
  end if;

  -- Where the start is not known the watermark stays, as it does in a direct write that leaves the start out.
  if v_status = 'success' and v_is_begun then
    update public.vantage_sync_state s
    set last_sync_status = 'success',
        completed_at = greatest(v_time, s.started_at),
        last_sync_time = greatest(v_time, s.started_at),
        records_synced = coalesce(p_records, 0),
        records_created = 0,
        records_updated = 0,
        watermark = least(s.started_at, s.start_clock)
    where s.resource = p_resource;

    if not v_is_running then
      update public.vantage_sync_state
      set watermark = v_state.watermark
      where resource = p_resource;
    end if;
  elsif v_status = 'success' then
    update public.vantage_sync_state
    set last_sync_status = 'success',
        run_id = p_run_id,
        started_at = null,
        completed_at = v_time,
        last_sync_time = v_time,
        records_synced = coalesce(p_records, 0),
        records_created = 0,
        records_updated = 0
    where resource = p_resource;
  elsif v_status = 'failed' then
    update public.vantage_sync_state s
    set last_sync_status = 'failed',
        run_id = p_run_id,
        started_at = case when v_is_begun then s.started_at end,
        errors = p_errors,
        completed_at = greatest(v_time, case when v_is_begun then s.started_at end)
    where s.resource = p_resource;
  end if;

  return 'applied';
end
$$;

comment on function public.record_vantage_lineage(text, uuid, text, timestamptz, integer, jsonb, boolean) is
  'Records an event of a run of OpenLineage: START, RUNNING, COMPLETE, FAIL, ABORT or OTHER, at its own time but not later than now. Returns applied; repeated where the run has ended so, or goes on; late where a start comes after the end or before the start of a later run; unregistered where the resource is unknown and p_register is not given; ignored for OTHER of no run that goes on. Refuses with PT400 invalid-request and with what the functions of the lifecycle refuse with.';

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

revoke all on function public.record_vantage_lineage(text, uuid, text, timestamptz, integer, jsonb, boolean)
from public, anon, authenticated, service_role;
grant execute on function public.record_vantage_lineage(text, uuid, text, timestamptz, integer, jsonb, boolean)
to service_role;

reset client_min_messages;
