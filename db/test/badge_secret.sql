-- The secret behind the addresses of badges: one, long, and for service_role alone.

begin;

do $$
declare
  v_case record;
begin
  assert (select count(*) = 1 and min(length(b.secret)) >= 72 from public.vantage_badge_secret b), 'there is one, and it is long';
  assert pg_temp.rule('insert into public.vantage_badge_secret default values') = 'vantage_badge_secret_pkey', 'no second one';
  assert pg_temp.rule('insert into public.vantage_badge_secret (is_the_one) values (false)') = 'vantage_badge_secret_single', 'of no other kind';
  assert pg_temp.rule('update public.vantage_badge_secret set secret = ''short''') = 'vantage_badge_secret_long_enough', 'not a short one';

  for v_case in
    select r.role, p.privilege,
      has_table_privilege(r.role, 'public.vantage_badge_secret', p.privilege) as actual,
      r.role = 'service_role' and p.privilege in ('select', 'update') as expected
    from unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (role)
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p (privilege)
  loop
    assert v_case.actual = v_case.expected, format('%s %s: %s', v_case.role, v_case.privilege, v_case.actual);
  end loop;
end
$$;

-- Without the privileges that stand before it, the policy still shows it to nobody else.
grant select on table public.vantage_badge_secret to authenticated;
set local role authenticated;

do $$
begin
  assert not exists (select from public.vantage_badge_secret), 'authenticated sees no row';
end
$$;

reset role;
set local role service_role;

do $$
begin
  update public.vantage_badge_secret set secret = gen_random_uuid()::text || gen_random_uuid()::text;
  assert (select count(*) = 1 from public.vantage_badge_secret), 'service_role reads and changes it';
end
$$;

rollback;
