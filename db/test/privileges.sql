-- Who may do what to each table and function, as complete tables: by privilege, and by trying.

begin;

create function pg_temp.refusal(p_statement text)
returns jsonb
language plpgsql
as $$
declare
  v_constraint text;
  v_detail text;
  v_hint text;
begin
  execute p_statement;
  return null;
exception when others then
  get stacked diagnostics v_constraint = constraint_name, v_detail = pg_exception_detail, v_hint = pg_exception_hint;
  return jsonb_build_object(
    'sqlstate', sqlstate, 'constraint', v_constraint, 'message', sqlerrm, 'hint', v_hint,
    'detail', case when v_detail like '{%' then v_detail::jsonb end);
end
$$;

-- Tables
do $$
declare
  v_case record;
begin
  for v_case in
    select r.role, t.name, p.privilege,
      case when r.role = 'service_role' then p.privilege in ('select', 'insert', 'update', 'delete')
        when r.role in ('anon', 'authenticated') then p.privilege = 'select'
        else false end as expected,
      has_table_privilege(r.role, t.name, p.privilege) as actual
    from unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (role)
    cross join unnest(array['public.vantage_sync_state', 'public.vantage_sync_run']) as t (name)
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p (privilege)
  loop
    assert v_case.actual = v_case.expected, format('%s %s %s: %s', v_case.role, v_case.privilege, v_case.name, v_case.actual);
  end loop;

  assert (select count(*) = 2 and bool_and(c.relrowsecurity) from pg_catalog.pg_class c
    where c.oid in ('public.vantage_sync_state'::regclass, 'public.vantage_sync_run'::regclass)), 'row-level security is on';

  assert not exists (
    select
    from pg_catalog.pg_roles r
    where r.rolname in ('anon', 'authenticated', 'service_role') and (r.rolsuper or r.rolcreaterole or r.rolcreatedb)
  ), 'no role is more than it needs to be';
end
$$;

-- Functions: every one of this schema that names the product, so that a new one is not forgotten.
do $$
declare
  v_case record;
  v_count integer := 0;
begin
  for v_case in
    select r.role, p.oid::regprocedure as name, has_function_privilege(r.role, p.oid, 'execute') as actual,
      r.role = 'service_role' and p.prorettype <> 'trigger'::regtype as expected,
      p.prosecdef, p.proconfig
    from pg_catalog.pg_proc p
    cross join unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (role)
    where p.pronamespace = 'public'::regnamespace and p.proname ~ 'vantage'
  loop
    v_count := v_count + 1;
    assert v_case.actual = v_case.expected, format('%s executes %s: %s', v_case.role, v_case.name, v_case.actual);
    assert not v_case.prosecdef, format('%s runs with the caller''s rights', v_case.name);
    assert v_case.proconfig @> array['search_path=""'], format('%s has a search_path of its own', v_case.name);
  end loop;

  assert v_count >= 4 * 14, 'all functions were looked at';
end
$$;

-- The policies, without the privileges that stand before them: everything is granted, and the rows still are not.
do $$
begin
  if not pg_has_role(current_user, 'anon', case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
    grant anon to current_user;
  end if;
end
$$;

grant all on table public.vantage_sync_state, public.vantage_sync_run to public;
select public.start_vantage_sync('spec.privileges');

do $$
declare
  v_role text;
  v_table text;
  v_rows bigint;
begin
  foreach v_role in array array['anon', 'authenticated'] loop
    execute format('set local role %I', v_role);

    foreach v_table in array array['public.vantage_sync_state', 'public.vantage_sync_run'] loop
      execute format('select count(*) from %s where resource = ''spec.privileges''', v_table) into v_rows;
      assert v_rows = 1, format('%s reads %s', v_role, v_table);

      execute format('update %s set resource = resource', v_table);
      get diagnostics v_rows = row_count;
      assert v_rows = 0, format('%s updates nothing in %s', v_role, v_table);

      execute format('delete from %s', v_table);
      get diagnostics v_rows = row_count;
      assert v_rows = 0, format('%s deletes nothing from %s', v_role, v_table);
    end loop;

    assert pg_temp.refusal('insert into public.vantage_sync_state (resource) values (''spec.mine'')') ->> 'sqlstate' = '42501',
      format('%s inserts no state', v_role);
    assert pg_temp.refusal('insert into public.vantage_sync_run (run_id, resource, status, started_at, completed_at, duration_ms) values (gen_random_uuid(), ''spec.privileges'', ''success'', ''2025-01-01'', ''2025-01-01'', 0)') ->> 'sqlstate' = '42501',
      format('%s inserts no run', v_role);

    reset role;
  end loop;
end
$$;

revoke all on table public.vantage_sync_state, public.vantage_sync_run from public;

-- By trying, with the privileges as they are
do $$
declare
  v_role text;
  v_statement text;
begin
  foreach v_role in array array['anon', 'authenticated'] loop
    execute format('set local role %I', v_role);

    assert (select count(*) = 1 from public.vantage_sync_state where resource = 'spec.privileges'), v_role || ' reads states';
    assert (select count(*) = 1 from public.vantage_sync_run where resource = 'spec.privileges'), v_role || ' reads runs';

    foreach v_statement in array array[
      'insert into public.vantage_sync_state (resource) values (''spec.mine'')',
      'update public.vantage_sync_state set records_synced = 1',
      'delete from public.vantage_sync_state',
      'truncate public.vantage_sync_state cascade',
      'insert into public.vantage_sync_run (run_id) values (gen_random_uuid())',
      'update public.vantage_sync_run set records_synced = 1',
      'delete from public.vantage_sync_run',
      'truncate public.vantage_sync_run',
      'select public.start_vantage_sync(''spec.privileges'')',
      'select public.progress_vantage_sync(''spec.privileges'')',
      'select public.complete_vantage_sync(''spec.privileges'')',
      'select public.fail_vantage_sync(''spec.privileges'', ''[]'')',
      'select public.delete_old_vantage_sync_runs(''1 day'')'
    ] loop
      assert pg_temp.refusal(v_statement) ->> 'sqlstate' = '42501', format('%s: %s', v_role, v_statement);
    end loop;

    reset role;
  end loop;

  set local role service_role;
  foreach v_statement in array array[
    'truncate public.vantage_sync_state cascade',
    'truncate public.vantage_sync_run',
    'alter table public.vantage_sync_run disable row level security',
    'drop table public.vantage_sync_run'
  ] loop
    assert pg_temp.refusal(v_statement) ->> 'sqlstate' = '42501', 'service_role: ' || v_statement;
  end loop;
  assert (public.fail_vantage_sync('spec.privileges', '[]')).last_sync_status = 'failed', 'service_role writes';
  delete from public.vantage_sync_state where resource = 'spec.privileges';
end
$$;

rollback;
