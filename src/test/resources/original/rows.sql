-- An original table in use: rows that its loose rules allowed, and what people added to it.

alter table public.vantage_sync_state add column owner_team text default 'data';

create policy "Teams see their own" on public.vantage_sync_state
for select to authenticated
using (owner_team <> 'hidden');

create view public.my_dashboard as
select resource, last_sync_status, records_synced, errors, updated_at
from public.vantage_sync_state
where last_sync_status <> 'never_run';

insert into public.vantage_sync_state (
  resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors, started_at,
  completed_at, duration_ms, created_at, updated_at)
values
  ('positions', '2025-11-05 10:30Z', 'success', 1250, 15, 1235, '[]',
    '2025-11-05 10:29:47Z', '2025-11-05 10:30Z', 13000, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('prices', '2025-11-04 10:30Z', 'failed', 10, 4, 6, '[{"code": "TIMEOUT", "message": "No answer"}]',
    '2025-11-05 10:29:47Z', '2025-11-05 10:30Z', 13000, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('trades', null, 'running', 0, 0, 0, '[]',
    '2025-11-05 10:30Z', null, null, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('running-without-start', null, 'running', 0, 0, 0, '[]',
    null, null, null, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('running-with-end', null, 'running', 0, 0, 0, '[]',
    '2025-11-05 10:30Z', '2025-11-04 10:30Z', 5, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('success-without-time', null, 'success', 0, -5, 0, '{"code": "x"}',
    null, null, null, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('failed-of-nulls', null, 'failed', null, null, null, null,
    null, null, null, null, null),
  ('far-ahead', '2099-01-01Z', 'success', 0, 0, 0, 'null',
    '2099-01-01Z', 'infinity', -4, '2025-11-01Z', '2025-11-05 10:30Z'),
  ('my accounts', '2025-11-05 10:30Z', 'success', 1, 1, 0, '[]',
    '2025-11-05 10:31:47Z', '2025-11-05 10:30Z', 13000, '2025-11-01Z', '2025-11-05 10:30Z');
