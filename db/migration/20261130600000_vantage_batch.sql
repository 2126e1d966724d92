-- Lifecycle calls that go together: one statement and one commit for many calls, each with a result or an error of its own.
--
-- What the service sends while it is busy; jobs call the functions of the lifecycle one by one.
-- Undone by ../rollback/20261130600000_vantage_batch_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------

-- Rows are locked in the order of their names, so that two batches wait for one another and never in a circle; calls on one
-- resource keep their order. All locks last until the commit: so a batch waits for nobody who holds one for long.
create or replace function public.batch_vantage_sync(p_calls jsonb)
returns table (
  call_number integer,
  state public.vantage_sync_state,
  error_code text,
  error_message text,
  error_detail text,
  error_hint text,
  error_constraint text
)
language plpgsql
volatile
security invoker
rows 16
set search_path = ''
set lock_timeout = '50ms'
as $$
declare
  v_call jsonb;
  v_locked text;
begin
  for call_number, v_call in
    select c.number, c.call
    from jsonb_array_elements(p_calls) with ordinality as c (call, number)
    order by c.call ->> 'resource' collate "C", c.number
  loop
    state := null;
    error_code := null;
    error_message := null;
    error_detail := null;
    error_hint := null;
    error_constraint := null;

    begin
      if v_call ->> 'resource' = v_locked then
        raise exception using
          errcode = 'lock_not_available',
          message = format('Another transaction holds %s', v_locked);
      end if;

      case v_call ->> 'call'
        when 'start' then
          state := public.start_vantage_sync(
            v_call ->> 'resource',
            (v_call ->> 'run_id')::uuid,
            coalesce((v_call ->> 'force')::boolean, false));
        when 'progress' then
          state := public.progress_vantage_sync(
            v_call ->> 'resource',
            (v_call ->> 'records')::integer,
            (v_call ->> 'total')::integer,
            (v_call ->> 'run_id')::uuid);
        when 'complete' then
          state := public.complete_vantage_sync(
            v_call ->> 'resource',
            (v_call ->> 'records_synced')::integer,
            (v_call ->> 'records_created')::integer,
            (v_call ->> 'records_updated')::integer,
            (v_call ->> 'run_id')::uuid,
            (v_call ->> 'watermark')::timestamptz);
        when 'fail' then
          state := public.fail_vantage_sync(
            v_call ->> 'resource',
            v_call -> 'errors',
            (v_call ->> 'run_id')::uuid,
            (v_call ->> 'records_synced')::integer,
            (v_call ->> 'records_created')::integer,
            (v_call ->> 'records_updated')::integer);
        when 'ping' then
          perform public.ping_vantage_sync(
            v_call ->> 'resource',
            v_call ->> 'signal',
            (v_call ->> 'run_id')::uuid,
            false,
            v_call -> 'errors',
            (v_call ->> 'records_synced')::integer,
            (v_call ->> 'records_created')::integer,
            (v_call ->> 'records_updated')::integer,
            (v_call ->> 'watermark')::timestamptz,
            (v_call ->> 'records')::integer,
            (v_call ->> 'total')::integer);
      end case;
    exception when others then
      get stacked diagnostics
        error_code = returned_sqlstate,
        error_message = message_text,
        error_detail = pg_exception_detail,
        error_hint = pg_exception_hint,
        error_constraint = constraint_name;

      state := null;
      error_detail := nullif(error_detail, '');
      error_hint := nullif(error_hint, '');
      error_constraint := nullif(error_constraint, '');

      if error_code = '55P03' and v_locked is distinct from v_call ->> 'resource' then
        v_locked := v_call ->> 'resource';
        perform set_config('lock_timeout', '1ms', true);
      end if;
    end;

    return next;
  end loop;
end
$$;

comment on function public.batch_vantage_sync(jsonb) is
  'Makes many calls of the lifecycle in one transaction, each as [{"call": "start", "resource", …}] names it, with the parameters of its function; a ping registers nothing. Returns of each, in any order, the state (of a ping none) or the error; one that is refused changes nothing and touches no other. Where another transaction holds a resource for over 50 ms its calls have the error 55P03.';

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on function public.batch_vantage_sync(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.batch_vantage_sync(jsonb) to service_role;

reset client_min_messages;
