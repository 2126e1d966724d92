-- What a statement is refused with: sqlstate, constraint, message, hint and detail; null where it is not refused.

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

-- The same in a word: the constraint, or where there is none, the sqlstate.
create function pg_temp.rule(p_statement text)
returns text
language sql
as $$
  select coalesce(nullif(r ->> 'constraint', ''), r ->> 'sqlstate')
  from pg_temp.refusal(p_statement) as r
$$;
