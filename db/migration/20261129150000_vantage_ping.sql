-- ping_vantage_sync: what a job reports that can only request an address, by the rules of the lifecycle.
--
-- A start is a start. An ending ends the run that it names, or without a name the run that goes on; where there is none, it
-- is a run that starts and ends at once. The address may carry a code made from the resource and vantage_ping_secret, so
-- that no address has to be stored. Another secret makes every address another one:
-- update vantage_ping_secret set secret = gen_random_uuid()::text || gen_random_uuid()::text
-- Undone by ../rollback/20261129150000_vantage_ping_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

create table if not exists public.vantage_ping_secret (
  is_the_one boolean not null default true,
  secret text not null default gen_random_uuid()::text || gen_random_uuid()::text,

  constraint vantage_ping_secret_pkey primary key (is_the_one),

  -- There is one secret.
  constraint vantage_ping_secret_single check (is_the_one),

  -- Shorter ones could be guessed.
  constraint vantage_ping_secret_long_enough check (length(secret) >= 32)
);

comment on table public.vantage_ping_secret is
  'One row: from what the addresses that jobs ping are made. Who knows it can ping for any resource.';
comment on column public.vantage_ping_secret.is_the_one is
  'Always true.';
comment on column public.vantage_ping_secret.secret is
  'Random, at least 32 characters. Changing it makes every address another one.';

insert into public.vantage_ping_secret default values on conflict do nothing;

-- ---------------------------------------------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------------------------------------------

create or replace function public.ping_vantage_sync(
  p_resource text,
  p_signal text,
  p_run_id uuid default null,
  p_create boolean default false,
  p_errors jsonb default '[]',
  p_records_synced integer default 0,
  p_records_created integer default 0,
  p_records_updated integer default 0,
  p_watermark timestamptz default null,
  p_records integer default null,
  p_total integer default null
)
returns text
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
  v_is_registered boolean;
  v_is_running boolean;
  v_has_ended boolean;
begin
  if p_signal is null or p_signal not in ('start', 'success', 'fail', 'log') then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'There is no such signal',
      detail = '{"errors": [{"pointer": "#/signal", "detail": "must be start, success, fail or log"}]}',
      hint = 'Send start, success, fail or log';
  end if;

  -- Locked, so that what is decided here still holds below.
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
  for no key update;

  v_is_registered := found;

  if not v_is_registered and p_create is not true then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Check the name against the list of sync states, or register it with create=1';
  end if;

  v_is_running := v_is_registered and v_state.last_sync_status = 'running'
    and v_state.run_id = coalesce(p_run_id, v_state.run_id);
  v_has_ended := p_run_id is not null and exists (
    select
    from public.vantage_sync_history h
    where h.run_id = p_run_id and h.resource = p_resource);

  if p_signal = 'log' then
    if v_is_running or v_has_ended then
      perform public.progress_vantage_sync(p_resource, p_records, p_total, p_run_id);
    elsif not v_is_registered then
      insert into public.vantage_sync_state (resource)
      values (p_resource)
      on conflict (resource) do nothing;
    end if;
  else
    -- Refused while another run lives; one that is stuck is taken over.
    if p_signal = 'start' or not v_is_running and not v_has_ended then
      perform public.start_vantage_sync(p_resource, p_run_id);
    end if;

    if p_signal = 'success' then
      perform public.complete_vantage_sync(
        p_resource, p_records_synced, p_records_created, p_records_updated, p_run_id, p_watermark);
    elsif p_signal = 'fail' then
      perform public.fail_vantage_sync(
        p_resource, p_errors, p_run_id, p_records_synced, p_records_created, p_records_updated);
    end if;
  end if;

  return case when v_is_registered then 'applied' else 'registered' end;
end
$$;

comment on function public.ping_vantage_sync(text, text, uuid, boolean, jsonb, integer, integer, integer, timestamptz, integer, integer) is
  'Reports start, success, fail or log (a sign of life) by the rules of the lifecycle; an ending of no run that is known starts one and ends it at once, a log of none does nothing. Returns registered where p_create made the resource, else applied. Refuses with PT404 sync-state-not-found where it is unknown and p_create is not given, and with what the functions of the lifecycle refuse with.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_ping_secret enable row level security;

drop policy if exists vantage_ping_secret_write on public.vantage_ping_secret;
create policy vantage_ping_secret_write on public.vantage_ping_secret
for all to service_role
using (true)
with check (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this. Nobody deletes or adds a secret.
revoke all on table public.vantage_ping_secret from public, anon, authenticated, service_role;
grant select, update on table public.vantage_ping_secret to service_role;

revoke all on function public.ping_vantage_sync(text, text, uuid, boolean, jsonb, integer, integer, integer, timestamptz, integer, integer)
from public, anon, authenticated, service_role;
grant execute on function public.ping_vantage_sync(text, text, uuid, boolean, jsonb, integer, integer, integer, timestamptz, integer, integer)
to service_role;

reset client_min_messages;
