-- The three indexes on the history, as BRIN.
drop index public.vantage_sync_run_status_idx, public.vantage_sync_run_completed_at_idx, public.vantage_sync_run_duration_ms_idx;
create index on public.vantage_sync_run using brin (status);
create index on public.vantage_sync_run using brin (completed_at);
create index on public.vantage_sync_run using brin (duration_ms);
