-- Dashboard order
select resource, last_sync_status, last_sync_time, duration_ms, records_synced
from public.vantage_sync_state
order by
  case last_sync_status when 'failed' then 1 when 'running' then 2 when 'never_run' then 3 when 'success' then 4 end,
  resource;
-- One resource
select * from public.vantage_sync_state where resource = 'r00007';
-- By status
select resource, last_sync_status, errors from public.vantage_sync_state where last_sync_status = 'failed';
-- Stale
select resource, last_sync_time, extract(epoch from now() - last_sync_time) / 3600 as hours_ago
from public.vantage_sync_state
where last_sync_time < now() - interval '24 hours'
order by last_sync_time;
-- Stuck
select resource
from public.vantage_sync_state
where last_sync_status = 'running'
  and now() - greatest(started_at, (progress ->> 'at')::timestamptz) > interval '30 minutes';
-- Slow
select resource from public.vantage_sync_state where duration_ms > 300000;
-- The five slowest
select resource, duration_ms, records_synced,
  round(records_synced::numeric / nullif(duration_ms, 0) * 1000, 2) as records_per_second
from public.vantage_sync_state
where duration_ms is not null
order by duration_ms desc
limit 5;
-- The first page of a resource's runs
select * from public.vantage_sync_run where resource = 'r00007' order by started_at desc limit 20;
-- A later page
select *
from public.vantage_sync_run
where resource = 'r00007' and started_at < now() - interval '30 days'
order by started_at desc
limit 20;
-- One run
select *
from public.vantage_sync_run
where resource = 'r00007' and run_id = '00000000-0000-4000-8000-000000000001';
-- Failures of the last day, all resources
select resource, completed_at, errors
from public.vantage_sync_run
where status in ('failed', 'abandoned') and completed_at > now() - interval '1 day'
order by completed_at desc;
-- The five slowest runs ever
select resource, started_at, duration_ms
from public.vantage_sync_run
where duration_ms is not null
order by duration_ms desc
limit 5;
-- The five latest runs
select * from public.vantage_sync_run order by started_at desc limit 5;
-- Runs that go on
select * from public.vantage_sync_run where status = 'running';
-- What ended in the last hour
select resource, status, completed_at
from public.vantage_sync_run
where completed_at > now() - interval '1 hour'
order by completed_at desc;
