-- Undoes ../migration/20261129170000_vantage_recent.sql. Stop the service first: it would ask for the view. With Flyway in
-- use, also delete the version's row from flyway_schema_history.

drop view public.vantage_sync_recent;
