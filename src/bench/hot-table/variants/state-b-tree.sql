-- The three indexes on the state, as the first migration had them.
drop index public.vantage_sync_run_status_idx, public.vantage_sync_run_completed_at_idx, public.vantage_sync_run_duration_ms_idx;
create index on public.vantage_sync_state (last_sync_status);
create index on public.vantage_sync_state (last_sync_time);
create index on public.vantage_sync_state (duration_ms);
