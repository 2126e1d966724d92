-- The table that this service replaces, with its functions and policies, written anew from what its quick start says.
create table public.vantage_sync_state (
  resource text primary key,
  last_sync_time timestamptz,
  last_sync_status text not null check (last_sync_status in ('success', 'failed', 'running', 'never_run')),
  records_synced int default 0,
  records_created int default 0,
  records_updated int default 0,
  errors jsonb default '[]',
  started_at timestamptz,
  completed_at timestamptz,
  duration_ms int,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

create index idx_vantage_sync_state_status on public.vantage_sync_state (last_sync_status);
create index idx_vantage_sync_state_time on public.vantage_sync_state (last_sync_time);
create index idx_vantage_sync_state_duration on public.vantage_sync_state (duration_ms);

create function public.update_vantage_sync_state_updated_at()
returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;

create trigger update_vantage_sync_state_updated_at
before update on public.vantage_sync_state
for each row execute function public.update_vantage_sync_state_updated_at();

create function public.start_vantage_sync(p_resource text)
returns void language plpgsql as $$
begin
  insert into public.vantage_sync_state (resource, last_sync_status, started_at)
  values (p_resource, 'running', now())
  on conflict (resource) do update
  set last_sync_status = 'running', started_at = now(), completed_at = null, duration_ms = null;
end
$$;

create function public.complete_vantage_sync(
  p_resource text, p_records_synced int, p_records_created int, p_records_updated int)
returns void language plpgsql as $$
begin
  update public.vantage_sync_state
  set last_sync_status = 'success', last_sync_time = now(), completed_at = now(),
      records_synced = p_records_synced, records_created = p_records_created, records_updated = p_records_updated,
      errors = '[]', duration_ms = extract(epoch from now() - started_at) * 1000
  where resource = p_resource;
end
$$;

create function public.fail_vantage_sync(p_resource text, p_errors jsonb)
returns void language plpgsql as $$
begin
  update public.vantage_sync_state
  set last_sync_status = 'failed', completed_at = now(), errors = p_errors,
      duration_ms = extract(epoch from now() - started_at) * 1000
  where resource = p_resource;
end
$$;

alter table public.vantage_sync_state enable row level security;
create policy "Authenticated users can read sync state" on public.vantage_sync_state
for select to authenticated, anon using (true);
create policy "Service role has full access" on public.vantage_sync_state
for all to service_role using (true) with check (true);
grant select on public.vantage_sync_state to anon, authenticated;
grant all on public.vantage_sync_state to service_role;

insert into public.vantage_sync_state (resource, last_sync_status)
values ('accounts', 'never_run'), ('funds', 'never_run'), ('cashflows', 'never_run');
