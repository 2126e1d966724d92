-- Three indexes on the state, as the original table has them.
create index on public.vantage_sync_state (last_sync_status);
create index on public.vantage_sync_state (last_sync_time);
create index on public.vantage_sync_state (duration_ms);
