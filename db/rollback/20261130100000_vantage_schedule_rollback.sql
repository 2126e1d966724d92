-- Undoes ../migration/20261130100000_vantage_schedule.sql: every schedule and skipped day is lost. Stop the service first: it
-- would ask for the view. With Flyway in use, also delete the version's row from flyway_schema_history.

drop function public.vantage_sync_next_due(public.vantage_sync_state);
drop view public.vantage_sync_next_due;

drop trigger vantage_sync_state_0_read_expectation on public.vantage_sync_state;
drop trigger vantage_sync_state_4_plan_inserted on public.vantage_sync_state;
drop trigger vantage_sync_state_4_plan_updated on public.vantage_sync_state;
drop trigger vantage_sync_state_4_forget_schedule on public.vantage_sync_state;

-- Nothing would plan them from now on: by the thresholds again.
update public.vantage_sync_state set expect = null where expect is not null;
delete from public.vantage_sync_due;

drop function public.unskip_vantage_sync_day(text, date);
drop function public.skip_vantage_sync_day(text, date, text);
drop function public.touch_vantage_sync_calendar(text);
drop function public.follow_vantage_sync_schedule();
drop function public.read_vantage_sync_expectation();
drop function public.fill_vantage_sync_due(integer);
drop function public.plan_vantage_sync_due(text, jsonb, timestamptz);

drop table public.vantage_sync_skipped_day;
