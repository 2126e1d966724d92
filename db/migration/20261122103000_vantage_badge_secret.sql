-- vantage_badge_secret: from what the addresses of badges for everybody are made, which nobody can guess.
--
-- An address carries a code made from the resource and this secret, so that no address has to be stored, every instance
-- knows them all, and they outlive the replacing of keys. Another secret makes every address another one:
-- update vantage_badge_secret set secret = gen_random_uuid()::text || gen_random_uuid()::text
-- Undone by ../rollback/20261122103000_vantage_badge_secret_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

create table if not exists public.vantage_badge_secret (
  is_the_one boolean not null default true,
  secret text not null default gen_random_uuid()::text || gen_random_uuid()::text,

  constraint vantage_badge_secret_pkey primary key (is_the_one),

  -- There is one secret.
  constraint vantage_badge_secret_single check (is_the_one),

  -- Shorter ones could be guessed.
  constraint vantage_badge_secret_long_enough check (length(secret) >= 32)
);

comment on table public.vantage_badge_secret is
  'One row: from what the addresses of badges for everybody are made. Who knows it can make the address of any badge.';
comment on column public.vantage_badge_secret.is_the_one is
  'Always true.';
comment on column public.vantage_badge_secret.secret is
  'Random, at least 32 characters. Changing it makes every address another one.';

insert into public.vantage_badge_secret default values on conflict do nothing;

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_badge_secret enable row level security;

drop policy if exists vantage_badge_secret_write on public.vantage_badge_secret;
create policy vantage_badge_secret_write on public.vantage_badge_secret
for all to service_role
using (true)
with check (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this. Nobody deletes or adds a secret.
revoke all on table public.vantage_badge_secret from public, anon, authenticated, service_role;
grant select, update on table public.vantage_badge_secret to service_role;

reset client_min_messages;
