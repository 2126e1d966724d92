\set n random(1, 9999)
select
  s.resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors, started_at,
  completed_at, duration_ms, created_at, updated_at, run_id, watermark, progress, coalesce(a.alerts, '[]') as alerts
from public.vantage_sync_state s
left join (
  select
    a.resource as of_resource,
    array_agg(a.kind) as kinds,
    '[' || string_agg(
      row_to_json(j)::text, ',' order by a.rank) || ']' as alerts
  from public.vantage_sync_alert a
  cross join lateral (
    select
      a.resource,
      a.kind,
      to_char(a.since at time zone 'UTC', :time_format) as since,
      a.threshold,
      a.detail
  ) as j
  group by a.resource
) as a on a.of_resource = s.resource
where s.resource = 'r' || lpad((:n)::text, 5, '0');
