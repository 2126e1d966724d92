-- The schema in public as statements in a stable order, the same text on every version of PostgreSQL. Comments are left
-- out: the migrations have them beside what they are about.
with relation as (
  select c.*
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
),
privilege (kind, name, privilege, grantee) as (
  select 'table', c.relname::text, x.privilege_type, x.grantee
  from relation c
  cross join lateral aclexplode(c.relacl) as x
  where x.grantee <> c.relowner
  union all
  select 'table', c.relname::text, format('%s (%I)', x.privilege_type, a.attname), x.grantee
  from relation c
  join pg_attribute a on a.attrelid = c.oid
  cross join lateral aclexplode(a.attacl) as x
  union all
  select 'function', p.oid::regprocedure::text, x.privilege_type, x.grantee
  from pg_proc p
  cross join lateral aclexplode(p.proacl) as x
  where p.pronamespace = 'public'::regnamespace and x.grantee <> p.proowner
),
part (position, name, sub, line) as (
  select 1, t.typname::text, '', format(e'create domain public.%I as %s\n%s;\n', t.typname,
    format_type(t.typbasetype, t.typtypmod), (
      select string_agg(format('  constraint %I %s', c.conname, pg_get_constraintdef(c.oid)), e'\n' order by c.conname)
      from pg_constraint c
      where c.contypid = t.oid))
  from pg_type t
  where t.typnamespace = 'public'::regnamespace and t.typtype = 'd'
  union all
  select 2, c.relname::text, '', format(e'create table public.%I (\n%s\n)%s;\n', c.relname,
    concat_ws(e',\n',
      (
        select string_agg(
          format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
            || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end
            || case when a.attidentity = 'a' then ' generated always as identity' else '' end
            || case when a.attnotnull then ' not null' else '' end
            || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''),
          e',\n' order by a.attnum)
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ),
      (
        -- Version 18 names the constraints of columns that are not null.
        select string_agg(format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), e',\n' order by k.conname)
        from pg_constraint k
        where k.conrelid = c.oid and k.contype <> 'n'
      )),
    coalesce(e' with (\n  ' || array_to_string(c.reloptions, e',\n  ') || e'\n)', ''))
  from relation c
  where c.relkind = 'r'
  union all
  select 3, i.tablename::text, i.indexname::text, i.indexdef || e';\n'
  from pg_indexes i
  where i.schemaname = 'public'
    and not exists (select from pg_constraint k where k.conname = i.indexname and k.contype in ('p', 'u'))
  union all
  select 4, p.proname::text, p.oid::regprocedure::text, rtrim(pg_get_functiondef(p.oid), e'\n') || e';\n'
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace
  union all
  select 5, t.tgrelid::regclass::text, t.tgname::text, pg_get_triggerdef(t.oid) || e';\n'
  from pg_trigger t
  where not t.tgisinternal
  union all
  select 6, c.relname::text, '', format(e'create view public.%I with (%s) as\n%s\n', c.relname,
    array_to_string(c.reloptions, ', '), pg_get_viewdef(c.oid))
  from relation c
  where c.relkind = 'v'
  union all
  select 7, c.relname::text, '', format(e'alter table public.%I enable row level security;\n', c.relname)
  from relation c
  where c.relrowsecurity
  union all
  select 8, p.tablename::text, p.policyname::text, format('create policy %I on public.%I for %s to %s%s%s', p.policyname,
      p.tablename, lower(p.cmd), array_to_string(p.roles, ', '), ' using (' || p.qual || ')',
      ' with check (' || p.with_check || ')') || e';\n'
  from pg_policies p
  where p.schemaname = 'public'
  union all
  select 9, g.kind || g.name, g.grantees, format(e'grant %s on %s public.%s to %s;\n', g.privileges, g.kind, g.name, g.grantees)
  from (
    select kind, name, privileges, string_agg(grantee, ', ' order by grantee) as grantees
    from (
      select g.kind, g.name, coalesce(r.rolname::text, 'public') as grantee,
        string_agg(lower(g.privilege), ', ' order by lower(g.privilege)) as privileges
      from privilege g
      left join pg_roles r on r.oid = g.grantee
      group by 1, 2, 3
    ) as g
    group by kind, name, privileges
  ) as g
)
-- A blank line after each that has several lines, and after the last of each kind.
select string_agg(p.lines, e'\n' order by p.position)
from (
  select
    position,
    string_agg(line, case when position in (3, 5, 7, 8, 9) then '' else e'\n' end order by name collate "C", sub collate "C")
      as lines
  from part
  group by position
) as p
