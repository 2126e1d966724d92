-- No index on the history but its primary key.
drop index public.vantage_sync_history_resource_idx, public.vantage_sync_history_not_success_idx,
  public.vantage_sync_history_started_at_idx, public.vantage_sync_history_duration_ms_idx,
  public.vantage_sync_history_completed_at_idx;
