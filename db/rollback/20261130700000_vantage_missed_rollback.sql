-- Undoes ../migration/20261130700000_vantage_missed.sql: since when intervals were set is lost. Stop the service first: it would
-- call the function. With Flyway in use, also delete the version's row from flyway_schema_history.

drop function public.missed_vantage_syncs(timestamptz);

drop trigger vantage_sync_state_5_note_inserted_interval on public.vantage_sync_state;
drop trigger vantage_sync_state_5_note_updated_interval on public.vantage_sync_state;
drop trigger vantage_sync_state_5_forget_interval on public.vantage_sync_state;

drop function public.follow_vantage_sync_interval();

drop table public.vantage_sync_interval;
