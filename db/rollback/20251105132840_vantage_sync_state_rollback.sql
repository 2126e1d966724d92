-- Undoes ../migration/20251105132840_vantage_sync_state.sql. Where that found an original table, the table is given back
-- with its rows as they are now, its functions, policies and indexes; elsewhere every sync state is lost with the table.
-- The history is lost in either case. Stop the service first. Flyway does not run this; with Flyway in use, also delete
-- the version's row from flyway_schema_history.

drop function public.vantage_sync_alerts(public.vantage_sync_state);
drop view public.vantage_sync_alert;
drop view public.vantage_sync_run;

drop trigger vantage_sync_state_1_keep_inserted on public.vantage_sync_state;
drop trigger vantage_sync_state_1_mark_direct_update on public.vantage_sync_state;
drop trigger vantage_sync_state_2_keep_updated on public.vantage_sync_state;
drop trigger vantage_sync_state_2_append_inserted on public.vantage_sync_state;
drop trigger vantage_sync_state_3_forget_runs on public.vantage_sync_state;
drop function public.mark_direct_vantage_sync_update();
drop function public.keep_vantage_sync_state();
drop function public.append_inserted_vantage_sync_run();
drop function public.forget_vantage_sync_runs();
drop function public.append_abandoned_vantage_sync_run(public.vantage_sync_state, public.vantage_sync_state);
drop function public.append_vantage_sync_run(public.vantage_sync_state);

drop function public.delete_old_vantage_sync_runs(interval, integer);
drop function public.move_vantage_sync_history(integer);
drop function public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer);
drop function public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz);
drop function public.progress_vantage_sync(text, integer, integer, uuid);
drop function public.start_vantage_sync(text, uuid, boolean);
drop function public.vantage_sync_field_errors(jsonb);
drop function public.refuse_negative_vantage_counts(text, integer, integer, integer);
drop function public.repeat_or_refuse_vantage_sync(text, uuid, text);
drop function public.refuse_used_vantage_run(text, uuid);
drop function public.vantage_sync_not_before(timestamptz, timestamptz);
drop function public.vantage_sync_duration_ms(timestamptz, timestamptz);
drop function public.vantage_sync_time_text(timestamptz);
drop function public.refuse_invalid_vantage_sync_state(public.vantage_sync_state);

do $$
declare
  v_name text;
  v_statement text;
begin
  if to_regclass('public.vantage_sync_original') is null then
    drop table public.vantage_sync_state;
    return;
  end if;

  drop policy vantage_sync_state_read on public.vantage_sync_state;
  drop policy vantage_sync_state_write on public.vantage_sync_state;
  revoke all on table public.vantage_sync_state from public, anon, authenticated, service_role;
  alter table public.vantage_sync_state reset (fillfactor);
  comment on table public.vantage_sync_state is null;

  foreach v_name in array array[
    'resource', 'last_sync_time', 'last_sync_status', 'records_synced', 'records_created', 'records_updated', 'errors',
    'started_at', 'completed_at', 'duration_ms', 'created_at', 'updated_at'
  ] loop
    execute format('comment on column public.vantage_sync_state.%I is null', v_name);
  end loop;

  -- The rows that nothing has changed since they were put right need what the schema allowed then.
  for v_statement in
    select o.statement from public.vantage_sync_original o
    where o.kind = 'schema' and o.statement like 'alter table % drop not null' order by o.position
  loop
    execute v_statement;
  end loop;

  for v_statement in select o.statement from public.vantage_sync_original o where o.kind = 'row' order by o.position loop
    execute v_statement;
  end loop;

  alter table public.vantage_sync_state
    drop column run_id,
    drop column watermark,
    drop column progress,
    drop column stuck_after,
    drop column stale_after,
    drop column slow_after,
    drop column fail_after,
    drop column start_clock,
    drop column ended_progress,
    drop column version,
    drop column expect,
    drop column success_started_at,
    drop column error_count,
    drop column error_bytes,
    drop column error_code;

  for v_statement in select o.statement from public.vantage_sync_original o where o.kind = 'schema' order by o.position loop
    execute v_statement;
  end loop;

  drop table public.vantage_sync_original;
end
$$;

drop table public.vantage_sync_history;
drop table public.vantage_sync_history_move;
drop table public.vantage_sync_due;
drop table public.vantage_sync_setting;
drop domain public.vantage_sync_threshold;
drop domain public.vantage_sync_run_count;

-- A role goes only if the migration made it and nothing else uses it: neither an object in any database of the
-- cluster nor a member other than the login that ran the migration.
do $$
declare
  v_role regrole;
begin
  for v_role in
    select r.oid
    from pg_catalog.pg_roles r
    where r.rolname in ('anon', 'authenticated', 'service_role')
      and pg_catalog.shobj_description(r.oid, 'pg_authid') = 'Created by 20251105132840_vantage_sync_state.sql'
      and not exists (
        select
        from pg_catalog.pg_auth_members m
        where m.roleid = r.oid and m.member <> (select oid from pg_catalog.pg_roles where rolname = current_user)
      )
  loop
    begin
      execute format('revoke usage on schema public from %s', v_role);
      execute format('drop role %s', v_role);
    exception when dependent_objects_still_exist then
      null;
    end;
  end loop;
end
$$;
