-- Undoes ../migration/20261129152000_vantage_explanation.sql. Stop the service first: it would ask for the function. With
-- Flyway in use, also delete the version's row from flyway_schema_history.

drop trigger vantage_incident_event_explain on public.vantage_incident_event;
drop function public.explain_vantage_incident_event();
drop function public.explain_vantage_sync(text);
drop function public.vantage_sync_explanation(text, jsonb);
drop function public.vantage_time_length(interval);
