-- 10,000 states and as many runs as :runs says, over 400 days, the last of each resource being that of its state; 1 % have
-- failed, 0.1 % were abandoned. r00000 has a tenth of them, all but the last in the older half, which is the harder case for
-- its first page. The indexes are made anew, which is faster.
create temporary table index_made as
select
  c.conname is not null as is_key, i.indexrelid::regclass::text as name,
  case
    when c.conname is null then pg_get_indexdef(i.indexrelid)
    else format('alter table public.vantage_sync_history add constraint %I %s', c.conname, pg_get_constraintdef(c.oid))
  end as statement
from pg_catalog.pg_index i
left join pg_catalog.pg_constraint c on c.conindid = i.indexrelid
where i.indrelid = 'public.vantage_sync_history'::regclass;

select case when is_key
  then 'alter table public.vantage_sync_history drop constraint ' || name
  else 'drop index ' || name
end from index_made \gexec

insert into public.vantage_sync_history (
  run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created, records_updated,
  errors, watermark, progress, superseded_by)
select
  gen_random_uuid(), r.resource, o.status, t.at, t.at + d.ms * interval '1 millisecond', d.ms,
  case when o.status = 'success' then d.ms / 10 else 0 end, case when o.status = 'success' then d.ms / 100 else 0 end,
  case when o.status = 'success' then d.ms / 20 else 0 end,
  case when o.status = 'failed' then '[{"code": "API_TIMEOUT", "message": "Request timed out after 30s"}]'::jsonb else '[]' end,
  case when o.status = 'success' then t.at end,
  case when i % 5 = 0 then jsonb_build_object('records', d.ms / 10, 'total', d.ms / 10, 'at', public.vantage_sync_time_text(t.at)) end,
  case when o.status = 'abandoned' then gen_random_uuid() end
from generate_series(1, :runs - 10000) as i
cross join lateral (select case when i % 5 = 0 and i <= :runs / 2 then 0 else 1 + i::bigint * 7919 % 9999 end as n) as n
cross join lateral (select 'r' || lpad(n.n::text, 5, '0') as resource) as r
cross join lateral (select now() - interval '1 day' - (:runs - i) * (interval '400 days' / :runs) as at) as t
cross join lateral (select (500 + exp(random() * 8) * case when n.n = 0 then 8 else 200 end)::integer as ms) as d
cross join lateral (select random() + 0 * i as chance) as c
cross join lateral (select case when c.chance < 0.001 then 'abandoned' when c.chance < 0.011 then 'failed' else 'success' end as status) as o;

set maintenance_work_mem = '512MB';
select statement from index_made \gexec

delete from public.vantage_sync_state;
insert into public.vantage_sync_state (
  resource, last_sync_status, last_sync_time, started_at, completed_at, records_synced, errors)
select
  'r' || lpad(n::text, 5, '0'), o.status, t.at, t.at - interval '1 minute',
  case when o.status <> 'running' then t.at end, n,
  case when o.status = 'failed' then '[{"code": "API_TIMEOUT", "message": "Request timed out after 30s"}]'::jsonb else '[]' end
from generate_series(0, 9999) as n
cross join lateral (select case n % 100 when 98 then 'failed' when 99 then 'running' else 'success' end as status) as o
cross join lateral (select now() - n * interval '1 second' - interval '20 minutes' as at) as t;

vacuum analyze public.vantage_sync_history;
vacuum analyze public.vantage_sync_state;
vacuum analyze public.vantage_sync_setting;
