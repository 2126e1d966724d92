-- Undoes ../migration/20261129151000_vantage_notification.sql: what was not sent is lost. Stop the service first: it would ask
-- for the tables. With Flyway in use, also delete the version's row from flyway_schema_history.

drop trigger vantage_incident_event_forget on public.vantage_incident_event;
drop trigger vantage_incident_event_fan_out on public.vantage_incident_event;

drop function public.retry_vantage_notification(uuid);
drop function public.test_vantage_channel(text);
drop function public.watch_vantage_channels();
drop function public.vantage_channel_event_body(text, timestamptz, text);
drop function public.record_vantage_delivery(text, uuid[], text, integer, text, interval);
drop function public.release_vantage_notifications(uuid[]);
drop function public.claim_vantage_notifications(text, integer);
drop function public.vantage_common_cause(uuid[]);
drop function public.vantage_common_causes(timestamptz, timestamptz);
drop function public.set_vantage_channels(jsonb);
drop function public.forget_vantage_notifications();
drop function public.fan_out_vantage_incident_event();

drop view public.vantage_channel_alert;
drop table public.vantage_notification;
drop table public.vantage_channel;
