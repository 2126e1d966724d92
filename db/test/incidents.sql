-- Incidents: one open a resource, whatever happens between two evaluations, and what of it is reported.

begin;

-- Only what is made below. Times are moved into the past, since the clock of an evaluation is that of the statement.
delete from public.vantage_sync_state;
update public.vantage_watch set evaluated_at = null;

create function pg_temp.evaluate()
returns integer
language plpgsql
as $$
begin
  return public.evaluate_vantage_alerts();
end
$$;

-- A resource whose last success is an instant ago.
create function pg_temp.green(p_resource text)
returns text
language plpgsql
as $$
begin
  perform public.start_vantage_sync(p_resource);
  perform public.complete_vantage_sync(p_resource, 100);
  return p_resource;
end
$$;

create function pg_temp.red(p_resource text, p_errors jsonb default '[{"code": "A", "message": "b"}]')
returns text
language plpgsql
as $$
begin
  perform public.start_vantage_sync(p_resource);
  perform public.fail_vantage_sync(p_resource, p_errors);
  return p_resource;
end
$$;

-- What was reported of a resource.
create function pg_temp.story(p_resource text)
returns text
language sql
as $$
  select coalesce(string_agg(e.type || ' ' || translate(e.body ->> 'kinds', '[]" ', ''), '; ' order by e.position), '')
  from public.vantage_incident i
  join public.vantage_incident_event e on e.incident_id = i.incident_id
  where i.resource = p_resource
$$;

create function pg_temp.incident(p_resource text)
returns public.vantage_incident
language sql
as $$
  select i from public.vantage_incident i where i.resource = p_resource order by i.opened_at desc limit 1
$$;

-- Lets that much time pass for the incidents.
create function pg_temp.pass(p_time interval)
returns void
language sql
as $$
  update public.vantage_incident
  set opened_at = opened_at - p_time, changed_at = changed_at - p_time, closed_at = closed_at - p_time;
  update public.vantage_incident_event set at = at - p_time;
$$;

-- From a failure to the success: retries that start and fail are part of it
do $$
declare
  v_event public.vantage_incident_event;
begin
  perform pg_temp.green('spec.retry');
  assert pg_temp.evaluate() = 0, 'nothing is wrong';
  assert pg_temp.incident('spec.retry') is null, 'and nothing is reported';

  perform pg_temp.red('spec.retry');
  assert pg_temp.evaluate() = 1, 'an incident opens';
  assert pg_temp.evaluate() = 0, 'once';
  perform public.start_vantage_sync('spec.retry');
  assert pg_temp.evaluate() = 0, 'the retry mends nothing yet';
  perform public.fail_vantage_sync('spec.retry', '[]');
  assert pg_temp.evaluate() = 0, 'nor is it worse';
  perform public.start_vantage_sync('spec.retry');
  perform public.complete_vantage_sync('spec.retry', 7);
  assert pg_temp.evaluate() = 1, 'a success closes it';
  assert pg_temp.story('spec.retry') = 'opened failed; closed failed', pg_temp.story('spec.retry');
  assert (pg_temp.incident('spec.retry')).close_reason = 'recovered', 'by a success';
  assert (pg_temp.incident('spec.retry')).severity = 'error', 'of an error';

  select e.* into v_event from public.vantage_incident_event e
  where e.incident_id = (pg_temp.incident('spec.retry')).incident_id and e.seq = 1;
  assert v_event.body ->> 'detail' = 'The latest run of spec.retry failed with A "b".', v_event.body ->> 'detail';
  assert v_event.body -> 'errors' = '[{"code": "A", "message": "b"}]', 'with its errors';
  assert v_event.body #>> '{state,last_sync_status}' = 'failed', 'and the state at that moment';
  assert v_event.body #>> '{alerts,0,kind}' = 'failed' and v_event.body #>> '{alerts,0,since}' = v_event.body ->> 'since', 'since when';
  assert (select e.body ->> 'detail' like 'spec.retry succeeded at % UTC with 7 records.' from public.vantage_incident_event e
    where e.incident_id = v_event.incident_id and e.seq = 2), 'and how it ended';
end
$$;

-- What happens between two evaluations and is mended stays history
do $$
begin
  perform pg_temp.green('spec.between');
  perform pg_temp.red('spec.between');
  perform pg_temp.green('spec.between');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.between') = '', 'nothing is reported';
end
$$;

-- fail_after: so many runs in a row, and so many must exist
do $$
declare
  v_run uuid;
begin
  insert into public.vantage_sync_state (resource, fail_after) values ('spec.fail_after', 3);
  update public.vantage_sync_state set last_sync_status = 'success', last_sync_time = now() where resource = 'spec.fail_after';
  delete from public.vantage_sync_history where resource = 'spec.fail_after';
  perform pg_temp.red('spec.fail_after');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.fail_after') = '', 'one run is not three';
  v_run := (public.start_vantage_sync('spec.fail_after')).run_id;
  perform public.start_vantage_sync('spec.fail_after', null, true);
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.fail_after') = '', 'nor are two, one of them abandoned';
  perform public.fail_vantage_sync('spec.fail_after', '[]');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.fail_after') = 'opened failed', 'three are';
  update public.vantage_sync_state set fail_after = 100 where resource = 'spec.fail_after';
  perform pg_temp.evaluate();
  assert (pg_temp.incident('spec.fail_after')).close_reason = 'cleared', 'another number is no success';

  perform pg_temp.green('spec.default');
  update public.vantage_sync_setting set fail_after = 2;
  perform pg_temp.red('spec.default');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.default') = '', 'the default counts as well';
  perform pg_temp.red('spec.default');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.default') = 'opened failed', 'for those without a number of their own';
  perform pg_temp.green('spec.default');
  perform pg_temp.red('spec.default');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.default') = 'opened failed; closed failed', 'a success begins anew';
  update public.vantage_sync_setting set fail_after = default;
  delete from public.vantage_sync_state where resource in ('spec.default', 'spec.fail_after');
  perform pg_temp.evaluate();
end
$$;

-- The kinds are what an incident is about: more of them are a change of it, not a second one
do $$
declare
  v_state public.vantage_sync_state;
begin
  perform pg_temp.green('spec.kinds');
  update public.vantage_sync_state set started_at = started_at + interval '1 second', completed_at = started_at + interval '1 hour'
  where resource = 'spec.kinds';
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.kinds') = 'opened slow', pg_temp.story('spec.kinds');
  assert (pg_temp.incident('spec.kinds')).severity = 'warning', 'slow is a warning';
  perform public.acknowledge_vantage_incident((pg_temp.incident('spec.kinds')).incident_id, 'Ada', 'looking');
  perform public.start_vantage_sync('spec.kinds');
  assert pg_temp.evaluate() = 0, 'while it runs it stays what it was';

  perform public.fail_vantage_sync('spec.kinds', '[]');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.kinds') = 'opened slow; acknowledged slow; changed failed', pg_temp.story('spec.kinds');
  assert (pg_temp.incident('spec.kinds')).severity = 'error', 'it got worse';
  assert (pg_temp.incident('spec.kinds')).acknowledged_at is null and (pg_temp.incident('spec.kinds')).acknowledged_by is null
    and (pg_temp.incident('spec.kinds')).acknowledged_note is null, 'which ends an acknowledgement';

  perform public.acknowledge_vantage_incident((pg_temp.incident('spec.kinds')).incident_id);
  update public.vantage_sync_state set last_sync_time = now() - interval '2 days' where resource = 'spec.kinds';
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.kinds') like '%changed failed; acknowledged failed; changed failed,stale', pg_temp.story('spec.kinds');
  assert (pg_temp.incident('spec.kinds')).acknowledged_at is not null, 'what is as bad as before does not';

  delete from public.vantage_sync_state where resource = 'spec.kinds';
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.kinds') like '%; closed failed,stale', 'with the resource ends its incident';
  assert (pg_temp.incident('spec.kinds')).close_reason = 'deleted' and (pg_temp.incident('spec.kinds')).acknowledged_at is null, 'as deleted';
  perform pg_temp.red('spec.kinds');
  perform pg_temp.evaluate();
  assert (select count(*) = 2 from public.vantage_incident where resource = 'spec.kinds'), 'one of that name has its own';
end
$$;

-- Stuck, and a first run that is not done yet
do $$
begin
  insert into public.vantage_sync_state (resource) values ('spec.first');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.first') = 'opened stale' and (pg_temp.incident('spec.first')).severity = 'warning', 'registered lately';
  perform public.start_vantage_sync('spec.first');
  assert pg_temp.evaluate() = 0, 'it has not succeeded yet';
  perform public.complete_vantage_sync('spec.first');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.first') = 'opened stale; closed stale', 'now it has';

  insert into public.vantage_sync_state (resource, last_sync_status, started_at, last_sync_time)
  values ('spec.stuck', 'running', clock_timestamp() - interval '1 hour', clock_timestamp());
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.stuck') = 'opened stuck' and (pg_temp.incident('spec.stuck')).severity = 'error', 'no sign of life';
  perform public.progress_vantage_sync('spec.stuck');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.stuck') = 'opened stuck; closed stuck', 'a sign of life';
  assert (pg_temp.incident('spec.stuck')).close_reason = 'cleared', 'is no success';
end
$$;

-- Red again within ten minutes is the same incident, after them another
do $$
begin
  perform pg_temp.red('spec.again');
  perform pg_temp.evaluate();
  perform pg_temp.green('spec.again');
  perform pg_temp.evaluate();
  perform pg_temp.pass('9 minutes');
  perform pg_temp.red('spec.again');
  perform pg_temp.evaluate();
  assert (select count(*) = 1 and min(reopened) = 1 and min(closed_at) is null and min(close_reason) is null
    from public.vantage_incident where resource = 'spec.again'), 'the same';
  assert pg_temp.story('spec.again') = 'opened failed; closed failed; opened failed', pg_temp.story('spec.again');
  perform pg_temp.green('spec.again');
  perform pg_temp.evaluate();
  perform pg_temp.pass('11 minutes');
  perform pg_temp.red('spec.again');
  perform pg_temp.evaluate();
  assert (select count(*) = 2 from public.vantage_incident where resource = 'spec.again'), 'another';
end
$$;

-- Fifty flips: the fourth reopening in an hour is the last that is reported, until it lasts
do $$
declare
  v_reported constant text := 'opened failed; closed failed; opened failed; closed failed; opened failed; closed failed; opened failed; closed failed; flapping failed';
begin
  for i in 1..25 loop
    perform pg_temp.red('spec.flips');
    perform pg_temp.evaluate();
    perform pg_temp.green('spec.flips');
    perform pg_temp.evaluate();
  end loop;
  assert pg_temp.story('spec.flips') = v_reported, pg_temp.story('spec.flips');
  assert (select count(*) = 1 and bool_and(flapping and closed_at is null and not is_red) from public.vantage_incident where resource = 'spec.flips'), 'open, though nothing is wrong now';

  perform pg_temp.pass('29 minutes');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.flips') = v_reported, 'not yet';
  perform pg_temp.pass('2 minutes');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.flips') = v_reported || '; closed failed', 'one last word';
  assert (pg_temp.incident('spec.flips')).close_reason = 'recovered' and not (pg_temp.incident('spec.flips')).flapping, 'it is over';

  for i in 1..5 loop
    perform pg_temp.red('spec.flips.red');
    perform pg_temp.evaluate();
    perform pg_temp.green('spec.flips.red');
    perform pg_temp.evaluate();
  end loop;
  perform pg_temp.red('spec.flips.red');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.flips.red') = v_reported, 'the same for another';
  perform pg_temp.pass('31 minutes');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.flips.red') = v_reported || '; changed failed', 'it lasts, and is reported';
  perform pg_temp.green('spec.flips.red');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.flips.red') like '%; changed failed; closed failed', 'and so is its end';

  for i in 1..5 loop
    perform pg_temp.red('spec.flips.long');
    perform pg_temp.evaluate();
    perform pg_temp.green('spec.flips.long');
    perform pg_temp.evaluate();
  end loop;
  perform pg_temp.red('spec.flips.long');
  perform pg_temp.evaluate();
  perform pg_temp.pass('31 minutes');
  perform pg_temp.green('spec.flips.long');
  perform pg_temp.evaluate();
  assert pg_temp.story('spec.flips.long') = v_reported || '; closed failed', 'what lasted ends in one step';
end
$$;

-- Two hours in which nobody watched: silence does not count, nor two minutes after, and what is true is reported with the reason
do $$
declare
  v_now constant timestamptz := statement_timestamp();
begin
  delete from public.vantage_sync_state;
  delete from public.vantage_incident;
  delete from public.vantage_incident_event;
  insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, last_sync_time, stale_after, progress)
  values
    ('spec.gap.alive', 'running', v_now - interval '3 hours', null, v_now, null,
      jsonb_build_object('records', null, 'total', null, 'at', public.vantage_sync_time_text(v_now - interval '2 hours'))),
    ('spec.gap.stuck', 'running', v_now - interval '3 hours', null, v_now, null,
      jsonb_build_object('records', null, 'total', null, 'at', public.vantage_sync_time_text(v_now - interval '150 minutes'))),
    ('spec.gap.fresh', 'success', v_now - interval '150 minutes', v_now - interval '150 minutes', v_now - interval '150 minutes', interval '1 hour', null);
  update public.vantage_watch set evaluated_at = v_now - interval '2 hours';
  update public.vantage_sync_setting set unwatched = default;

  perform pg_temp.evaluate();
  assert (select count(*) = 0 from public.vantage_incident), 'nothing is reported that only the blindness made';
  assert (select unwatched = tstzmultirange(tstzrange(v_now - interval '2 hours', v_now + interval '2 minutes'))
    from public.vantage_sync_setting), 'and it is known';
  assert (select evaluated_at = v_now from public.vantage_watch), 'somebody watches again';

  -- A minute passes, and two, and a little more. (The clock is that of the statement: the past moves.)
  update public.vantage_sync_setting set unwatched = tstzmultirange(tstzrange(v_now - interval '121 minutes', v_now + interval '1 minute'));
  update public.vantage_sync_state
  set progress = jsonb_set(progress, '{at}', to_jsonb(public.vantage_sync_time_text((progress ->> 'at')::timestamptz - interval '1 minute')))
  where progress is not null;
  perform pg_temp.evaluate();
  assert (select count(*) = 0 from public.vantage_incident), 'not before the settling time';

  update public.vantage_sync_setting set unwatched = tstzmultirange(tstzrange(v_now - interval '123 minutes', v_now - interval '1 minute'));
  update public.vantage_sync_state
  set progress = jsonb_set(progress, '{at}', to_jsonb(public.vantage_sync_time_text((progress ->> 'at')::timestamptz - interval '2 minutes')))
  where progress is not null;
  perform pg_temp.evaluate();
  assert (select array_agg(i.resource::text) = array['spec.gap.stuck'] from public.vantage_incident i), 'what was stuck before is reported';
  assert (select e.body ->> 'detail' like '% UTC. Nobody watched from % to % UTC; a report may be missing.'
    from public.vantage_incident_event e), 'and that a report may be missing';

  update public.vantage_watch set evaluated_at = v_now - interval '59 seconds';
  perform pg_temp.evaluate();
  assert (select count(*) = 1 from public.vantage_sync_setting d, unnest(d.unwatched)), 'less than a minute is no gap';

  update public.vantage_sync_setting set unwatched = (
    select range_agg(tstzrange(v_now - i * interval '1 hour' - interval '20 days', v_now - i * interval '1 hour' - interval '20 days' + interval '5 minutes'))
    from generate_series(1, 1200) as i);
  update public.vantage_watch set evaluated_at = v_now - interval '1 hour';
  perform pg_temp.evaluate();
  assert (select count(*) = 1000 and max(lower(g.gap)) = v_now - interval '1 hour' from public.vantage_sync_setting d, unnest(d.unwatched) as g (gap)), 'a thousand are kept, the latest';
  update public.vantage_sync_setting set unwatched = default;
end
$$;

-- At most so many a call
do $$
begin
  insert into public.vantage_sync_state (resource) select 'spec.many.' || i from generate_series(1, 5) as i;
  assert public.evaluate_vantage_alerts(3) = 3, 'three of them';
  assert public.evaluate_vantage_alerts(3) = 2, 'the rest';
  assert public.evaluate_vantage_alerts(3) = 0, 'that was all';
end
$$;

-- A mass failure reads every table a few times, not once for each event
create function pg_temp.read()
returns table (relname name, rows bigint)
language sql
as $$
  select t.relname, coalesce(t.seq_tup_read, 0) + coalesce(t.idx_tup_fetch, 0)
  from pg_stat_xact_user_tables t
  where t.schemaname = 'public'
$$;

insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
select 'spec.mass.' || i, 'failed', now(), now(), jsonb_build_array(jsonb_build_object('code',
  case when i in (1, 251) then repeat('E', 300) else 'E' || i % 250 end, 'message', 'x'))
from generate_series(1, 500) as i;
-- As autovacuum does within a minute: it reads a history of which it knows nothing by any index.
analyze public.vantage_sync_history;

do $$
declare
  v_row record;
begin
  create temporary table before on commit drop as select r.relname, r.rows from pg_temp.read() as r;
  perform pg_temp.evaluate();

  for v_row in
    select r.relname, r.rows - coalesce(b.rows, 0) as rows
    from pg_temp.read() as r
    left join before b on b.relname = r.relname
  loop
    assert v_row.rows < 30 * 500, format('%s: %s rows of a table of about 500', v_row.relname, v_row.rows);
  end loop;

  assert (select e.body ->> 'explanation' like '%1 other resource has failed with it since % UTC: spec.mass.251.%' and not e.body ? 'failures'
    from public.vantage_incident_event e where e.incident_id = (pg_temp.incident('spec.mass.1')).incident_id), 'and each knows of the others';
  delete from public.vantage_sync_state where resource like 'spec.mass.%';
  perform pg_temp.evaluate();
end
$$;

-- What jobs report is cut, on one line, and turns nothing around
do $$
declare
  v_body jsonb;
begin
  perform pg_temp.red('spec.hostile', jsonb_build_array(
    jsonb_build_object('code', E'A\nB', 'message', E'\u202eevil\u2066 <b>x</b>\t\x1b[31m' || repeat('x', 100000)),
    '{"code": "B", "message": "two"}'::jsonb, '{"code": "C", "message": "three"}'::jsonb, '{"code": "D", "message": "four"}'::jsonb));
  perform pg_temp.evaluate();
  select e.body into v_body from public.vantage_incident_event e
  where e.incident_id = (pg_temp.incident('spec.hostile')).incident_id;
  assert v_body ->> 'detail' like 'The latest run of spec.hostile failed with A B "evil <b>x</b> [31mxxx%…" and 3 more errors.', v_body ->> 'detail';
  assert length(v_body ->> 'detail') < 400 and octet_length(v_body::text) < 4000, 'bounded';
  assert jsonb_array_length(v_body -> 'errors') = 3, 'the first three';
end
$$;

-- Acknowledgements
do $$
declare
  v_id uuid := (pg_temp.incident('spec.hostile')).incident_id;
  v_refusal jsonb;
begin
  assert (public.acknowledge_vantage_incident(v_id, 'Ada', 'mine')).acknowledged_by = 'Ada', 'who';
  assert (public.acknowledge_vantage_incident(v_id, 'Ada', 'mine')).acknowledged_note = 'mine', 'a repetition';
  assert pg_temp.story('spec.hostile') = 'opened failed; acknowledged failed', 'changes nothing';
  perform public.acknowledge_vantage_incident(v_id, 'Bob');
  assert (pg_temp.incident('spec.hostile')).acknowledged_by = 'Bob' and (pg_temp.incident('spec.hostile')).acknowledged_note is null, 'the last one counts';
  assert (select e.body ->> 'detail' = 'The incident of spec.hostile is acknowledged by Bob.' from public.vantage_incident_event e
    where e.incident_id = v_id and e.seq = 3), 'in words';

  v_refusal := pg_temp.refusal(format('select public.acknowledge_vantage_incident(%L, %L)', v_id, repeat('x', 201)));
  assert v_refusal @> '{"sqlstate": "PT400", "constraint": "invalid-request"}' and v_refusal #>> '{detail,errors,0,pointer}' = '#/by', v_refusal::text;
  v_refusal := pg_temp.refusal('select public.acknowledge_vantage_incident(''00000000-0000-4000-8000-000000000000'')');
  assert v_refusal @> '{"sqlstate": "PT404", "constraint": "incident-not-found"}', v_refusal::text;
  perform pg_temp.green('spec.hostile');
  perform pg_temp.evaluate();
  v_refusal := pg_temp.refusal(format('select public.acknowledge_vantage_incident(%L)', v_id));
  assert v_refusal @> '{"sqlstate": "PT409", "constraint": "incident-closed"}', v_refusal::text;
end
$$;

-- Old ones are deleted, once they are closed
do $$
declare
  v_open bigint;
begin
  perform pg_temp.pass('100 days');
  select count(*) into v_open from public.vantage_incident where closed_at is null;
  assert public.delete_old_vantage_incidents('101 days') = 0, 'none is so old';
  assert public.delete_old_vantage_incidents('90 days', 1) = 1, 'one at a time';
  perform public.delete_old_vantage_incidents('90 days');
  assert public.delete_old_vantage_incidents('90 days') = 0, 'until none is left';
  assert v_open > 0 and (select count(*) = v_open from public.vantage_incident), 'what is open stays';
  assert (select count(*) > 0 and bool_and(i.incident_id is not null and i.closed_at is null) from public.vantage_incident_event e left join public.vantage_incident i using (incident_id)), 'with its events';
  assert pg_temp.refusal('select public.delete_old_vantage_incidents(null)') @> '{"sqlstate": "PT400"}', 'how old?';
  assert pg_temp.refusal('select public.delete_old_vantage_incidents(''90 days'', 0)') @> '{"sqlstate": "PT400"}', 'how many?';
end
$$;

rollback;
