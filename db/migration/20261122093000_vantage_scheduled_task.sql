-- vantage_scheduled_task: what the service does on a schedule, on one instance at a time and across restarts.
--
-- The columns are those that the scheduler library, db-scheduler, reads and writes.
-- Undone by ../rollback/20261122093000_vantage_scheduled_task_rollback.sql.

set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

create table if not exists public.vantage_scheduled_task (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz not null,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures integer,
  last_heartbeat timestamptz,
  version bigint not null,
  -- The library ranks tasks by it, and this service has one.
  -- squawk-ignore prefer-bigint-over-smallint
  priority smallint,

  constraint vantage_scheduled_task_pkey primary key (task_name, task_instance)
);

comment on table public.vantage_scheduled_task is
  'Tasks of the service, one of which deletes old runs: when each is due, and which instance is at it.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_scheduled_task enable row level security;

drop policy if exists vantage_scheduled_task_write on public.vantage_scheduled_task;
create policy vantage_scheduled_task_write on public.vantage_scheduled_task
for all to service_role
using (true)
with check (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- As in the first migration: default privileges may have given more than this.
revoke all on table public.vantage_scheduled_task from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.vantage_scheduled_task to service_role;

reset client_min_messages;
