-- No index on the history that names a column which changes when a run ends, the one on running runs included.
drop index public.vantage_sync_run_status_idx, public.vantage_sync_run_completed_at_idx, public.vantage_sync_run_duration_ms_idx;
drop index public.vantage_sync_run_one_running_idx;
