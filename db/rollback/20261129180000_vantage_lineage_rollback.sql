-- Undoes ../migration/20261129180000_vantage_lineage.sql; what events have recorded stays.

drop function if exists public.record_vantage_lineage(text, uuid, text, timestamptz, integer, jsonb, boolean);
