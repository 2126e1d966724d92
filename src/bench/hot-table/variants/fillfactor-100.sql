-- The state's pages filled to the brim.
alter table public.vantage_sync_state reset (fillfactor);
