select
  s.resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors, started_at,
  completed_at, duration_ms, created_at, updated_at, run_id, watermark, progress, public.vantage_sync_alerts(s) as alerts
from public.start_vantage_sync('r' || lpad((:client_id + 1)::text, 5, '0'), null, false) as s;
select
  s.resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors, started_at,
  completed_at, duration_ms, created_at, updated_at, run_id, watermark, progress, public.vantage_sync_alerts(s) as alerts
from public.complete_vantage_sync('r' || lpad((:client_id + 1)::text, 5, '0'), 100, 10, 90, null, null) as s;
