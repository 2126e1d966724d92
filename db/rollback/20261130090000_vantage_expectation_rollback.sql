-- Undoes ../migration/20261130090000_vantage_expectation.sql. With Flyway in use, also delete the version's row from
-- flyway_schema_history.

drop function public.vantage_sync_expectation(jsonb);
drop function public.refuse_vantage_sync_expectation(jsonb);
drop function public.is_vantage_time_zone(text);
drop function public.vantage_duration_text(text);
drop function public.vantage_time_length_of(text);
drop function public.vantage_cron_gap(text);
drop function public.vantage_cron_times(text, text, date, integer);
drop function public.vantage_cron_minutes(text);
drop function public.vantage_cron_days(text, date, integer);
drop function public.vantage_cron_fields(text);
drop function public.vantage_cron_field(text, integer, integer, text[]);
