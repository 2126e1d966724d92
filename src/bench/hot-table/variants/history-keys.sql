-- No index on status, time or duration anywhere.
drop index public.vantage_sync_run_status_idx, public.vantage_sync_run_completed_at_idx, public.vantage_sync_run_duration_ms_idx;
