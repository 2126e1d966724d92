-- Every refusal of the lifecycle calls without run ids: sqlstate, problem, detail and hint; and the state is untouched.

begin;

set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
  v_refusal jsonb;
  v_call text;
begin
  -- Not seen before
  foreach v_call in array array[
    'select public.complete_vantage_sync(''spec.unknown'', 1, 1, 0)',
    'select public.fail_vantage_sync(''spec.unknown'', ''[]'')',
    'select public.progress_vantage_sync(''spec.unknown'')',
    'select public.complete_vantage_sync(''spec.unknown'', p_run_id => gen_random_uuid())',
    'select public.fail_vantage_sync(''spec.unknown'', ''[]'', gen_random_uuid())',
    'select public.progress_vantage_sync(''spec.unknown'', p_run_id => gen_random_uuid())'
  ] loop
    v_refusal := pg_temp.refusal(v_call);
    assert v_refusal @> '{"sqlstate": "PT404", "constraint": "sync-state-not-found"}', v_call || ': ' || v_refusal;
    assert v_refusal -> 'detail' = '{"resource": "spec.unknown"}', v_call || ': ' || v_refusal;
    assert v_refusal ->> 'message' !~ '\.$' and v_refusal ->> 'hint' ~ '^[A-Z].*[^.]$', 'it says what to do';
  end loop;
  assert not exists (select from public.vantage_sync_state where resource = 'spec.unknown'), 'nothing was registered';

  -- Never run
  insert into public.vantage_sync_state (resource) values ('spec.refusals');
  foreach v_call in array array[
    'select public.complete_vantage_sync(''spec.refusals'', 1, 1, 0)',
    'select public.fail_vantage_sync(''spec.refusals'', ''[]'')',
    'select public.progress_vantage_sync(''spec.refusals'')'
  ] loop
    v_refusal := pg_temp.refusal(v_call);
    assert v_refusal @> '{"sqlstate": "PT409", "constraint": "sync-not-running"}', v_call || ': ' || v_refusal;
    assert v_refusal -> 'detail' = '{"resource": "spec.refusals"}', v_call || ': ' || v_refusal;
    assert v_refusal ->> 'message' = 'spec.refusals is not running, its status is never_run', v_refusal ->> 'message';
    assert v_refusal ->> 'hint' ~ '^[A-Z].*[^.]$', 'it says what to do';
  end loop;

  -- Running
  v_state := public.start_vantage_sync('spec.refusals');
  v_refusal := pg_temp.refusal('select public.start_vantage_sync(''spec.refusals'')');
  assert v_refusal @> '{"sqlstate": "PT409", "constraint": "sync-already-running"}', v_refusal::text;
  assert v_refusal -> 'detail' = jsonb_build_object(
    'resource', 'spec.refusals', 'run_id', v_state.run_id,
    'since', to_char(v_state.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), v_refusal::text;
  assert v_refusal ->> 'message' like 'spec.refusals is already running, since %Z, as run %', v_refusal ->> 'message';
  assert v_refusal ->> 'hint' ~ '^[A-Z].*force.*[^.]$', v_refusal ->> 'hint';
  assert v_state = (select s from public.vantage_sync_state s where s.resource = 'spec.refusals'), 'nothing changed';

  -- Counts
  v_refusal := pg_temp.refusal('select public.complete_vantage_sync(''spec.refusals'', -1, 0, -2)');
  assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', v_refusal::text;
  assert v_refusal -> 'detail' = '{"resource": "spec.refusals", "errors": [
    {"pointer": "#/records_synced", "detail": "must not be negative"},
    {"pointer": "#/records_updated", "detail": "must not be negative"}]}', v_refusal::text;
  v_refusal := pg_temp.refusal('select public.fail_vantage_sync(''spec.refusals'', ''[]'', p_records_created => -1)');
  assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', v_refusal::text;
  assert v_refusal -> 'detail' -> 'errors' = '[{"pointer": "#/records_created", "detail": "must not be negative"}]',
    v_refusal::text;
  assert v_state = (select s from public.vantage_sync_state s where s.resource = 'spec.refusals'), 'nothing changed';

  -- Ended
  v_state := public.complete_vantage_sync('spec.refusals', 1, 1, 0);
  foreach v_call in array array[
    'select public.complete_vantage_sync(''spec.refusals'', 2, 2, 0)',
    'select public.fail_vantage_sync(''spec.refusals'', ''[]'')',
    'select public.progress_vantage_sync(''spec.refusals'', 5)'
  ] loop
    v_refusal := pg_temp.refusal(v_call);
    assert v_refusal @> '{"sqlstate": "PT409", "constraint": "sync-not-running"}', v_call || ': ' || v_refusal;
    assert v_refusal -> 'detail' = jsonb_build_object(
      'resource', 'spec.refusals', 'run_id', v_state.run_id,
      'since', to_char(v_state.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), v_refusal::text;
  end loop;
  assert v_state = (select s from public.vantage_sync_state s where s.resource = 'spec.refusals'), 'nothing changed';

  v_state := public.start_vantage_sync('spec.refusals');
  v_state := public.fail_vantage_sync('spec.refusals', '[{"code": "A", "message": "b"}]');
  foreach v_call in array array[
    'select public.complete_vantage_sync(''spec.refusals'', 2, 2, 0)',
    'select public.fail_vantage_sync(''spec.refusals'', ''[]'')',
    'select public.progress_vantage_sync(''spec.refusals'', 5)'
  ] loop
    assert pg_temp.refusal(v_call) @> '{"sqlstate": "PT409", "constraint": "sync-not-running"}', v_call;
  end loop;
  assert v_state = (select s from public.vantage_sync_state s where s.resource = 'spec.refusals'), 'nothing changed';
end
$$;

-- A name that cannot be one
do $$
declare
  v_name text;
begin
  foreach v_name in array array['', ' ', 'a b', 'a/b', '.hidden', '-x', 'é', 'a''b', 'a"b', E'a\nb', 'a' || E'\n', repeat('a', 129)] loop
    assert pg_temp.refusal(format('select public.start_vantage_sync(%L)', v_name))
      @> '{"sqlstate": "23514", "constraint": "vantage_sync_state_resource_valid"}', v_name;
  end loop;

  foreach v_name in array array['a', '0', 'A.b:c_d-e', repeat('z', 128)] loop
    assert (public.start_vantage_sync(v_name)).resource = v_name, v_name;
  end loop;
end
$$;

rollback;
