-- Undoes ../migration/20261130600000_vantage_batch.sql; what its calls have recorded stays.

drop function if exists public.batch_vantage_sync(jsonb);
