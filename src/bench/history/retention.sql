-- Deletes what is older than ten minutes, in batches of 500, a transaction each, until none is left; then a few more.
create temporary table batch (
  number integer generated always as identity,
  deleted integer not null,
  ms numeric not null
);

do $$
declare
  v_began timestamptz;
  v_deleted integer;
  v_left integer := 10;
begin
  while v_left > 0 loop
    v_began := clock_timestamp();
    v_deleted := public.delete_old_vantage_sync_runs(interval '10 minutes', 500);
    commit;
    insert into batch (deleted, ms) values (v_deleted, extract(epoch from clock_timestamp() - v_began) * 1000);
    v_left := v_left - (v_deleted = 0)::integer;
  end loop;
end
$$;

\pset format unaligned
\pset fieldsep ' | '
\echo
\echo '| deletion of old runs, autovacuum off | batches of 500 | runs | p50 (ms) | p99 | most |'
\echo '| --- | --- | --- | --- | --- | --- |'
with last as (
  select max(number) as batch from batch where deleted > 0
)
select '| ' || p.title, count(*), sum(b.deleted),
  round(percentile_disc(0.5) within group (order by b.ms), 1),
  round(percentile_disc(0.99) within group (order by b.ms), 1), round(max(b.ms), 1) || ' |'
from last l
cross join lateral (values
  (1, 'first ten', 1, 10),
  (2, 'middle ten', l.batch / 2, l.batch / 2 + 9),
  (3, 'last ten', l.batch - 9, l.batch),
  (4, 'all', 1, l.batch),
  (5, 'the first that finds none', l.batch + 1, l.batch + 1),
  (6, 'those after it', l.batch + 2, l.batch + 100)
) as p (position, title, first, last)
join batch b on b.number between p.first and p.last
group by p.position, p.title
order by p.position;
