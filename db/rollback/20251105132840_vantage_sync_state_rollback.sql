-- Undoes ../migration/20251105132840_vantage_sync_state.sql: every sync state is lost with the table.
-- Flyway does not run this; with Flyway in use, also delete the version's row from flyway_schema_history.

drop function public.fail_vantage_sync(text, jsonb);
drop function public.vantage_sync_error_flaws(jsonb);
drop function public.complete_vantage_sync(text, integer, integer, integer);
drop function public.vantage_sync_duration_ms(timestamptz, timestamptz);
drop function public.lock_running_vantage_sync(text);
drop function public.start_vantage_sync(text);
drop table public.vantage_sync_state;
drop function public.set_vantage_sync_updated_at();

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
