-- What fail_vantage_sync takes as errors, and how it points at what is wrong with the rest.

begin;

set local role service_role;

do $$
declare
  v_state public.vantage_sync_state;
  v_refusal jsonb;
  v_errors jsonb;
  v_case record;
begin
  v_state := public.start_vantage_sync('spec.errors');

  for v_case in
    select *
    from (values
      (null, '#/errors'),
      ('null', '#/errors'),
      ('{}', '#/errors'),
      ('"x"', '#/errors'),
      ('1', '#/errors'),
      ('[1]', '#/errors/0'),
      ('["x"]', '#/errors/0'),
      ('[null]', '#/errors/0'),
      ('[[]]', '#/errors/0'),
      ('[{"message": "m"}]', '#/errors/0/code'),
      ('[{"code": "c"}]', '#/errors/0/message'),
      ('[{"code": 1, "message": "m"}]', '#/errors/0/code'),
      ('[{"code": null, "message": "m"}]', '#/errors/0/code'),
      ('[{"code": " \t", "message": "m"}]', '#/errors/0/code'),
      ('[{"code": "c", "message": ""}]', '#/errors/0/message'),
      ('[{"code": "c", "message": "m"}, {"code": "c", "message": {}}]', '#/errors/1/message'),
      ('[{"code": "c", "message": "m", "timestamp": "yesterday"}]', '#/errors/0/timestamp'),
      ('[{"code": "c", "message": "m", "timestamp": 5}]', '#/errors/0/timestamp')
    ) as c (errors, pointer)
  loop
    v_refusal := pg_temp.refusal(format('select public.fail_vantage_sync(''spec.errors'', %L)', v_case.errors));
    assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}', v_case.errors;
    assert v_refusal -> 'detail' ->> 'resource' = 'spec.errors', v_refusal::text;
    assert jsonb_array_length(v_refusal -> 'detail' -> 'errors') = 1, v_refusal::text;
    assert v_refusal -> 'detail' -> 'errors' -> 0 ->> 'pointer' = v_case.pointer, v_refusal::text;
    assert v_refusal -> 'detail' -> 'errors' -> 0 ->> 'detail' like 'must be %', v_refusal::text;
  end loop;

  v_refusal := pg_temp.refusal('select public.fail_vantage_sync(''spec.errors'', ''[{}, {}]'')');
  assert jsonb_path_query_array(v_refusal, '$.detail.errors[*].pointer')
    = '["#/errors/0/code", "#/errors/0/message", "#/errors/1/code", "#/errors/1/message"]', 'every field error is reported';

  v_refusal := pg_temp.refusal(format('select public.fail_vantage_sync(''spec.errors'', %L)',
    (select jsonb_agg(1) from generate_series(1, 1000))));
  assert jsonb_array_length(v_refusal -> 'detail' -> 'errors') = 20, 'but no more than twenty';

  assert v_state = (select s from public.vantage_sync_state s where s.resource = 'spec.errors'), 'nothing changed';

  foreach v_errors in array array[
    '[]',
    '[{"code": "c", "message": "m"}]',
    '[{"code": "c", "message": "m", "timestamp": null, "stack": null}]',
    '[{"code": "c", "message": "m", "timestamp": "2025-11-05T10:30:00Z", "record_id": "7", "stack": "at x",
       "context": {"deep": [1, {"er": null}]}, "key": "not in the list"}]',
    '[{"code": "c", "message": "m", "timestamp": "2025-11-05T10:30:00.123456789+05:30"}]'
  ]::jsonb[] loop
    v_state := public.fail_vantage_sync('spec.errors', v_errors);
    assert v_state.errors = v_errors, 'stored as they came';
    assert (select r.errors = v_errors from public.vantage_sync_run r where r.run_id = v_state.run_id), 'in the run too';
    v_state := public.start_vantage_sync('spec.errors');
  end loop;
end
$$;

rollback;
