-- The three indexes on the history of all resources, as BRIN.
drop index public.vantage_sync_history_started_at_idx, public.vantage_sync_history_duration_ms_idx,
  public.vantage_sync_history_completed_at_idx;
create index on public.vantage_sync_history using brin (started_at);
create index on public.vantage_sync_history using brin (duration_ms);
create index on public.vantage_sync_history using brin (completed_at);
