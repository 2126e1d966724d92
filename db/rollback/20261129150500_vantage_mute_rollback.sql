-- Undoes ../migration/20261129150500_vantage_mute.sql, after ../migration/20261129151000_vantage_notification.sql, which asks it
-- what is muted. With Flyway in use, also delete the version's row from flyway_schema_history.

drop function public.end_vantage_mute(uuid);
drop function public.mute_vantage_resources(text[], timestamptz, text[], timestamptz, text, text);
drop function public.is_vantage_resource_muted(text, jsonb, timestamptz);
drop table public.vantage_mute;
