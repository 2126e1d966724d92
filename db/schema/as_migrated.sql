-- The schema that the migrations make, to read and to compare; apply the migrations, not this.
-- Written anew by: mvn -q verify -Dtest=SchemaDescriptionTest -Dvantage.schema.write=true

create domain public.vantage_sync_run_count as integer
  constraint vantage_sync_run_count_valid CHECK (((VALUE >= 1) AND (VALUE <= 100)));

create domain public.vantage_sync_threshold as interval
  constraint vantage_sync_threshold_valid CHECK (((VALUE > '00:00:00'::interval) AND (VALUE <= '3650 days'::interval) AND (EXTRACT(year FROM VALUE) = (0)::numeric) AND (EXTRACT(month FROM VALUE) = (0)::numeric)));

create table public.vantage_badge_secret (
  is_the_one boolean not null default true,
  secret text not null default ((gen_random_uuid())::text || (gen_random_uuid())::text),
  constraint vantage_badge_secret_long_enough CHECK ((length(secret) >= 32)),
  constraint vantage_badge_secret_pkey PRIMARY KEY (is_the_one),
  constraint vantage_badge_secret_single CHECK (is_the_one)
);

create table public.vantage_channel (
  name text collate "C" not null,
  kind text not null,
  is_grouped boolean not null,
  min_severity text not null,
  resources text[],
  kinds text[],
  remind_after interval,
  failures integer not null default 0,
  failing_since timestamp with time zone,
  hold_until timestamp with time zone,
  paused_at timestamp with time zone,
  last_error text,
  constraint vantage_channel_min_severity_known CHECK ((min_severity = ANY (ARRAY['error'::text, 'warning'::text]))),
  constraint vantage_channel_name_valid CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  constraint vantage_channel_pkey PRIMARY KEY (name),
  constraint vantage_channel_remind_after_positive CHECK ((remind_after > '00:00:00'::interval))
);

create table public.vantage_incident (
  incident_id uuid not null default gen_random_uuid(),
  resource text collate "C" not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  close_reason text,
  kinds text[] not null,
  severity text not null,
  is_red boolean not null default true,
  changed_at timestamp with time zone not null,
  reopened integer not null default 0,
  flapping boolean not null default false,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  acknowledged_note text,
  constraint vantage_incident_close_reason_known CHECK ((close_reason = ANY (ARRAY['recovered'::text, 'cleared'::text, 'deleted'::text]))),
  constraint vantage_incident_closed_has_reason CHECK (((closed_at IS NULL) = (close_reason IS NULL))),
  constraint vantage_incident_open_is_red CHECK ((is_red OR flapping OR (closed_at IS NOT NULL))),
  constraint vantage_incident_pkey PRIMARY KEY (incident_id),
  constraint vantage_incident_severity_known CHECK ((severity = ANY (ARRAY['error'::text, 'warning'::text])))
);

create table public.vantage_incident_event (
  event_id uuid not null default gen_random_uuid(),
  incident_id uuid not null,
  seq integer not null,
  "position" bigint generated always as identity not null,
  type text not null,
  at timestamp with time zone not null,
  body jsonb not null,
  constraint vantage_incident_event_pkey PRIMARY KEY (event_id),
  constraint vantage_incident_event_position_key UNIQUE ("position"),
  constraint vantage_incident_event_seq_key UNIQUE (incident_id, seq),
  constraint vantage_incident_event_type_known CHECK ((type = ANY (ARRAY['opened'::text, 'changed'::text, 'reminder'::text, 'acknowledged'::text, 'closed'::text, 'flapping'::text])))
);

create table public.vantage_mute (
  mute_id uuid not null default gen_random_uuid(),
  resources text[] not null,
  kinds text[],
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  note text,
  muted_by text,
  created_at timestamp with time zone not null default statement_timestamp(),
  is_over boolean not null default false,
  constraint vantage_mute_ends_within_30_days CHECK (((ends_at - starts_at) <= '720:00:00'::interval)),
  constraint vantage_mute_kinds_known CHECK (((kinds <@ ARRAY['failed'::text, 'stuck'::text, 'stale'::text, 'slow'::text]) AND (cardinality(kinds) > 0))),
  constraint vantage_mute_pkey PRIMARY KEY (mute_id),
  constraint vantage_mute_resources_some CHECK (((cardinality(resources) >= 1) AND (cardinality(resources) <= 100)))
);

create table public.vantage_notification (
  notification_id uuid not null default gen_random_uuid(),
  "position" bigint generated always as identity not null,
  event_id uuid not null default gen_random_uuid(),
  channel text collate "C" not null,
  incident_id uuid,
  seq integer,
  type text not null,
  status text not null default 'pending'::text,
  attempt integer not null default 0,
  created_at timestamp with time zone not null default statement_timestamp(),
  next_at timestamp with time zone not null default statement_timestamp(),
  lease_until timestamp with time zone,
  ended_at timestamp with time zone,
  last_status integer,
  last_error text,
  constraint vantage_notification_ended_has_time CHECK (((status = 'pending'::text) = (ended_at IS NULL))),
  constraint vantage_notification_event_key UNIQUE (event_id, channel),
  constraint vantage_notification_pkey PRIMARY KEY (notification_id),
  constraint vantage_notification_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'dead'::text, 'skipped'::text]))),
  constraint vantage_notification_test_has_no_incident CHECK ((((type = 'test'::text) = (incident_id IS NULL)) AND ((incident_id IS NULL) = (seq IS NULL))))
);

create table public.vantage_ping_secret (
  is_the_one boolean not null default true,
  secret text not null default ((gen_random_uuid())::text || (gen_random_uuid())::text),
  constraint vantage_ping_secret_long_enough CHECK ((length(secret) >= 32)),
  constraint vantage_ping_secret_pkey PRIMARY KEY (is_the_one),
  constraint vantage_ping_secret_single CHECK (is_the_one)
);

create table public.vantage_scheduled_task (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by text,
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  constraint vantage_scheduled_task_pkey PRIMARY KEY (task_name, task_instance)
);

create table public.vantage_sync_due (
  resource text collate "C" not null,
  due_at timestamp with time zone not null,
  counts_from timestamp with time zone not null,
  deadline timestamp with time zone not null,
  skipped text,
  constraint vantage_sync_due_in_order CHECK (((counts_from <= due_at) AND (due_at < deadline))),
  constraint vantage_sync_due_pkey PRIMARY KEY (resource, due_at)
);

create table public.vantage_sync_history (
  run_id uuid not null,
  resource text collate "C" not null,
  status text not null,
  started_at timestamp with time zone not null,
  completed_at timestamp with time zone not null,
  duration_ms integer not null,
  records_synced integer not null,
  records_created integer not null,
  records_updated integer not null,
  errors jsonb not null,
  watermark timestamp with time zone,
  progress jsonb,
  superseded_by uuid,
  passed_by_retention boolean not null default false,
  error_code text,
  constraint vantage_sync_history_pkey PRIMARY KEY (run_id, resource)
) with (
  autovacuum_vacuum_scale_factor=0.005,
  autovacuum_vacuum_insert_scale_factor=0.02,
  autovacuum_analyze_scale_factor=0.01
);

create table public.vantage_sync_history_move (
  move_id bigint generated always as identity not null,
  resource text collate "C" not null,
  new_resource text collate "C",
  through timestamp with time zone not null,
  constraint vantage_sync_history_move_pkey PRIMARY KEY (move_id)
);

create table public.vantage_sync_interval (
  resource text collate "C" not null,
  since timestamp with time zone not null,
  constraint vantage_sync_interval_pkey PRIMARY KEY (resource)
);

create table public.vantage_sync_setting (
  is_the_one boolean not null default true,
  stuck_after vantage_sync_threshold not null default '00:30:00'::interval,
  stale_after vantage_sync_threshold not null default '24:00:00'::interval,
  slow_after vantage_sync_threshold not null default '00:05:00'::interval,
  fail_after vantage_sync_run_count not null default 1,
  unwatched tstzmultirange not null default '{}'::tstzmultirange,
  retention_position timestamp with time zone not null default '-infinity'::timestamp with time zone,
  constraint vantage_sync_setting_pkey PRIMARY KEY (is_the_one),
  constraint vantage_sync_setting_single CHECK (is_the_one)
);

create table public.vantage_sync_skipped_day (
  resource text collate "C" not null,
  day date not null,
  reason text not null,
  created_at timestamp with time zone not null default statement_timestamp(),
  constraint vantage_sync_skipped_day_pkey PRIMARY KEY (resource, day)
);

create table public.vantage_sync_state (
  resource text collate "C" not null,
  last_sync_time timestamp with time zone,
  last_sync_status text not null default 'never_run'::text,
  records_synced integer not null default 0,
  records_created integer not null default 0,
  records_updated integer not null default 0,
  errors jsonb not null default '[]'::jsonb,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  duration_ms integer,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  run_id uuid,
  watermark timestamp with time zone,
  progress jsonb,
  stuck_after vantage_sync_threshold,
  stale_after vantage_sync_threshold,
  slow_after vantage_sync_threshold,
  fail_after vantage_sync_run_count,
  start_clock timestamp with time zone,
  ended_progress jsonb,
  version bigint not null default 0,
  expect jsonb,
  success_started_at timestamp with time zone,
  error_count integer not null default 0,
  error_bytes integer not null default 2,
  error_code text,
  constraint vantage_sync_state_pkey PRIMARY KEY (resource)
) with (
  fillfactor=50
);

create table public.vantage_watch (
  is_the_one boolean not null default true,
  evaluated_at timestamp with time zone,
  constraint vantage_watch_pkey PRIMARY KEY (is_the_one),
  constraint vantage_watch_single CHECK (is_the_one)
);

CREATE INDEX vantage_incident_closed_at_idx ON public.vantage_incident USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE UNIQUE INDEX vantage_incident_open_idx ON public.vantage_incident USING btree (resource) WHERE (closed_at IS NULL);
CREATE INDEX vantage_incident_opened_at_idx ON public.vantage_incident USING btree (opened_at DESC, incident_id DESC);
CREATE INDEX vantage_incident_resource_idx ON public.vantage_incident USING btree (resource, opened_at DESC, incident_id DESC);
CREATE INDEX vantage_incident_event_at_idx ON public.vantage_incident_event USING btree (at);
CREATE INDEX vantage_mute_current_idx ON public.vantage_mute USING btree (ends_at) WHERE (NOT is_over);
CREATE INDEX vantage_notification_incident_idx ON public.vantage_notification USING btree (incident_id, channel, seq);
CREATE INDEX vantage_notification_pending_idx ON public.vantage_notification USING btree (channel, "position") WHERE (status = 'pending'::text);
CREATE INDEX vantage_notification_position_idx ON public.vantage_notification USING btree ("position" DESC);
CREATE INDEX vantage_notification_test_idx ON public.vantage_notification USING btree (created_at) WHERE (type = 'test'::text);
CREATE INDEX vantage_sync_history_completed_at_idx ON public.vantage_sync_history USING btree (completed_at);
CREATE INDEX vantage_sync_history_duration_ms_idx ON public.vantage_sync_history USING btree (duration_ms DESC);
CREATE INDEX vantage_sync_history_not_success_idx ON public.vantage_sync_history USING btree (resource, started_at DESC, status) WHERE (status <> 'success'::text);
CREATE INDEX vantage_sync_history_passed_idx ON public.vantage_sync_history USING btree (completed_at) WHERE passed_by_retention;
CREATE INDEX vantage_sync_history_resource_idx ON public.vantage_sync_history USING btree (resource, started_at DESC);
CREATE INDEX vantage_sync_history_started_at_idx ON public.vantage_sync_history USING btree (started_at DESC);

CREATE OR REPLACE FUNCTION public.acknowledge_vantage_incident(p_incident_id uuid, p_by text DEFAULT NULL::text, p_note text DEFAULT NULL::text)
 RETURNS vantage_incident
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_clock timestamptz;
  v_incident public.vantage_incident;
begin
  if length(p_by) > 200 or length(p_note) > 2000 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'An acknowledgement is at most 2,200 characters',
      detail = jsonb_build_object('errors', (
        select jsonb_agg(jsonb_build_object('pointer', '#/' || f.key, 'detail', format('must be at most %s characters', f.length)))
        from (values ('by', p_by, 200), ('note', p_note, 2000)) as f (key, value, length)
        where length(f.value) > f.length))::text,
      hint = 'Say who takes care of it in at most 200 characters, and what there is to note in at most 2,000';
  end if;

  perform pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0));
  v_clock := clock_timestamp();

  select i.*
  into v_incident
  from public.vantage_incident i
  where i.incident_id = p_incident_id;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'incident-not-found',
      message = format('There is no incident %s', p_incident_id),
      detail = '{}',
      hint = 'Closed ones are kept as long as runs are; look it up in GET /incidents';
  end if;

  if v_incident.closed_at is not null then
    raise exception using
      errcode = 'PT409',
      constraint = 'incident-closed',
      message = format('The incident of %s was closed at %s', v_incident.resource, public.vantage_sync_time_text(v_incident.closed_at)),
      detail = jsonb_build_object('resource', v_incident.resource)::text,
      hint = 'Nothing is left to take care of; GET /incidents?open=true lists what is open';
  end if;

  -- Repeating it changes nothing.
  if v_incident.acknowledged_at is not null
    and (v_incident.acknowledged_by, v_incident.acknowledged_note) is not distinct from (p_by, p_note) then
    return v_incident;
  end if;

  update public.vantage_incident i
  set acknowledged_at = v_clock,
      acknowledged_by = p_by,
      acknowledged_note = p_note
  where i.incident_id = p_incident_id
  returning i.* into v_incident;

  perform public.append_vantage_incident_event(p_incident_id, 'acknowledged', v_clock, jsonb_build_object(
    'resource', v_incident.resource,
    'severity', v_incident.severity,
    'kinds', to_jsonb(v_incident.kinds),
    'since', public.vantage_sync_time_text(v_incident.opened_at),
    'run_id', (select s.run_id from public.vantage_sync_state s where s.resource = v_incident.resource),
    'detail', concat(
      format('The incident of %s is acknowledged', v_incident.resource),
      ' by ' || nullif(public.vantage_plain_text(p_by, 200), ''),
      ': ' || nullif(public.vantage_plain_text(p_note, 500), ''),
      '.'),
    'alerts', '[]'::jsonb,
    'errors', '[]'::jsonb,
    'state', null));

  return v_incident;
end
$function$;

CREATE OR REPLACE FUNCTION public.append_abandoned_vantage_sync_run(p_abandoned vantage_sync_state, p_state vantage_sync_state)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.vantage_sync_history (
    run_id, resource, status, started_at, completed_at, duration_ms,
    records_synced, records_created, records_updated, errors, progress, superseded_by, passed_by_retention)
  select
    p_abandoned.run_id, p_state.resource, 'abandoned', p_abandoned.started_at, e.at,
    public.vantage_sync_duration_ms(p_abandoned.started_at, e.at),
    0, 0, 0, '[]', p_abandoned.progress, p_state.run_id, e.at < clock_timestamp() - interval '30 minutes'
  from (select greatest(p_state.started_at, p_abandoned.started_at) as at) as e
$function$;

CREATE OR REPLACE FUNCTION public.append_inserted_vantage_sync_run()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform public.append_vantage_sync_run(new);

  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.append_vantage_incident_event(p_incident_id uuid, p_type text, p_at timestamp with time zone, p_body jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
  insert into public.vantage_incident_event (incident_id, seq, type, at, body)
  select p_incident_id, coalesce(max(e.seq), 0) + 1, p_type, p_at, p_body
  from public.vantage_incident_event e
  where e.incident_id = p_incident_id
$function$;

CREATE OR REPLACE FUNCTION public.append_vantage_sync_run(p_state vantage_sync_state)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.batch_vantage_sync(p_calls jsonb)
 RETURNS TABLE(call_number integer, state vantage_sync_state, error_code text, error_message text, error_detail text, error_hint text, error_constraint text)
 LANGUAGE plpgsql
 ROWS 16
 SET search_path TO ''
 SET lock_timeout TO '50ms'
AS $function$
declare
  v_call jsonb;
  v_locked text;
begin
  for call_number, v_call in
    select c.number, c.call
    from jsonb_array_elements(p_calls) with ordinality as c (call, number)
    order by c.call ->> 'resource' collate "C", c.number
  loop
    state := null;
    error_code := null;
    error_message := null;
    error_detail := null;
    error_hint := null;
    error_constraint := null;

    begin
      if v_call ->> 'resource' = v_locked then
        raise exception using
          errcode = 'lock_not_available',
          message = format('Another transaction holds %s', v_locked);
      end if;

      case v_call ->> 'call'
        when 'start' then
          state := public.start_vantage_sync(
            v_call ->> 'resource',
            (v_call ->> 'run_id')::uuid,
            coalesce((v_call ->> 'force')::boolean, false));
        when 'progress' then
          state := public.progress_vantage_sync(
            v_call ->> 'resource',
            (v_call ->> 'records')::integer,
            (v_call ->> 'total')::integer,
            (v_call ->> 'run_id')::uuid);
        when 'complete' then
          state := public.complete_vantage_sync(
            v_call ->> 'resource',
            (v_call ->> 'records_synced')::integer,
            (v_call ->> 'records_created')::integer,
            (v_call ->> 'records_updated')::integer,
            (v_call ->> 'run_id')::uuid,
            (v_call ->> 'watermark')::timestamptz);
        when 'fail' then
          state := public.fail_vantage_sync(
            v_call ->> 'resource',
            v_call -> 'errors',
            (v_call ->> 'run_id')::uuid,
            (v_call ->> 'records_synced')::integer,
            (v_call ->> 'records_created')::integer,
            (v_call ->> 'records_updated')::integer);
        when 'ping' then
          perform public.ping_vantage_sync(
            v_call ->> 'resource',
            v_call ->> 'signal',
            (v_call ->> 'run_id')::uuid,
            false,
            v_call -> 'errors',
            (v_call ->> 'records_synced')::integer,
            (v_call ->> 'records_created')::integer,
            (v_call ->> 'records_updated')::integer,
            (v_call ->> 'watermark')::timestamptz,
            (v_call ->> 'records')::integer,
            (v_call ->> 'total')::integer);
      end case;
    exception when others then
      get stacked diagnostics
        error_code = returned_sqlstate,
        error_message = message_text,
        error_detail = pg_exception_detail,
        error_hint = pg_exception_hint,
        error_constraint = constraint_name;

      state := null;
      error_detail := nullif(error_detail, '');
      error_hint := nullif(error_hint, '');
      error_constraint := nullif(error_constraint, '');

      if error_code = '55P03' and v_locked is distinct from v_call ->> 'resource' then
        v_locked := v_call ->> 'resource';
        perform set_config('lock_timeout', '1ms', true);
      end if;
    end;

    return next;
  end loop;
end
$function$;

CREATE OR REPLACE FUNCTION public.claim_vantage_notifications(p_channel text, p_limit integer DEFAULT 20)
 RETURNS TABLE(notification_id uuid, event_id uuid, incident_id uuid, seq integer, type text, at timestamp with time zone, body jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_channel public.vantage_channel;
  v_clock timestamptz;
  v_is_open boolean;
begin
  -- Most of the time there is nothing; then nothing is locked.
  if not exists (select from public.vantage_notification n where n.channel = p_channel and n.status = 'pending') then
    return;
  end if;

  select c.*
  into v_channel
  from public.vantage_channel c
  where c.name = p_channel
  for update skip locked;

  if not found then
    return;
  end if;

  v_clock := clock_timestamp();
  v_is_open := v_channel.paused_at is null and coalesce(v_channel.hold_until <= v_clock, true);

  -- Nobody is called out for what is over. Where nothing of it can have arrived, not even its closing is sent; where
  -- something may have, the closing is.
  if v_channel.kind = 'pagerduty' then
    update public.vantage_notification n
    set status = 'skipped',
        ended_at = v_clock
    where n.channel = p_channel
      and n.status = 'pending'
      and coalesce(n.lease_until < v_clock, true)
      and exists (
        select
        from public.vantage_notification c
        where c.incident_id = n.incident_id and c.channel = n.channel and c.seq >= n.seq and c.type = 'closed'
          and c.status = 'pending')
      and (n.type <> 'closed' or not exists (
        select
        from public.vantage_notification e
        where e.incident_id = n.incident_id and e.channel = n.channel and e.seq < n.seq
          and (e.status = 'sent' or e.attempt > 0 or e.lease_until is not null)));
  end if;

  -- What likely has a cause that people were notified of goes together, a minute after their last message of it.
  if v_channel.is_grouped and v_is_open then
    with cause as materialized (
      select c.event_id
      from public.vantage_common_causes(v_clock - interval '5 minutes', v_clock) as c
    ),
    sent as (
      select max(o.ended_at) as at
      from cause c
      join public.vantage_notification o on o.event_id = c.event_id and o.channel = p_channel and o.status = 'sent'
    )
    update public.vantage_notification n
    set next_at = l.at + interval '1 minute'
    from cause c, sent l
    where n.event_id = c.event_id
      and n.channel = p_channel
      and n.status = 'pending'
      and n.attempt = 0
      and n.lease_until is null
      and n.next_at <= v_clock
      and l.at > v_clock - interval '1 minute';
  end if;

  return query
  with due as (
    select n.notification_id
    from public.vantage_notification n
    where n.channel = p_channel
      and n.status = 'pending'
      and n.next_at <= v_clock
      and (n.lease_until is null or n.lease_until < v_clock)
      and (n.type = 'test' or v_is_open)
      and not exists (
        select
        from public.vantage_notification e
        where e.incident_id = n.incident_id and e.channel = n.channel and e.seq < n.seq and e.status = 'pending'
          and (not v_channel.is_grouped or e.next_at > v_clock or e.lease_until >= v_clock))
    order by n.type = 'test' desc, n.position
    limit case when v_channel.failures >= 5 and not v_channel.is_grouped then 1 else p_limit end
  ),
  claimed as (
    update public.vantage_notification n
    set lease_until = v_clock + interval '90 seconds'
    where n.notification_id in (select d.notification_id from due d)
    returning n.notification_id, n.event_id, n.incident_id, n.seq, n.type, n.created_at, n.position
  )
  select c.notification_id, c.event_id, c.incident_id, c.seq, c.type, coalesce(e.at, c.created_at), e.body
  from claimed c
  left join public.vantage_incident_event e on e.event_id = c.event_id
  order by c.position;
end
$function$;

CREATE OR REPLACE FUNCTION public.complete_vantage_sync(p_resource text, p_records_synced integer DEFAULT 0, p_records_created integer DEFAULT 0, p_records_updated integer DEFAULT 0, p_run_id uuid DEFAULT NULL::uuid, p_watermark timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS vantage_sync_state
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.delete_old_vantage_incidents(p_older_than interval, p_batch integer DEFAULT 500)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_deleted integer;
begin
  if p_older_than is null or p_older_than < interval '0' or p_batch is null or p_batch < 1 then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'Old incidents are deleted by an age that is not negative, at least one at a time',
      detail = jsonb_build_object('errors', (
        select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
        from (values
          ('#/older_than', 'must be a duration that is not negative', coalesce(p_older_than < interval '0', true)),
          ('#/batch', 'must be 1 or more', coalesce(p_batch < 1, true))
        ) as f (pointer, detail, applies)
        where f.applies))::text,
      hint = 'Call it as delete_old_vantage_incidents(interval ''90 days'', 500) until it returns 0';
  end if;

  -- By the lock of the evaluation, which might open one again.
  perform pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0));

  with deleted as (
    delete from public.vantage_incident i
    where i.incident_id in (
      select o.incident_id
      from public.vantage_incident o
      where o.closed_at < clock_timestamp() - p_older_than
      order by o.closed_at
      limit p_batch
    )
    returning i.incident_id
  ),
  deleted_events as (
    delete from public.vantage_incident_event e
    where e.incident_id in (select d.incident_id from deleted d)
  )
  select count(*)
  into v_deleted
  from deleted;

  return v_deleted;
end
$function$;

CREATE OR REPLACE FUNCTION public.delete_old_vantage_sync_runs(p_older_than interval, p_batch integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.end_vantage_mute(p_mute_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update public.vantage_mute m
  set ends_at = statement_timestamp(),
      starts_at = least(m.starts_at, statement_timestamp())
  where m.mute_id = p_mute_id and m.ends_at > statement_timestamp();

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'mute-not-found',
      message = format('There is no mute %s that goes on or is to come', p_mute_id),
      detail = '{}',
      hint = 'It may have ended; GET /mutes lists those that there are';
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION public.evaluate_vantage_alerts(p_limit integer DEFAULT 500)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET jit TO 'off'
AS $function$
declare
  v_clock timestamptz := statement_timestamp();
  v_last timestamptz;
  v_found record;
  v_incident public.vantage_incident;
  v_is_settled boolean;
  v_type text;
  v_failures jsonb;
  v_count integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('public.vantage_incident', 0)) then
    return null;
  end if;

  select w.evaluated_at
  into v_last
  from public.vantage_watch w;

  v_clock := greatest(v_clock, v_last);

  -- Nobody watched, so reports may be missing: silence does not count, until two more minutes have shown who is alive.
  -- As many gaps are kept as a nightly stop leaves in years.
  if v_clock - v_last > interval '60 seconds' then
    update public.vantage_sync_setting d
    set unwatched = (
      select range_agg(g.gap)
      from (
        select u.gap
        from unnest(d.unwatched + tstzmultirange(tstzrange(v_last, v_clock + interval '2 minutes'))) as u (gap)
        order by u.gap desc
        limit 1000
      ) as g);
  end if;

  update public.vantage_watch w
  set evaluated_at = v_clock;

  for v_found in
    with alert as (
      select
        a.resource collate "C" as resource,
        array_agg(a.kind) as kinds,
        max(a.severity) filter (where a.kind = 'stale') as stale_severity,
        jsonb_object_agg(a.kind, jsonb_build_object(
          'kind', a.kind, 'since', public.vantage_sync_time_text(a.since), 'threshold', a.threshold, 'detail', a.detail)) as alerts
      from public.vantage_sync_alert a
      group by a.resource
    ),
    state as (
      select
        t.resource collate "C" as resource, t.last_sync_status, t.last_sync_time, t.started_at, t.completed_at, t.duration_ms,
        t.records_synced, t.records_created, t.records_updated, t.run_id, t.watermark, t.progress,
        coalesce(t.fail_after, c.fail_after)::integer as fail_after
      from public.vantage_sync_state t
      cross join public.vantage_sync_setting c
    ),
    open as (
      select i.incident_id, i.resource, i.opened_at, i.kinds, i.severity, i.is_red, i.changed_at, i.flapping
      from public.vantage_incident i
      -- That of a channel is of no resource.
      where i.closed_at is null and i.kinds <> '{undelivered}'
    )
    select
      coalesce(s.resource, i.resource) as resource,
      i.incident_id,
      k.kinds,
      v.severity,
      e.error_code as code,
      case
        when s.resource is null then 'deleted'
        when s.last_sync_status = 'success' then 'recovered'
        else 'cleared'
      end as reason,
      jsonb_build_object(
        'resource', coalesce(s.resource, i.resource),
        'severity', coalesce(v.severity, i.severity),
        'kinds', to_jsonb(case when k.kinds = '{}' then i.kinds else k.kinds end),
        'since', coalesce(
          (select min(d.alerts #>> array[x.kind, 'since']) from unnest(k.kinds) as x (kind)),
          public.vantage_sync_time_text(i.opened_at)),
        'run_id', s.run_id,
        'detail', case
          when k.kinds <> '{}' then coalesce(
            (select string_agg(d.alerts #>> array[x.kind, 'detail'], ' ' order by x.n)
              from unnest(k.kinds) with ordinality as x (kind, n)),
            format('%s is running.', s.resource))
          when s.resource is null then format('%s was deleted.', i.resource)
          when s.last_sync_status = 'success' then format('%s succeeded at %s UTC with %s records.',
            s.resource, to_char(s.completed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), s.records_synced)
          else format('Nothing is wrong with %s any more.', s.resource)
        end,
        'alerts', coalesce(
          (select jsonb_agg(d.alerts -> x.kind order by x.n)
            from unnest(k.kinds) with ordinality as x (kind, n)
            where jsonb_typeof(d.alerts -> x.kind) = 'object'),
          '[]'),
        'errors', coalesce(
          (select jsonb_agg(jsonb_build_object(
              'code', public.vantage_plain_text(x.error ->> 'code', 100),
              'message', public.vantage_plain_text(x.error ->> 'message', 500)) order by x.n)
            from jsonb_array_elements(jsonb_path_query_array(e.errors, '$[0 to 2]')) with ordinality as x (error, n)),
          '[]'),
        'state', case when s.resource is not null then jsonb_build_object(
          'last_sync_status', s.last_sync_status,
          'last_sync_time', public.vantage_sync_time_text(s.last_sync_time),
          'started_at', public.vantage_sync_time_text(s.started_at),
          'completed_at', public.vantage_sync_time_text(s.completed_at),
          'duration_ms', s.duration_ms,
          'records_synced', s.records_synced,
          'records_created', s.records_created,
          'records_updated', s.records_updated,
          'watermark', public.vantage_sync_time_text(s.watermark),
          'progress', s.progress) end) as body
    from state s
    full join open i on i.resource = s.resource
    left join alert a on a.resource = s.resource
    -- The latest runs that ended: a retry that goes on mends nothing yet.
    left join lateral (
      select
        count(*) = s.fail_after and bool_and(h.status <> 'success') as failed,
        (array_agg(h.run_id order by h.started_at desc))[1] as run_id
      from (
        select h.run_id, h.status, h.started_at
        from public.vantage_sync_history h
        where s.last_sync_status in ('failed', 'running') and h.resource = s.resource
        order by h.started_at desc
        limit s.fail_after
      ) as h
    ) as r on true
    left join lateral (
      select h.status, h.completed_at, h.errors, h.error_code
      from public.vantage_sync_history h
      where r.failed and h.run_id = r.run_id and h.resource = s.resource
    ) as e on true
    -- What the end of a run decides does not go away while one goes on.
    cross join lateral (
      select array_remove(array[
        case when r.failed then 'failed' end,
        case when 'stuck' = any (a.kinds) then 'stuck' end,
        case when 'stale' = any (a.kinds) or s.last_sync_status = 'running' and i.is_red and 'stale' = any (i.kinds) then 'stale' end,
        case when 'slow' = any (a.kinds) or s.last_sync_status = 'running' and i.is_red and 'slow' = any (i.kinds) then 'slow' end
      ], null) as kinds
    ) as k
    cross join lateral (
      select case
        when k.kinds = '{}' then null
        when k.kinds && array['failed', 'stuck'] then 'error'
        when 'stale' = any (k.kinds) then coalesce(a.stale_severity, i.severity)
        else 'warning'
      end as severity
    ) as v
    cross join lateral (
      select coalesce(a.alerts, '{}') || case when r.failed then jsonb_build_object('failed', jsonb_build_object(
        'kind', 'failed', 'since', public.vantage_sync_time_text(e.completed_at), 'threshold', null,
        'detail', public.vantage_failure_sentence(s.resource, e.status, e.errors))) else '{}' end as alerts
    ) as d
    where case
        when i.incident_id is null then k.kinds <> '{}'
        when k.kinds = '{}' then i.is_red or i.changed_at < v_clock - interval '30 minutes'
        else not i.is_red or k.kinds <> i.kinds or v.severity <> i.severity
          or i.flapping and i.changed_at < v_clock - interval '30 minutes'
      end
    order by 1
    limit p_limit
  loop
    -- Well within the statement timeout, however much each has to say: whoever calls again goes on from here.
    if v_count > 0 and clock_timestamp() - statement_timestamp() > interval '1 second' then
      return p_limit;
    end if;

    v_count := v_count + 1;
    v_type := null;

    select i.*
    into v_incident
    from public.vantage_incident i
    where i.incident_id = v_found.incident_id;

    v_is_settled := v_incident.changed_at < v_clock - interval '30 minutes';

    if v_incident.incident_id is null then
      -- Back within ten minutes, it is the same incident.
      update public.vantage_incident i
      set closed_at = null,
          close_reason = null,
          kinds = v_found.kinds,
          severity = v_found.severity,
          is_red = true,
          changed_at = v_clock,
          reopened = i.reopened + 1,
          flapping = (
            select count(*) >= 3
            from public.vantage_incident_event e
            where e.incident_id = i.incident_id and e.type = 'opened' and e.seq > 1 and e.at > v_clock - interval '1 hour')
      where i.incident_id = (
        select c.incident_id
        from public.vantage_incident c
        where c.resource = v_found.resource and c.closed_at > v_clock - interval '10 minutes' and c.close_reason <> 'deleted'
        order by c.closed_at desc
        limit 1)
      returning i.* into v_incident;

      if not found then
        insert into public.vantage_incident as i (resource, opened_at, kinds, severity, changed_at)
        values (v_found.resource, v_clock, v_found.kinds, v_found.severity, v_clock)
        returning i.* into v_incident;
      end if;

      v_type := case when v_incident.flapping then 'flapping' else 'opened' end;
    elsif v_found.kinds = '{}'
      and (not v_incident.flapping or not v_incident.is_red or v_is_settled or v_found.reason = 'deleted') then
      v_incident.closed_at := v_clock;
      v_incident.close_reason := v_found.reason;
      v_incident.is_red := false;
      v_incident.flapping := false;
      v_incident.acknowledged_at := null;
      v_type := 'closed';
    else
      -- The flips of one that is flapping are not sent, but for what lasts.
      if not v_incident.flapping or v_is_settled then
        v_incident.flapping := false;
        v_type := 'changed';
      end if;

      if v_incident.severity = 'warning' and v_found.severity = 'error' then
        v_incident.acknowledged_at := null;
      end if;

      v_incident.is_red := v_found.kinds <> '{}';

      if v_incident.is_red then
        v_incident.kinds := v_found.kinds;
        v_incident.severity := v_found.severity;
      end if;
    end if;

    if v_found.incident_id is not null then
      update public.vantage_incident i
      set closed_at = v_incident.closed_at,
          close_reason = v_incident.close_reason,
          kinds = v_incident.kinds,
          severity = v_incident.severity,
          is_red = v_incident.is_red,
          changed_at = v_clock,
          flapping = v_incident.flapping,
          acknowledged_at = v_incident.acknowledged_at,
          acknowledged_by = case when v_incident.acknowledged_at is not null then i.acknowledged_by end,
          acknowledged_note = case when v_incident.acknowledged_at is not null then i.acknowledged_note end
      where i.incident_id = v_incident.incident_id;
    end if;

    if v_type is not null then
      -- For its explanation, which does not keep it.
      if v_found.code is not null then
        if v_failures is null then
          v_failures := public.vantage_failures_by_code();
        end if;

        v_found.body := v_found.body || jsonb_build_object('failures', coalesce(v_failures -> v_found.code, '[]'));
      end if;

      perform public.append_vantage_incident_event(v_incident.incident_id, v_type, v_clock, v_found.body);
    end if;
  end loop;

  return v_count;
end
$function$;

CREATE OR REPLACE FUNCTION public.explain_vantage_incident_event()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if exists (select from public.vantage_sync_state s where s.resource = new.body ->> 'resource') then
    new.body := new.body - 'failures'
      || jsonb_build_object('explanation', public.vantage_sync_explanation(new.body ->> 'resource', new.body -> 'failures') ->> 'text');
  end if;

  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.explain_vantage_sync(p_resource text)
 RETURNS json
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select public.vantage_sync_explanation(p_resource, null)
$function$;

CREATE OR REPLACE FUNCTION public.fail_vantage_sync(p_resource text, p_errors jsonb, p_run_id uuid DEFAULT NULL::uuid, p_records_synced integer DEFAULT 0, p_records_created integer DEFAULT 0, p_records_updated integer DEFAULT 0)
 RETURNS vantage_sync_state
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.fan_out_vantage_incident_event()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.vantage_notification (event_id, channel, incident_id, seq, type)
  select new.event_id, c.name, new.incident_id, new.seq, new.type
  from public.vantage_channel c
  cross join lateral (
    select
      exists (
        select
        from public.vantage_notification n
        where n.incident_id = new.incident_id and n.channel = c.name and n.status <> 'skipped') as notified,
      new.body -> 'kinds' ? 'undelivered' as undelivered,
      new.type in ('opened', 'changed', 'reminder', 'flapping')
        and public.is_vantage_resource_muted(new.body ->> 'resource', new.body -> 'kinds', new.at) as muted
  ) as t
  where case
      when t.undelivered then new.body ->> 'resource' <> 'channel/' || c.name
      when t.muted then false
      when new.type = 'reminder' then t.notified
        and not exists (
          select
          from public.vantage_notification n
          where n.incident_id = new.incident_id and n.channel = c.name and n.created_at > new.at - c.remind_after)
        and c.remind_after is not null
      when new.type = 'changed' and exists (
          select
          from public.vantage_incident i
          where i.incident_id = new.incident_id and i.acknowledged_at is not null) then false
      else t.notified
        or new.type in ('opened', 'changed', 'flapping')
          and (c.min_severity = 'warning' or new.body ->> 'severity' = 'error')
          and (c.kinds is null or new.body -> 'kinds' ?| c.kinds)
          and (c.resources is null or exists (
            select
            from unnest(c.resources) as p (pattern)
            where new.body ->> 'resource' like replace(replace(p.pattern, '_', '\_'), '*', '%')))
    end;

  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.fill_vantage_sync_due(p_limit integer DEFAULT 200)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET jit TO 'off'
AS $function$
declare
  v_clock timestamptz := statement_timestamp();
  v_row record;
  v_expect jsonb;
  v_count integer := 0;
begin
  -- The first that was missed stays, for as long as it is what is wrong.
  delete from public.vantage_sync_due u
  using public.vantage_sync_state s
  cross join lateral (select coalesce(s.success_started_at, s.last_sync_time, s.created_at) as success) as b
  where u.deadline < v_clock - interval '168 hours'
    and s.resource = u.resource
    and (u.skipped is not null or u.counts_from <= b.success or exists (
      select
      from public.vantage_sync_due e
      where e.resource = u.resource and e.due_at < u.due_at and e.counts_from > b.success and e.skipped is null));

  for v_row in
    select s.resource, l.last
    from public.vantage_sync_state s
    cross join lateral (
      select max(n.due_at) as last, count(*) filter (where n.due_at > v_clock) as coming
      from (
        select u.due_at
        from public.vantage_sync_due u
        where u.resource = s.resource collate "C"
        order by u.due_at desc
        limit 3
      ) as n
    ) as l
    where s.expect ? 'cron' and (l.coming < 3 or l.last < v_clock + interval '8 hours')
    order by l.last nulls first
    limit p_limit
  loop
    continue when not pg_try_advisory_xact_lock(hashtextextended('public.vantage_sync_due/' || v_row.resource, 0));

    -- As it is now: it may have been changed before the lock was free.
    select s.expect
    into v_expect
    from public.vantage_sync_state s
    where s.resource = v_row.resource;

    if v_expect ? 'cron' then
      v_count := v_count + public.plan_vantage_sync_due(v_row.resource, v_expect,
        greatest(
          (select max(u.due_at) from public.vantage_sync_due u where u.resource = v_row.resource),
          -- Of what was due while nobody planned: so much that a thousand reach beyond now.
          v_clock - least(interval '168 hours', 300 * public.vantage_cron_gap(v_expect ->> 'cron'))));
    end if;
  end loop;

  return v_count;
end
$function$;

CREATE OR REPLACE FUNCTION public.follow_vantage_sync_interval()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'DELETE' then
    delete from public.vantage_sync_interval i where i.resource = old.resource;

    return null;
  end if;

  if tg_op = 'UPDATE' and new.resource <> old.resource then
    delete from public.vantage_sync_interval i where i.resource = new.resource;
    update public.vantage_sync_interval i set resource = new.resource where i.resource = old.resource;
  end if;

  if tg_op = 'INSERT' or new.expect is distinct from old.expect then
    delete from public.vantage_sync_interval i where i.resource = new.resource;

    if new.expect ? 'every' then
      insert into public.vantage_sync_interval (resource, since)
      values (new.resource, case when tg_op = 'INSERT' then least(new.created_at, statement_timestamp()) else statement_timestamp() end);
    end if;
  end if;

  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.follow_vantage_sync_schedule()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'UPDATE' and new.resource <> old.resource then
    delete from public.vantage_sync_due u where u.resource = new.resource;
    delete from public.vantage_sync_skipped_day k where k.resource = new.resource;
    update public.vantage_sync_due u set resource = new.resource where u.resource = old.resource;
    update public.vantage_sync_skipped_day k set resource = new.resource where k.resource = old.resource;
  elsif tg_op = 'DELETE' then
    delete from public.vantage_sync_due u where u.resource = old.resource;
    delete from public.vantage_sync_skipped_day k where k.resource = old.resource;

    return null;
  end if;

  if tg_op = 'INSERT' or new.expect is distinct from old.expect then
    perform pg_advisory_xact_lock(hashtextextended('public.vantage_sync_due/' || new.resource, 0));

    delete from public.vantage_sync_due u where u.resource = new.resource;

    if new.expect ? 'cron' then
      perform public.plan_vantage_sync_due(new.resource, new.expect, clock_timestamp());
    end if;
  end if;

  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.forget_vantage_notifications()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  delete from public.vantage_notification n
  where n.event_id in (select o.event_id from old_events o);

  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.forget_vantage_sync_runs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into public.vantage_sync_history_move (resource, through)
  values (old.resource, old.started_at);
  perform public.move_vantage_sync_history();

  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.is_vantage_resource_muted(p_resource text, p_kinds jsonb, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (
    select
    from public.vantage_mute m
    where not m.is_over
      and m.starts_at <= p_at
      and m.ends_at > p_at
      and (m.kinds is null or p_kinds <@ to_jsonb(m.kinds))
      and exists (
        select
        from unnest(m.resources) as p (pattern)
        where p_resource like replace(replace(p.pattern, '_', '\_'), '*', '%')))
$function$;

CREATE OR REPLACE FUNCTION public.is_vantage_time_zone(p_time_zone text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  if p_time_zone !~ '^([A-Za-z_]+(/[A-Za-z_-]+){1,2}|Etc/GMT[+-]([0-9]|1[0-4])|UTC|GMT)$' then
    return false;
  end if;

  perform statement_timestamp() at time zone p_time_zone;

  return true;
exception when invalid_parameter_value then
  return false;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_vantage_sync_state()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.mark_direct_vantage_sync_update()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.version operator(pg_catalog.>) old.version
    and pg_catalog.has_table_privilege('public.vantage_sync_history'::pg_catalog.regclass, 'insert') then
    return new;
  end if;

  new.version := null;

  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.missed_vantage_syncs(p_since timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS TABLE(resource text, due_at timestamp with time zone, local text, deadline timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET jit TO 'off'
AS $function$
  select
    s.resource,
    m.due_at,
    concat(
      to_char(m.due_at at time zone z.name, 'YYYY-MM-DD"T"HH24:MI:SS'),
      case when z.ahead < interval '0' then '-' else '+' end,
      to_char(greatest(z.ahead, -z.ahead), 'HH24:MI')),
    m.deadline
  from public.vantage_sync_state s
  cross join (select greatest(p_since, statement_timestamp() - interval '168 hours') as since) as p
  cross join lateral (
    select
      extract(epoch from (s.expect ->> 'grace')::interval)::double precision * interval '1 second' as grace,
      extract(epoch from (s.expect ->> 'every')::interval)::double precision * interval '1 second' as every
  ) as e
  cross join lateral (
    -- By a calendar: met where a success follows before the next due time counts.
    select d.due_at, d.deadline
    from (
      select
        n.due_at,
        n.deadline,
        n.skipped,
        lead(n.due_at is null) over (order by n.counts_from, n.due_at nulls last) as is_met
      from (
        select u.counts_from, u.due_at, u.deadline, u.skipped
        from public.vantage_sync_due u
        where u.resource = s.resource collate "C" and u.due_at >= p.since and u.due_at <= statement_timestamp() + e.grace
        union all
        select h.started_at, null, null, null
        from (
          select r.started_at
          from public.vantage_sync_history r
          where r.resource = s.resource collate "C" and r.started_at >= p.since - e.grace
          except
          select r.started_at
          from public.vantage_sync_history r
          where r.resource = s.resource collate "C" and r.started_at >= p.since - e.grace and r.status <> 'success'
        ) as h
      ) as n
    ) as d
    where s.expect ? 'cron'
      and d.deadline < statement_timestamp()
      and d.skipped is null
      and d.is_met is not true
    union all
    -- At an interval, each success begins to count anew, and one is missed for each interval that has gone by without any.
    select
      g.success + c.n::double precision * e.every as due_at,
      g.success + c.n::double precision * e.every + e.grace as deadline
    from (
      select greatest(i.since, p.since) as since
      from public.vantage_sync_interval i
      where i.resource = s.resource collate "C"
    ) as w
    cross join lateral (select coalesce(s.success_started_at, s.last_sync_time) as success) as l
    cross join lateral (
      select b.success, lead(b.success) over (order by b.success) as next
      from (
        select coalesce(
          (
            select h.started_at
            from public.vantage_sync_history h
            where h.resource = s.resource collate "C" and h.status = 'success' and h.started_at <= w.since
            order by h.started_at desc
            limit 1
          ),
          case when l.success <= w.since then l.success end,
          s.created_at) as success
        union
        (
          select h.started_at
          from public.vantage_sync_history h
          where h.resource = s.resource collate "C" and h.started_at > w.since
          except
          select h.started_at
          from public.vantage_sync_history h
          where h.resource = s.resource collate "C" and h.started_at > w.since and h.status <> 'success'
        )
        union
        select l.success
        where l.success > w.since
      ) as b
    ) as g
    cross join lateral generate_series(
      greatest(ceil(extract(epoch from w.since - g.success) / extract(epoch from e.every)), 1),
      case
        when g.next is not null then floor(extract(epoch from g.next - g.success) / extract(epoch from e.every)) - 1
        else ceil(extract(epoch from statement_timestamp() - e.grace - g.success) / extract(epoch from e.every)) - 1
      end) as c (n)
    where s.expect ? 'every'
  ) as m
  cross join lateral (
    select o.name, (m.due_at at time zone o.name) - (m.due_at at time zone 'UTC') as ahead
    from (select coalesce(s.expect ->> 'time_zone', 'UTC') as name) as o
  ) as z
  where s.expect is not null
$function$;

CREATE OR REPLACE FUNCTION public.move_vantage_sync_history(p_batch integer DEFAULT 2000)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.mute_vantage_resources(p_resources text[], p_until timestamp with time zone, p_kinds text[] DEFAULT NULL::text[], p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_note text DEFAULT NULL::text, p_by text DEFAULT NULL::text)
 RETURNS vantage_mute
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_from timestamptz := coalesce(p_from, statement_timestamp());
  v_mute public.vantage_mute;
  v_errors jsonb;
begin
  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_errors
  from (values
    ('#/resources', 'must be 1 to 100 names of 1 to 128 of A-Z a-z 0-9 _ . : - and * for any characters',
      coalesce(cardinality(p_resources), 0) not between 1 and 100
      or exists (select from unnest(p_resources) as r (name) where r.name ~ '^[A-Za-z0-9_.:*-]{1,128}$' is not true)),
    ('#/kinds', 'must be one or more of failed, stuck, stale, slow',
      cardinality(p_kinds) = 0
      or exists (select from unnest(p_kinds) as k (kind) where k.kind in ('failed', 'stuck', 'stale', 'slow') is not true)),
    ('#/until', 'must be a time to come, at most 30 days after from',
      p_until is null or p_until <= statement_timestamp() or p_until <= v_from or p_until > v_from + interval '720 hours'),
    ('#/from', 'must be a time at most 365 days ahead',
      not isfinite(v_from) or v_from > statement_timestamp() + interval '365 days'),
    ('#/note', 'must be at most 2000 characters', length(p_note) > 2000),
    ('#/by', 'must be at most 200 characters', length(p_by) > 200)
  ) as f (pointer, detail, applies)
  where f.applies;

  if v_errors is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The mute is not valid',
      detail = jsonb_build_object('errors', v_errors)::text,
      hint = 'Say which resources, and until when: {"resources": ["fund*"], "until": "2026-12-01T06:00:00Z"}';
  end if;

  insert into public.vantage_mute as m (resources, kinds, starts_at, ends_at, note, muted_by)
  values (p_resources, p_kinds, v_from, p_until, p_note, p_by)
  returning m.* into v_mute;

  return v_mute;
end
$function$;

CREATE OR REPLACE FUNCTION public.ping_vantage_sync(p_resource text, p_signal text, p_run_id uuid DEFAULT NULL::uuid, p_create boolean DEFAULT false, p_errors jsonb DEFAULT '[]'::jsonb, p_records_synced integer DEFAULT 0, p_records_created integer DEFAULT 0, p_records_updated integer DEFAULT 0, p_watermark timestamp with time zone DEFAULT NULL::timestamp with time zone, p_records integer DEFAULT NULL::integer, p_total integer DEFAULT NULL::integer)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_state public.vantage_sync_state;
  v_is_registered boolean;
  v_is_running boolean;
  v_has_ended boolean;
begin
  if p_signal is null or p_signal not in ('start', 'success', 'fail', 'log') then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'There is no such signal',
      detail = '{"errors": [{"pointer": "#/signal", "detail": "must be start, success, fail or log"}]}',
      hint = 'Send start, success, fail or log';
  end if;

  -- Locked, so that what is decided here still holds below.
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
  for no key update;

  v_is_registered := found;

  if not v_is_registered and p_create is not true then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Check the name against the list of sync states, or register it with create=1';
  end if;

  v_is_running := v_is_registered and v_state.last_sync_status = 'running'
    and v_state.run_id = coalesce(p_run_id, v_state.run_id);
  v_has_ended := p_run_id is not null and exists (
    select
    from public.vantage_sync_history h
    where h.run_id = p_run_id and h.resource = p_resource);

  if p_signal = 'log' then
    if v_is_running or v_has_ended then
      perform public.progress_vantage_sync(p_resource, p_records, p_total, p_run_id);
    elsif not v_is_registered then
      insert into public.vantage_sync_state (resource)
      values (p_resource)
      on conflict (resource) do nothing;
    end if;
  else
    -- Refused while another run lives; one that is stuck is taken over.
    if p_signal = 'start' or not v_is_running and not v_has_ended then
      perform public.start_vantage_sync(p_resource, p_run_id);
    end if;

    if p_signal = 'success' then
      perform public.complete_vantage_sync(
        p_resource, p_records_synced, p_records_created, p_records_updated, p_run_id, p_watermark);
    elsif p_signal = 'fail' then
      perform public.fail_vantage_sync(
        p_resource, p_errors, p_run_id, p_records_synced, p_records_created, p_records_updated);
    end if;
  end if;

  return case when v_is_registered then 'applied' else 'registered' end;
end
$function$;

CREATE OR REPLACE FUNCTION public.plan_vantage_sync_due(p_resource text, p_expect jsonb, p_after timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_cron text := p_expect ->> 'cron';
  v_zone text := p_expect ->> 'time_zone';
  v_grace interval := public.vantage_time_length_of(p_expect ->> 'grace');
  v_early interval := least(v_grace, public.vantage_cron_gap(v_cron) / 2);
  v_days integer;
  v_times timestamptz[];
  v_count integer;
begin
  -- Further and further, as a cron may fire every few minutes or on leap days alone.
  foreach v_days in array array[least(17, 2 + 1000 / cardinality(public.vantage_cron_minutes(v_cron))), 9, 70, 800, 5000] loop
    v_times := array(
      select c.at
      from public.vantage_cron_times(v_cron, v_zone, (p_after at time zone v_zone)::date, v_days) as c (at)
      where c.at > p_after
      order by c.at
      limit 1000);
    exit when cardinality(v_times) >= 3;
  end loop;

  insert into public.vantage_sync_due (resource, due_at, counts_from, deadline, skipped)
  select p_resource, t.at, t.at - v_early, t.at + v_grace, k.reason
  from unnest(v_times) with ordinality as t (at, n)
  left join public.vantage_sync_skipped_day k on k.resource = p_resource and k.day = (t.at at time zone v_zone)::date
  where t.n <= 3 or t.at <= statement_timestamp() + interval '168 hours'
  on conflict do nothing;
  get diagnostics v_count = row_count;

  return v_count;
end
$function$;

CREATE OR REPLACE FUNCTION public.progress_vantage_sync(p_resource text, p_records integer DEFAULT NULL::integer, p_total integer DEFAULT NULL::integer, p_run_id uuid DEFAULT NULL::uuid)
 RETURNS vantage_sync_state
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.read_vantage_sync_expectation()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'INSERT' or new.expect is distinct from old.expect then
    new.expect := public.vantage_sync_expectation(new.expect);
  end if;

  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.record_vantage_delivery(p_channel text, p_notification_ids uuid[], p_outcome text, p_status integer DEFAULT NULL::integer, p_error text DEFAULT NULL::text, p_retry_after interval DEFAULT NULL::interval)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_waits constant interval[] := array[
    '5 seconds', '30 seconds', '2 minutes', '10 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours',
    '20 hours', '24 hours']::interval[];
  v_channel public.vantage_channel;
  v_clock timestamptz;
begin
  -- In the order in which the claim locks: first the channel.
  select c.*
  into v_channel
  from public.vantage_channel c
  where c.name = p_channel
  for update;

  v_clock := clock_timestamp();

  update public.vantage_notification n
  set status = case
        when p_outcome = 'sent' then 'sent'
        when p_outcome = 'dead' or n.type = 'test' then 'dead'
        else 'pending'
      end,
      ended_at = case when p_outcome in ('sent', 'dead') or n.type = 'test' then v_clock end,
      attempt = n.attempt + (p_outcome <> 'sent')::integer,
      next_at = v_clock + v_waits[least(n.attempt + 1, 11)] * (0.8 + 0.4 * random()),
      lease_until = null,
      last_status = p_status,
      last_error = p_error
  where n.notification_id = any (p_notification_ids) and n.status = 'pending';

  if p_outcome = 'sent' then
    if v_channel.failures > 0 or v_channel.paused_at is not null or v_channel.hold_until is not null then
      update public.vantage_channel c
      set failures = 0,
          failing_since = null,
          hold_until = null,
          paused_at = null,
          last_error = null
      where c.name = p_channel;
    end if;

    -- It answers again: what waited for that waits no longer.
    if v_channel.failures >= 5 or v_channel.paused_at is not null then
      update public.vantage_notification n
      set next_at = v_clock
      where n.channel = p_channel and n.status = 'pending' and n.next_at > v_clock;
    end if;
  else
    update public.vantage_channel c
    set failures = c.failures + 1,
        failing_since = coalesce(c.failing_since, v_clock),
        paused_at = case when p_outcome = 'gone' then coalesce(c.paused_at, v_clock) else c.paused_at end,
        -- One is tried each time, at least every ten minutes.
        hold_until = greatest(
          case when c.failures >= 4 then v_clock + v_waits[least(c.failures - 2, 4)] * (0.8 + 0.4 * random()) end,
          case when p_retry_after is not null then v_clock + least(p_retry_after, interval '1 hour') end),
        last_error = p_error
    where c.name = p_channel;
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION public.record_vantage_lineage(p_resource text, p_run_id uuid, p_event text, p_event_time timestamp with time zone, p_records integer DEFAULT 0, p_errors jsonb DEFAULT '[]'::jsonb, p_register boolean DEFAULT false)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_time timestamptz;
  v_state public.vantage_sync_state;
  v_status text;
  v_is_running boolean;
  v_is_begun boolean;
  v_is_ahead boolean;
  v_ended_as text;
  v_latest_start timestamptz;
begin
  if p_event is null or p_event not in ('START', 'RUNNING', 'COMPLETE', 'FAIL', 'ABORT', 'OTHER')
    or p_run_id is null or p_event_time is null or not isfinite(p_event_time) then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'This is no event of a run',
      detail = '{"errors": [{"pointer": "#/eventType", "detail": "must be START, RUNNING, COMPLETE, FAIL, ABORT or OTHER, with the id of a run and a time"}]}',
      hint = 'Send the event as OpenLineage has it';
  end if;

  v_status := case p_event when 'COMPLETE' then 'success' when 'FAIL' then 'failed' when 'ABORT' then 'failed' end;

  if p_register and p_event <> 'OTHER' then
    insert into public.vantage_sync_state (resource)
    values (p_resource)
    on conflict (resource) do nothing;
  end if;

  -- Locked, so that what is decided here still holds below.
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource
  for no key update;

  if not found then
    return 'unregistered';
  end if;

  -- As late as this: what it waited for is over now.
  v_time := least(p_event_time, clock_timestamp());
  v_is_running := v_state.last_sync_status = 'running' and v_state.run_id = p_run_id;

  select h.status
  into v_ended_as
  from public.vantage_sync_history h
  where h.run_id = p_run_id and h.resource = p_resource;

  if v_ended_as is not null then
    if v_status is null then
      return 'late';
    elsif v_status = 'success' then
      perform public.complete_vantage_sync(p_resource, p_run_id => p_run_id);
    else
      perform public.fail_vantage_sync(p_resource, p_errors, p_run_id);
    end if;

    return 'repeated';
  end if;

  if v_is_running and p_event in ('RUNNING', 'OTHER') then
    perform public.progress_vantage_sync(p_resource, p_run_id => p_run_id);

    return 'applied';
  elsif p_event = 'OTHER' then
    return 'ignored';
  end if;

  if v_is_running and p_event = 'START' then
    -- Another event of the run came first.
    select max(h.started_at)
    into v_latest_start
    from public.vantage_sync_history h
    where h.resource = p_resource;

    if v_time >= v_state.started_at or v_time <= v_latest_start then
      return 'repeated';
    end if;

    update public.vantage_sync_state
    set started_at = v_time
    where resource = p_resource;

    return 'applied';
  end if;

  v_is_begun := v_is_running;
  -- The clock ran ahead when the latest run began or ended, and was put right since: no event is later, and none is late for
  -- that.
  v_is_ahead := greatest(v_state.started_at, v_state.completed_at) > clock_timestamp();

  if not v_is_running then
    -- The history is in the order of the starts.
    if v_time <= v_state.started_at and not v_is_ahead then
      return 'late';
    end if;

    if v_state.last_sync_status = 'running' or v_is_ahead then
      -- Refused while another run lives; one that is stuck is taken over.
      v_state := public.start_vantage_sync(p_resource, p_run_id);
      v_is_begun := true;

      -- Its time is in the order of the history, its watermark is not.
      update public.vantage_sync_state s
      set started_at = case when v_is_ahead then s.started_at else least(p_event_time, s.started_at) end,
          start_clock = least(p_event_time, s.start_clock)
      where s.resource = p_resource;
    elsif v_status is null then
      update public.vantage_sync_state
      set last_sync_status = 'running',
          run_id = p_run_id,
          started_at = v_time
      where resource = p_resource;
    end if;
  end if;

  -- Where the start is not known the watermark stays, as it does in a direct write that leaves the start out.
  if v_status = 'success' and v_is_begun then
    update public.vantage_sync_state s
    set last_sync_status = 'success',
        completed_at = greatest(v_time, s.started_at),
        last_sync_time = greatest(v_time, s.started_at),
        records_synced = coalesce(p_records, 0),
        records_created = 0,
        records_updated = 0,
        watermark = least(s.started_at, s.start_clock)
    where s.resource = p_resource;

    if not v_is_running then
      update public.vantage_sync_state
      set watermark = v_state.watermark
      where resource = p_resource;
    end if;
  elsif v_status = 'success' then
    update public.vantage_sync_state
    set last_sync_status = 'success',
        run_id = p_run_id,
        started_at = null,
        completed_at = v_time,
        last_sync_time = v_time,
        records_synced = coalesce(p_records, 0),
        records_created = 0,
        records_updated = 0
    where resource = p_resource;
  elsif v_status = 'failed' then
    update public.vantage_sync_state s
    set last_sync_status = 'failed',
        run_id = p_run_id,
        started_at = case when v_is_begun then s.started_at end,
        errors = p_errors,
        completed_at = greatest(v_time, case when v_is_begun then s.started_at end)
    where s.resource = p_resource;
  end if;

  return 'applied';
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_invalid_vantage_sync_state(p_state vantage_sync_state)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.refuse_negative_vantage_counts(p_resource text, p_records_synced integer, p_records_created integer, p_records_updated integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.refuse_used_vantage_run(p_resource text, p_run_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.refuse_vantage_sync_expectation(p_errors jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  raise exception using
    errcode = 'PT400',
    constraint = 'invalid-request',
    message = 'The schedule is not valid',
    detail = jsonb_build_object('errors', p_errors)::text,
    hint = 'Say when a success is expected: {"cron": "0 5 * * MON-FRI", "time_zone": "Europe/Paris", "grace": "PT1H"} or {"every": "PT1H", "grace": "PT15M"}';
end
$function$;

CREATE OR REPLACE FUNCTION public.release_vantage_notifications(p_notification_ids uuid[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  update public.vantage_notification n
  set lease_until = null
  where n.notification_id = any (p_notification_ids) and n.status = 'pending'
$function$;

CREATE OR REPLACE FUNCTION public.repeat_or_refuse_vantage_sync(p_resource text, p_run_id uuid, p_status text)
 RETURNS vantage_sync_state
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.require_fresh_vantage_sync(p_resources text[], p_max_age interval DEFAULT NULL::interval, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_idle boolean DEFAULT false, p_report_only boolean DEFAULT false)
 RETURNS TABLE(resource text, as_of timestamp with time zone, age interval, fresh boolean, reason text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  -- Whatever the intervalstyle of the session, and the time zone.
  v_max_age text := concat_ws(' ',
    nullif(extract(day from justify_hours(p_max_age)), 0) || ' d',
    nullif(extract(hour from justify_hours(p_max_age)), 0) || ' h',
    nullif(extract(minute from p_max_age), 0) || ' min',
    nullif(trim_scale(extract(second from p_max_age)), 0) || ' s');
  v_since text := to_char(p_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS');
  v_field_errors jsonb;
  v_unknown text[];
  v_result jsonb;
  v_reasons text;
begin
  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_field_errors
  from (values
    ('#/resources', 'must be 1 to 1000 names of resources',
      coalesce(cardinality(p_resources), 0) not between 1 and 1000 or array_position(p_resources, null) is not null),
    ('#/max_age', 'must be positive, at most 3650 days, without months and years',
      p_max_age <= interval '0' or p_max_age > interval '3650 days'
        or extract(year from p_max_age) <> 0 or extract(month from p_max_age) <> 0),
    ('#/since', 'must be a time between the year 1 and a day from now',
      p_since not between '0001-01-01 00:00:00Z' and clock_timestamp() + interval '24 hours')
  ) as f (pointer, detail, applies)
  where f.applies;

  if v_field_errors is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'It is not clear what has to be fresh',
      detail = jsonb_build_object('errors', v_field_errors)::text,
      hint = 'Call it as require_fresh_vantage_sync(array[''accounts'', ''funds''], interval ''6 hours'')';
  end if;

  -- An object each, in the order of the names; fresh is null where there is no such resource.
  select jsonb_agg(jsonb_build_object(
    'resource', r.name,
    'as_of', to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'age', 'PT' || trunc(extract(epoch from f.age)) || 'S',
    'fresh', c.reasons = '',
    'reason', coalesce(nullif(c.reasons, ''), f.reason)
  ) order by r.position)
  into v_result
  from (
    select n.name, min(n.position) as position
    from unnest(p_resources) with ordinality as n (name, position)
    group by n.name
  ) as r
  left join public.vantage_sync_freshness f on f.resource = r.name
  cross join lateral (
    select case when f.resource is not null then concat_ws(' ',
      case
        when p_max_age is null and p_since is null then case when not f.fresh then f.reason end
        when f.as_of is null then format('%s has never had a successful sync.', r.name)
        when f.age > p_max_age then format('%s has data as of %s UTC, which is longer ago than %s.',
          r.name, to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_max_age)
        when f.as_of < p_since then format('%s has data as of %s UTC, which is before %s UTC.',
          r.name, to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_since)
      end,
      case when p_idle and f.running then format('%s is running.', r.name) end)
    end as reasons
  ) as c;

  if not p_report_only then
    select array_agg(j.resource) filter (where j.fresh is null), string_agg(j.reason, ' ') filter (where not j.fresh)
    into v_unknown, v_reasons
    from jsonb_to_recordset(v_result) as j (resource text, fresh boolean, reason text);

    if v_unknown is not null then
      raise exception using
        errcode = 'PT404',
        constraint = 'sync-state-not-found',
        message = format('There is no resource %s', array_to_string(v_unknown, ', ')),
        detail = jsonb_build_object('resource', v_unknown[1])::text,
        hint = 'Check the name against the list of sync states; a resource is registered by its first start';
    end if;

    if v_reasons is not null then
      raise exception using
        errcode = 'PT412',
        constraint = 'not-fresh',
        message = rtrim(v_reasons, '.'),
        detail = jsonb_build_object('resources', v_result)::text,
        hint = 'Wait until they have been synced, or accept older data';
    end if;
  end if;

  return query
  select j.resource, j.as_of, j.age, j.fresh, j.reason
  from jsonb_to_recordset(v_result) as j (resource text, as_of timestamptz, age interval, fresh boolean, reason text);
end
$function$;

CREATE OR REPLACE FUNCTION public.retry_vantage_notification(p_notification_id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_notification public.vantage_notification;
begin
  select n.*
  into v_notification
  from public.vantage_notification n
  where n.notification_id = p_notification_id
  for update;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'notification-not-found',
      message = format('There is no notification %s', p_notification_id),
      detail = '{}',
      hint = 'They are kept as long as their incidents; look it up in GET /notifications';
  end if;

  if v_notification.status in ('sent', 'skipped') or v_notification.type = 'test' then
    raise exception using
      errcode = 'PT409',
      constraint = 'notification-not-retryable',
      message = case
        when v_notification.type = 'test' then 'The notification is a test'
        else format('The notification to %s is %s', v_notification.channel, v_notification.status)
      end,
      detail = '{}',
      hint = case
        when v_notification.type = 'test' then format('Test it again by POST /channels/%s/test', v_notification.channel)
        when v_notification.status = 'sent' then 'Its receiver has it; GET /notifications?status=dead lists those that were given up'
        else 'Its channel was taken out of the configuration, or it was over before it was sent; GET /channels lists the channels'
      end;
  end if;

  -- From now on it has as long as a new one.
  update public.vantage_notification n
  set status = 'pending',
      ended_at = null,
      attempt = 0,
      created_at = statement_timestamp(),
      next_at = statement_timestamp()
  where n.notification_id = p_notification_id;

  return p_notification_id;
end
$function$;

CREATE OR REPLACE FUNCTION public.set_vantage_channels(p_channels jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  -- Instances that start together write one after the other.
  perform pg_advisory_xact_lock(hashtextextended('public.vantage_channel', 0));

  insert into public.vantage_channel as c (name, kind, is_grouped, min_severity, resources, kinds, remind_after)
  select n.name, n.kind, n.is_grouped, n.min_severity, n.resources, n.kinds, n.remind_after
  from jsonb_to_recordset(p_channels) as n (
    name text, kind text, is_grouped boolean, min_severity text, resources text[], kinds text[], remind_after interval)
  order by n.name
  on conflict (name) do update
  set kind = excluded.kind,
      is_grouped = excluded.is_grouped,
      min_severity = excluded.min_severity,
      resources = excluded.resources,
      kinds = excluded.kinds,
      remind_after = excluded.remind_after
  where (c.kind, c.is_grouped, c.min_severity, c.resources, c.kinds, c.remind_after) is distinct from
    (excluded.kind, excluded.is_grouped, excluded.min_severity, excluded.resources, excluded.kinds, excluded.remind_after);

  with gone as (
    delete from public.vantage_channel c
    where not p_channels @> jsonb_build_array(jsonb_build_object('name', c.name))
    returning c.name
  )
  update public.vantage_notification n
  set status = 'skipped',
      ended_at = statement_timestamp(),
      lease_until = null
  where n.status = 'pending' and n.channel in (select g.name from gone g);
end
$function$;

CREATE OR REPLACE FUNCTION public.skip_vantage_sync_day(p_resource text, p_day date, p_reason text)
 RETURNS vantage_sync_skipped_day
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_errors jsonb;
  v_day public.vantage_sync_skipped_day;
begin
  select jsonb_agg(jsonb_build_object('pointer', f.pointer, 'detail', f.detail))
  into v_errors
  from (values
    ('#/day', 'must be a day from a year ago to ten years ahead, for example 2026-12-25',
      (p_day between current_date - 366 and current_date + 3650) is not true),
    ('#/reason', 'must say why, in 1 to 500 characters', (p_reason ~ '\S' and length(p_reason) <= 500) is not true)
  ) as f (pointer, detail, applies)
  where f.applies;

  if v_errors is not null then
    raise exception using
      errcode = 'PT400',
      constraint = 'invalid-request',
      message = 'The day cannot be skipped like this',
      detail = jsonb_build_object('resource', p_resource, 'errors', v_errors)::text,
      hint = 'Say which day, as the time zone of the schedule has it, and why';
  end if;

  perform public.touch_vantage_sync_calendar(p_resource);

  insert into public.vantage_sync_skipped_day as k (resource, day, reason)
  values (p_resource, p_day, p_reason)
  on conflict (resource, day) do update
  set reason = excluded.reason
  returning k.* into v_day;

  update public.vantage_sync_due u
  set skipped = p_reason
  from public.vantage_sync_state s
  where u.resource = p_resource and s.resource = p_resource and (u.due_at at time zone (s.expect ->> 'time_zone'))::date = p_day;

  return v_day;
end
$function$;

CREATE OR REPLACE FUNCTION public.start_vantage_sync(p_resource text, p_run_id uuid DEFAULT NULL::uuid, p_force boolean DEFAULT false)
 RETURNS vantage_sync_state
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.test_vantage_channel(p_channel text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_notification_id uuid;
begin
  insert into public.vantage_notification as n (channel, type)
  select c.name, 'test'
  from public.vantage_channel c
  where c.name = p_channel
  returning n.notification_id into v_notification_id;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'channel-not-found',
      message = format('There is no channel %s', p_channel),
      detail = '{}',
      hint = 'Channels come from the configuration, vantage.notify.channels; GET /channels lists them';
  end if;

  return v_notification_id;
end
$function$;

CREATE OR REPLACE FUNCTION public.touch_vantage_sync_calendar(p_resource text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_expect jsonb;
begin
  update public.vantage_sync_state s
  set expect = s.expect
  where s.resource = p_resource
  returning s.expect into v_expect;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', public.vantage_plain_text(p_resource, 128)),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Register it first, or check the name against GET /sync-states';
  end if;

  if v_expect ? 'cron' is not true then
    raise exception using
      errcode = 'PT409',
      constraint = 'no-calendar',
      message = format('%s has no calendar whose days could be skipped', p_resource),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Give it a schedule with a cron first, or mute it for that time';
  end if;

  perform pg_advisory_xact_lock(hashtextextended('public.vantage_sync_due/' || p_resource, 0));
end
$function$;

CREATE OR REPLACE FUNCTION public.unskip_vantage_sync_day(p_resource text, p_day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform public.touch_vantage_sync_calendar(p_resource);

  delete from public.vantage_sync_skipped_day k
  where k.resource = p_resource and k.day = p_day;

  update public.vantage_sync_due u
  set skipped = null
  from public.vantage_sync_state s
  where u.resource = p_resource and s.resource = p_resource and (u.due_at at time zone (s.expect ->> 'time_zone'))::date = p_day;
end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_channel_event_body(p_resource text, p_since timestamp with time zone, p_detail text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object(
    'resource', p_resource,
    'severity', 'error',
    'kinds', jsonb_build_array('undelivered'),
    'since', public.vantage_sync_time_text(p_since),
    'run_id', null,
    'detail', p_detail,
    'alerts', '[]'::jsonb,
    'errors', '[]'::jsonb,
    'state', null)
$function$;

CREATE OR REPLACE FUNCTION public.vantage_common_cause(p_event_ids uuid[])
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select format('%s of %s resources went stuck or stale within 5 minutes, likely by one cause', max(c.affected), max(c.resources))
  from (
    select min(e.at) as since, max(e.at) as until
    from public.vantage_incident_event e
    where e.event_id = any (p_event_ids)
  ) as m
  cross join lateral public.vantage_common_causes(m.since, m.until) as c
  where c.event_id = any (p_event_ids)
  having count(*) > 0
$function$;

CREATE OR REPLACE FUNCTION public.vantage_common_causes(p_from timestamp with time zone, p_until timestamp with time zone)
 RETURNS TABLE(event_id uuid, affected bigint, resources bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select c.event_id, c.affected, r.resources
  from (
    select
      s.event_id,
      s.at,
      count(*) filter (where s.is_first) over (order by s.at range between interval '5 minutes' preceding and current row) as affected
    from (
      select
        e.event_id,
        e.at,
        coalesce(e.at - lag(e.at) over (partition by e.incident_id order by e.seq) > interval '5 minutes', true) as is_first
      from public.vantage_incident_event e
      where e.at >= p_from - interval '5 minutes'
        and e.at <= p_until
        and e.type in ('opened', 'changed')
        and e.body -> 'kinds' <@ '["stuck", "stale"]'
        and e.body ->> 'severity' = 'error'
        and exists (select from public.vantage_sync_state t where t.resource = e.body ->> 'resource')
    ) as s
  ) as c
  cross join (select count(*) as resources from public.vantage_sync_state) as r
  where c.at >= p_from and c.affected >= 5 and 2 * c.affected >= r.resources
$function$;

CREATE OR REPLACE FUNCTION public.vantage_cron_days(p_cron text, p_from date, p_days integer)
 RETURNS SETOF date
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select p_from + n.day
  from public.vantage_cron_fields(p_cron) as f
  cross join generate_series(0, p_days - 1) as n (day)
  where extract(month from p_from + n.day)::integer = any (f.months)
    and extract(day from p_from + n.day)::integer = any (f.days)
    and extract(dow from p_from + n.day)::integer = any (f.weekdays)
$function$;

CREATE OR REPLACE FUNCTION public.vantage_cron_field(p_field text, p_min integer, p_max integer, p_names text[])
 RETURNS integer[]
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
declare
  v_item text;
  v_part text[];
  v_from integer;
  v_to integer;
  v_step integer;
  v_values integer[] := '{}';
begin
  foreach v_item in array string_to_array(upper(p_field), ',') loop
    -- A star, a number or a name, or a range of these; and every how many of them.
    v_part := regexp_match(v_item, '^(?:(\*)|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:/([0-9]{1,3}))?$');
    v_from := case
      when v_part[1] is not null then p_min
      when v_part[2] ~ '[0-9]' then v_part[2]::integer
      else array_position(p_names, v_part[2])
    end;
    v_to := case
      when v_part[1] is not null or v_part[3] is null and v_part[4] is not null then p_max
      when v_part[3] is null then v_from
      when v_part[3] ~ '[0-9]' then v_part[3]::integer
      else array_position(p_names, v_part[3])
    end;
    v_step := coalesce(v_part[4]::integer, 1);

    -- Sunday is 0 and 7: as a beginning it comes before Monday.
    if p_max = 7 and v_from = 7 and v_to < 7 then
      v_from := 0;
    end if;

    -- Steps through all days of the week begin with Sunday for some programs, with Monday for others.
    if (v_from between p_min and p_max and v_to between v_from and p_max and v_step > 0) is not true
      or p_max = 7 and v_step > 1 and v_part[3] is null then
      return null;
    end if;

    v_values := v_values || array(select generate_series(v_from, v_to, v_step));
  end loop;

  return array(select distinct case p_max when 7 then x.value % 7 else x.value end from unnest(v_values) as x (value) order by 1);
end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_cron_fields(p_cron text)
 RETURNS TABLE(minutes integer[], hours integer[], days integer[], months integer[], weekdays integer[])
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select
    public.vantage_cron_field(f.field[1], 0, 59, '{}'),
    public.vantage_cron_field(f.field[2], 0, 23, '{}'),
    public.vantage_cron_field(f.field[3], 1, 31, '{}'),
    public.vantage_cron_field(f.field[4], 1, 12, '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}'),
    public.vantage_cron_field(f.field[5], 0, 7, '{MON,TUE,WED,THU,FRI,SAT,SUN}')
  from (select string_to_array(p_cron, ' ') as field) as f
  where cardinality(f.field) = 5
$function$;

CREATE OR REPLACE FUNCTION public.vantage_cron_gap(p_cron text)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select least(
    (
      select min(g.minutes)
      from (select m.minute - lag(m.minute) over (order by m.minute) as minutes from unnest(t.minutes) as m (minute)) as g
    ),
    (
      select 1440 * min(g.days)
      from (select c.day - lag(c.day) over (order by c.day) as days from public.vantage_cron_days(p_cron, '2025-01-01', t.days) as c (day)) as g
    ) + t.minutes[1] - t.minutes[cardinality(t.minutes)]) * interval '1 minute'
  from (
    select
      public.vantage_cron_minutes(p_cron) as minutes,
      -- Two weeks show all that weekdays alone decide, eight years every month of every length.
      case when cardinality(f.days) = 31 and cardinality(f.months) = 12 then 15 else 3000 end as days
    from public.vantage_cron_fields(p_cron) as f
    offset 0
  ) as t
$function$;

CREATE OR REPLACE FUNCTION public.vantage_cron_minutes(p_cron text)
 RETURNS integer[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select array_agg(60 * h.hour + m.minute order by h.hour, m.minute)
  from public.vantage_cron_fields(p_cron) as f
  cross join unnest(f.hours) as h (hour)
  cross join unnest(f.minutes) as m (minute)
$function$;

CREATE OR REPLACE FUNCTION public.vantage_cron_times(p_cron text, p_time_zone text, p_from date, p_days integer)
 RETURNS SETOF timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select distinct case when e.earlier < l.later and e.earlier at time zone p_time_zone = w.wall then e.earlier else l.later end
  from public.vantage_cron_days(p_cron, p_from, p_days) as d (day)
  cross join unnest(public.vantage_cron_minutes(p_cron)) as m (minute)
  cross join lateral (select d.day + make_interval(mins => m.minute) as wall) as w
  cross join lateral (select w.wall at time zone p_time_zone as later) as l
  cross join lateral (select l.later - interval '3 hours' as before) as b
  cross join lateral (
    select (w.wall - ((b.before at time zone p_time_zone) - (b.before at time zone 'UTC'))) at time zone 'UTC' as earlier
  ) as e
$function$;

CREATE OR REPLACE FUNCTION public.vantage_duration_text(p_text text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case
    when p_text !~* '^[0-9]+[smhd]$' then p_text
    when upper(right(p_text, 1)) = 'D' then 'P' || upper(p_text)
    else 'PT' || upper(p_text)
  end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_failure_sentence(p_resource text, p_status text, p_errors jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case
    when p_status = 'abandoned' then format('The latest run of %s that ended was abandoned: another took over.', p_resource)
    when e.count = 0 then format('The latest run of %s failed with no errors reported.', p_resource)
    else format('The latest run of %s failed with %s "%s"%s.',
      p_resource,
      public.vantage_plain_text(e.first ->> 'code', 100),
      public.vantage_plain_text(e.first ->> 'message', 200),
      case e.count
        when 1 then ''
        when 2 then ' and 1 more error'
        else format(' and %s more errors', e.count - 1)
      end)
  end
  from (select p_errors -> 0 as first, jsonb_array_length(p_errors) as count offset 0) as e
$function$;

CREATE OR REPLACE FUNCTION public.vantage_failures_by_code(p_code text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_object_agg(c.code, c.failures), '{}')
  from (
    select f.code, jsonb_agg(jsonb_build_array(f.resource, public.vantage_sync_time_text(f.completed_at)) order by f.n) as failures
    from (
      select s.error_code as code, s.resource, s.completed_at,
        row_number() over (partition by s.error_code order by s.completed_at desc, s.resource) as n
      from public.vantage_sync_state s
      where s.last_sync_status = 'failed'
        and case when p_code is null then s.error_code is not null else s.error_code = p_code end
    ) as f
    where f.n <= 102
    group by f.code
  ) as c
$function$;

CREATE OR REPLACE FUNCTION public.vantage_plain_text(p_text text, p_length integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when length(t.line) > p_length then left(t.line, p_length - 1) || '…' else t.line end
  from (
    select btrim(regexp_replace(
      left(p_text, 4 * p_length), '[\u0001-\u0020\u007f-\u00a0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+', ' ', 'g'))
      as line
  ) as t
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_alerts(p_state vantage_sync_state)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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

    return coalesce((
    select '[' || string_agg(row_to_json(j)::text, ',' order by a.rank) || ']'
    from (
 SELECT s.resource,
    a.kind,
    a.since,
        CASE
            WHEN (a.threshold IS NOT NULL) THEN concat('P', (NULLIF(EXTRACT(year FROM a.threshold), (0)::numeric) || 'Y'::text), (NULLIF(EXTRACT(month FROM a.threshold), (0)::numeric) || 'M'::text), (NULLIF(EXTRACT(day FROM a.threshold), (0)::numeric) || 'D'::text),
            CASE
                WHEN ((a.threshold - date_trunc('day'::text, a.threshold)) <> '00:00:00'::interval) THEN 'T'::text
                ELSE NULL::text
            END, (NULLIF(EXTRACT(hour FROM a.threshold), (0)::numeric) || 'H'::text), (NULLIF(EXTRACT(minute FROM a.threshold), (0)::numeric) || 'M'::text), (NULLIF(trim_scale(EXTRACT(second FROM a.threshold)), (0)::numeric) || 'S'::text))
            ELSE NULL::text
        END AS threshold,
    a.detail,
    a.severity,
    a.rank
   FROM (((select (p_state).*) s
     CROSS JOIN public.vantage_sync_setting d)
     CROSS JOIN LATERAL ( SELECT 'failed'::text AS kind,
            s.completed_at AS since,
            NULL::interval AS threshold,
            format('The latest run of %s failed with %s.'::text, s.resource,
                CASE s.error_count
                    WHEN 0 THEN 'no errors reported'::text
                    WHEN 1 THEN '1 error'::text
                    ELSE (s.error_count || ' errors'::text)
                END) AS detail,
            'error'::text AS severity,
            1 AS rank
          WHERE (s.last_sync_status = 'failed'::text)
        UNION ALL
         SELECT 'stuck'::text AS kind,
            l.sign_of_life AS since,
            t.stuck_after AS threshold,
            concat(format('%s is running without a sign of life since %s UTC.'::text, s.resource, to_char((l.sign_of_life AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text)), ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS format
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.sign_of_life)
                  ORDER BY g.gap DESC
                 LIMIT 1)) AS detail,
            'error'::text AS severity,
            2 AS rank
           FROM ( SELECT GREATEST(s.started_at, ((s.progress ->> 'at'::text))::timestamp with time zone) AS sign_of_life) l,
            ( SELECT (COALESCE(s.stuck_after, d.stuck_after))::interval AS stuck_after) t
          WHERE ((s.last_sync_status = 'running'::text) AND ((((statement_timestamp() - l.sign_of_life) > t.stuck_after) AND (((statement_timestamp() - l.sign_of_life) - ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS "coalesce"
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.sign_of_life, statement_timestamp()), statement_timestamp())))) g(gap))) > t.stuck_after)) OR ((l.sign_of_life - statement_timestamp()) > '24:00:00'::interval)))
        UNION ALL
         SELECT 'stale'::text AS kind,
            l.success AS since,
            t.stale_after AS threshold,
            concat(
                CASE
                    WHEN ((s.last_sync_status = 'never_run'::text) AND (s.last_sync_time IS NULL)) THEN format('%s has never run since it was registered at %s UTC.'::text, s.resource, to_char((s.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    WHEN (s.last_sync_time IS NULL) THEN format('%s has never had a successful sync since it was registered at %s UTC.'::text, s.resource, to_char((s.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    ELSE format('%s has had no successful sync since %s UTC.'::text, s.resource, to_char((s.last_sync_time AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                END, ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS format
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.success)
                  ORDER BY g.gap DESC
                 LIMIT 1)) AS detail,
                CASE
                    WHEN ((s.last_sync_status = 'never_run'::text) AND ((statement_timestamp() - l.success) <= t.stale_after)) THEN 'warning'::text
                    ELSE 'error'::text
                END AS severity,
            3 AS rank
           FROM ( SELECT COALESCE(s.last_sync_time, s.created_at) AS success) l,
            ( SELECT (COALESCE(s.stale_after, d.stale_after))::interval AS stale_after) t
          WHERE ((null::jsonb IS NULL) AND ((s.last_sync_status = 'never_run'::text) OR (((statement_timestamp() - l.success) > t.stale_after) AND (((statement_timestamp() - l.success) - ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS "coalesce"
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.success, statement_timestamp()), statement_timestamp())))) g(gap))) > t.stale_after)) OR ((s.last_sync_time - statement_timestamp()) > '24:00:00'::interval)))
        UNION ALL
         SELECT 'stale'::text AS kind,
            l.due_at AS since,
            l.grace AS threshold,
            concat(format('%s was due at %s UTC and %s.'::text, s.resource, to_char((l.due_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text),
                CASE
                    WHEN ((s.last_sync_status = ANY (ARRAY['never_run'::text, 'success'::text])) OR (s.started_at < l.counts_from)) THEN 'never started'::text
                    WHEN (s.last_sync_status = 'running'::text) THEN format('has started, but is not done: it is running since %s UTC'::text, to_char((s.started_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    ELSE format('has started, but is not done: the run failed at %s UTC'::text, to_char((s.completed_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                END), n.sentence) AS detail,
            'error'::text AS severity,
            3 AS rank
           FROM (((( SELECT
                        CASE
                            WHEN ((COALESCE(s.success_started_at, s.last_sync_time) - statement_timestamp()) <= '24:00:00'::interval) THEN COALESCE(s.success_started_at, s.last_sync_time)
                            ELSE s.created_at
                        END AS success) b
             CROSS JOIN LATERAL (( SELECT v.due_at,
                    v.counts_from,
                    (v.deadline - v.due_at) AS grace
                   FROM public.vantage_sync_due v
                  WHERE ((v.resource = (s.resource COLLATE "C")) AND (v.due_at > b.success) AND (v.counts_from > b.success) AND (v.skipped IS NULL))
                  ORDER BY v.due_at
                 LIMIT 1)
                UNION ALL
                 SELECT (b.success + ((EXTRACT(epoch FROM ((null::jsonb ->> 'every'::text))::interval))::double precision * '00:00:01'::interval)) AS due_at,
                    b.success AS counts_from,
                    ((null::jsonb ->> 'grace'::text))::interval AS grace
                  WHERE (null::jsonb ? 'every'::text)) l)
             CROSS JOIN LATERAL ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS length
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.due_at, statement_timestamp()), statement_timestamp())))) g(gap)
                  WHERE ((statement_timestamp() - l.due_at) > l.grace)) w)
             LEFT JOIN LATERAL ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS sentence
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.due_at)
                  ORDER BY g.gap DESC
                 LIMIT 1) n ON (true))
          WHERE ((null::jsonb IS NOT NULL) AND ((statement_timestamp() - l.due_at) > l.grace) AND (((statement_timestamp() - l.due_at) - w.length) > l.grace))
        UNION ALL
         SELECT 'slow'::text AS kind,
            s.completed_at AS since,
            t.slow_after AS threshold,
            format('The latest run of %s took %s seconds.'::text, s.resource, trim_scale(EXTRACT(epoch FROM (s.completed_at - s.started_at)))) AS detail,
            'warning'::text AS severity,
            4 AS rank
           FROM ( SELECT (COALESCE(s.slow_after, d.slow_after))::interval AS slow_after) t
          WHERE ((s.last_sync_status = ANY (ARRAY['success'::text, 'failed'::text])) AND ((s.completed_at - s.started_at) > t.slow_after))) a)
    ) as a
    cross join lateral (
      select a.resource, a.kind, public.vantage_sync_time_text(a.since) as since, a.threshold, a.detail
    ) as j
  ), '[]');
  end if;

  return coalesce((
    select '[' || string_agg(row_to_json(j)::text, ',' order by a.rank) || ']'
    from (
 SELECT s.resource,
    a.kind,
    a.since,
        CASE
            WHEN (a.threshold IS NOT NULL) THEN concat('P', (NULLIF(EXTRACT(year FROM a.threshold), (0)::numeric) || 'Y'::text), (NULLIF(EXTRACT(month FROM a.threshold), (0)::numeric) || 'M'::text), (NULLIF(EXTRACT(day FROM a.threshold), (0)::numeric) || 'D'::text),
            CASE
                WHEN ((a.threshold - date_trunc('day'::text, a.threshold)) <> '00:00:00'::interval) THEN 'T'::text
                ELSE NULL::text
            END, (NULLIF(EXTRACT(hour FROM a.threshold), (0)::numeric) || 'H'::text), (NULLIF(EXTRACT(minute FROM a.threshold), (0)::numeric) || 'M'::text), (NULLIF(trim_scale(EXTRACT(second FROM a.threshold)), (0)::numeric) || 'S'::text))
            ELSE NULL::text
        END AS threshold,
    a.detail,
    a.severity,
    a.rank
   FROM (((select (p_state).*) s
     CROSS JOIN public.vantage_sync_setting d)
     CROSS JOIN LATERAL ( SELECT 'failed'::text AS kind,
            s.completed_at AS since,
            NULL::interval AS threshold,
            format('The latest run of %s failed with %s.'::text, s.resource,
                CASE s.error_count
                    WHEN 0 THEN 'no errors reported'::text
                    WHEN 1 THEN '1 error'::text
                    ELSE (s.error_count || ' errors'::text)
                END) AS detail,
            'error'::text AS severity,
            1 AS rank
          WHERE (s.last_sync_status = 'failed'::text)
        UNION ALL
         SELECT 'stuck'::text AS kind,
            l.sign_of_life AS since,
            t.stuck_after AS threshold,
            concat(format('%s is running without a sign of life since %s UTC.'::text, s.resource, to_char((l.sign_of_life AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text)), ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS format
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.sign_of_life)
                  ORDER BY g.gap DESC
                 LIMIT 1)) AS detail,
            'error'::text AS severity,
            2 AS rank
           FROM ( SELECT GREATEST(s.started_at, ((s.progress ->> 'at'::text))::timestamp with time zone) AS sign_of_life) l,
            ( SELECT (COALESCE(s.stuck_after, d.stuck_after))::interval AS stuck_after) t
          WHERE ((s.last_sync_status = 'running'::text) AND ((((statement_timestamp() - l.sign_of_life) > t.stuck_after) AND (((statement_timestamp() - l.sign_of_life) - ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS "coalesce"
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.sign_of_life, statement_timestamp()), statement_timestamp())))) g(gap))) > t.stuck_after)) OR ((l.sign_of_life - statement_timestamp()) > '24:00:00'::interval)))
        UNION ALL
         SELECT 'stale'::text AS kind,
            l.success AS since,
            t.stale_after AS threshold,
            concat(
                CASE
                    WHEN ((s.last_sync_status = 'never_run'::text) AND (s.last_sync_time IS NULL)) THEN format('%s has never run since it was registered at %s UTC.'::text, s.resource, to_char((s.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    WHEN (s.last_sync_time IS NULL) THEN format('%s has never had a successful sync since it was registered at %s UTC.'::text, s.resource, to_char((s.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    ELSE format('%s has had no successful sync since %s UTC.'::text, s.resource, to_char((s.last_sync_time AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                END, ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS format
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.success)
                  ORDER BY g.gap DESC
                 LIMIT 1)) AS detail,
                CASE
                    WHEN ((s.last_sync_status = 'never_run'::text) AND ((statement_timestamp() - l.success) <= t.stale_after)) THEN 'warning'::text
                    ELSE 'error'::text
                END AS severity,
            3 AS rank
           FROM ( SELECT COALESCE(s.last_sync_time, s.created_at) AS success) l,
            ( SELECT (COALESCE(s.stale_after, d.stale_after))::interval AS stale_after) t
          WHERE ((s.expect IS NULL) AND ((s.last_sync_status = 'never_run'::text) OR (((statement_timestamp() - l.success) > t.stale_after) AND (((statement_timestamp() - l.success) - ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS "coalesce"
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.success, statement_timestamp()), statement_timestamp())))) g(gap))) > t.stale_after)) OR ((s.last_sync_time - statement_timestamp()) > '24:00:00'::interval)))
        UNION ALL
         SELECT 'stale'::text AS kind,
            l.due_at AS since,
            l.grace AS threshold,
            concat(format('%s was due at %s UTC and %s.'::text, s.resource, to_char((l.due_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text),
                CASE
                    WHEN ((s.last_sync_status = ANY (ARRAY['never_run'::text, 'success'::text])) OR (s.started_at < l.counts_from)) THEN 'never started'::text
                    WHEN (s.last_sync_status = 'running'::text) THEN format('has started, but is not done: it is running since %s UTC'::text, to_char((s.started_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    ELSE format('has started, but is not done: the run failed at %s UTC'::text, to_char((s.completed_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                END), n.sentence) AS detail,
            'error'::text AS severity,
            3 AS rank
           FROM (((( SELECT
                        CASE
                            WHEN ((COALESCE(s.success_started_at, s.last_sync_time) - statement_timestamp()) <= '24:00:00'::interval) THEN COALESCE(s.success_started_at, s.last_sync_time)
                            ELSE s.created_at
                        END AS success) b
             CROSS JOIN LATERAL (( SELECT v.due_at,
                    v.counts_from,
                    (v.deadline - v.due_at) AS grace
                   FROM public.vantage_sync_due v
                  WHERE ((v.resource = (s.resource COLLATE "C")) AND (v.due_at > b.success) AND (v.counts_from > b.success) AND (v.skipped IS NULL))
                  ORDER BY v.due_at
                 LIMIT 1)
                UNION ALL
                 SELECT (b.success + ((EXTRACT(epoch FROM ((s.expect ->> 'every'::text))::interval))::double precision * '00:00:01'::interval)) AS due_at,
                    b.success AS counts_from,
                    ((s.expect ->> 'grace'::text))::interval AS grace
                  WHERE (s.expect ? 'every'::text)) l)
             CROSS JOIN LATERAL ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS length
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.due_at, statement_timestamp()), statement_timestamp())))) g(gap)
                  WHERE ((statement_timestamp() - l.due_at) > l.grace)) w)
             LEFT JOIN LATERAL ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS sentence
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.due_at)
                  ORDER BY g.gap DESC
                 LIMIT 1) n ON (true))
          WHERE ((s.expect IS NOT NULL) AND ((statement_timestamp() - l.due_at) > l.grace) AND (((statement_timestamp() - l.due_at) - w.length) > l.grace))
        UNION ALL
         SELECT 'slow'::text AS kind,
            s.completed_at AS since,
            t.slow_after AS threshold,
            format('The latest run of %s took %s seconds.'::text, s.resource, trim_scale(EXTRACT(epoch FROM (s.completed_at - s.started_at)))) AS detail,
            'warning'::text AS severity,
            4 AS rank
           FROM ( SELECT (COALESCE(s.slow_after, d.slow_after))::interval AS slow_after) t
          WHERE ((s.last_sync_status = ANY (ARRAY['success'::text, 'failed'::text])) AND ((s.completed_at - s.started_at) > t.slow_after))) a)
    ) as a
    cross join lateral (
      select a.resource, a.kind, public.vantage_sync_time_text(a.since) as since, a.threshold, a.detail
    ) as j
  ), '[]');
end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_duration_ms(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select least(floor(extract(epoch from p_to - p_from) * 1000), 2147483647)::integer
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_expectation(p_expect jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_length constant text := 'must be a number with one of the units s, m, h and d, for example 30m, or an ISO 8601 duration, for example PT30M';
  v_cron text;
  v_zone text;
  v_grace interval := public.vantage_time_length_of(p_expect ->> 'grace');
  v_every interval := public.vantage_time_length_of(p_expect ->> 'every');
  v_gap interval;
  v_key text;
  v_errors jsonb := '[]';
begin
  if p_expect is null or jsonb_typeof(p_expect) = 'null' then
    return null;
  end if;

  if jsonb_typeof(p_expect) <> 'object' or p_expect ? 'cron' = p_expect ? 'every' then
    perform public.refuse_vantage_sync_expectation(jsonb_build_array(jsonb_build_object('pointer', '#/expect', 'detail',
      'must be an object with either cron or every, or null')));
  end if;

  for v_key in select k.key from jsonb_object_keys(p_expect) as k (key) order by 1 loop
    if v_key not in ('cron', 'every', 'grace') and not (v_key = 'time_zone' and p_expect ? 'cron') then
      v_errors := v_errors || jsonb_build_object('pointer', '#/expect/' || replace(replace(left(v_key, 100), '~', '~0'), '/', '~1'), 'detail', case v_key
        when 'time_zone' then 'belongs to a cron; an interval is as long in every time zone'
        else format('is unknown; expected one of %s', case when p_expect ? 'cron' then 'cron, time_zone, grace' else 'every, grace' end)
      end);
    end if;
  end loop;

  if p_expect ? 'cron' then
    v_cron := btrim(regexp_replace(p_expect ->> 'cron', '[ \t]+', ' ', 'g'));
    v_zone := coalesce(p_expect ->> 'time_zone', 'UTC');

    v_errors := v_errors || coalesce((
      select jsonb_build_object('pointer', '#/expect/cron', 'detail', w.wrong)
      from (select 1) as one
      left join lateral public.vantage_cron_fields(v_cron) as f on true
      left join lateral (
        select bool_or(f.days[1] <= case m.month when 2 then 29 when 4 then 30 when 6 then 30 when 9 then 30 when 11 then 30 else 31 end) as fires
        from unnest(f.months) as m (month)
      ) as l on true
      cross join lateral (
        select case
          when jsonb_typeof(p_expect -> 'cron') <> 'string' or length(v_cron) > 200 or f.minutes is null and f.hours is null and f.days is null then
            'must have five fields: minute, hour, day of the month, month and day of the week, for example 0 5 * * MON-FRI'
          when f.minutes is null then 'has a minute that is not valid; expected 0 to 59, *, ranges such as 0-29, lists such as 0,30 or steps such as */15'
          when f.hours is null then 'has an hour that is not valid; expected 0 to 23, *, ranges such as 8-18, lists such as 5,17 or steps such as */6'
          when f.days is null then 'has a day of the month that is not valid; expected 1 to 31, *, ranges such as 1-7, lists such as 1,15 or steps such as */2'
          when f.months is null then 'has a month that is not valid; expected 1 to 12 or JAN to DEC, *, ranges, lists or steps'
          when f.weekdays is null then 'has a day of the week that is not valid; expected 0 to 7 (0 and 7 are Sunday) or MON to SUN, *, ranges such as MON-FRI or lists such as TUE,THU'
          when split_part(v_cron, ' ', 3) <> '*' and split_part(v_cron, ' ', 5) <> '*' then
            'must not restrict both the day of the month and the day of the week, which programs read differently: set one of them to *'
          when l.fires is not true then 'never fires: its months do not have that day'
        end as wrong
      ) as w
      where w.wrong is not null
    ), '[]');

    if jsonb_typeof(p_expect -> 'time_zone') not in ('string', 'null') or not public.is_vantage_time_zone(v_zone) then
      v_errors := v_errors || jsonb_build_object('pointer', '#/expect/time_zone', 'detail',
        'must be a name of the IANA time zone database, for example Europe/Paris or UTC');
    end if;
  elsif jsonb_typeof(p_expect -> 'every') <> 'string' or v_every is null then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/every', 'detail', v_length);
  elsif v_every < interval '1 minute' or v_every > interval '87600 hours' then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/every', 'detail', 'must be from PT1M to P3650D');
  end if;

  if jsonb_typeof(p_expect -> 'grace') is distinct from 'string' or v_grace is null then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/grace', 'detail', v_length);
  elsif v_grace < interval '1 second' then
    v_errors := v_errors || jsonb_build_object('pointer', '#/expect/grace', 'detail', 'must be PT1S or longer');
  elsif v_errors = '[]' then
    v_gap := coalesce(v_every, public.vantage_cron_gap(v_cron));

    if v_grace > v_gap then
      v_errors := v_errors || jsonb_build_object('pointer', '#/expect/grace', 'detail',
        format('must not be longer than the time from one due time to the next, which is %s at the shortest', public.vantage_time_length(v_gap)));
    end if;
  end if;

  if v_errors <> '[]' then
    perform public.refuse_vantage_sync_expectation(v_errors);
  end if;

  -- As durations that every reader understands.
  return (
    select jsonb_object_agg(k.key, k.value)
    from (values
      ('cron', v_cron),
      ('time_zone', v_zone),
      ('every', case when p_expect ? 'every' then public.vantage_duration_text(p_expect ->> 'every') end),
      ('grace', public.vantage_duration_text(p_expect ->> 'grace'))
    ) as k (key, value)
    where k.value is not null
  );
end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_explanation(p_resource text, p_failures jsonb)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET jit TO 'off'
AS $function$
declare
  v_clock timestamptz := statement_timestamp();
  v_state public.vantage_sync_state;
  v_incident public.vantage_incident;
  v_ended public.vantage_sync_history;
  v_kinds text[];
  v_details text;
  v_since timestamptz;
  v_sentence text;
  v_row record;
  v_code text;
  v_before text;
  v_elsewhere text[];
  v_elsewhere_text text;
  v_as_of timestamptz;
  v_as_of_text text;
  v_usual jsonb;
  v_usual_text text;
  v_timeline jsonb;
  v_timeline_text text;
  v_blind jsonb;
  v_blind_text text;
  v_due jsonb := '[]';
  v_due_text text;
  v_muted timestamptz;
  v_next jsonb;
begin
  select s.*
  into v_state
  from public.vantage_sync_state s
  where s.resource = p_resource;

  if not found then
    raise exception using
      errcode = 'PT404',
      constraint = 'sync-state-not-found',
      message = format('There is no resource %s', public.vantage_plain_text(p_resource, 128)),
      detail = jsonb_build_object('resource', p_resource)::text,
      hint = 'Start it, which registers it, or check the name against GET /sync-states';
  end if;

  select i.*
  into v_incident
  from public.vantage_incident i
  where i.resource = p_resource and i.closed_at is null and i.is_red;

  -- The latest run that ended: while a retry goes on, what failed is still what is wrong.
  select h.*
  into v_ended
  from public.vantage_sync_history h
  where h.resource = p_resource
  order by h.started_at desc
  limit 1;

  select
    coalesce(array_agg(a.kind order by a.rank), '{}'),
    string_agg(case
      when a.kind = 'failed' then public.vantage_failure_sentence(p_resource, 'failed', v_state.errors)
      else a.detail
    end, ' ' order by a.rank),
    min(case
      -- In seconds, which are as long whatever the time zone of the session.
      when a.kind = 'stale' and (v_state.last_sync_status <> 'never_run' or v_state.expect is not null) then
        a.since + extract(epoch from a.threshold::interval)::double precision * interval '1 second'
      else a.since
    end)
  into v_kinds, v_details, v_since
  from public.vantage_sync_alert a
  where a.resource = p_resource;

  if v_state.last_sync_status = 'running' and v_ended.status in ('failed', 'abandoned') and not 'failed' = any (v_kinds) then
    v_kinds := array['failed'] || v_kinds;
    v_since := least(v_since, v_ended.completed_at);
    v_details := concat_ws(' ',
      public.vantage_failure_sentence(p_resource, v_ended.status, v_ended.errors),
      v_details,
      format('It is running again since %s UTC.', to_char(v_state.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')));
  end if;

  v_sentence := case
    when v_kinds <> '{}' then format('%s is red since %s UTC: %s',
      p_resource, to_char(v_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_details)
    when v_state.last_sync_status = 'running' then format('%s is running since %s UTC, and nothing is wrong with it.',
      p_resource, to_char(v_state.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
    when v_state.last_sync_status = 'never_run' then format('%s has never run, and nothing is wrong with that: it was registered at %s UTC.',
      p_resource, to_char(v_state.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
    else format('%s is green: it succeeded at %s UTC with %s records.',
      p_resource, to_char(v_state.completed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_state.records_synced)
  end;

  if v_kinds = '{}' then
    v_since := case v_state.last_sync_status
      when 'running' then v_state.started_at
      when 'never_run' then v_state.created_at
      else v_state.completed_at
    end;
  end if;

  -- Was it so before?
  if 'failed' = any (v_kinds) then
    v_code := v_ended.error_code;

    with recent as (
      select h.status, h.started_at, h.completed_at, h.error_code as code,
        bool_or(h.status = 'success') over (order by h.started_at desc) as is_before
      from (
        select r.status, r.started_at, r.completed_at, r.error_code
        from public.vantage_sync_history r
        where r.resource = p_resource
        order by r.started_at desc
        limit 1000
      ) as h
    )
    select
      count(*) filter (where not r.is_before) as streak,
      count(*) filter (where not r.is_before and r.code is not distinct from v_code) as same,
      max(r.completed_at) filter (where r.is_before and r.code = v_code) as seen
    into v_row
    from recent r;

    v_before := concat(
      case
        when v_row.streak > 1 then format('It is failure number %s in a row%s', v_row.streak,
          case when v_code is not null and v_row.same = v_row.streak then format(', each %s', public.vantage_plain_text(v_code, 100)) end)
        else 'It is the first failure in a row'
      end,
      case
        when v_code is null then '.'
        when v_row.seen is not null then format('; %s was last seen at %s UTC.',
          public.vantage_plain_text(v_code, 100), to_char(v_row.seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
        else format('; %s was not seen before in the history that is kept.', public.vantage_plain_text(v_code, 100))
      end);

    -- Who else has it: what failed so since shortly before this did. Where very many have, as when a source is away, the
    -- latest hundred say enough.
    select coalesce(array_agg(f.failure ->> 0 order by (f.failure ->> 0) collate "C"), '{}')
    into v_elsewhere
    from (
      select o.failure
      from jsonb_array_elements(coalesce(
        p_failures, case when v_code is not null then public.vantage_failures_by_code(v_code) -> v_code end)) with ordinality as o (failure, n)
      where o.failure ->> 0 <> p_resource
        and (o.failure ->> 1)::timestamptz > v_since - interval '10 minutes'
      order by o.n
      limit 101
    ) as f;

    if v_elsewhere <> '{}' then
      v_elsewhere_text := format('%s other %s failed with it since %s UTC: %s%s.',
        case when cardinality(v_elsewhere) > 100 then 'More than 100' else cardinality(v_elsewhere)::text end,
        case when cardinality(v_elsewhere) = 1 then 'resource has' else 'resources have' end,
        to_char((v_since - interval '10 minutes') at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
        array_to_string(v_elsewhere[1:5], ', '),
        case when cardinality(v_elsewhere) > 100 then ' and others'
          when cardinality(v_elsewhere) > 5 then format(' and %s more', cardinality(v_elsewhere) - 5) end);
      v_elsewhere := v_elsewhere[1:100];
    end if;
  end if;

  -- Data is as of the start of the last success: what changed at the source while it ran may be missing. Of one before the
  -- history that is kept, as much is known as the gate knows.
  select max(h.started_at)
  into v_as_of
  from public.vantage_sync_history h
  where h.resource = p_resource and h.status = 'success';

  if v_as_of is null and v_state.last_sync_time is not null then
    select f.as_of
    into v_as_of
    from public.vantage_sync_freshness f
    where f.resource = p_resource;
  end if;

  v_as_of_text := case
    when v_as_of is null then 'There is no data of it: no run is known to have succeeded.'
    else format('Data is as of %s UTC (%s ago).',
      to_char(v_as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), public.vantage_time_length(v_clock - v_as_of))
  end;

  -- What is usual: of the latest 20 successes, without the strangest tenth at either end.
  select
    count(*) as n,
    percentile_disc(0.1) within group (order by u.duration_ms) as fastest,
    percentile_disc(0.9) within group (order by u.duration_ms) as slowest,
    percentile_disc(0.1) within group (order by u.records_synced) as fewest,
    percentile_disc(0.9) within group (order by u.records_synced) as most
  into v_row
  from (
    select h.duration_ms, h.records_synced
    from public.vantage_sync_history h
    where h.resource = p_resource and h.status = 'success'
    order by h.started_at desc
    limit 20
  ) as u;

  if v_row.n >= 3 then
    v_usual := jsonb_build_object(
      'n', v_row.n,
      'duration', jsonb_build_object('from_ms', v_row.fastest, 'to_ms', v_row.slowest),
      'records', jsonb_build_object('from', v_row.fewest, 'to', v_row.most));
    v_usual_text := format('Usual, of the last %s successes: %s to %s, %s to %s records.',
      v_row.n,
      public.vantage_time_length(make_interval(secs => v_row.fastest / 1000)),
      public.vantage_time_length(make_interval(secs => v_row.slowest / 1000)),
      v_row.fewest, v_row.most);
  end if;

  -- The last steps, oldest first; a day is named where it begins.
  with step as (
    select s.at, s.what, s.n as rank
    from (
      select h.started_at as at, 'started' as what, 1 as n
      from (select r.started_at from public.vantage_sync_history r where r.resource = p_resource order by r.started_at desc limit 10) as h
      union all
      select h.completed_at, h.status, 2
      from (
        select r.completed_at, r.status
        from public.vantage_sync_history r
        where r.resource = p_resource
        order by r.started_at desc
        limit 10
      ) as h
      union all
      select v_state.started_at, 'started', 1 where v_state.last_sync_status = 'running'
    ) as s
    order by s.at desc, s.n desc
    limit 10
  ),
  dated as (
    select t.at, t.what, row_number() over w as n,
      lag((t.at at time zone 'UTC')::date) over w is distinct from (t.at at time zone 'UTC')::date as is_first
    from step t
    window w as (order by t.at, t.rank)
  )
  select
    coalesce(jsonb_agg(jsonb_build_object('at', public.vantage_sync_time_text(t.at), 'what', t.what) order by t.n), '[]'),
    string_agg(concat(
      to_char(t.at at time zone 'UTC', case when t.is_first then 'YYYY-MM-DD HH24:MI:SS' else 'HH24:MI:SS' end), ' ', t.what), ' · ' order by t.n)
  into v_timeline, v_timeline_text
  from dated t;

  -- When nobody watched, since the last success; the two minutes after each are the service's own.
  select
    coalesce(jsonb_agg(jsonb_build_object(
      'from', public.vantage_sync_time_text(b.since), 'until', public.vantage_sync_time_text(b.until)) order by b.since), '[]'),
    string_agg(format('Nobody watched from %s to %s UTC; a report may be missing.',
      to_char(b.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), to_char(b.until at time zone 'UTC', 'YYYY-MM-DD HH24:MI')), ' ' order by b.since)
  into v_blind, v_blind_text
  from (
    select lower(g.gap) as since, upper(g.gap) - interval '2 minutes' as until
    from public.vantage_sync_setting d
    cross join unnest(d.unwatched) as g (gap)
    where upper(g.gap) > coalesce(v_as_of, v_state.created_at)
    order by g.gap desc
    limit 3
  ) as b;

  -- When it was due and will be, by a calendar; at an interval, the one time after the last success.
  if v_state.expect is not null then
    with due as (
      (
        select u.due_at, u.counts_from, u.deadline, u.skipped
        from public.vantage_sync_due u
        where u.resource = p_resource and u.due_at <= v_clock
        order by u.due_at desc
        limit 3
      )
      union all
      (
        select u.due_at, u.counts_from, u.deadline, u.skipped
        from public.vantage_sync_due u
        where u.resource = p_resource and u.due_at > v_clock
        order by u.due_at
        limit 3
      )
      union all
      select i.success + i.every, i.success, i.success + i.every + i.grace, null
      from (
        select
          coalesce(v_state.success_started_at, v_state.last_sync_time, v_state.created_at) as success,
          extract(epoch from (v_state.expect ->> 'every')::interval)::double precision * interval '1 second' as every,
          extract(epoch from (v_state.expect ->> 'grace')::interval)::double precision * interval '1 second' as grace
      ) as i
      where v_state.expect ? 'every'
    ),
    followed as (
      select u.due_at, u.counts_from, u.deadline, u.skipped, lead(u.counts_from) over (order by u.due_at) as until
      from due u
    ),
    judged as (
      select u.due_at, u.deadline, u.skipped, case
          when u.skipped is not null then 'skipped'
          when v_state.expect ? 'cron' and exists (
            select
            from public.vantage_sync_history h
            where h.resource = p_resource and h.status = 'success' and h.started_at >= u.counts_from
              and (u.until is null or h.started_at < u.until)) then 'met'
          when u.deadline < v_clock then 'missed'
          when u.due_at <= v_clock then 'due now'
          else 'to come'
        end as what
      from followed u
    )
    select
      jsonb_agg(jsonb_build_object(
        'due_at', public.vantage_sync_time_text(u.due_at), 'deadline', public.vantage_sync_time_text(u.deadline),
        'what', u.what, 'skipped', u.skipped) order by u.due_at),
      format('Expected %s, within %s: %s.',
        coalesce(
          'by the cron ' || (v_state.expect ->> 'cron') || ' in ' || (v_state.expect ->> 'time_zone'),
          'every ' || public.vantage_time_length((v_state.expect ->> 'every')::interval)),
        public.vantage_time_length((v_state.expect ->> 'grace')::interval),
        string_agg(concat(
          to_char(u.due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), ' UTC ',
          case when v_state.expect ->> 'time_zone' <> 'UTC' then
            to_char(u.due_at at time zone (v_state.expect ->> 'time_zone'), '(HH24:MI "local") ')
          end,
          u.what,
          ' (' || public.vantage_plain_text(u.skipped, 100) || ')'), ' · ' order by u.due_at))
    into v_due, v_due_text
    from judged u;
  end if;

  select max(m.ends_at)
  into v_muted
  from public.vantage_mute m
  where m.starts_at <= v_clock and m.ends_at > v_clock
    and exists (
      select
      from unnest(m.resources) as p (pattern)
      where p_resource like replace(replace(p.pattern, '_', '\_'), '*', '%'));

  select coalesce(jsonb_agg(jsonb_build_object('why', n.why, 'command', n.command) order by n.rank), '[]')
  into v_next
  from (
    values
      (1, 'failed', 'What failed, run by run', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s/runs?status=failed"', p_resource)),
      (2, 'stuck', 'Which run it is, and what it last reported', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s"', p_resource)),
      (3, 'stale', 'When it last ran', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s/runs?limit=5"', p_resource)),
      (4, 'slow', 'How long it took before', format('curl -sS -H "apikey: $READER_KEY" "$URL/sync-states/%s/runs?status=success"', p_resource))
  ) as n (rank, kind, why, command)
  where n.kind = any (v_kinds);

  -- json, for the order of its keys.
  return json_build_object(
    'resource', p_resource,
    'kinds', to_jsonb(v_kinds),
    'since', public.vantage_sync_time_text(v_since),
    'sentence', v_sentence,
    'same_as_before', v_before,
    'elsewhere', to_jsonb(coalesce(v_elsewhere, '{}')),
    'as_of', public.vantage_sync_time_text(v_as_of),
    'usual', v_usual,
    'timeline', v_timeline,
    'blind', v_blind,
    'due', coalesce(v_due, '[]'),
    'muted_until', public.vantage_sync_time_text(v_muted),
    'acknowledged_by', case when v_incident.acknowledged_at is not null then coalesce(v_incident.acknowledged_by, '') end,
    'next', v_next,
    'text', concat_ws(e'\n',
      v_sentence,
      nullif(concat_ws(' ', v_before, v_elsewhere_text), ''),
      concat_ws(' ', v_as_of_text, v_usual_text),
      -- An alert may say it already.
      case when position(v_blind_text in v_sentence) = 0 then v_blind_text end,
      v_due_text,
      v_timeline_text,
      'Muted until ' || to_char(v_muted at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC.',
      case when v_incident.acknowledged_at is not null then
        'Acknowledged' || coalesce(' by ' || public.vantage_plain_text(v_incident.acknowledged_by, 200), '')
          || coalesce(': ' || public.vantage_plain_text(v_incident.acknowledged_note, 500), '') || '.'
      end,
      'Next: ' || (v_next #>> '{0,command}')));
end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_field_errors(p_errors jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_next_due(p_state vantage_sync_state)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  return coalesce((
    select '[' || string_agg(row_to_json(j)::text, ',' order by a.due_at) || ']'
    from (
 SELECT s.resource,
    n.due_at,
    concat(to_char((n.due_at AT TIME ZONE z.name), 'YYYY-MM-DD"T"HH24:MI:SS'::text),
        CASE
            WHEN (z.ahead < '00:00:00'::interval) THEN '-'::text
            ELSE '+'::text
        END, to_char(GREATEST(z.ahead, (- z.ahead)), 'HH24:MI'::text)) AS local,
    n.deadline
   FROM (((select (p_state).*) s
     CROSS JOIN LATERAL (( SELECT u.due_at,
            u.deadline
           FROM public.vantage_sync_due u
          WHERE ((u.resource = (s.resource COLLATE "C")) AND (u.due_at > statement_timestamp()) AND (u.skipped IS NULL))
          ORDER BY u.due_at
         LIMIT 3)
        UNION ALL
         SELECT (b.success + (i.n * e.every)) AS due_at,
            ((b.success + (i.n * e.every)) + e.grace) AS deadline
           FROM (((( SELECT
                        CASE
                            WHEN ((COALESCE(s.success_started_at, s.last_sync_time) - statement_timestamp()) <= '24:00:00'::interval) THEN COALESCE(s.success_started_at, s.last_sync_time)
                            ELSE s.created_at
                        END AS success) b
             CROSS JOIN ( SELECT ((EXTRACT(epoch FROM ((s.expect ->> 'every'::text))::interval))::double precision * '00:00:01'::interval) AS every,
                    ((EXTRACT(epoch FROM ((s.expect ->> 'grace'::text))::interval))::double precision * '00:00:01'::interval) AS grace) e)
             CROSS JOIN LATERAL ( SELECT GREATEST((floor((EXTRACT(epoch FROM (statement_timestamp() - b.success)) / EXTRACT(epoch FROM e.every))))::double precision, (0)::double precision) AS passed) p)
             CROSS JOIN LATERAL ( SELECT (p.passed + (m.n)::double precision) AS n
                   FROM generate_series(1, 3) m(n)) i)
          WHERE (s.expect ? 'every'::text)) n)
     CROSS JOIN LATERAL ( SELECT o.name,
            ((n.due_at AT TIME ZONE o.name) - (n.due_at AT TIME ZONE 'UTC'::text)) AS ahead
           FROM ( SELECT COALESCE((s.expect ->> 'time_zone'::text), 'UTC'::text) AS name) o) z)
  WHERE (s.expect IS NOT NULL)
    ) as a
    cross join lateral (
      select
        public.vantage_sync_time_text(a.due_at) as due_at,
        a.local,
        public.vantage_sync_time_text(a.deadline) as deadline
    ) as j
  ), '[]');
end
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_not_before(p_clock timestamp with time zone, p_earlier timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select greatest(p_clock, case when p_earlier <= p_clock + interval '24 hours' then p_earlier end)
$function$;

CREATE OR REPLACE FUNCTION public.vantage_sync_time_text(p_time timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select to_char(p_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$function$;

CREATE OR REPLACE FUNCTION public.vantage_time_length(p_length interval)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case
    when s.seconds >= 86400 then format('%s d %s h', s.seconds / 86400, s.seconds % 86400 / 3600)
    when s.seconds >= 3600 then format('%s h %s min', s.seconds / 3600, s.seconds % 3600 / 60)
    when s.seconds >= 60 then format('%s min', s.seconds / 60)
    else format('%s s', s.seconds)
  end
  from (select greatest(extract(epoch from p_length), 0)::bigint as seconds) as s
$function$;

CREATE OR REPLACE FUNCTION public.vantage_time_length_of(p_text text)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case
    when p_text ~* '^[0-9]{1,9}[smhd]$' then
      left(p_text, -1)::double precision * case lower(right(p_text, 1))
        when 's' then interval '1 second' when 'm' then interval '1 minute' when 'h' then interval '1 hour' else interval '24 hours'
      end
    when p_text ~ '^P(?=.)([0-9]{1,6}W)?([0-9]{1,9}D)?(T(?=.)([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}([.][0-9]{1,6})?S)?)?$' then
      extract(epoch from p_text::interval)::double precision * interval '1 second'
  end
$function$;

CREATE OR REPLACE FUNCTION public.watch_vantage_channels()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_clock timestamptz := statement_timestamp();
  v_row record;
  v_count integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('public.vantage_incident', 0)) then
    return null;
  end if;

  update public.vantage_notification n
  set status = 'dead',
      ended_at = v_clock,
      last_error = coalesce(n.last_error, 'Nothing was tried in time')
  where n.status = 'pending' and n.created_at < v_clock - interval '76 hours' and coalesce(n.lease_until < v_clock, true);

  delete from public.vantage_notification n
  where n.type = 'test' and n.created_at < v_clock - interval '7 days';

  for v_row in
    select i.incident_id
    from public.vantage_incident i
    where i.closed_at is null and i.is_red and not i.flapping and i.acknowledged_at is null
      and not public.is_vantage_resource_muted(i.resource, to_jsonb(i.kinds), v_clock)
      and exists (
        select
        from public.vantage_channel c
        where c.remind_after is not null
          and (
            select max(n.created_at)
            from public.vantage_notification n
            where n.incident_id = i.incident_id and n.channel = c.name and n.status <> 'skipped') < v_clock - c.remind_after)
    order by i.opened_at
    limit 100
  loop
    perform public.append_vantage_incident_event(v_row.incident_id, 'reminder', v_clock, (
      select e.body
      from public.vantage_incident_event e
      where e.incident_id = v_row.incident_id and e.type in ('opened', 'changed')
      order by e.seq desc
      limit 1));
    v_count := v_count + 1;
  end loop;

  -- Once for all mutes that have ended, and only what was not sent because of them: in one of them it became what it is.
  for v_row in
    select i.incident_id
    from public.vantage_incident i
    where i.closed_at is null and i.is_red and not i.flapping
      and not public.is_vantage_resource_muted(i.resource, to_jsonb(i.kinds), v_clock)
      and exists (
        select
        from public.vantage_mute m
        where not m.is_over and m.ends_at <= v_clock
          and i.changed_at >= m.starts_at and i.changed_at < m.ends_at
          and (m.kinds is null or i.kinds <@ m.kinds)
          and exists (
            select
            from unnest(m.resources) as p (pattern)
            where i.resource like replace(replace(p.pattern, '_', '\_'), '*', '%')))
    order by i.opened_at
  loop
    perform public.append_vantage_incident_event(v_row.incident_id, 'changed', v_clock, (
      select e.body
      from public.vantage_incident_event e
      where e.incident_id = v_row.incident_id and e.type in ('opened', 'changed', 'flapping')
      order by e.seq desc
      limit 1));
    v_count := v_count + 1;
  end loop;

  update public.vantage_mute m
  set is_over = true
  where not m.is_over and m.ends_at <= v_clock;

  delete from public.vantage_mute m
  where m.is_over and m.ends_at < v_clock - interval '90 days';

  for v_row in
    select
      coalesce(a.resource, i.resource) as resource, a.since, a.detail, i.incident_id, i.opened_at,
      exists (select from public.vantage_channel c where 'channel/' || c.name = i.resource) as is_configured
    from public.vantage_channel_alert a
    full join (
      select o.incident_id, o.resource, o.opened_at
      from public.vantage_incident o
      where o.closed_at is null and o.kinds = '{undelivered}'
    ) as i on i.resource = a.resource
    where a.resource is null or i.resource is null
  loop
    v_count := v_count + 1;

    if v_row.incident_id is null then
      insert into public.vantage_incident as i (resource, opened_at, kinds, severity, changed_at)
      values (v_row.resource, v_clock, '{undelivered}', 'error', v_clock)
      returning i.incident_id into v_row.incident_id;

      perform public.append_vantage_incident_event(v_row.incident_id, 'opened', v_clock,
        public.vantage_channel_event_body(v_row.resource, v_row.since, v_row.detail));
    else
      update public.vantage_incident i
      set closed_at = v_clock,
          close_reason = case when v_row.is_configured then 'recovered' else 'deleted' end,
          is_red = false,
          changed_at = v_clock,
          acknowledged_at = null,
          acknowledged_by = null,
          acknowledged_note = null
      where i.incident_id = v_row.incident_id;

      perform public.append_vantage_incident_event(v_row.incident_id, 'closed', v_clock,
        public.vantage_channel_event_body(v_row.resource, v_row.opened_at, format(
          case when v_row.is_configured then 'The channel %s delivers again.' else 'The channel %s was taken out of the configuration.' end,
          substr(v_row.resource, 9))));
    end if;
  end loop;

  return v_count;
end
$function$;

CREATE TRIGGER vantage_incident_event_explain BEFORE INSERT ON public.vantage_incident_event FOR EACH ROW EXECUTE FUNCTION explain_vantage_incident_event();
CREATE TRIGGER vantage_incident_event_fan_out AFTER INSERT ON public.vantage_incident_event FOR EACH ROW EXECUTE FUNCTION fan_out_vantage_incident_event();
CREATE TRIGGER vantage_incident_event_forget AFTER DELETE ON public.vantage_incident_event REFERENCING OLD TABLE AS old_events FOR EACH STATEMENT EXECUTE FUNCTION forget_vantage_notifications();
CREATE TRIGGER vantage_sync_state_0_read_expectation BEFORE INSERT OR UPDATE OF expect ON public.vantage_sync_state FOR EACH ROW WHEN ((new.expect IS NOT NULL)) EXECUTE FUNCTION read_vantage_sync_expectation();
CREATE TRIGGER vantage_sync_state_1_keep_inserted BEFORE INSERT ON public.vantage_sync_state FOR EACH ROW EXECUTE FUNCTION keep_vantage_sync_state();
CREATE TRIGGER vantage_sync_state_1_mark_direct_update BEFORE UPDATE ON public.vantage_sync_state FOR EACH ROW EXECUTE FUNCTION mark_direct_vantage_sync_update();
CREATE TRIGGER vantage_sync_state_2_append_inserted AFTER INSERT ON public.vantage_sync_state FOR EACH ROW WHEN ((new.last_sync_status = ANY (ARRAY['success'::text, 'failed'::text]))) EXECUTE FUNCTION append_inserted_vantage_sync_run();
CREATE TRIGGER vantage_sync_state_2_keep_updated BEFORE UPDATE ON public.vantage_sync_state FOR EACH ROW WHEN ((new.version IS NULL)) EXECUTE FUNCTION keep_vantage_sync_state();
CREATE TRIGGER vantage_sync_state_3_forget_runs AFTER DELETE ON public.vantage_sync_state FOR EACH ROW WHEN ((old.run_id IS NOT NULL)) EXECUTE FUNCTION forget_vantage_sync_runs();
CREATE TRIGGER vantage_sync_state_4_forget_schedule AFTER DELETE ON public.vantage_sync_state FOR EACH ROW EXECUTE FUNCTION follow_vantage_sync_schedule();
CREATE TRIGGER vantage_sync_state_4_plan_inserted AFTER INSERT ON public.vantage_sync_state FOR EACH ROW WHEN ((new.expect IS NOT NULL)) EXECUTE FUNCTION follow_vantage_sync_schedule();
CREATE TRIGGER vantage_sync_state_4_plan_updated AFTER UPDATE OF expect, resource ON public.vantage_sync_state FOR EACH ROW EXECUTE FUNCTION follow_vantage_sync_schedule();
CREATE TRIGGER vantage_sync_state_5_forget_interval AFTER DELETE ON public.vantage_sync_state FOR EACH ROW WHEN ((old.expect IS NOT NULL)) EXECUTE FUNCTION follow_vantage_sync_interval();
CREATE TRIGGER vantage_sync_state_5_note_inserted_interval AFTER INSERT ON public.vantage_sync_state FOR EACH ROW WHEN ((new.expect IS NOT NULL)) EXECUTE FUNCTION follow_vantage_sync_interval();
CREATE TRIGGER vantage_sync_state_5_note_updated_interval AFTER UPDATE OF expect, resource ON public.vantage_sync_state FOR EACH ROW EXECUTE FUNCTION follow_vantage_sync_interval();

create view public.vantage_channel_alert with (security_invoker=true) as
 SELECT ('channel/'::text || c.name) AS resource,
    'undelivered'::text AS kind,
    COALESCE(c.paused_at, c.failing_since) AS since,
    'PT15M'::text AS threshold,
        CASE
            WHEN (c.paused_at IS NOT NULL) THEN format('The channel %s is paused since %s UTC: its receiver answered 410 Gone.'::text, c.name, to_char((c.paused_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
            ELSE format('The channel %s has delivered nothing since %s UTC: %s.'::text, c.name, to_char((c.failing_since AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text), c.last_error)
        END AS detail
   FROM (vantage_channel c
     CROSS JOIN ( SELECT '00:15:00'::interval AS undelivered_after) t)
  WHERE ((c.paused_at IS NOT NULL) OR ((statement_timestamp() - c.failing_since) > t.undelivered_after));

create view public.vantage_sync_alert with (security_invoker=true) as
 SELECT s.resource,
    a.kind,
    a.since,
        CASE
            WHEN (a.threshold IS NOT NULL) THEN concat('P', (NULLIF(EXTRACT(year FROM a.threshold), (0)::numeric) || 'Y'::text), (NULLIF(EXTRACT(month FROM a.threshold), (0)::numeric) || 'M'::text), (NULLIF(EXTRACT(day FROM a.threshold), (0)::numeric) || 'D'::text),
            CASE
                WHEN ((a.threshold - date_trunc('day'::text, a.threshold)) <> '00:00:00'::interval) THEN 'T'::text
                ELSE NULL::text
            END, (NULLIF(EXTRACT(hour FROM a.threshold), (0)::numeric) || 'H'::text), (NULLIF(EXTRACT(minute FROM a.threshold), (0)::numeric) || 'M'::text), (NULLIF(trim_scale(EXTRACT(second FROM a.threshold)), (0)::numeric) || 'S'::text))
            ELSE NULL::text
        END AS threshold,
    a.detail,
    a.severity,
    a.rank
   FROM ((vantage_sync_state s
     CROSS JOIN vantage_sync_setting d)
     CROSS JOIN LATERAL ( SELECT 'failed'::text AS kind,
            s.completed_at AS since,
            NULL::interval AS threshold,
            format('The latest run of %s failed with %s.'::text, s.resource,
                CASE s.error_count
                    WHEN 0 THEN 'no errors reported'::text
                    WHEN 1 THEN '1 error'::text
                    ELSE (s.error_count || ' errors'::text)
                END) AS detail,
            'error'::text AS severity,
            1 AS rank
          WHERE (s.last_sync_status = 'failed'::text)
        UNION ALL
         SELECT 'stuck'::text AS kind,
            l.sign_of_life AS since,
            t.stuck_after AS threshold,
            concat(format('%s is running without a sign of life since %s UTC.'::text, s.resource, to_char((l.sign_of_life AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text)), ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS format
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.sign_of_life)
                  ORDER BY g.gap DESC
                 LIMIT 1)) AS detail,
            'error'::text AS severity,
            2 AS rank
           FROM ( SELECT GREATEST(s.started_at, ((s.progress ->> 'at'::text))::timestamp with time zone) AS sign_of_life) l,
            ( SELECT (COALESCE(s.stuck_after, d.stuck_after))::interval AS stuck_after) t
          WHERE ((s.last_sync_status = 'running'::text) AND ((((statement_timestamp() - l.sign_of_life) > t.stuck_after) AND (((statement_timestamp() - l.sign_of_life) - ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS "coalesce"
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.sign_of_life, statement_timestamp()), statement_timestamp())))) g(gap))) > t.stuck_after)) OR ((l.sign_of_life - statement_timestamp()) > '24:00:00'::interval)))
        UNION ALL
         SELECT 'stale'::text AS kind,
            l.success AS since,
            t.stale_after AS threshold,
            concat(
                CASE
                    WHEN ((s.last_sync_status = 'never_run'::text) AND (s.last_sync_time IS NULL)) THEN format('%s has never run since it was registered at %s UTC.'::text, s.resource, to_char((s.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    WHEN (s.last_sync_time IS NULL) THEN format('%s has never had a successful sync since it was registered at %s UTC.'::text, s.resource, to_char((s.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    ELSE format('%s has had no successful sync since %s UTC.'::text, s.resource, to_char((s.last_sync_time AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                END, ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS format
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.success)
                  ORDER BY g.gap DESC
                 LIMIT 1)) AS detail,
                CASE
                    WHEN ((s.last_sync_status = 'never_run'::text) AND ((statement_timestamp() - l.success) <= t.stale_after)) THEN 'warning'::text
                    ELSE 'error'::text
                END AS severity,
            3 AS rank
           FROM ( SELECT COALESCE(s.last_sync_time, s.created_at) AS success) l,
            ( SELECT (COALESCE(s.stale_after, d.stale_after))::interval AS stale_after) t
          WHERE ((s.expect IS NULL) AND ((s.last_sync_status = 'never_run'::text) OR (((statement_timestamp() - l.success) > t.stale_after) AND (((statement_timestamp() - l.success) - ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS "coalesce"
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.success, statement_timestamp()), statement_timestamp())))) g(gap))) > t.stale_after)) OR ((s.last_sync_time - statement_timestamp()) > '24:00:00'::interval)))
        UNION ALL
         SELECT 'stale'::text AS kind,
            l.due_at AS since,
            l.grace AS threshold,
            concat(format('%s was due at %s UTC and %s.'::text, s.resource, to_char((l.due_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text),
                CASE
                    WHEN ((s.last_sync_status = ANY (ARRAY['never_run'::text, 'success'::text])) OR (s.started_at < l.counts_from)) THEN 'never started'::text
                    WHEN (s.last_sync_status = 'running'::text) THEN format('has started, but is not done: it is running since %s UTC'::text, to_char((s.started_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                    ELSE format('has started, but is not done: the run failed at %s UTC'::text, to_char((s.completed_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
                END), n.sentence) AS detail,
            'error'::text AS severity,
            3 AS rank
           FROM (((( SELECT
                        CASE
                            WHEN ((COALESCE(s.success_started_at, s.last_sync_time) - statement_timestamp()) <= '24:00:00'::interval) THEN COALESCE(s.success_started_at, s.last_sync_time)
                            ELSE s.created_at
                        END AS success) b
             CROSS JOIN LATERAL (( SELECT v.due_at,
                    v.counts_from,
                    (v.deadline - v.due_at) AS grace
                   FROM vantage_sync_due v
                  WHERE ((v.resource = (s.resource COLLATE "C")) AND (v.due_at > b.success) AND (v.counts_from > b.success) AND (v.skipped IS NULL))
                  ORDER BY v.due_at
                 LIMIT 1)
                UNION ALL
                 SELECT (b.success + ((EXTRACT(epoch FROM ((s.expect ->> 'every'::text))::interval))::double precision * '00:00:01'::interval)) AS due_at,
                    b.success AS counts_from,
                    ((s.expect ->> 'grace'::text))::interval AS grace
                  WHERE (s.expect ? 'every'::text)) l)
             CROSS JOIN LATERAL ( SELECT COALESCE(sum((upper(g.gap) - lower(g.gap))), '00:00:00'::interval) AS length
                   FROM unnest((d.unwatched * tstzmultirange(tstzrange(LEAST(l.due_at, statement_timestamp()), statement_timestamp())))) g(gap)
                  WHERE ((statement_timestamp() - l.due_at) > l.grace)) w)
             LEFT JOIN LATERAL ( SELECT format(' Nobody watched from %s to %s UTC; a report may be missing.'::text, to_char((lower(g.gap) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text), to_char(((upper(g.gap) - '00:02:00'::interval) AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI'::text)) AS sentence
                   FROM unnest(d.unwatched) g(gap)
                  WHERE (upper(g.gap) > l.due_at)
                  ORDER BY g.gap DESC
                 LIMIT 1) n ON (true))
          WHERE ((s.expect IS NOT NULL) AND ((statement_timestamp() - l.due_at) > l.grace) AND (((statement_timestamp() - l.due_at) - w.length) > l.grace))
        UNION ALL
         SELECT 'slow'::text AS kind,
            s.completed_at AS since,
            t.slow_after AS threshold,
            format('The latest run of %s took %s seconds.'::text, s.resource, trim_scale(EXTRACT(epoch FROM (s.completed_at - s.started_at)))) AS detail,
            'warning'::text AS severity,
            4 AS rank
           FROM ( SELECT (COALESCE(s.slow_after, d.slow_after))::interval AS slow_after) t
          WHERE ((s.last_sync_status = ANY (ARRAY['success'::text, 'failed'::text])) AND ((s.completed_at - s.started_at) > t.slow_after))) a);

create view public.vantage_sync_freshness with (security_invoker=true) as
 SELECT s.resource,
    d.as_of,
        CASE
            WHEN (d.as_of IS NOT NULL) THEN GREATEST((statement_timestamp() - d.as_of), '00:00:00'::interval)
            ELSE NULL::interval
        END AS age,
    ((a.kind IS NULL) AND (d.as_of IS NOT NULL)) AS fresh,
    (s.last_sync_status = 'running'::text) AS running,
        CASE
            WHEN (a.kind IS NOT NULL) THEN a.detail
            WHEN (d.as_of IS NULL) THEN format('%s has never had a successful sync.'::text, s.resource)
            ELSE format('%s has data as of %s UTC.'::text, s.resource, to_char((d.as_of AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS'::text))
        END AS reason
   FROM (((vantage_sync_state s
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (s.last_sync_status = 'success'::text) THEN s.started_at
                    WHEN (s.last_sync_time IS NOT NULL) THEN COALESCE(( SELECT h.started_at
                       FROM vantage_sync_history h
                      WHERE ((h.resource = s.resource) AND (h.status = 'success'::text))
                      ORDER BY h.started_at DESC
                     LIMIT 1), LEAST(s.watermark, s.last_sync_time))
                    ELSE NULL::timestamp with time zone
                END AS started_at) l)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((l.started_at - statement_timestamp()) <= '24:00:00'::interval) THEN l.started_at
                    ELSE NULL::timestamp with time zone
                END AS as_of) d)
     LEFT JOIN vantage_sync_alert a ON (((a.resource = s.resource) AND (a.kind = 'stale'::text))));

create view public.vantage_sync_next_due with (security_invoker=true) as
 SELECT s.resource,
    n.due_at,
    concat(to_char((n.due_at AT TIME ZONE z.name), 'YYYY-MM-DD"T"HH24:MI:SS'::text),
        CASE
            WHEN (z.ahead < '00:00:00'::interval) THEN '-'::text
            ELSE '+'::text
        END, to_char(GREATEST(z.ahead, (- z.ahead)), 'HH24:MI'::text)) AS local,
    n.deadline
   FROM ((vantage_sync_state s
     CROSS JOIN LATERAL (( SELECT u.due_at,
            u.deadline
           FROM vantage_sync_due u
          WHERE ((u.resource = (s.resource COLLATE "C")) AND (u.due_at > statement_timestamp()) AND (u.skipped IS NULL))
          ORDER BY u.due_at
         LIMIT 3)
        UNION ALL
         SELECT (b.success + (i.n * e.every)) AS due_at,
            ((b.success + (i.n * e.every)) + e.grace) AS deadline
           FROM (((( SELECT
                        CASE
                            WHEN ((COALESCE(s.success_started_at, s.last_sync_time) - statement_timestamp()) <= '24:00:00'::interval) THEN COALESCE(s.success_started_at, s.last_sync_time)
                            ELSE s.created_at
                        END AS success) b
             CROSS JOIN ( SELECT ((EXTRACT(epoch FROM ((s.expect ->> 'every'::text))::interval))::double precision * '00:00:01'::interval) AS every,
                    ((EXTRACT(epoch FROM ((s.expect ->> 'grace'::text))::interval))::double precision * '00:00:01'::interval) AS grace) e)
             CROSS JOIN LATERAL ( SELECT GREATEST((floor((EXTRACT(epoch FROM (statement_timestamp() - b.success)) / EXTRACT(epoch FROM e.every))))::double precision, (0)::double precision) AS passed) p)
             CROSS JOIN LATERAL ( SELECT (p.passed + (m.n)::double precision) AS n
                   FROM generate_series(1, 3) m(n)) i)
          WHERE (s.expect ? 'every'::text)) n)
     CROSS JOIN LATERAL ( SELECT o.name,
            ((n.due_at AT TIME ZONE o.name) - (n.due_at AT TIME ZONE 'UTC'::text)) AS ahead
           FROM ( SELECT COALESCE((s.expect ->> 'time_zone'::text), 'UTC'::text) AS name) o) z)
  WHERE (s.expect IS NOT NULL);

create view public.vantage_sync_recent with (security_invoker=true) as
 SELECT s.resource,
    COALESCE(r.statuses, '[]'::json) AS statuses,
    COALESCE(r.started_at, '[]'::json) AS started_at,
    COALESCE(r.durations_ms, '[]'::json) AS durations_ms,
    r.success_rate,
    r.usual_duration_ms,
    c.consecutive_failures,
    c.failing_since
   FROM ((vantage_sync_state s
     CROSS JOIN LATERAL ( SELECT json_agg(h.status) AS statuses,
            json_agg(to_char((h.started_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text)) AS started_at,
            json_agg(h.duration_ms) AS durations_ms,
            round(((count(*) FILTER (WHERE (h.status = 'success'::text)))::numeric / (NULLIF(count(*), 0))::numeric), 4) AS success_rate,
            percentile_disc((0.5)::double precision) WITHIN GROUP (ORDER BY h.duration_ms) FILTER (WHERE (h.status = 'success'::text)) AS usual_duration_ms,
            min(h.started_at) AS first_started_at,
            max(h.started_at) FILTER (WHERE (h.status = 'success'::text)) AS last_success_started_at
           FROM ( SELECT l.status,
                    l.started_at,
                    l.duration_ms
                   FROM ( SELECT n.status,
                            n.started_at,
                            n.duration_ms
                           FROM vantage_sync_history n
                          WHERE (n.resource = s.resource)
                          ORDER BY n.started_at DESC
                         LIMIT 30) l
                  ORDER BY l.started_at) h) r)
     CROSS JOIN LATERAL ( SELECT (count(*))::integer AS consecutive_failures,
            min(f.completed_at) AS failing_since
           FROM vantage_sync_history f
          WHERE ((f.resource = s.resource) AND (f.status <> 'success'::text) AND (f.status = 'failed'::text) AND (f.started_at >= r.first_started_at) AND (f.started_at > COALESCE(r.last_success_started_at, '-infinity'::timestamp with time zone)))) c);

create view public.vantage_sync_run with (security_invoker=true) as
 SELECT h.run_id,
    h.resource,
    h.status,
    h.started_at,
    h.completed_at,
    h.duration_ms,
    h.records_synced,
    h.records_created,
    h.records_updated,
    h.errors,
    h.watermark,
    h.progress,
    h.superseded_by
   FROM vantage_sync_history h
UNION ALL
 SELECT s.run_id,
    (s.resource COLLATE "C") AS resource,
    'running'::text AS status,
    s.started_at,
    NULL::timestamp with time zone AS completed_at,
    NULL::integer AS duration_ms,
    0 AS records_synced,
    0 AS records_created,
    0 AS records_updated,
    '[]'::jsonb AS errors,
    NULL::timestamp with time zone AS watermark,
    s.progress,
    NULL::uuid AS superseded_by
   FROM vantage_sync_state s
  WHERE (s.last_sync_status = 'running'::text);

alter table public.vantage_badge_secret enable row level security;
alter table public.vantage_channel enable row level security;
alter table public.vantage_incident enable row level security;
alter table public.vantage_incident_event enable row level security;
alter table public.vantage_mute enable row level security;
alter table public.vantage_notification enable row level security;
alter table public.vantage_ping_secret enable row level security;
alter table public.vantage_scheduled_task enable row level security;
alter table public.vantage_sync_due enable row level security;
alter table public.vantage_sync_history enable row level security;
alter table public.vantage_sync_history_move enable row level security;
alter table public.vantage_sync_interval enable row level security;
alter table public.vantage_sync_setting enable row level security;
alter table public.vantage_sync_skipped_day enable row level security;
alter table public.vantage_sync_state enable row level security;
alter table public.vantage_watch enable row level security;

create policy vantage_badge_secret_write on public.vantage_badge_secret for all to service_role using (true) with check (true);
create policy vantage_channel_read on public.vantage_channel for select to anon, authenticated, service_role using (true);
create policy vantage_incident_read on public.vantage_incident for select to anon, authenticated, service_role using (true);
create policy vantage_incident_event_read on public.vantage_incident_event for select to anon, authenticated, service_role using (true);
create policy vantage_mute_read on public.vantage_mute for select to anon, authenticated, service_role using (true);
create policy vantage_notification_read on public.vantage_notification for select to anon, authenticated, service_role using (true);
create policy vantage_ping_secret_write on public.vantage_ping_secret for all to service_role using (true) with check (true);
create policy vantage_scheduled_task_write on public.vantage_scheduled_task for all to service_role using (true) with check (true);
create policy vantage_sync_due_read on public.vantage_sync_due for select to anon, authenticated, service_role using (true);
create policy vantage_sync_history_read on public.vantage_sync_history for select to anon, authenticated, service_role using (true);
create policy vantage_sync_history_move_read on public.vantage_sync_history_move for select to service_role using (true);
create policy vantage_sync_interval_read on public.vantage_sync_interval for select to anon, authenticated, service_role using (true);
create policy vantage_sync_setting_read on public.vantage_sync_setting for select to anon, authenticated, service_role using (true);
create policy vantage_sync_setting_write on public.vantage_sync_setting for update to service_role using (true) with check (true);
create policy vantage_sync_skipped_day_read on public.vantage_sync_skipped_day for select to anon, authenticated, service_role using (true);
create policy vantage_sync_state_read on public.vantage_sync_state for select to anon, authenticated using (true);
create policy vantage_sync_state_write on public.vantage_sync_state for all to service_role using (true) with check (true);
create policy vantage_watch_read on public.vantage_watch for select to anon, authenticated, service_role using (true);

grant execute on function public.acknowledge_vantage_incident(uuid,text,text) to service_role;
grant execute on function public.batch_vantage_sync(jsonb) to service_role;
grant execute on function public.claim_vantage_notifications(text,integer) to service_role;
grant execute on function public.complete_vantage_sync(text,integer,integer,integer,uuid,timestamp with time zone) to service_role;
grant execute on function public.delete_old_vantage_incidents(interval,integer) to service_role;
grant execute on function public.delete_old_vantage_sync_runs(interval,integer) to service_role;
grant execute on function public.end_vantage_mute(uuid) to service_role;
grant execute on function public.evaluate_vantage_alerts(integer) to service_role;
grant execute on function public.explain_vantage_sync(text) to anon, authenticated, service_role;
grant execute on function public.fail_vantage_sync(text,jsonb,uuid,integer,integer,integer) to service_role;
grant execute on function public.fill_vantage_sync_due(integer) to service_role;
grant execute on function public.missed_vantage_syncs(timestamp with time zone) to anon, authenticated, service_role;
grant execute on function public.move_vantage_sync_history(integer) to service_role;
grant execute on function public.mute_vantage_resources(text[],timestamp with time zone,text[],timestamp with time zone,text,text) to service_role;
grant execute on function public.ping_vantage_sync(text,text,uuid,boolean,jsonb,integer,integer,integer,timestamp with time zone,integer,integer) to service_role;
grant execute on function public.progress_vantage_sync(text,integer,integer,uuid) to service_role;
grant execute on function public.record_vantage_delivery(text,uuid[],text,integer,text,interval) to service_role;
grant execute on function public.record_vantage_lineage(text,uuid,text,timestamp with time zone,integer,jsonb,boolean) to service_role;
grant execute on function public.release_vantage_notifications(uuid[]) to service_role;
grant execute on function public.require_fresh_vantage_sync(text[],interval,timestamp with time zone,boolean,boolean) to anon, authenticated, service_role;
grant execute on function public.retry_vantage_notification(uuid) to service_role;
grant execute on function public.set_vantage_channels(jsonb) to service_role;
grant execute on function public.skip_vantage_sync_day(text,date,text) to service_role;
grant execute on function public.start_vantage_sync(text,uuid,boolean) to service_role;
grant execute on function public.test_vantage_channel(text) to service_role;
grant execute on function public.unskip_vantage_sync_day(text,date) to service_role;
grant execute on function public.vantage_common_cause(uuid[]) to service_role;
grant execute on function public.vantage_common_causes(timestamp with time zone,timestamp with time zone) to service_role;
grant execute on function public.vantage_sync_alerts(vantage_sync_state) to service_role;
grant execute on function public.vantage_sync_next_due(vantage_sync_state) to service_role;
grant execute on function public.vantage_sync_time_text(timestamp with time zone) to service_role;
grant execute on function public.watch_vantage_channels() to service_role;
grant select, update on table public.vantage_badge_secret to service_role;
grant select on table public.vantage_channel to anon, authenticated, service_role;
grant select on table public.vantage_channel_alert to anon, authenticated, service_role;
grant select on table public.vantage_incident to anon, authenticated, service_role;
grant select on table public.vantage_incident_event to anon, authenticated, service_role;
grant select on table public.vantage_mute to anon, authenticated, service_role;
grant select on table public.vantage_notification to anon, authenticated, service_role;
grant select, update on table public.vantage_ping_secret to service_role;
grant delete, insert, select, update on table public.vantage_scheduled_task to service_role;
grant select on table public.vantage_sync_alert to anon, authenticated, service_role;
grant select on table public.vantage_sync_due to anon, authenticated, service_role;
grant select on table public.vantage_sync_freshness to anon, authenticated, service_role;
grant select on table public.vantage_sync_history to anon, authenticated, service_role;
grant select on table public.vantage_sync_history_move to service_role;
grant select on table public.vantage_sync_interval to anon, authenticated, service_role;
grant select on table public.vantage_sync_next_due to anon, authenticated, service_role;
grant select on table public.vantage_sync_recent to anon, authenticated, service_role;
grant select on table public.vantage_sync_run to anon, authenticated, service_role;
grant select on table public.vantage_sync_setting to anon, authenticated;
grant select, update (fail_after), update (slow_after), update (stale_after), update (stuck_after) on table public.vantage_sync_setting to service_role;
grant select on table public.vantage_sync_skipped_day to anon, authenticated, service_role;
grant select on table public.vantage_sync_state to anon, authenticated;
grant delete, insert, select, update on table public.vantage_sync_state to service_role;
grant select on table public.vantage_watch to anon, authenticated, service_role;
