-- Undoes ../migration/20261122103000_vantage_badge_secret.sql: every address of a badge for everybody is lost. Stop the
-- service first: it would ask for the table. With Flyway in use, also delete the version's row from
-- flyway_schema_history.

drop table public.vantage_badge_secret;
