-- vantage_mute: resources of which nobody is notified for a while. They are watched all the same, and what is still wrong
-- at the end is sent once. Undone by ../rollback/20261129150500_vantage_mute_rollback.sql.

set client_min_messages = warning;

create table if not exists public.vantage_mute (
  mute_id uuid not null default gen_random_uuid(),
  resources text[] not null,
  kinds text[],
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  note text,
  muted_by text,
  created_at timestamptz not null default statement_timestamp(),
  is_over boolean not null default false,

  constraint vantage_mute_pkey primary key (mute_id),

  constraint vantage_mute_resources_some check (cardinality(resources) between 1 and 100),

  constraint vantage_mute_kinds_known check (kinds <@ array['failed', 'stuck', 'stale', 'slow'] and cardinality(kinds) > 0),

  -- Whoever forgets one is notified again within a month.
  constraint vantage_mute_ends_within_30_days check (ends_at - starts_at <= interval '720 hours')
);

create index if not exists vantage_mute_current_idx on public.vantage_mute (ends_at) where not is_over;

comment on table public.vantage_mute is
  'One row a mute: nobody is notified of these resources for a while; they are watched all the same.';
comment on column public.vantage_mute.resources is
  'Names, * standing for any characters.';
comment on column public.vantage_mute.kinds is
  'The kinds of alerts that are not sent; null for all. What has another kind as well is sent.';
comment on column public.vantage_mute.is_over is
  'Whether what was still wrong at its end has been sent.';

-- A mute stops what it began in the meantime, but for the closing of what somebody was notified of.
create or replace function public.is_vantage_resource_muted(p_resource text, p_kinds jsonb, p_at timestamptz)
returns boolean
language sql
stable
security invoker
set search_path = ''
as $$
  select exists (
    select
    from public.vantage_mute m
    where not m.is_over
      and m.starts_at <= p_at
      and m.ends_at > p_at
      and (m.kinds is null or p_kinds <@ to_jsonb(m.kinds))
      and exists (
        select
        from unnest(m.resources) as p (pattern)
        where p_resource like replace(replace(p.pattern, '_', '\_'), '*', '%')))
$$;

comment on function public.is_vantage_resource_muted(text, jsonb, timestamptz) is
  'Whether nobody is notified of alerts of these kinds of this resource at that time.';

create or replace function public.mute_vantage_resources(
  p_resources text[],
  p_until timestamptz,
  p_kinds text[] default null,
  p_from timestamptz default null,
  p_note text default null,
  p_by text default null
)
returns public.vantage_mute
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_from timestamptz := coalesce(p_from, statement_timestamp());
  v_mute public.vantage_mute;
  v_errors jsonb;
begin
  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_errors
  from (values
    ('#/resources', 'must be 1 to 100 names of 1 to 128 of A-Z a-z 0-9 _ . : - and * for any characters',
      coalesce(cardinality(p_resources), 0) not between 1 and 100
      or exists (select from unnest(p_resources) as r (name) where r.name ~ '^[A-Za-z0-9_.:*-]{1,128}$' is not true)),
    ('#/kinds', 'must be one or more of failed, stuck, stale, slow',
      cardinality(p_kinds) = 0
      or exists (select from unnest(p_kinds) as k (kind) where k.kind in ('failed', 'stuck', 'stale', 'slow') is not true)),
    ('#/until', 'must be a time to come, at most 30 days after from',
      p_until is null or p_until <= statement_timestamp() or p_until <= v_from or p_until > v_from + interval '720 hours'),
    ('#/from', 'must be a time at most 365 days ahead',
      not isfinite(v_from) or v_from > statement_timestamp() + interval '365 days'),
    ('#/note', 'must be at most 2000 characters', length(p_note) > 2000),
    ('#/by', 'must be at most 200 characters', length(p_by) > 200)
  ) as f (pointer, detail, applies)
  where f.applies;

  if v_errors is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The mute is not valid',
      detail = jsonb_build_object('errors', v_errors)::text,
      hint = 'Say which resources, and until when: {"resources": ["fund*"], "until": "2026-12-01T06:00:00Z"}';
  end if;

  insert into public.vantage_mute as m (resources, kinds, starts_at, ends_at, note, muted_by)
  values (p_resources, p_kinds, v_from, p_until, p_note, p_by)
  returning m.* into v_mute;

  return v_mute;
end
$$;

comment on function public.mute_vantage_resources(text[], timestamptz, text[], timestamptz, text, text) is
  'Stops notifications of these resources until then; they are watched all the same, and what is still wrong at the end is sent once. Refuses with PT400 invalid-request.';

create or replace function public.end_vantage_mute(p_mute_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  update public.vantage_mute m
  set ends_at = statement_timestamp(),
      starts_at = least(m.starts_at, statement_timestamp())
  where m.mute_id = p_mute_id and m.ends_at > statement_timestamp();

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'mute-not-found',
      message = format('There is no mute %s that goes on or is to come', p_mute_id),
      detail = '{}',
      hint = 'It may have ended; GET /mutes lists those that there are';
  end if;
end
$$;

comment on function public.end_vantage_mute(uuid) is
  'Ends a mute now. Refuses with PT404 mute-not-found.';

alter table public.vantage_mute enable row level security;

drop policy if exists vantage_mute_read on public.vantage_mute;
create policy vantage_mute_read on public.vantage_mute
for select to anon, authenticated, service_role
using (true);

revoke all on table public.vantage_mute from public, anon, authenticated, service_role;
grant select on table public.vantage_mute to anon, authenticated, service_role;

revoke all on function
  public.is_vantage_resource_muted(text, jsonb, timestamptz),
  public.mute_vantage_resources(text[], timestamptz, text[], timestamptz, text, text),
  public.end_vantage_mute(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.mute_vantage_resources(text[], timestamptz, text[], timestamptz, text, text),
  public.end_vantage_mute(uuid)
to service_role;

reset client_min_messages;
