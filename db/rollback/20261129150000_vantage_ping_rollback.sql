-- Undoes ../migration/20261129150000_vantage_ping.sql: every address that jobs ping by a code of the resource is lost. Stop
-- the service first: it would ask for the table. With Flyway in use, also delete the version's row from
-- flyway_schema_history.

drop function public.ping_vantage_sync(text, text, uuid, boolean, jsonb, integer, integer, integer, timestamptz, integer, integer);
drop table public.vantage_ping_secret;
