-- vantage_sync_state: when did each resource last sync, did it work, is it running, what went wrong?
--
-- The state (vantage_sync_state) is the present: one row a resource, with the run that goes on or the latest one. The
-- history is the past: a run is appended to it once, when it ends, and never changed. vantage_sync_run shows both.
-- Jobs write through start_vantage_sync, progress_vantage_sync, complete_vantage_sync and fail_vantage_sync; everybody
-- else reads.
--
-- Applies through Flyway, `psql -f` and the Supabase CLI, on PostgreSQL 15 to 18, by a login that owns the database and
-- may create roles (superuser is not needed). Applying it twice changes nothing. Where the original table stands, its
-- rows are kept and what it lacks is added.
-- Undone by ../rollback/20251105132840_vantage_sync_state_rollback.sql.

-- What is skipped because it is there already is not worth a notice; what is done to an original table is.
set client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------------------
-- Roles
-- ---------------------------------------------------------------------------------------------------------------

-- The names are Supabase's, where they exist already. The comment lets the rollback recognize the ones created here.
do $$
declare
  v_role text;
  v_may_become text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
        execute format('create role %I nologin', v_role);
        execute format('comment on role %I is %L', v_role, 'Created by 20251105132840_vantage_sync_state.sql');
      end if;
    exception when duplicate_object or unique_violation then
      null; -- roles belong to the whole cluster: another database of it is being migrated at this moment
    end;

    if not has_schema_privilege(v_role, 'public', 'usage') then
      execute format('grant usage on schema public to %I', v_role);
    end if;

    -- The service logs in as this user and then takes on the role of each request.
    if v_role <> 'anon' and not pg_has_role(current_user, v_role, v_may_become) then
      execute format('grant %I to current_user', v_role);
    end if;
  end loop;
end
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The original table
-- ---------------------------------------------------------------------------------------------------------------

-- Takes off an original table what this schema replaces: its functions, its policies for the roles above, the trigger
-- that sets updated_at, its indexes (which defeat HOT updates) and its status check. What gives each back is kept in
-- vantage_sync_original, for the rollback. Whatever else people added to the table stays.
do $$
declare
  v_table constant regclass := to_regclass('public.vantage_sync_state');
  v_undo text;
  v_drop text;
begin
  if v_table is null
    or to_regclass('public.vantage_sync_original') is not null
    or exists (select from pg_catalog.pg_attribute where attrelid = v_table and attname = 'version' and not attisdropped) then
    return;
  end if;

  create table public.vantage_sync_original (
    position integer generated always as identity,
    kind text not null,
    statement text not null,

    constraint vantage_sync_original_pkey primary key (position),

    constraint vantage_sync_original_kind_known check (kind in ('row', 'schema'))
  );
  comment on table public.vantage_sync_original is
    'The statements that give the original table back, of which the rollback runs those of a row before the others.';
  alter table public.vantage_sync_original enable row level security;
  revoke all on table public.vantage_sync_original from public, anon, authenticated, service_role;

  for v_undo, v_drop in
    -- A check of the status alone, whatever its name
    select
      format('alter table public.vantage_sync_state add constraint %I %s', c.conname, pg_get_constraintdef(c.oid)),
      format('alter table public.vantage_sync_state drop constraint %I', c.conname)
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
    where c.conrelid = v_table and c.contype = 'c' and a.attname = 'last_sync_status'
    union all
    select pg_get_indexdef(i.indexrelid), format('drop index %s', i.indexrelid::regclass)
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = v_table and i.indnatts = 1 and not i.indisunique
      and a.attname in ('last_sync_status', 'last_sync_time', 'duration_ms')
    union all
    select pg_get_triggerdef(t.oid), format('drop trigger %I on public.vantage_sync_state', t.tgname)
    from pg_catalog.pg_trigger t
    join pg_catalog.pg_proc p on p.oid = t.tgfoid
    where t.tgrelid = v_table and not t.tgisinternal and (p.prosrc ~* 'updated_at' or p.proname = 'moddatetime')
    union all
    select
      pg_get_functiondef(p.oid),
      format('drop function %s', p.oid::regprocedure)
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('start_vantage_sync', 'complete_vantage_sync', 'fail_vantage_sync')
    union all
    select
      format('grant execute on function %s to %s', p.oid::regprocedure, coalesce(r.rolname::text, 'public')), null
    from pg_catalog.pg_proc p
    cross join lateral aclexplode(p.proacl) as x
    left join pg_catalog.pg_roles r on r.oid = x.grantee
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('start_vantage_sync', 'complete_vantage_sync', 'fail_vantage_sync')
      and x.grantee <> p.proowner
    union all
    select
      format('create policy %I on public.vantage_sync_state as %s for %s to %s%s%s', p.policyname, p.permissive, p.cmd,
        (select string_agg(case when q.role = 'public' then 'public' else format('%I', q.role) end, ', ')
          from unnest(p.roles) as q (role)),
        ' using (' || p.qual || ')', ' with check (' || p.with_check || ')'),
      format('drop policy %I on public.vantage_sync_state', p.policyname)
    from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = 'vantage_sync_state'
      and p.roles && array['public', 'anon', 'authenticated', 'service_role']::name[]
    union all
    select format('grant %s on table public.vantage_sync_state to %s', x.privilege_type, coalesce(r.rolname::text, 'public')), null
    from pg_catalog.pg_class c
    cross join lateral aclexplode(c.relacl) as x
    left join pg_catalog.pg_roles r on r.oid = x.grantee
    where c.oid = v_table and (x.grantee = 0 or r.rolname in ('anon', 'authenticated', 'service_role'))
    union all
    select format('alter table public.vantage_sync_state set (%s)', array_to_string(c.reloptions, ', ')), null
    from pg_catalog.pg_class c
    where c.oid = v_table and c.reloptions is not null
    union all
    select 'alter table public.vantage_sync_state disable row level security', null
    from pg_catalog.pg_class c
    where c.oid = v_table and not c.relrowsecurity
    union all
    select format('alter table public.vantage_sync_state alter column %I drop not null', a.attname), null
    from pg_catalog.pg_attribute a
    where a.attrelid = v_table and not a.attnotnull
      and a.attname in ('last_sync_status', 'records_synced', 'records_created', 'records_updated', 'errors',
        'created_at', 'updated_at')
    union all
    select
      format('alter table public.vantage_sync_state alter column %I %s', a.attname,
        coalesce('set default ' || pg_get_expr(d.adbin, d.adrelid), 'drop default')), null
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = v_table
      and a.attname in ('last_sync_status', 'records_synced', 'records_created', 'records_updated', 'errors',
        'created_at', 'updated_at')
    union all
    select
      format('comment on %s is %L', case d.objsubid
        when 0 then 'table public.vantage_sync_state'
        else format('column public.vantage_sync_state.%I', a.attname) end, d.description), null
    from pg_catalog.pg_description d
    left join pg_catalog.pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
    where d.objoid = v_table and d.classoid = 'pg_class'::regclass
  loop
    insert into public.vantage_sync_original (kind, statement) values ('schema', v_undo);

    if v_drop is not null then
      raise warning 'Original table: % (the rollback gives it back)', v_drop;
      execute v_drop;
    end if;
  end loop;
end
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Domains
-- ---------------------------------------------------------------------------------------------------------------
-- Its rule is evaluated when a value is written; the check of a table with every change of a row.

do $$
begin
  if to_regtype('public.vantage_sync_threshold') is null then
    -- A length of time: more than none, at most ten years, and in units that are always as long.
    create domain public.vantage_sync_threshold as interval
      constraint vantage_sync_threshold_valid check (value > interval '0' and value <= interval '3650 days'
        and extract(year from value) = 0 and extract(month from value) = 0);
  end if;

  if to_regtype('public.vantage_sync_run_count') is null then
    -- At most as many as are looked up each time.
    create domain public.vantage_sync_run_count as integer
      constraint vantage_sync_run_count_valid check (value between 1 and 100);
  end if;
end
$$;

comment on domain public.vantage_sync_threshold is
  'From when on something is an alert: more than none, at most 3650 days, without months and years.';
comment on domain public.vantage_sync_run_count is
  'How many runs in a row: 1 to 100.';

-- ---------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------

do $$
begin
  if to_regclass('public.vantage_sync_state') is null then
    create table public.vantage_sync_state (
      -- An identifier sorts the same on every machine, whatever the locale of the database.
      resource text collate "C" not null,
      last_sync_time timestamptz,
      last_sync_status text not null,
      records_synced integer not null,
      records_created integer not null,
      records_updated integer not null,
      errors jsonb not null,
      started_at timestamptz,
      completed_at timestamptz,
      duration_ms integer,
      created_at timestamptz not null,
      updated_at timestamptz not null,

      constraint vantage_sync_state_pkey primary key (resource)
    );

    insert into public.vantage_sync_state (
      resource, last_sync_status, records_synced, records_created, records_updated, errors, created_at, updated_at)
    select r.resource, 'never_run', 0, 0, 0, '[]', now(), now()
    from unnest(array['accounts', 'funds', 'cashflows']) as r (resource);
  end if;
end
$$;

-- Half of each page stays free for the next versions of its rows, which so need no new index entry.
alter table public.vantage_sync_state set (fillfactor = 50);

-- What the original table does not have. Number and size of the errors, and the code of the first, are asked of all states
-- at once: reading a thousand reports of a megabyte for that takes seconds. Progress is one jsonb column, not three: it is
-- selected, streamed and shown under the name and in the shape of the contract, and null says that there is none.
alter table public.vantage_sync_state
  add column if not exists run_id uuid,
  add column if not exists watermark timestamptz,
  add column if not exists progress jsonb,
  add column if not exists stuck_after public.vantage_sync_threshold,
  add column if not exists stale_after public.vantage_sync_threshold,
  add column if not exists slow_after public.vantage_sync_threshold,
  add column if not exists fail_after public.vantage_sync_run_count,
  add column if not exists start_clock timestamptz,
  add column if not exists ended_progress jsonb,
  add column if not exists version bigint not null default 0,
  add column if not exists expect jsonb,
  add column if not exists success_started_at timestamptz,
  add column if not exists error_count integer not null default 0,
  add column if not exists error_bytes integer not null default 2,
  add column if not exists error_code text;

-- Written by triggers and functions of the owner alone, so that its rows need no check of their own. No foreign key: a
-- renamed or deleted resource must not wait for a million runs, which follow it in batches (vantage_sync_history_move).
create table if not exists public.vantage_sync_history (
  run_id uuid not null,
  resource text collate "C" not null,
  status text not null,
  started_at timestamptz not null,
  completed_at timestamptz not null,
  duration_ms integer not null,
  records_synced integer not null,
  records_created integer not null,
  records_updated integer not null,
  errors jsonb not null,
  watermark timestamptz,
  progress jsonb,
  superseded_by uuid,
  passed_by_retention boolean not null default false,
  error_code text,

  -- Jobs that sync several resources may use one id for all of them.
  constraint vantage_sync_history_pkey primary key (run_id, resource)
) with (
  -- A fraction of ten million rows that is cleaned up in seconds.
  autovacuum_vacuum_scale_factor = 0.005,
  autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.01
);

create table if not exists public.vantage_sync_history_move (
  move_id bigint generated always as identity,
  resource text collate "C" not null,
  new_resource text collate "C",
  through timestamptz not null,

  constraint vantage_sync_history_move_pkey primary key (move_id)
);

-- When each resource with a calendar is due: data, so that the view below needs no calendar, everybody sees it, and a day
-- that is skipped is a row that says why. Filled ahead by a later migration; where nobody fills it, no alert is made up.
create table if not exists public.vantage_sync_due (
  resource text collate "C" not null,
  due_at timestamptz not null,
  counts_from timestamptz not null,
  deadline timestamptz not null,
  skipped text,

  constraint vantage_sync_due_pkey primary key (resource, due_at),

  constraint vantage_sync_due_in_order check (counts_from <= due_at and due_at < deadline)
);

create table if not exists public.vantage_sync_setting (
  is_the_one boolean not null default true,
  stuck_after public.vantage_sync_threshold not null default interval '30 minutes',
  stale_after public.vantage_sync_threshold not null default interval '24 hours',
  slow_after public.vantage_sync_threshold not null default interval '5 minutes',
  fail_after public.vantage_sync_run_count not null default 1,
  unwatched tstzmultirange not null default '{}',
  retention_position timestamptz not null default '-infinity',

  constraint vantage_sync_setting_pkey primary key (is_the_one),

  -- There is one row.
  constraint vantage_sync_setting_single check (is_the_one)
);

insert into public.vantage_sync_setting default values on conflict do nothing;

comment on table public.vantage_sync_state is
  'One row a resource copied from the Vantage API: its last sync, whether it worked, and whether one is running.';
comment on column public.vantage_sync_state.resource is
  'What is copied: accounts, funds, cashflows, … 1 to 128 of A-Z a-z 0-9 _ . : -, beginning with a letter or digit.';
comment on column public.vantage_sync_state.last_sync_time is
  'When the last successful sync completed; null until one has.';
comment on column public.vantage_sync_state.last_sync_status is
  'never_run, running, success or failed.';
comment on column public.vantage_sync_state.records_synced is
  'Records processed by the last successful sync.';
comment on column public.vantage_sync_state.records_created is
  'Records created by the last successful sync.';
comment on column public.vantage_sync_state.records_updated is
  'Records updated by the last successful sync.';
comment on column public.vantage_sync_state.errors is
  'Errors of the last failed run, [{"code", "message", "timestamp"?, "record_id"?, "stack"?, "context"?}]; kept while the retry runs, emptied by success.';
comment on column public.vantage_sync_state.started_at is
  'When the latest run started.';
comment on column public.vantage_sync_state.completed_at is
  'When the latest run ended; null while it runs.';
comment on column public.vantage_sync_state.duration_ms is
  'How long the latest run took, in milliseconds, capped at 2147483647; null while it runs.';
comment on column public.vantage_sync_state.created_at is
  'When the resource was registered.';
comment on column public.vantage_sync_state.updated_at is
  'When the row last changed; set with every change, strictly increasing.';
comment on column public.vantage_sync_state.run_id is
  'The latest run; null while there has been none.';
comment on column public.vantage_sync_state.watermark is
  'What to pass to the source as "modified since" next time: of the last successful sync, its caller''s watermark or else its start. Null means a full sync.';
comment on column public.vantage_sync_state.progress is
  'Of the running run: {"records", "total", "at"}, at being its last sign of life; null where it has reported none, and while nothing runs.';
comment on column public.vantage_sync_state.stuck_after is
  'How long a run may go without a sign of life; null for the default in vantage_sync_setting.';
comment on column public.vantage_sync_state.stale_after is
  'How old the last success may be; null for the default in vantage_sync_setting.';
comment on column public.vantage_sync_state.slow_after is
  'How long a run may take; null for the default in vantage_sync_setting.';
comment on column public.vantage_sync_state.fail_after is
  'How many runs in a row must fail before an incident opens; null for the default in vantage_sync_setting.';
comment on column public.vantage_sync_state.start_clock is
  'The database''s clock when the latest run started, which started_at may be later than: the watermark where none is given.';
comment on column public.vantage_sync_state.ended_progress is
  'The last progress of the latest run, where that has ended.';
comment on column public.vantage_sync_state.version is
  'Grows with every change; the functions of the lifecycle count it up themselves, which keeps the trigger for direct writes out.';
comment on column public.vantage_sync_state.expect is
  'When a success is expected: {"cron", "time_zone", "grace"} or {"every", "grace"}, in place of stale_after; null for stale_after.';
comment on column public.vantage_sync_state.success_started_at is
  'When the last successful sync started; null where that is not known.';
comment on column public.vantage_sync_state.error_count is
  'How many errors there are, without reading them.';
comment on column public.vantage_sync_state.error_bytes is
  'How many bytes they have as text, without reading them.';
comment on column public.vantage_sync_state.error_code is
  'The code of the first error, or its first 200 characters, without reading the errors.';
comment on table public.vantage_sync_due is
  'One row a time at which a resource is due by its calendar, from a week ago until about a week ahead.';
comment on column public.vantage_sync_due.due_at is
  'When it is to start.';
comment on column public.vantage_sync_due.counts_from is
  'A success that started then or later is the one that is due: a little before due_at, as clocks differ.';
comment on column public.vantage_sync_due.deadline is
  'When it is to be done: due_at and the grace.';
comment on column public.vantage_sync_due.skipped is
  'Why it is not due after all; null where it is.';
comment on table public.vantage_sync_history is
  'One row a run that has ended; never changed. Read it through vantage_sync_run.';
comment on column public.vantage_sync_history.error_code is
  'The code of the first error, or its first 200 characters, without reading the errors.';
comment on column public.vantage_sync_history.passed_by_retention is
  'Whether the deletion of old runs looks at this one on its own, having gone past its end.';
comment on table public.vantage_sync_history_move is
  'History of renamed and deleted resources that has not followed them yet: the runs of resource that started up to through go to new_resource, or where that is null, away.';
comment on table public.vantage_sync_setting is
  'One row: the thresholds of resources that have none of their own, as the service was configured when it last started, when nobody watched, and how far the deletion of old runs has come.';
comment on column public.vantage_sync_setting.unwatched is
  'When no service was there to take a report, and two minutes after each time: silence in it counts for no alert.';

-- ---------------------------------------------------------------------------------------------------------------
-- The rows of an original table
-- ---------------------------------------------------------------------------------------------------------------

-- Puts right what the rules below refuse, row by row, and gives each latest run an identity and its history. A time that
-- is infinite or more than a day ahead says nothing, and counts as missing.
do $$
declare
  v_limit constant timestamptz := clock_timestamp() + interval '24 hours';
  v_row public.vantage_sync_state;
  v_new public.vantage_sync_state;
  v_changes text;
begin
  if to_regclass('public.vantage_sync_original') is null
    or exists (select from pg_catalog.pg_trigger where tgname = 'vantage_sync_state_2_keep_updated') then
    return;
  end if;

  for v_row in select * from public.vantage_sync_state order by resource loop
    v_new := v_row;

    if v_row.resource !~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$' then
      v_new.resource := left(regexp_replace(regexp_replace(v_row.resource, '[^A-Za-z0-9_.:-]', '_', 'g'), '^(?![A-Za-z0-9])', 'r'), 119);
      if exists (select from public.vantage_sync_state where resource = v_new.resource) then
        v_new.resource := v_new.resource || '_' || left(md5(v_row.resource), 8);
      end if;
    end if;

    if v_row.last_sync_status is null or v_row.last_sync_status not in ('never_run', 'running', 'success', 'failed') then
      v_new.last_sync_status := 'never_run';
    end if;
    v_new.records_synced := greatest(v_row.records_synced, 0);
    v_new.records_created := greatest(v_row.records_created, 0);
    v_new.records_updated := greatest(v_row.records_updated, 0);
    v_new.errors := case
      when v_row.errors is null or v_row.errors = 'null' then '[]'
      when jsonb_typeof(v_row.errors) = 'array' then v_row.errors
      else jsonb_build_array(v_row.errors)
    end;
    v_new.last_sync_time := case when v_row.last_sync_time > '-infinity' and v_row.last_sync_time <= v_limit then v_row.last_sync_time end;
    v_new.started_at := case when v_row.started_at > '-infinity' and v_row.started_at <= v_limit then v_row.started_at end;
    v_new.completed_at := case when v_row.completed_at > '-infinity' and v_row.completed_at <= v_limit then v_row.completed_at end;
    v_new.created_at := case when v_row.created_at > '-infinity' and v_row.created_at <= v_limit then v_row.created_at end;
    v_new.updated_at := case when v_row.updated_at > '-infinity' and v_row.updated_at <= v_limit then v_row.updated_at end;
    v_new.updated_at := coalesce(
      v_new.updated_at, greatest(v_new.started_at, v_new.completed_at, v_new.last_sync_time, v_new.created_at), now());
    v_new.created_at := coalesce(
      v_new.created_at, least(v_new.started_at, v_new.completed_at, v_new.last_sync_time, v_new.updated_at));

    if v_new.last_sync_status = 'running' then
      v_new.started_at := coalesce(v_new.started_at, v_new.updated_at);
      v_new.completed_at := null;
      v_new.duration_ms := null;
    elsif v_new.last_sync_status in ('success', 'failed') then
      if v_new.last_sync_status = 'success' then
        v_new.last_sync_time := coalesce(v_new.last_sync_time, v_new.updated_at);
      end if;
      v_new.completed_at := coalesce(
        v_new.completed_at,
        case when v_new.last_sync_status = 'success' then greatest(v_new.last_sync_time, v_new.started_at) end,
        greatest(v_new.updated_at, v_new.started_at));
      if v_new.started_at is null or v_new.started_at > v_new.completed_at then
        v_new.started_at := v_new.completed_at - greatest(v_new.duration_ms, 0) * interval '1 millisecond';
      end if;
    elsif v_new.completed_at < v_new.started_at then
      v_new.started_at := v_new.completed_at;
    end if;

    if v_new.duration_ms < 0 or v_new.last_sync_status in ('success', 'failed') and v_new.duration_ms is null then
      v_new.duration_ms := least(floor(extract(epoch from v_new.completed_at - v_new.started_at) * 1000), 2147483647);
    end if;

    if v_new.last_sync_status <> 'never_run' then
      v_new.run_id := gen_random_uuid();
    end if;
    if v_new.last_sync_status = 'running' then
      v_new.start_clock := v_new.started_at;
    elsif v_new.last_sync_status = 'success' and v_new.started_at = v_row.started_at then
      -- Where the start is not known the watermark stays null: a full sync loses nothing, a guess might.
      v_new.watermark := v_row.started_at;
    end if;

    update public.vantage_sync_state s
    set resource = v_new.resource, last_sync_time = v_new.last_sync_time, last_sync_status = v_new.last_sync_status,
        records_synced = coalesce(v_new.records_synced, 0), records_created = coalesce(v_new.records_created, 0),
        records_updated = coalesce(v_new.records_updated, 0), errors = v_new.errors, started_at = v_new.started_at,
        completed_at = v_new.completed_at, duration_ms = v_new.duration_ms, created_at = v_new.created_at,
        updated_at = v_new.updated_at, run_id = v_new.run_id, watermark = v_new.watermark, start_clock = v_new.start_clock
    where s.resource = v_row.resource
    returning s.* into v_new;

    if v_new.last_sync_status in ('success', 'failed') then
      insert into public.vantage_sync_history (
        run_id, resource, status, started_at, completed_at, duration_ms, records_synced, records_created,
        records_updated, errors, error_code, watermark)
      select
        v_new.run_id, v_new.resource, v_new.last_sync_status, v_new.started_at, v_new.completed_at, v_new.duration_ms,
        case when c.succeeded then v_new.records_synced else 0 end,
        case when c.succeeded then v_new.records_created else 0 end,
        case when c.succeeded then v_new.records_updated else 0 end,
        case when c.succeeded then '[]' else v_new.errors end,
        case when not c.succeeded then left(v_new.errors #>> '{0,code}', 200) end,
        v_new.watermark
      from (select v_new.last_sync_status = 'success' as succeeded) as c;
    end if;

    select string_agg(format('%s was %s and is %s', n.key, o.value, n.value), ', ')
    into v_changes
    from jsonb_each(to_jsonb(v_new)) as n
    join jsonb_each(to_jsonb(v_row)) as o on o.key = n.key and o.value <> n.value
    where n.key not in ('run_id', 'watermark', 'start_clock');

    if v_changes is not null then
      raise warning 'Original table: put right %: %', v_row.resource, v_changes;
      insert into public.vantage_sync_original (kind, statement)
      select 'row', format('update public.vantage_sync_state set %s where resource = %L and version = 0',
        string_agg(format('%I = %L', o.key, v.text), ', '), v_new.resource)
      from jsonb_each(to_jsonb(v_row)) as o
      join jsonb_each(to_jsonb(v_new)) as n on n.key = o.key and n.value <> o.value
      cross join lateral (select case o.key when 'errors' then v_row.errors::text else o.value #>> '{}' end as text) as v
      where o.key not in ('run_id', 'watermark', 'start_clock');
    end if;
  end loop;
end
$$;

update public.vantage_sync_state s
set error_count = jsonb_array_length(s.errors),
    error_bytes = octet_length(s.errors::text),
    error_code = left(s.errors #>> '{0,code}', 200)
where s.error_count = 0 and s.errors <> '[]';

-- ---------------------------------------------------------------------------------------------------------------
-- Rules of a row
-- ---------------------------------------------------------------------------------------------------------------

-- A function for the trigger of direct writes rather than checks: the expression of a check is parsed and planned anew in
-- every statement, which for a dozen took half the time of a lifecycle call, and a sixth where it called this function.
-- The functions of the lifecycle, which alone pass the trigger by, write nothing else than what it allows.
create or replace function public.refuse_invalid_vantage_sync_state(p_state public.vantage_sync_state)
returns void
language plpgsql
immutable
security invoker
set search_path = ''
as $$
declare
  v_broken text;
begin
  v_broken := case
    -- The name stands in URLs, log lines and metric labels, so it needs no escaping in any of them. The same as
    -- '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$', at a tenth of the cost.
    when octet_length(p_state.resource) not between 1 and 128
      or strpos('_.:-', left(p_state.resource, 1)) > 0
      or translate(p_state.resource, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-', '') <> ''
      then 'resource_valid'
    when least(p_state.records_synced, p_state.records_created, p_state.records_updated) < 0 then 'counts_not_negative'
    when jsonb_typeof(p_state.errors) <> 'array' then 'errors_is_array'
    when (p_state.run_id is null) <> (p_state.last_sync_status = 'never_run') then 'run_is_known'
  end;

  -- Two expressions rather than one: each is prepared anew in every transaction, and most rows need one of the two.
  if p_state.last_sync_status = 'running' then
    v_broken := case
      when v_broken is not null then v_broken
      when p_state.started_at is null or p_state.completed_at is not null or p_state.duration_ms is not null then 'running_is_open'
      -- {"records", "total", "at"}: whole numbers or null, records within total, a time in UTC.
      when p_state.progress is not null and jsonb_path_match(p_state.progress, 'strict
          exists($.records) && exists($.total) && !exists($.keyvalue().key ? (@ != "records" && @ != "total" && @ != "at"))
          && ($.records == null || $.records >= 0 && $.records <= 2147483647 && $.records.floor() == $.records)
          && ($.total == null || $.total >= 0 && $.total <= 2147483647 && $.total.floor() == $.total)
          && ($.records == null || $.total == null || $.records <= $.total)
          && $.at like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$"
        ', silent => true) is not true then 'progress_valid'
    end;
  else
    v_broken := case
      when v_broken is not null then v_broken
      when p_state.last_sync_status not in ('never_run', 'success', 'failed') then 'status_known'
      when p_state.last_sync_status = 'success' and p_state.last_sync_time is null then 'success_has_time'
      when p_state.completed_at < p_state.started_at then 'ends_after_start'
      when p_state.duration_ms < 0 then 'duration_not_negative'
      when p_state.last_sync_status <> 'never_run'
        and (p_state.started_at is null or p_state.completed_at is null or p_state.duration_ms is null) then 'ended_has_times'
      when p_state.progress is not null then 'progress_while_running'
    end;
  end if;

  if v_broken is null then
    return;
  end if;

  raise exception using
    errcode = 'check_violation',
    schema = 'public',
    table = 'vantage_sync_state',
    constraint = 'vantage_sync_state_' || v_broken,
    message = format('The state of %s would be impossible: %s', p_state.resource, case v_broken
      when 'resource_valid' then 'a resource has 1 to 128 of A-Z a-z 0-9 _ . : -, beginning with a letter or digit'
      when 'status_known' then 'a status is never_run, running, success or failed'
      when 'counts_not_negative' then 'a count is not negative'
      when 'errors_is_array' then 'errors is a JSON array'
      when 'running_is_open' then 'a running sync has started, and has no end and no duration'
      when 'success_has_time' then 'a success has a last_sync_time'
      when 'ends_after_start' then 'a sync does not end before it starts'
      when 'duration_not_negative' then 'a duration is not negative'
      when 'ended_has_times' then 'a sync that has ended has a start, an end and a duration'
      when 'run_is_known' then 'exactly a sync that has run has a run_id'
      when 'progress_valid' then 'progress is {"records", "total", "at"}: records within total, and a time in UTC'
      else 'only a running sync makes progress'
    end),
    hint = 'Write through start_vantage_sync, complete_vantage_sync and fail_vantage_sync, which keep the rules';
end
$$;

comment on function public.refuse_invalid_vantage_sync_state(public.vantage_sync_state) is
  'Raises check_violation, with the rule as constraint name, where a row of vantage_sync_state is impossible.';

alter table public.vantage_sync_state
  alter column last_sync_status set default 'never_run',
  alter column last_sync_status set not null,
  alter column records_synced set default 0,
  alter column records_synced set not null,
  alter column records_created set default 0,
  alter column records_created set not null,
  alter column records_updated set default 0,
  alter column records_updated set not null,
  alter column errors set default '[]',
  alter column errors set not null,
  alter column created_at set default now(),
  alter column created_at set not null,
  alter column updated_at set default now(),
  alter column updated_at set not null;

do $$
begin
  perform public.refuse_invalid_vantage_sync_state(s) from public.vantage_sync_state s;
end
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Indexes
-- ---------------------------------------------------------------------------------------------------------------
-- None on the state, whose every write changes all that could be indexed: each would have to write every index anew
-- (1.4 % HOT updates instead of 99.9 %), and 10,000 states are read whole in milliseconds. Status, time and duration
-- are indexed in the history, where there is much to find and where a run enters them once.

-- The runs of a resource, newest first, and those that did not succeed, which are few among many. With their status, so
-- that it takes the index alone to find that none is running.
create index if not exists vantage_sync_history_resource_idx on public.vantage_sync_history (resource, started_at desc);
create index if not exists vantage_sync_history_not_success_idx on public.vantage_sync_history (resource, started_at desc, status)
where status <> 'success';

-- Without statistics every resource counts as a small part of the history. With them, the newest runs of one that has a
-- tenth of it would be looked for among all runs by started_at, which takes the longer the longer ago they were.
alter table public.vantage_sync_history alter column resource set statistics 0;

-- Those of all resources: newest first, longest first, and oldest first for their deletion.
create index if not exists vantage_sync_history_started_at_idx on public.vantage_sync_history (started_at desc);
create index if not exists vantage_sync_history_duration_ms_idx on public.vantage_sync_history (duration_ms desc);
create index if not exists vantage_sync_history_completed_at_idx on public.vantage_sync_history (completed_at);
create index if not exists vantage_sync_history_passed_idx on public.vantage_sync_history (completed_at)
where passed_by_retention;

-- ---------------------------------------------------------------------------------------------------------------
-- Helpers
-- ---------------------------------------------------------------------------------------------------------------
-- Without a search_path of their own, so that they are inlined; they name nothing that is not in pg_catalog, and their
-- callers have an empty one.

create or replace function public.vantage_sync_time_text(p_time timestamptz)
returns text
language sql
immutable
security invoker
as $$
  select to_char(p_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

comment on function public.vantage_sync_time_text(timestamptz) is
  'A time in ISO 8601, in UTC and with microseconds, whatever the settings of the session.';

create or replace function public.vantage_sync_duration_ms(p_from timestamptz, p_to timestamptz)
returns integer
language sql
immutable
security invoker
as $$
  select least(floor(extract(epoch from p_to - p_from) * 1000), 2147483647)::integer
$$;

comment on function public.vantage_sync_duration_ms(timestamptz, timestamptz) is
  'Whole milliseconds from one time to another, capped at 2147483647.';

-- More than a day ahead is no clock that stepped back but one that was wrong: to wait for it would stop all times.
create or replace function public.vantage_sync_not_before(p_clock timestamptz, p_earlier timestamptz)
returns timestamptz
language sql
stable
security invoker
as $$
  select greatest(p_clock, case when p_earlier <= p_clock + interval '24 hours' then p_earlier end)
$$;

comment on function public.vantage_sync_not_before(timestamptz, timestamptz) is
  'The clock, or an earlier time of the same resource that it has stepped back behind; one that is more than a day ahead counts for nothing.';

-- ---------------------------------------------------------------------------------------------------------------
-- Errors raised by the functions
-- ---------------------------------------------------------------------------------------------------------------
-- Raised with errcode PT400, PT404 or PT409 (through PostgREST: the HTTP status), the slug of the problem as constraint
-- name, a JSON object of resource, run_id, since, superseded_by and errors as detail, each where there is one, and in the
-- hint what to do. See ../docs/ERROR_CODES.md.

create or replace function public.refuse_used_vantage_run(p_resource text, p_run_id uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_run public.vantage_sync_history;
begin
  select h.*
  into v_run
  from public.vantage_sync_history h
  where h.run_id = p_run_id and h.resource = p_resource;

  if not found then
    return;
  end if;

  raise exception using
    errcode = 'PT409',
    constraint = 'run-already-finished',
    message = format('Run %s of %s has ended as %s at %s',
      p_run_id, p_resource, v_run.status, public.vantage_sync_time_text(v_run.completed_at)),
    detail = jsonb_strip_nulls(jsonb_build_object(
      'resource', p_resource,
      'run_id', p_run_id,
      'since', public.vantage_sync_time_text(v_run.completed_at),
      'superseded_by', v_run.superseded_by))::text,
    hint = 'Start with a new run id, or with none';
end
$$;

comment on function public.refuse_used_vantage_run(text, uuid) is
  'Refuses to begin a run under an id that a run of the resource has had, with PT409 run-already-finished.';

-- Volatile although it only reads: what it reads is what was committed since its caller looked.
create or replace function public.repeat_or_refuse_vantage_sync(p_resource text, p_run_id uuid, p_status text)
returns public.vantage_sync_state
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  v_state public.vantage_sync_state;
  v_run public.vantage_sync_history;
  v_since text;
begin
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Start it first, which registers it, or check the name against the list of sync states';
  end if;

  if p_run_id is null then
    raise exception using
      errcode = 'PT409',
      constraint = 'sync-not-running',
      message = format('%s is not running, its status is %s', p_resource, v_state.last_sync_status),
      detail = jsonb_strip_nulls(jsonb_build_object(
        'resource', p_resource,
        'run_id', v_state.run_id,
        'since', public.vantage_sync_time_text(v_state.completed_at)))::text,
      hint = 'Start it first; if this call repeats one whose answer was lost, the first one took effect';
  end if;

  select h.*
  into v_run
  from public.vantage_sync_history h
  where h.run_id = p_run_id and h.resource = p_resource;

  -- One that runs now had not begun when this call looked for it.
  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'run-not-found',
      message = format('%s has no run %s', p_resource, p_run_id),
      detail = jsonb_build_object('resource', p_resource, 'run_id', p_run_id)::text,
      hint = 'Pass the run id that the run was started with';
  end if;

  if v_run.status = p_status then
    return v_state;
  end if;

  v_since := public.vantage_sync_time_text(v_run.completed_at);

  if v_run.status = 'abandoned' then
    raise exception using
      errcode = 'PT409',
      constraint = 'run-superseded',
      message = format('Run %s of %s was taken over by run %s at %s',
        p_run_id, p_resource, v_run.superseded_by, v_since),
      detail = jsonb_build_object(
        'resource', p_resource,
        'run_id', p_run_id,
        'since', v_since,
        'superseded_by', v_run.superseded_by)::text,
      hint = 'Stop working on it: the other run does its work';
  end if;

  raise exception using
    errcode = 'PT409',
    constraint = 'run-already-finished',
    message = format('Run %s of %s has ended as %s at %s', p_run_id, p_resource, v_run.status, v_since),
    detail = jsonb_build_object('resource', p_resource, 'run_id', p_run_id, 'since', v_since)::text,
    hint = 'Its first ending stands; start a new run';
end
$$;

comment on function public.repeat_or_refuse_vantage_sync(text, uuid, text) is
  'Answers a call for a run that is not running: the state, unchanged, where the run already ended with that status. Refuses otherwise with PT404 sync-state-not-found or run-not-found, PT409 sync-not-running, run-superseded or run-already-finished.';

create or replace function public.refuse_negative_vantage_counts(
  p_resource text,
  p_records_synced integer,
  p_records_created integer,
  p_records_updated integer
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT400',
    constraint = 'invalid-request',
    message = 'A count cannot be negative',
    detail = jsonb_build_object('resource', p_resource, 'errors', (
      select jsonb_agg(jsonb_build_object('pointer', '#/' || c.key, 'detail', 'must not be negative'))
      from (values
        ('records_synced', p_records_synced),
        ('records_created', p_records_created),
        ('records_updated', p_records_updated)
      ) as c (key, value)
      where c.value < 0))::text,
    hint = 'Send how many records the run processed, created and updated';
end
$$;

comment on function public.refuse_negative_vantage_counts(text, integer, integer, integer) is
  'Refuses negative counts with PT400 invalid-request.';

create or replace function public.vantage_sync_field_errors(p_errors jsonb)
returns jsonb
language plpgsql
immutable
security invoker
set search_path = ''
as $$
begin
  if jsonb_typeof(p_errors) is distinct from 'array' then
    return jsonb_build_array(jsonb_build_object('pointer', '#/errors', 'detail', 'must be an array of errors'));
  end if;

  return (
    select coalesce(jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail)), '[]')
    from (
      select format('#/errors/%s%s', e.position - 1, wrong.pointer) as pointer, wrong.detail
      from jsonb_array_elements(p_errors) with ordinality as e (error, position)
      cross join lateral (
        select '' as pointer, 'must be an object with code and message' as detail
        where jsonb_typeof(e.error) <> 'object'
        union all
        select '/' || k.key, 'must be a string that is not blank'
        from unnest(array['code', 'message']) as k (key)
        where jsonb_typeof(e.error) = 'object'
          and not coalesce(jsonb_typeof(e.error -> k.key) = 'string' and e.error ->> k.key ~ '\S', false)
        union all
        select '/timestamp', 'must be a time in ISO 8601, for example 2025-11-05T10:30:00Z'
        where jsonb_typeof(e.error -> 'timestamp') <> 'null'
          and not (jsonb_typeof(e.error -> 'timestamp') = 'string'
            and e.error ->> 'timestamp'
              ~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$')
      ) as wrong
      order by e.position
      limit 20
    ) as f
  );
end
$$;

comment on function public.vantage_sync_field_errors(jsonb) is
  'What is wrong with a list of errors, as [{"pointer", "detail"}], at most 20; empty where nothing is.';

-- ---------------------------------------------------------------------------------------------------------------
-- Lifecycle
-- ---------------------------------------------------------------------------------------------------------------
-- Definers, because they append to the history, which nobody may write: not even service_role, which alone may call
-- them. An ending is two statements, a start is one. Parameters beyond the original ones come last and have defaults.
-- An update returns the row as one value: of its columns, each would be prepared anew.

create or replace function public.start_vantage_sync(
  p_resource text,
  p_run_id uuid default null,
  p_force boolean default false
)
returns public.vantage_sync_state
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := clock_timestamp();
  -- In the order of time (UUID version 7, which PostgreSQL makes itself from 18 on), so that endings append to the index
  -- of the history instead of reading random pages of it.
  v_run_id uuid := coalesce(
    p_run_id,
    (lpad(to_hex((date_part('epoch', v_clock) * 1000)::bigint), 12, '0')
      || '7' || substr(gen_random_uuid()::text, 16))::uuid);
  v_state public.vantage_sync_state;
  v_started_at timestamptz;
  v_start_clock timestamptz;
  v_updated_at timestamptz;
  v_is_full boolean;
  v_taken_over uuid;
  v_started record;
  v_stuck_after interval;
  v_silence interval;
begin
  loop
    -- One statement decides, so of two simultaneous starts exactly one wins; the other waits here for its commit. Where
    -- the clock is later than all times of the row, it is the time of everything; else the row is locked, and the times
    -- that follow from it are written by the same statement. (Each operator is prepared anew in every call: few are here.)
    update public.vantage_sync_state s
    set last_sync_status = 'running',
        started_at = coalesce(v_started_at, v_clock),
        completed_at = null,
        duration_ms = null,
        run_id = v_run_id,
        watermark = case when v_is_full then null else s.watermark end,
        progress = null,
        start_clock = coalesce(v_start_clock, v_clock),
        ended_progress = null,
        updated_at = coalesce(v_updated_at, v_clock),
        version = s.version + 1
    where s.resource = p_resource
      and (
        s.last_sync_status <> 'running'
          and (p_run_id is null or s.run_id is distinct from p_run_id)
          and v_clock > greatest(s.updated_at, s.completed_at, s.started_at, s.start_clock)
          and v_clock <= clock_timestamp()
        or s.version = v_state.version)
    returning s as state into v_started;

    if found then
      if p_run_id is not null then
        perform public.refuse_used_vantage_run(p_resource, p_run_id);
      end if;

      if v_taken_over is not null then
        perform public.append_abandoned_vantage_sync_run(v_state, v_started.state);
      end if;

      return v_started.state;
    end if;

    select s.*
    into v_state
    from public.vantage_sync_state s
    where s.resource = p_resource
    for no key update;

    v_clock := clock_timestamp();

    if not found then
      -- A resource whose history has not all been deleted yet goes on after it.
      insert into public.vantage_sync_state as s (resource, last_sync_status, started_at, run_id, start_clock)
      select p_resource, 'running',
        public.vantage_sync_not_before(v_clock, max(m.through) + interval '1 microsecond'), v_run_id, v_clock
      from public.vantage_sync_history_move m
      where m.resource = p_resource
      on conflict (resource) do nothing
      returning s.* into v_state;

      if found then
        return v_state;
      end if;

      continue; -- it was registered since
    end if;

    if v_state.run_id = p_run_id and v_state.last_sync_status = 'running' then
      return v_state; -- this call repeats one whose answer was lost
    end if;

    if p_run_id is not null then
      perform public.refuse_used_vantage_run(p_resource, p_run_id);

      if v_state.run_id = p_run_id then
        raise exception using
          errcode = 'PT409',
          constraint = 'run-already-finished',
          message = format('Run %s of %s has ended as %s', p_run_id, p_resource, v_state.last_sync_status),
          detail = jsonb_build_object('resource', p_resource, 'run_id', p_run_id)::text,
          hint = 'Start with a new run id, or with none';
      end if;
    end if;

    if v_state.last_sync_status = 'running' then
      select coalesce(v_state.stuck_after, d.stuck_after)
      into v_stuck_after
      from public.vantage_sync_setting d;

      -- As in the view of the alerts. Times are subtracted: adding "1 day" to one would depend on the session's time zone.
      v_silence := v_clock - greatest(v_state.started_at, (v_state.progress ->> 'at')::timestamptz);

      if p_force or v_silence > v_stuck_after or v_silence < interval '-24 hours' then
        v_taken_over := v_state.run_id;
      else
        raise exception using
          errcode = 'PT409',
          constraint = 'sync-already-running',
          message = format('%s is already running, since %s, as run %s',
            p_resource, public.vantage_sync_time_text(v_state.started_at), v_state.run_id),
          detail = jsonb_build_object(
            'resource', p_resource,
            'run_id', v_state.run_id,
            'since', public.vantage_sync_time_text(v_state.started_at))::text,
          hint = format(
            'Let that run end and start again; it can be taken over by force, or %s after its last sign of life',
            v_stuck_after);
      end if;
    end if;

    v_started_at := public.vantage_sync_not_before(
      v_clock, greatest(v_state.completed_at, v_state.started_at + interval '1 microsecond'));
    v_start_clock := least(v_started_at, v_clock);
    v_updated_at := greatest(v_clock, v_state.updated_at + interval '1 microsecond');
    -- The clock ran ahead when the last success took its start for the watermark. What changed in between would be lost;
    -- nobody knows since when, so the next sync is a full one.
    v_is_full := v_state.watermark = v_state.start_clock and v_state.start_clock > v_clock;
  end loop;
end
$$;

comment on function public.start_vantage_sync(text, uuid, boolean) is
  'Begins a run: the resource is running from now on. Registers a resource not seen before; takes over a run that is stuck, or any by force; changes nothing where that run is the running one. Refuses with PT409 sync-already-running and run-already-finished.';

create or replace function public.progress_vantage_sync(
  p_resource text,
  p_records integer default null,
  p_total integer default null,
  p_run_id uuid default null
)
returns public.vantage_sync_state
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := clock_timestamp();
  v_state public.vantage_sync_state;
  v_reported record;
  v_errors jsonb;
begin
  if p_records < 0 or p_total < 0 then
    select jsonb_agg(jsonb_build_object('pointer', c.pointer, 'detail', 'must not be negative'))
    into v_errors
    from (values ('#/records', p_records), ('#/total', p_total)) as c (pointer, value)
    where c.value < 0;
  else
    -- What is left out stays: a plain heartbeat changes the time alone. A direct write may have left 5.0 there.
    update public.vantage_sync_state s
    set progress = jsonb_build_object(
          'records', coalesce(p_records, (s.progress ->> 'records')::numeric::integer),
          'total', coalesce(p_total, (s.progress ->> 'total')::numeric::integer),
          'at', public.vantage_sync_time_text(
            public.vantage_sync_not_before(v_clock, greatest(s.started_at, (s.progress ->> 'at')::timestamptz)))),
        updated_at = greatest(v_clock, s.updated_at + interval '1 microsecond'),
        version = s.version + 1
    where s.resource = p_resource
      and s.last_sync_status = 'running'
      and s.run_id = coalesce(p_run_id, s.run_id)
      and coalesce(p_records, (s.progress ->> 'records')::numeric::integer, 0)
        <= coalesce(p_total, (s.progress ->> 'total')::numeric::integer, 2147483647)
    returning s as state into v_reported;

    if found then
      return v_reported.state;
    end if;
  end if;

  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
    and s.last_sync_status = 'running'
    and s.run_id = coalesce(p_run_id, s.run_id);

  if not found then
    return public.repeat_or_refuse_vantage_sync(p_resource, p_run_id, 'running');
  end if;

  raise exception using
    errcode = 'PT400',
    constraint = 'invalid-request',
    message = 'The progress is impossible',
    detail = jsonb_build_object('resource', p_resource, 'run_id', v_state.run_id, 'errors', coalesce(
      v_errors,
      jsonb_build_array(jsonb_build_object(
        'pointer', case when p_records is null then '#/total' else '#/records' end,
        'detail', format('must leave records (%s) within total (%s)',
          coalesce(p_records, (v_state.progress ->> 'records')::numeric::integer),
          coalesce(p_total, (v_state.progress ->> 'total')::numeric::integer))))))::text,
    hint = 'Send how many records are done and, where it is known, of how many; send both when the total changes';
end
$$;

comment on function public.progress_vantage_sync(text, integer, integer, uuid) is
  'Reports how far the running run is, or only a sign of life; both put off that it counts as stuck. Refuses with PT400 invalid-request, PT404 sync-state-not-found and run-not-found, PT409 sync-not-running, run-already-finished and run-superseded.';

create or replace function public.complete_vantage_sync(
  p_resource text,
  p_records_synced integer default 0,
  p_records_created integer default 0,
  p_records_updated integer default 0,
  p_run_id uuid default null,
  p_watermark timestamptz default null
)
returns public.vantage_sync_state
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := clock_timestamp();
  v_ended record;
  v_state public.vantage_sync_state;
begin
  if least(p_records_synced, p_records_created, p_records_updated) < 0 then
    perform public.refuse_negative_vantage_counts(p_resource, p_records_synced, p_records_created, p_records_updated);
  end if;

  -- A day ahead is more than any two clocks or time zones differ; beyond it, what changes until then would be lost.
  -- Going back is allowed: it is how a caller asks for the same records again. (Two conditions, since each is prepared
  -- anew in every transaction, and most calls bring no watermark.)
  if p_watermark is not null then
    if p_watermark not between '0001-01-01 00:00:00Z' and v_clock + interval '24 hours' then
      raise exception using
        errcode = 'PT400',
        constraint = 'invalid-request',
        message = 'The watermark is not a time up to which anything can have been copied',
        detail = jsonb_build_object('resource', p_resource, 'errors', jsonb_build_array(jsonb_build_object(
          'pointer', '#/watermark', 'detail', 'must be a time between the year 1 and a day from now')))::text,
        hint = 'Send the newest modification time that the source reported, or leave it out to use the start of the run';
    end if;
  end if;

  update public.vantage_sync_state s
  set last_sync_time = greatest(v_clock, s.started_at),
      last_sync_status = 'success',
      records_synced = coalesce(p_records_synced, 0),
      records_created = coalesce(p_records_created, 0),
      records_updated = coalesce(p_records_updated, 0),
      errors = '[]',
      error_count = 0,
      error_bytes = 2,
      error_code = null,
      completed_at = greatest(v_clock, s.started_at),
      duration_ms = public.vantage_sync_duration_ms(s.started_at, greatest(v_clock, s.started_at)),
      watermark = coalesce(p_watermark, s.start_clock),
      success_started_at = s.started_at,
      progress = null,
      ended_progress = s.progress,
      updated_at = greatest(v_clock, s.updated_at + interval '1 microsecond'),
      version = s.version + 1
  where s.resource = p_resource
    and s.last_sync_status = 'running'
    and s.run_id = coalesce(p_run_id, s.run_id)
  returning s as state into v_ended;

  if not found then
    return public.repeat_or_refuse_vantage_sync(p_resource, p_run_id, 'success');
  end if;

  v_state := v_ended.state;

  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms,
    records_synced, records_created, records_updated, errors, watermark, progress)
  values (
    v_state.run_id, p_resource, 'success', v_state.started_at, v_state.completed_at, v_state.duration_ms,
    v_state.records_synced, v_state.records_created, v_state.records_updated, '[]', v_state.watermark,
    v_state.ended_progress);

  return v_state;
end
$$;

comment on function public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz) is
  'Ends a run as success: sets last_sync_time, stores the counts and the watermark, empties errors. Changes nothing where that run has ended so. Refuses with PT400 invalid-request, PT404 sync-state-not-found and run-not-found, PT409 sync-not-running, run-already-finished and run-superseded.';

create or replace function public.fail_vantage_sync(
  p_resource text,
  p_errors jsonb,
  p_run_id uuid default null,
  p_records_synced integer default 0,
  p_records_created integer default 0,
  p_records_updated integer default 0
)
returns public.vantage_sync_state
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := clock_timestamp();
  v_field_errors jsonb := public.vantage_sync_field_errors(p_errors);
  v_ended record;
  v_state public.vantage_sync_state;
begin
  if v_field_errors <> '[]' then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The errors cannot be stored as they are',
      detail = jsonb_build_object('resource', p_resource, 'errors', v_field_errors)::text,
      hint = 'Send [{"code", "message"}, …], each a string that is not blank';
  end if;

  if least(p_records_synced, p_records_created, p_records_updated) < 0 then
    perform public.refuse_negative_vantage_counts(p_resource, p_records_synced, p_records_created, p_records_updated);
  end if;

  update public.vantage_sync_state s
  set last_sync_status = 'failed',
      errors = p_errors,
      error_count = jsonb_array_length(p_errors),
      error_bytes = octet_length(p_errors::text),
      error_code = left(p_errors #>> '{0,code}', 200),
      completed_at = greatest(v_clock, s.started_at),
      duration_ms = public.vantage_sync_duration_ms(s.started_at, greatest(v_clock, s.started_at)),
      progress = null,
      ended_progress = s.progress,
      updated_at = greatest(v_clock, s.updated_at + interval '1 microsecond'),
      version = s.version + 1
  where s.resource = p_resource
    and s.last_sync_status = 'running'
    and s.run_id = coalesce(p_run_id, s.run_id)
  returning s as state into v_ended;

  if not found then
    return public.repeat_or_refuse_vantage_sync(p_resource, p_run_id, 'failed');
  end if;

  v_state := v_ended.state;

  -- The state keeps the counts of the last success, so those of a failure stand in the history alone.
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms,
    records_synced, records_created, records_updated, errors, error_code, progress)
  values (
    v_state.run_id, p_resource, 'failed', v_state.started_at, v_state.completed_at, v_state.duration_ms,
    coalesce(p_records_synced, 0), coalesce(p_records_created, 0), coalesce(p_records_updated, 0), p_errors,
    v_state.error_code, v_state.ended_progress);

  return v_state;
end
$$;

comment on function public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer) is
  'Ends a run as failed and stores its errors; its counts go to the history, and last_sync_time, counts and watermark of the last success stay. Changes nothing where that run has ended so. Refuses with PT400 invalid-request, PT404 sync-state-not-found and run-not-found, PT409 sync-not-running, run-already-finished and run-superseded.';

-- ---------------------------------------------------------------------------------------------------------------
-- Housekeeping of the history
-- ---------------------------------------------------------------------------------------------------------------

-- Definer: nobody else may change the history. One move after the other, in their order, so that a name that is given up
-- and used again keeps its own runs; newest first, so that a reader sees the latest where they belong.
create or replace function public.move_vantage_sync_history(p_batch integer default 2000)
returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_move public.vantage_sync_history_move;
  v_run_ids uuid[];
  v_through timestamptz;
begin
  if p_batch is null or p_batch < 1 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'A batch is at least one run',
      detail = '{"errors": [{"pointer": "#/batch", "detail": "must be 1 or more"}]}',
      hint = 'Call it as move_vantage_sync_history(2000) until it returns 0';
  end if;

  select m.*
  into v_move
  from public.vantage_sync_history_move m
  where m.move_id = (select min(f.move_id) from public.vantage_sync_history_move f)
  for update skip locked;

  if not found then
    return 0;
  end if;

  select array_agg(h.run_id), min(h.started_at)
  into v_run_ids, v_through
  from (
    select h.run_id, h.started_at
    from public.vantage_sync_history h
    where h.resource = v_move.resource and h.started_at <= v_move.through
    order by h.started_at desc
    limit p_batch
  ) as h;

  if v_move.new_resource is null then
    delete from public.vantage_sync_history h
    where h.resource = v_move.resource and h.run_id = any (v_run_ids);
  else
    update public.vantage_sync_history h
    set resource = v_move.new_resource
    where h.resource = v_move.resource and h.run_id = any (v_run_ids);
  end if;

  if coalesce(cardinality(v_run_ids), 0) < p_batch then
    delete from public.vantage_sync_history_move m
    where m.move_id = v_move.move_id;
  else
    -- The next batch begins where this one ended, not at the entries that it left dead in the index.
    update public.vantage_sync_history_move m
    set through = v_through
    where m.move_id = v_move.move_id;
  end if;

  return greatest(coalesce(cardinality(v_run_ids), 0), 1);
end
$$;

comment on function public.move_vantage_sync_history(integer) is
  'Lets history follow renamed and deleted resources, at most so many runs, and returns a positive number while there may be more; 0 when nothing is left. Refuses with PT400 invalid-request.';

-- Definer: nobody else may delete from the history. Each batch goes on where the one before it ended, so that it is not
-- held up by the rows that are deleted but not vacuumed yet. The runs that it leaves because they are the latest of their
-- resource are marked, and found by an index of their own when they no longer are. What is written with an older end than
-- that is marked as well (append_vantage_sync_run); up to an hour may lie between an ending and its commit.
create or replace function public.delete_old_vantage_sync_runs(p_older_than interval, p_batch integer default 1000)
returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := clock_timestamp();
  v_before timestamptz := v_clock - p_older_than;
  v_position timestamptz;
  v_next timestamptz;
  v_seen integer;
  v_deleted integer;
begin
  if p_older_than is null or p_older_than < interval '0' or p_batch is null or p_batch < 1 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'Old runs are deleted by an age that is not negative, at least one at a time',
      detail = jsonb_build_object('errors', (
        select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
        from (values
          ('#/older_than', 'must be a duration that is not negative', coalesce(p_older_than < interval '0', true)),
          ('#/batch', 'must be 1 or more', coalesce(p_batch < 1, true))
        ) as f (pointer, detail, applies)
        where f.applies))::text,
      hint = 'Call it as delete_old_vantage_sync_runs(interval ''90 days'', 1000) until it returns 0';
  end if;

  select d.retention_position
  into v_position
  from public.vantage_sync_setting d
  for no key update;

  delete from public.vantage_sync_history h
  where (h.run_id, h.resource) in (
    select m.run_id, m.resource
    from public.vantage_sync_history m
    where m.passed_by_retention and m.completed_at < v_before
      and not exists (
        select
        from public.vantage_sync_state s
        where s.run_id = m.run_id and (
          s.resource = m.resource
          or m.resource in (select v.resource from public.vantage_sync_history_move v))
      )
    order by m.completed_at
    limit p_batch
  );
  get diagnostics v_deleted = row_count;

  while v_deleted = 0 loop
    select count(*), max(h.completed_at)
    into v_seen, v_next
    from (
      select h.completed_at
      from public.vantage_sync_history h
      where h.completed_at > v_position and h.completed_at < v_before
      order by h.completed_at
      fetch first p_batch rows with ties
    ) as h;

    exit when v_seen = 0;

    delete from public.vantage_sync_history h
    where h.completed_at > v_position and h.completed_at <= v_next
      -- Never the latest run of a resource, which may not have followed it to another name yet.
      and not exists (
        select
        from public.vantage_sync_state s
        where s.run_id = h.run_id and (
          s.resource = h.resource
          or h.resource in (select v.resource from public.vantage_sync_history_move v))
      );
    get diagnostics v_deleted = row_count;

    update public.vantage_sync_history h
    set passed_by_retention = true
    where h.completed_at > v_position and h.completed_at <= v_next and not h.passed_by_retention;

    v_position := v_next;
  end loop;

  update public.vantage_sync_setting d
  set retention_position = least(v_position, v_clock - interval '1 hour')
  where d.retention_position < least(v_position, v_clock - interval '1 hour');

  return v_deleted;
end
$$;

comment on function public.delete_old_vantage_sync_runs(interval, integer) is
  'Deletes runs that ended longer ago than that, oldest first, about so many at a time, and returns how many; 0 when none is left. The latest run of a resource stays. Refuses with PT400 invalid-request.';

-- ---------------------------------------------------------------------------------------------------------------
-- Direct writes
-- ---------------------------------------------------------------------------------------------------------------
-- The original lets service_role write the state itself. What such a write leaves out is filled in, and the runs that it
-- ends or brings as a whole are appended to the history. ../docs has a table of what each kind of write does.

create or replace function public.append_vantage_sync_run(p_state public.vantage_sync_state)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms,
    records_synced, records_created, records_updated, errors, error_code, watermark, progress, passed_by_retention)
  select
    p_state.run_id, p_state.resource, p_state.last_sync_status, p_state.started_at, p_state.completed_at,
    p_state.duration_ms,
    case when c.succeeded then p_state.records_synced else 0 end,
    case when c.succeeded then p_state.records_created else 0 end,
    case when c.succeeded then p_state.records_updated else 0 end,
    case when c.succeeded then '[]' else p_state.errors end,
    case when not c.succeeded then p_state.error_code end,
    case when c.succeeded then p_state.watermark end,
    p_state.ended_progress,
    p_state.completed_at < clock_timestamp() - interval '30 minutes'
  from (select p_state.last_sync_status = 'success' as succeeded) as c
$$;

comment on function public.append_vantage_sync_run(public.vantage_sync_state) is
  'Appends the latest run of a state, which has ended, to the history.';

create or replace function public.append_abandoned_vantage_sync_run(
  p_abandoned public.vantage_sync_state,
  p_state public.vantage_sync_state
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms,
    records_synced, records_created, records_updated, errors, progress, superseded_by, passed_by_retention)
  select
    p_abandoned.run_id, p_state.resource, 'abandoned', p_abandoned.started_at, e.at,
    public.vantage_sync_duration_ms(p_abandoned.started_at, e.at),
    0, 0, 0, '[]', p_abandoned.progress, p_state.run_id, e.at < clock_timestamp() - interval '30 minutes'
  from (select greatest(p_state.started_at, p_abandoned.started_at) as at) as e
$$;

comment on function public.append_abandoned_vantage_sync_run(public.vantage_sync_state, public.vantage_sync_state) is
  'Appends the run of a state to the history as abandoned: the run of the later state took over.';

-- Definer, as the functions of the lifecycle, for the history.
create or replace function public.keep_vantage_sync_state()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_clock timestamptz := clock_timestamp();
  v_limit timestamptz := v_clock + interval '24 hours';
  v_has_ended boolean := new.last_sync_status in ('success', 'failed');
  v_had_ended boolean := old.last_sync_status in ('success', 'failed');
  v_is_new_run boolean;
  v_is_start_known boolean;
  v_broken text;
begin
  -- Strictly later than before, so that (resource, updated_at) names one version of the row: ETags rely on it.
  new.updated_at := greatest(v_clock, old.updated_at + interval '1 microsecond');
  new.version := coalesce(old.version, 0) + 1;

  if new.last_sync_time is distinct from old.last_sync_time and new.last_sync_time > v_limit
    or new.started_at is distinct from old.started_at and new.started_at > v_limit
    or new.completed_at is distinct from old.completed_at and new.completed_at > v_limit
    or new.watermark is distinct from old.watermark and new.watermark > v_limit
    or new.created_at is distinct from old.created_at and new.created_at > v_limit
    or new.progress is distinct from old.progress and (new.progress ->> 'at')::timestamptz > v_limit then
    v_broken := 'times_not_ahead';
  elsif least(new.last_sync_time, new.started_at, new.completed_at, new.watermark, new.created_at) = '-infinity' then
    v_broken := 'times_finite'; -- no time at which anything happened, and JSON cannot say it
  end if;

  if v_broken is not null then
    raise exception using
      errcode = 'check_violation',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = 'vantage_sync_state_' || v_broken,
      message = format('A time of %s would be infinite or more than a day ahead', new.resource),
      hint = 'Write the time at which it happened, not later than a day from now';
  end if;

  if tg_op = 'UPDATE' and new.resource <> old.resource and old.run_id is not null then
    insert into public.vantage_sync_history_move (resource, new_resource, through)
    values (old.resource, new.resource, old.started_at);
    perform public.move_vantage_sync_history();
  end if;

  if new.last_sync_status = 'never_run' then
    -- Set back by hand, which forgets as deleting and registering it again would: the next sync is a full one, unless
    -- a watermark is given.
    if old.run_id is not null then
      insert into public.vantage_sync_history_move (resource, through)
      values (new.resource, old.started_at);
      perform public.move_vantage_sync_history();

      if new.watermark = old.watermark then
        new.watermark := null;
      end if;
    end if;

    new.run_id := null;
    new.progress := null;
    new.start_clock := null;
    new.success_started_at := null;
    new.ended_progress := null;
    perform public.refuse_invalid_vantage_sync_state(new);

    return new;
  end if;

  -- A sync that begins, one that began later, and an ending after another are runs of their own; all else corrects the
  -- state alone, since the history keeps what it was given first.
  v_is_new_run := tg_op = 'INSERT'
    or old.run_id is null
    or new.run_id <> old.run_id
    or new.started_at > old.started_at
    or new.last_sync_status = 'running' and old.last_sync_status <> 'running'
    or v_has_ended and v_had_ended and (
      new.last_sync_status <> old.last_sync_status
      or new.completed_at > old.completed_at
      or new.last_sync_time > old.last_sync_time);
  v_is_start_known := new.started_at is not null
    and (not v_is_new_run or new.run_id <> old.run_id or new.started_at is distinct from old.started_at);

  if v_is_new_run and (new.run_id is null or new.run_id = old.run_id) then
    new.run_id := gen_random_uuid();
  elsif new.run_id is null then
    new.run_id := old.run_id;
  end if;

  if new.last_sync_status = 'running' then
    if v_is_new_run then
      if new.started_at = old.started_at then
        new.started_at := public.vantage_sync_not_before(
          v_clock, greatest(old.completed_at, old.started_at + interval '1 microsecond'));
      end if;

      if new.completed_at = old.completed_at then
        new.completed_at := null;
      end if;

      if new.duration_ms = old.duration_ms then
        new.duration_ms := null;
      end if;

      if new.progress = old.progress then
        new.progress := null;
      end if;

      new.start_clock := least(v_clock, new.started_at);
    else
      new.start_clock := least(old.start_clock, new.start_clock);
    end if;

    new.ended_progress := null;
  elsif v_has_ended then
    if new.last_sync_status = 'success' and (v_is_new_run or not v_had_ended) then
      if new.errors = old.errors then
        new.errors := '[]';
      end if;

      if tg_op = 'UPDATE' and new.last_sync_time is not distinct from old.last_sync_time then
        new.last_sync_time := case
          when new.completed_at is distinct from old.completed_at then new.completed_at
          else greatest(v_clock, new.started_at)
        end;
      end if;
    end if;

    if v_is_new_run and new.completed_at = old.completed_at then
      new.completed_at := null;
    end if;

    if not v_is_start_known then
      new.started_at := null;
    end if;

    new.started_at := coalesce(
      new.started_at,
      new.completed_at,
      case when new.last_sync_status = 'success' then new.last_sync_time end,
      public.vantage_sync_not_before(v_clock, old.completed_at));
    new.completed_at := coalesce(
      new.completed_at,
      case when new.last_sync_status = 'success' and new.last_sync_time >= new.started_at then new.last_sync_time end,
      greatest(v_clock, new.started_at));

    if new.duration_ms is null
      or new.duration_ms = old.duration_ms
        and (new.started_at, new.completed_at) is distinct from (old.started_at, old.completed_at) then
      new.duration_ms := case when new.completed_at >= new.started_at and isfinite(new.completed_at) and isfinite(new.started_at)
        then public.vantage_sync_duration_ms(new.started_at, new.completed_at) end;
    end if;

    -- Where the start is not known the watermark stays: what is read twice is better than what is lost. An insert may
    -- become an update of a row whose watermark was set to null.
    if new.last_sync_status = 'success' and new.watermark is not distinct from old.watermark and (
      not v_is_new_run and not v_had_ended
      or v_is_new_run and v_is_start_known
        and (tg_op = 'UPDATE' or not exists (select from public.vantage_sync_state s where s.resource = new.resource))) then
      new.watermark := case when v_is_new_run then least(v_clock, new.started_at) else old.start_clock end;
    end if;

    if new.last_sync_status = 'success' and (v_is_new_run or not v_had_ended or new.started_at is distinct from old.started_at) then
      new.success_started_at := new.started_at;
    end if;

    new.progress := null;
    new.start_clock := case when v_is_new_run then null else old.start_clock end;
    new.ended_progress := case when v_is_new_run then null when v_had_ended then old.ended_progress else old.progress end;
  end if;

  -- The history is in the order of started_at, and its last run is the one that the state has.
  if old.run_id is not null and (
    v_is_new_run and new.started_at <= old.started_at and old.started_at <= v_limit
    or new.started_at < old.started_at and exists (
      select
      from public.vantage_sync_history h
      where h.resource = new.resource and h.started_at >= new.started_at and h.run_id <> new.run_id)) then
    raise exception using
      errcode = 'check_violation',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'started_at',
      constraint = 'vantage_sync_state_starts_after_last_run',
      message = format('The latest run of %s cannot start before an earlier one', new.resource),
      hint = 'Write a started_at that is later than that of the run before';
  end if;

  perform public.refuse_invalid_vantage_sync_state(new);

  -- Whatever was written to them.
  new.error_count := jsonb_array_length(new.errors);
  new.error_bytes := octet_length(new.errors::text);
  new.error_code := left(new.errors #>> '{0,code}', 200);

  if tg_op = 'UPDATE' then
    if v_is_new_run then
      perform public.refuse_used_vantage_run(new.resource, new.run_id);
    end if;

    if v_is_new_run and old.last_sync_status = 'running' then
      perform public.append_abandoned_vantage_sync_run(old, new);
    end if;

    if v_has_ended and (v_is_new_run or not v_had_ended) then
      perform public.append_vantage_sync_run(new);
    end if;
  end if;

  return new;
end
$$;

comment on function public.keep_vantage_sync_state() is
  'Fills in what a direct write of a state leaves out, refuses what is impossible, and appends the runs that it ends to the history.';

create or replace trigger vantage_sync_state_1_keep_inserted
before insert on public.vantage_sync_state
for each row execute function public.keep_vantage_sync_state();

-- The functions of the lifecycle count the version up themselves, as the owner, who alone may write the history: who
-- counts it up in a direct write is not believed. Invoker, to see who writes; and so without a search_path of its own,
-- which would cost more than all that it does.
create or replace function public.mark_direct_vantage_sync_update()
returns trigger
language plpgsql
volatile
security invoker
as $$
begin
  if new.version operator(pg_catalog.>) old.version
    and pg_catalog.has_table_privilege('public.vantage_sync_history'::pg_catalog.regclass, 'insert') then
    return new;
  end if;

  new.version := null;

  return new;
end
$$;

comment on function public.mark_direct_vantage_sync_update() is
  'Leaves the version of a state that is written directly open, for the trigger that follows to count.';

create or replace trigger vantage_sync_state_1_mark_direct_update
before update on public.vantage_sync_state
for each row execute function public.mark_direct_vantage_sync_update();

-- A condition of a trigger is parsed anew in every statement: this one is the shortest there is.
create or replace trigger vantage_sync_state_2_keep_updated
before update on public.vantage_sync_state
for each row
when (new.version is null)
execute function public.keep_vantage_sync_state();

-- Definer, as the function above.
create or replace function public.append_inserted_vantage_sync_run()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform public.append_vantage_sync_run(new);

  return null;
end
$$;

comment on function public.append_inserted_vantage_sync_run() is
  'Appends the run of an inserted state that has ended to the history.';

-- After the insert: before it, nobody knows whether it becomes an update of a row that is there.
create or replace trigger vantage_sync_state_2_append_inserted
after insert on public.vantage_sync_state
for each row
when (new.last_sync_status in ('success', 'failed'))
execute function public.append_inserted_vantage_sync_run();

-- Definer, as the function above.
create or replace function public.forget_vantage_sync_runs()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  insert into public.vantage_sync_history_move (resource, through)
  values (old.resource, old.started_at);
  perform public.move_vantage_sync_history();

  return null;
end
$$;

comment on function public.forget_vantage_sync_runs() is
  'Deletes the history of a deleted state: what one batch holds at once, the rest later.';

create or replace trigger vantage_sync_state_3_forget_runs
after delete on public.vantage_sync_state
for each row
when (old.run_id is not null)
execute function public.forget_vantage_sync_runs();

-- ---------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------

create or replace view public.vantage_sync_run
with (security_invoker = true)
as
select
  h.run_id, h.resource, h.status, h.started_at, h.completed_at, h.duration_ms, h.records_synced, h.records_created,
  h.records_updated, h.errors, h.watermark, h.progress, h.superseded_by
from public.vantage_sync_history h
union all
select
  s.run_id, s.resource collate "C", 'running', s.started_at, null, null, 0, 0, 0, '[]', null, s.progress, null
from public.vantage_sync_state s
where s.last_sync_status = 'running';

comment on view public.vantage_sync_run is
  'One row a run, an attempt to sync a resource: those that have ended, from the history, and those that go on, from the state.';
comment on column public.vantage_sync_run.run_id is
  'Given by the caller at start, or generated then; unique for a resource.';
comment on column public.vantage_sync_run.resource is
  'What is copied, a row of vantage_sync_state.';
comment on column public.vantage_sync_run.status is
  'running, success, failed or abandoned (another run took over).';
comment on column public.vantage_sync_run.started_at is
  'When it started; later than every earlier run of the resource.';
comment on column public.vantage_sync_run.completed_at is
  'When it ended, or was taken over; null while it runs.';
comment on column public.vantage_sync_run.duration_ms is
  'How long it took, in milliseconds, capped at 2147483647; null while it runs.';
comment on column public.vantage_sync_run.records_synced is
  'Records processed, as reported at its end.';
comment on column public.vantage_sync_run.records_created is
  'Records created, as reported at its end.';
comment on column public.vantage_sync_run.records_updated is
  'Records updated, as reported at its end.';
comment on column public.vantage_sync_run.errors is
  'Why it failed, as in vantage_sync_state; empty otherwise.';
comment on column public.vantage_sync_run.watermark is
  'Where the next run could go on from when this one had succeeded; null unless it has.';
comment on column public.vantage_sync_run.progress is
  'Its last {"records", "total", "at"}, kept when it ends; null where it never reported any.';
comment on column public.vantage_sync_run.superseded_by is
  'Of an abandoned run: the run that took over.';

-- The rules of the contract, each once. Exactly at the threshold is no alert, a microsecond past it is one. A time more
-- than a day ahead is one of a clock that was wrong, and counts as long ago. Silence while nobody watched counts for
-- nothing, and is looked at only where the rest would be an alert. The time is that of the statement, so that a
-- transaction left open does not stop the clock. No function of ours is called: those who may only read may execute none.
-- Every column of each part is named, so that a restored view has the same text.
create or replace view public.vantage_sync_alert
with (security_invoker = true)
as
select
  s.resource,
  a.kind,
  a.since,
  -- ISO 8601 whatever the intervalstyle of the session.
  case when a.threshold is not null then concat(
    'P',
    nullif(extract(year from a.threshold), 0) || 'Y',
    nullif(extract(month from a.threshold), 0) || 'M',
    nullif(extract(day from a.threshold), 0) || 'D',
    case when a.threshold - date_trunc('day', a.threshold) <> interval '0' then 'T' end,
    nullif(extract(hour from a.threshold), 0) || 'H',
    nullif(extract(minute from a.threshold), 0) || 'M',
    nullif(trim_scale(extract(second from a.threshold)), 0) || 'S')
  end as threshold,
  a.detail,
  a.severity,
  a.rank
from public.vantage_sync_state s
cross join public.vantage_sync_setting d
cross join lateral (
  select
    'failed' as kind,
    s.completed_at as since,
    null::interval as threshold,
    format('The latest run of %s failed with %s.', s.resource, case s.error_count
      when 0 then 'no errors reported'
      when 1 then '1 error'
      else s.error_count || ' errors'
    end) as detail,
    'error' as severity,
    1 as rank
  where s.last_sync_status = 'failed'
  union all
  select
    'stuck' as kind,
    l.sign_of_life as since,
    t.stuck_after as threshold,
    concat(
      format('%s is running without a sign of life since %s UTC.',
        s.resource, to_char(l.sign_of_life at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')),
      (select format(' Nobody watched from %s to %s UTC; a report may be missing.',
          to_char(lower(g.gap) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
          to_char((upper(g.gap) - interval '2 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
        from unnest(d.unwatched) as g (gap)
        where upper(g.gap) > l.sign_of_life
        order by g.gap desc
        limit 1)) as detail,
    'error' as severity,
    2 as rank
  from (select greatest(s.started_at, (s.progress ->> 'at')::timestamptz) as sign_of_life) as l,
    (select coalesce(s.stuck_after, d.stuck_after)::interval as stuck_after) as t
  where s.last_sync_status = 'running'
    and (statement_timestamp() - l.sign_of_life > t.stuck_after
      and statement_timestamp() - l.sign_of_life - (
        select coalesce(sum(upper(g.gap) - lower(g.gap)), interval '0')
        from unnest(d.unwatched * tstzmultirange(
          tstzrange(least(l.sign_of_life, statement_timestamp()), statement_timestamp()))) as g (gap)) > t.stuck_after
      or l.sign_of_life - statement_timestamp() > interval '24 hours')
  union all
  select
    'stale' as kind,
    l.success as since,
    t.stale_after as threshold,
    concat(
      case
        when s.last_sync_status = 'never_run' and s.last_sync_time is null then
          format('%s has never run since it was registered at %s UTC.',
            s.resource, to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
        when s.last_sync_time is null then
          format('%s has never had a successful sync since it was registered at %s UTC.',
            s.resource, to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
        else
          format('%s has had no successful sync since %s UTC.',
            s.resource, to_char(s.last_sync_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
      end,
      (select format(' Nobody watched from %s to %s UTC; a report may be missing.',
          to_char(lower(g.gap) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
          to_char((upper(g.gap) - interval '2 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
        from unnest(d.unwatched) as g (gap)
        where upper(g.gap) > l.success
        order by g.gap desc
        limit 1)) as detail,
    case
      when s.last_sync_status = 'never_run' and statement_timestamp() - l.success <= t.stale_after then 'warning'
      else 'error'
    end as severity,
    3 as rank
  from (select coalesce(s.last_sync_time, s.created_at) as success) as l,
    (select coalesce(s.stale_after, d.stale_after)::interval as stale_after) as t
  where s.expect is null and (
    s.last_sync_status = 'never_run'
    or statement_timestamp() - l.success > t.stale_after
      and statement_timestamp() - l.success - (
        select coalesce(sum(upper(g.gap) - lower(g.gap)), interval '0')
        from unnest(d.unwatched * tstzmultirange(
          tstzrange(least(l.success, statement_timestamp()), statement_timestamp()))) as g (gap)) > t.stale_after
    or s.last_sync_time - statement_timestamp() > interval '24 hours')
  union all
  -- By a schedule: the first due time that no success has met, once its grace is over. What is joined here, rather than
  -- selected in a subquery, is left out of the plan of the function below where a state has no schedule.
  select
    'stale' as kind,
    l.due_at as since,
    l.grace as threshold,
    concat(
      format('%s was due at %s UTC and %s.', s.resource, to_char(l.due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), case
        when s.last_sync_status in ('never_run', 'success') or s.started_at < l.counts_from then 'never started'
        when s.last_sync_status = 'running' then format('has started, but is not done: it is running since %s UTC',
          to_char(s.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
        else format('has started, but is not done: the run failed at %s UTC',
          to_char(s.completed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
      end),
      n.sentence) as detail,
    'error' as severity,
    3 as rank
  from (
      select case
        when coalesce(s.success_started_at, s.last_sync_time) - statement_timestamp() <= interval '24 hours'
          then coalesce(s.success_started_at, s.last_sync_time)
        else s.created_at
      end as success
    ) as b
    cross join lateral (
      (
        select v.due_at, v.counts_from, v.deadline - v.due_at as grace
        from public.vantage_sync_due v
        where v.resource = s.resource collate "C" and v.due_at > b.success and v.counts_from > b.success and v.skipped is null
        order by v.due_at
        limit 1
      )
      union all
      select
        b.success + extract(epoch from (s.expect ->> 'every')::interval)::double precision * interval '1 second' as due_at,
        b.success as counts_from,
        (s.expect ->> 'grace')::interval as grace
      where s.expect ? 'every'
    ) as l
    cross join lateral (
      select coalesce(sum(upper(g.gap) - lower(g.gap)), interval '0') as length
      from unnest(d.unwatched * tstzmultirange(
        tstzrange(least(l.due_at, statement_timestamp()), statement_timestamp()))) as g (gap)
      where statement_timestamp() - l.due_at > l.grace
    ) as w
    left join lateral (
      select format(' Nobody watched from %s to %s UTC; a report may be missing.',
        to_char(lower(g.gap) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
        to_char((upper(g.gap) - interval '2 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as sentence
      from unnest(d.unwatched) as g (gap)
      where upper(g.gap) > l.due_at
      order by g.gap desc
      limit 1
    ) as n on true
  where s.expect is not null
    and statement_timestamp() - l.due_at > l.grace
    and statement_timestamp() - l.due_at - w.length > l.grace
  union all
  -- Of a run that has ended: a long one that goes on is stuck, unless it shows life.
  select
    'slow' as kind,
    s.completed_at as since,
    t.slow_after as threshold,
    format('The latest run of %s took %s seconds.',
      s.resource, trim_scale(extract(epoch from s.completed_at - s.started_at))) as detail,
    'warning' as severity,
    4 as rank
  from (select coalesce(s.slow_after, d.slow_after)::interval as slow_after) as t
  where s.last_sync_status in ('success', 'failed')
    and s.completed_at - s.started_at > t.slow_after
) as a;

comment on view public.vantage_sync_alert is
  'One row an alert, as of now. Worst first: order by rank, since, resource.';
comment on column public.vantage_sync_alert.resource is
  'What it is about, a row of vantage_sync_state.';
comment on column public.vantage_sync_alert.kind is
  'failed: the latest run failed. stuck: running, without a sign of life for longer than stuck_after. stale: never run, or no success for longer than stale_after; where one is expected at a time, not by then. slow: the latest run took longer than slow_after.';
comment on column public.vantage_sync_alert.since is
  'failed and slow: when that run ended. stuck: the last sign of life. stale: the last success, or where there is none, the registration; of a schedule, the due time that was missed.';
comment on column public.vantage_sync_alert.threshold is
  'What was exceeded, as an ISO 8601 duration: the resource''s own or the default, of a schedule its grace; null for failed.';
comment on column public.vantage_sync_alert.detail is
  'One plain sentence.';
comment on column public.vantage_sync_alert.severity is
  'error: failed, stuck, and stale from stale_after on. warning: slow, and what was registered lately and has never run.';
comment on column public.vantage_sync_alert.rank is
  'How bad the kind is: 1 is the worst.';

-- The same rule for a row in hand, so that the answer of a call need not read it again: made from the view's own text, so
-- that the two cannot differ. Planning it takes ten times as long as running it, and the planner would plan it for each row.
-- Once more for those that have no schedule, so that what schedules need is left out of their plan.
-- Only starting it takes most of the time of a call, so what has none of the alerts by a glance at its times goes without.
do $$
declare
  v_search_path text := current_setting('search_path');
  v_gathered constant text := $query$
    select '[' || string_agg(row_to_json(j)::text, ',' order by a.rank) || ']'
    from (
%s
    ) as a
    cross join lateral (
      select a.resource, a.kind, public.vantage_sync_time_text(a.since) as since, a.threshold, a.detail
    ) as j
  $query$;
  v_view text;
begin
  perform set_config('search_path', '', true); -- every name in the text is qualified
  v_view := rtrim(pg_get_viewdef('public.vantage_sync_alert'::regclass), ';');
  perform set_config('search_path', v_search_path, true);
  v_view := replace(v_view, 'public.vantage_sync_state s', '(select (p_state).*) s');

  execute format($function$
create or replace function public.vantage_sync_alerts(p_state public.vantage_sync_state)
returns text
language plpgsql
stable
security invoker
set search_path = ''
set plan_cache_mode = force_generic_plan
as %L
$function$, format($body$
begin
  if p_state.expect is null then
    if p_state.last_sync_status in ('running', 'success') and not exists (
      select
      from public.vantage_sync_setting d
      where statement_timestamp() - coalesce(p_state.last_sync_time, p_state.created_at)
          not between interval '-24 hours' and coalesce(p_state.stale_after, d.stale_after)
        or p_state.last_sync_status = 'running'
          and statement_timestamp() - greatest(p_state.started_at, (p_state.progress ->> 'at')::timestamptz)
            not between interval '-24 hours' and coalesce(p_state.stuck_after, d.stuck_after)
        or p_state.last_sync_status = 'success'
          and p_state.completed_at - p_state.started_at > coalesce(p_state.slow_after, d.slow_after)) then
      return '[]';
    end if;

    return coalesce((%1$s), '[]');
  end if;

  return coalesce((%2$s), '[]');
end
$body$, format(v_gathered, replace(v_view, 's.expect', 'null::jsonb')), format(v_gathered, v_view)));
end
$$;

comment on function public.vantage_sync_alerts(public.vantage_sync_state) is
  'The alerts of a state, worst first, as the text of a JSON array; for the answer of a call, by the rule of vantage_sync_alert.';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------

alter table public.vantage_sync_state enable row level security;
alter table public.vantage_sync_history enable row level security;
alter table public.vantage_sync_history_move enable row level security;
alter table public.vantage_sync_due enable row level security;
alter table public.vantage_sync_setting enable row level security;

drop policy if exists vantage_sync_state_read on public.vantage_sync_state;
create policy vantage_sync_state_read on public.vantage_sync_state
for select to anon, authenticated
using (true);

drop policy if exists vantage_sync_state_write on public.vantage_sync_state;
create policy vantage_sync_state_write on public.vantage_sync_state
for all to service_role
using (true)
with check (true);

drop policy if exists vantage_sync_history_read on public.vantage_sync_history;
create policy vantage_sync_history_read on public.vantage_sync_history
for select to anon, authenticated, service_role
using (true);

drop policy if exists vantage_sync_history_move_read on public.vantage_sync_history_move;
create policy vantage_sync_history_move_read on public.vantage_sync_history_move
for select to service_role
using (true);

drop policy if exists vantage_sync_due_read on public.vantage_sync_due;
create policy vantage_sync_due_read on public.vantage_sync_due
for select to anon, authenticated, service_role
using (true);

drop policy if exists vantage_sync_setting_read on public.vantage_sync_setting;
create policy vantage_sync_setting_read on public.vantage_sync_setting
for select to anon, authenticated, service_role
using (true);

drop policy if exists vantage_sync_setting_write on public.vantage_sync_setting;
create policy vantage_sync_setting_write on public.vantage_sync_setting
for update to service_role
using (true)
with check (true);

-- ---------------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------------

-- Default privileges may have given more than this (Supabase gives everybody everything), so all is taken back first.
revoke all on table
  public.vantage_sync_state,
  public.vantage_sync_history,
  public.vantage_sync_history_move,
  public.vantage_sync_due,
  public.vantage_sync_setting,
  public.vantage_sync_run,
  public.vantage_sync_alert
from public, anon, authenticated, service_role;
grant select on table
  public.vantage_sync_state,
  public.vantage_sync_history,
  public.vantage_sync_due,
  public.vantage_sync_setting,
  public.vantage_sync_run,
  public.vantage_sync_alert
to anon, authenticated, service_role;
grant select on table public.vantage_sync_history_move to service_role;
grant insert, update, delete on table public.vantage_sync_state to service_role;
grant update (stuck_after, stale_after, slow_after, fail_after) on table public.vantage_sync_setting to service_role;

do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (
        'start_vantage_sync', 'progress_vantage_sync', 'complete_vantage_sync', 'fail_vantage_sync',
        'delete_old_vantage_sync_runs', 'move_vantage_sync_history', 'vantage_sync_alerts',
        'refuse_invalid_vantage_sync_state', 'vantage_sync_field_errors', 'vantage_sync_time_text', 'vantage_sync_duration_ms',
        'vantage_sync_not_before', 'refuse_used_vantage_run', 'repeat_or_refuse_vantage_sync',
        'refuse_negative_vantage_counts', 'append_vantage_sync_run', 'append_abandoned_vantage_sync_run',
        'append_inserted_vantage_sync_run', 'forget_vantage_sync_runs', 'keep_vantage_sync_state',
        'mark_direct_vantage_sync_update')
  loop
    execute format('revoke all on function %s from public, anon, authenticated, service_role', v_function);
  end loop;
end
$$;

-- Nothing else is called with the rights of service_role: the rest is called by the definers.
grant execute on function
  public.start_vantage_sync(text, uuid, boolean),
  public.progress_vantage_sync(text, integer, integer, uuid),
  public.complete_vantage_sync(text, integer, integer, integer, uuid, timestamptz),
  public.fail_vantage_sync(text, jsonb, uuid, integer, integer, integer),
  public.delete_old_vantage_sync_runs(interval, integer),
  public.move_vantage_sync_history(integer),
  public.vantage_sync_alerts(public.vantage_sync_state),
  public.vantage_sync_time_text(timestamptz)
to service_role;

reset client_min_messages;
