-- As many resources as :resources says, most of them well, and 100,000 runs of 90 days among them.
delete from public.vantage_sync_state;

insert into public.vantage_sync_state (resource)
select 'r' || lpad(i::text, 5, '0')
from generate_series(1, :resources) as i;

insert into public.vantage_sync_history (
  run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created, records_updated,
  errors, watermark)
select
  gen_random_uuid(), s.resource, case when h < 2 then 'failed' else 'success' end,
  t.at, t.at + h * interval '5 seconds', h * 5000, case when h < 2 then 0 else h end, 0, 0,
  case when h < 2 then '[{"code": "API_TIMEOUT", "message": "Request timed out after 30s"}]'::jsonb else '[]' end,
  case when h >= 2 then t.at end
from (select resource, row_number() over (order by resource) as n, count(*) over () as total
  from public.vantage_sync_state where abs(hashtext(resource)) % 100 < 98) as s
cross join lateral generate_series(1, 100000 / s.total) as i
cross join lateral (select now() - interval '90 days' + i * (interval '88 days' / (100000 / s.total)) + s.n * interval '1 second' as at) as t
cross join lateral (select abs(hashint8(s.n * 1000003 + i)) % 100 as h) as x
order by t.at;

-- The latest run of each, which makes its own history unless it goes on.
update public.vantage_sync_state s
set last_sync_status = case when h < 3 then 'failed' when h < 6 then 'running' else 'success' end,
    last_sync_time = case when h >= 6 or h % 2 = 0 then now() - (h % 30) * interval '1 hour' end,
    started_at = now() - (h % 30) * interval '1 hour' - h * interval '5 seconds',
    completed_at = case when h not between 3 and 5 then now() - (h % 30) * interval '1 hour' end,
    duration_ms = case when h not between 3 and 5 then h * 5000 end,
    records_synced = h,
    errors = case when h < 3 then '[{"code": "API_TIMEOUT", "message": "Request timed out after 30s"}]'::jsonb else '[]' end
from (select resource, abs(hashtext(resource)) % 100 as h from public.vantage_sync_state) as x
where x.resource = s.resource and x.h < 98;

vacuum analyze;
