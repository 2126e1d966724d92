-- Who may do what to each table and function, as complete tables: by privilege, and by trying.

begin;

-- Tables and views
do $$
declare
  v_case record;
begin
  for v_case in
    select r.role, t.name, p.privilege,
      case
        when r.role = 'public' then false
        when p.privilege = 'select' then t.readers = 'all' or r.role = 'service_role'
        else r.role = 'service_role' and t.name = 'public.vantage_sync_state' and p.privilege in ('insert', 'update', 'delete')
      end as expected,
      has_table_privilege(r.role, t.name, p.privilege) as actual
    from unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (role)
    cross join (values
      ('public.vantage_sync_state', 'all'),
      ('public.vantage_sync_history', 'all'),
      ('public.vantage_sync_run', 'all'),
      ('public.vantage_sync_alert', 'all'),
      ('public.vantage_sync_setting', 'all'),
      ('public.vantage_sync_due', 'all'),
      ('public.vantage_sync_next_due', 'all'),
      ('public.vantage_sync_skipped_day', 'all'),
      ('public.vantage_incident', 'all'),
      ('public.vantage_incident_event', 'all'),
      ('public.vantage_mute', 'all'),
      ('public.vantage_channel', 'all'),
      ('public.vantage_notification', 'all'),
      ('public.vantage_channel_alert', 'all'),
      ('public.vantage_watch', 'all'),
      ('public.vantage_sync_freshness', 'all'),
      ('public.vantage_sync_recent', 'all'),
      ('public.vantage_sync_interval', 'all'),
      ('public.vantage_sync_history_move', 'service')) as t (name, readers)
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p (privilege)
  loop
    assert v_case.actual = v_case.expected, format('%s %s %s: %s', v_case.role, v_case.privilege, v_case.name, v_case.actual);
  end loop;

  assert (select array_agg(a.attname order by a.attname) = array['fail_after', 'slow_after', 'stale_after', 'stuck_after']::name[]
    from pg_catalog.pg_attribute a
    where a.attrelid = 'public.vantage_sync_setting'::regclass and a.attnum > 0
      and has_column_privilege('service_role', a.attrelid, a.attnum, 'update')), 'of the settings, the thresholds';

  assert (select bool_and(c.relrowsecurity) from pg_catalog.pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname ~ '^vantage_'), 'row-level security is on';

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
      p.proname in ('require_fresh_vantage_sync', 'explain_vantage_sync', 'missed_vantage_syncs') and r.role <> 'public'
        or r.role = 'service_role' and p.proname in (
        'start_vantage_sync', 'progress_vantage_sync', 'complete_vantage_sync', 'fail_vantage_sync',
        'delete_old_vantage_sync_runs', 'move_vantage_sync_history', 'vantage_sync_alerts', 'vantage_sync_time_text',
        'evaluate_vantage_alerts', 'acknowledge_vantage_incident', 'delete_old_vantage_incidents', 'ping_vantage_sync', 'record_vantage_lineage', 'batch_vantage_sync',
        'vantage_common_causes', 'vantage_common_cause',
        'set_vantage_channels', 'claim_vantage_notifications', 'release_vantage_notifications', 'record_vantage_delivery',
        'watch_vantage_channels', 'test_vantage_channel', 'retry_vantage_notification',
        'mute_vantage_resources', 'end_vantage_mute',
        'fill_vantage_sync_due', 'skip_vantage_sync_day', 'unskip_vantage_sync_day', 'vantage_sync_next_due') as expected,
      p.proname in (
        'start_vantage_sync', 'progress_vantage_sync', 'complete_vantage_sync', 'fail_vantage_sync',
        'delete_old_vantage_sync_runs', 'move_vantage_sync_history', 'keep_vantage_sync_state',
        'append_inserted_vantage_sync_run', 'forget_vantage_sync_runs',
        'explain_vantage_sync', 'evaluate_vantage_alerts', 'acknowledge_vantage_incident', 'delete_old_vantage_incidents',
        'set_vantage_channels', 'claim_vantage_notifications', 'release_vantage_notifications', 'record_vantage_delivery',
        'watch_vantage_channels', 'test_vantage_channel', 'retry_vantage_notification',
        'mute_vantage_resources', 'end_vantage_mute',
        'fill_vantage_sync_due', 'skip_vantage_sync_day', 'unskip_vantage_sync_day', 'read_vantage_sync_expectation',
        'follow_vantage_sync_schedule', 'follow_vantage_sync_interval') as may_define,
      p.proname in (
        'vantage_sync_time_text', 'vantage_sync_duration_ms', 'vantage_sync_not_before',
        'mark_direct_vantage_sync_update') as is_without_search_path,
      p.prosecdef, p.proconfig
    from pg_catalog.pg_proc p
    cross join unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (role)
    where p.pronamespace = 'public'::regnamespace and p.proname ~ 'vantage'
  loop
    v_count := v_count + 1;
    assert v_case.actual = v_case.expected, format('%s executes %s: %s', v_case.role, v_case.name, v_case.actual);
    assert v_case.prosecdef = v_case.may_define, format('%s runs with the rights of its owner: %s', v_case.name, v_case.prosecdef);
    assert v_case.is_without_search_path or v_case.proconfig @> array['search_path=""'], format('%s has a search_path of its own', v_case.name);
  end loop;

  assert v_count = 4 * 72, 'all functions were looked at: ' || v_count / 4;
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

grant all on table public.vantage_sync_state, public.vantage_sync_history, public.vantage_sync_setting to public;
select public.start_vantage_sync('spec.privileges');
select public.complete_vantage_sync('spec.privileges');

do $$
declare
  v_role text;
  v_table text;
  v_rows bigint;
begin
  foreach v_role in array array['anon', 'authenticated'] loop
    execute format('set local role %I', v_role);

    foreach v_table in array array['public.vantage_sync_state', 'public.vantage_sync_history'] loop
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
    assert pg_temp.refusal('insert into public.vantage_sync_history (run_id) select h.run_id from public.vantage_sync_history h') ->> 'sqlstate' = '42501',
      format('%s inserts no run', v_role);
    update public.vantage_sync_setting set stuck_after = '1 hour';
    get diagnostics v_rows = row_count;
    assert v_rows = 0, format('%s changes no setting', v_role);

    reset role;
  end loop;
end
$$;

revoke all on table public.vantage_sync_state, public.vantage_sync_history, public.vantage_sync_setting from public;

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
      'insert into public.vantage_sync_history (run_id) values (gen_random_uuid())',
      'update public.vantage_sync_history set records_synced = 1',
      'delete from public.vantage_sync_history',
      'truncate public.vantage_sync_history',
      'update public.vantage_sync_setting set stuck_after = ''1 hour''',
      'select * from public.vantage_sync_history_move',
      'select public.move_vantage_sync_history()',
      'select public.start_vantage_sync(''spec.privileges'')',
      'select public.progress_vantage_sync(''spec.privileges'')',
      'select public.complete_vantage_sync(''spec.privileges'')',
      'select public.fail_vantage_sync(''spec.privileges'', ''[]'')',
      'select public.delete_old_vantage_sync_runs(''1 day'')',
      'update public.vantage_incident set severity = ''warning''',
      'delete from public.vantage_incident_event',
      'select public.evaluate_vantage_alerts()',
      'select public.acknowledge_vantage_incident(gen_random_uuid())',
      'update public.vantage_channel set failures = 0',
      'select public.end_vantage_mute(gen_random_uuid())',
      'delete from public.vantage_notification',
      'delete from public.vantage_sync_due',
      'update public.vantage_sync_skipped_day set reason = ''a''',
      'select public.fill_vantage_sync_due()',
      'select public.skip_vantage_sync_day(''accounts'', current_date, ''a'')',
      'select public.unskip_vantage_sync_day(''accounts'', current_date)',
      'select public.claim_vantage_notifications(''ops'')',
      'select public.set_vantage_channels(''[]'')'
    ] loop
      assert pg_temp.refusal(v_statement) ->> 'sqlstate' = '42501', format('%s: %s', v_role, v_statement);
    end loop;

    reset role;
  end loop;

  set local role service_role;
  foreach v_statement in array array[
    'truncate public.vantage_sync_state cascade',
    'truncate public.vantage_sync_history',
    'insert into public.vantage_sync_history (run_id) select h.run_id from public.vantage_sync_history h',
    'update public.vantage_sync_history set records_synced = 1',
    'delete from public.vantage_sync_history',
    'alter table public.vantage_sync_history disable row level security',
    'drop view public.vantage_sync_run'
  ] loop
    assert pg_temp.refusal(v_statement) ->> 'sqlstate' = '42501', 'service_role: ' || v_statement;
  end loop;
  perform public.start_vantage_sync('spec.privileges');
  assert (public.fail_vantage_sync('spec.privileges', '[]')).last_sync_status = 'failed', 'service_role writes';
  delete from public.vantage_sync_state where resource = 'spec.privileges';
end
$$;

rollback;
