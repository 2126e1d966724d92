-- Undoes ../migration/20261129140000_vantage_incident.sql: every incident is lost. Stop the service first: it would ask for
-- the tables. With Flyway in use, also delete the version's row from flyway_schema_history.

drop function public.delete_old_vantage_incidents(interval, integer);
drop function public.acknowledge_vantage_incident(uuid, text, text);
drop function public.evaluate_vantage_alerts(integer);
drop function public.append_vantage_incident_event(uuid, text, timestamptz, jsonb);
drop function public.vantage_failures_by_code(text);
drop function public.vantage_failure_sentence(text, text, jsonb);
drop function public.vantage_plain_text(text, integer);

drop table public.vantage_watch;
drop table public.vantage_incident_event;
drop table public.vantage_incident;
