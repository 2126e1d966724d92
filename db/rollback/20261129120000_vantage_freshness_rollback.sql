-- Undoes ../migration/20261129120000_vantage_freshness.sql. Stop the service first: it would ask for the view. With Flyway
-- in use, also delete the version's row from flyway_schema_history.

drop function public.require_fresh_vantage_sync(text[], interval, timestamptz, boolean, boolean);
drop view public.vantage_sync_freshness;
