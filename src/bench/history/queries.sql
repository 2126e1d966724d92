-- GET /sync-states/r00000/runs
prepare query (varchar, varchar[], timestamptz, int) as
select run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created,
  records_updated, errors, watermark, progress, superseded_by
from public.vantage_sync_run
where resource = $1 and status = any ($2) and started_at < coalesce(cast($3 as timestamptz), 'infinity')
order by started_at desc
limit $4;
execute query ('r00000', '{running,success,failed,abandoned}', null, 51);
-- the same, before a year ago
execute query ('r00000', '{running,success,failed,abandoned}', now() - interval '1 year', 51);
-- the same, of a resource with 900 runs
execute query ('r05000', '{running,success,failed,abandoned}', null, 51);
-- GET /sync-states/r00000/runs?status=failed
prepare query (varchar, varchar[], timestamptz, int) as
select run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created,
  records_updated, errors, watermark, progress, superseded_by
from public.vantage_sync_run
where resource = $1 and status = any ($2) and started_at < coalesce(cast($3 as timestamptz), 'infinity')
 and status <> 'success' order by started_at desc
limit $4;
execute query ('r00000', '{failed}', null, 51);
-- the same, before a year ago
execute query ('r00000', '{failed}', now() - interval '1 year', 51);
-- GET /sync-states/r00000/runs?status=running
execute query ('r00000', '{running}', null, 51);
-- GET /sync-states/r00000/runs/…
prepare query (uuid, varchar) as
select run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created,
  records_updated, errors, watermark, progress, superseded_by
from public.vantage_sync_run
where run_id = $1 and resource = $2;
execute query ('00000000-0000-4000-8000-000000000001', 'r00000');
-- vantage_sync_run?run_id=eq.…
prepare query (uuid, bigint, bigint) as
select s.* from public.vantage_sync_run s where s.run_id = $1 limit $2 offset $3;
execute query ('00000000-0000-4000-8000-000000000001', 1000, 0);
-- vantage_sync_run?order=started_at.desc&limit=5
prepare query (bigint, bigint) as
select s.* from public.vantage_sync_run s order by s.started_at desc limit $1 offset $2;
execute query (5, 0);
-- vantage_sync_run?order=started_at.asc&limit=5
prepare query (bigint, bigint) as
select s.* from public.vantage_sync_run s order by s.started_at asc limit $1 offset $2;
execute query (5, 0);
-- vantage_sync_run?status=eq.running
prepare query (text, bigint, bigint) as
select s.* from public.vantage_sync_run s where s.status = $1 limit $2 offset $3;
execute query ('running', 1000, 0);
-- vantage_sync_run?status=eq.failed&order=started_at.desc&limit=20
prepare query (text, bigint, bigint) as
select s.* from public.vantage_sync_run s where s.status = $1 order by s.started_at desc limit $2 offset $3;
execute query ('failed', 20, 0);
-- the same, abandoned
execute query ('abandoned', 20, 0);
-- the same, running
execute query ('running', 20, 0);
-- vantage_sync_run?resource=eq.r00000&status=eq.failed&order=started_at.desc&limit=20
prepare query (text, text, bigint, bigint) as
select s.* from public.vantage_sync_run s where s.resource = $1 and s.status = $2 order by s.started_at desc limit $3 offset $4;
execute query ('r00000', 'failed', 20, 0);
-- vantage_sync_run?resource=eq.r00000&order=started_at.desc&limit=20
prepare query (text, bigint, bigint) as
select s.* from public.vantage_sync_run s where s.resource = $1 order by s.started_at desc limit $2 offset $3;
execute query ('r00000', 20, 0);
-- vantage_sync_run?duration_ms=not.is.null&order=duration_ms.desc&limit=5
prepare query (bigint, bigint) as
select s.* from public.vantage_sync_run s where not s.duration_ms is null order by s.duration_ms desc limit $1 offset $2;
execute query (5, 0);
-- sequential: vantage_sync_run?order=duration_ms.desc.nullslast&limit=5
prepare query (bigint, bigint) as
select s.* from public.vantage_sync_run s order by s.duration_ms desc nulls last limit $1 offset $2;
execute query (5, 0);
-- vantage_sync_run?order=completed_at.desc&limit=5
prepare query (bigint, bigint) as
select s.* from public.vantage_sync_run s order by s.completed_at desc limit $1 offset $2;
execute query (5, 0);
-- vantage_sync_run?status=in.(failed,abandoned)&completed_at=gt.…&order=completed_at.desc, of a day
prepare query (text[], timestamptz, bigint, bigint) as
select s.* from public.vantage_sync_run s where s.status = any ($1) and s.completed_at > $2 order by s.completed_at desc limit $3 offset $4;
execute query ('{failed,abandoned}', now() - interval '2 days', 1000, 0);
