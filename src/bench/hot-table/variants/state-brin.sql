-- The same three indexes on the state, as BRIN.
create index on public.vantage_sync_state using brin (last_sync_status);
create index on public.vantage_sync_state using brin (last_sync_time);
create index on public.vantage_sync_state using brin (duration_ms);
