-- Undoes ../migration/20261122093000_vantage_scheduled_task.sql. Stop the service first: it would ask for the table.
-- With Flyway in use, also delete the version's row from flyway_schema_history.

drop table public.vantage_scheduled_task;
