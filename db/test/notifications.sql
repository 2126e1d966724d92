-- Notifications: who is notified of what, in which order, when again, and when no more.

begin;

delete from public.vantage_sync_state;
update public.vantage_watch set evaluated_at = null;

select public.set_vantage_channels('[
  {"name": "all", "kind": "webhook", "is_grouped": false, "min_severity": "warning"},
  {"name": "chat", "kind": "slack", "is_grouped": true, "min_severity": "warning", "remind_after": "PT4H"},
  {"name": "few", "kind": "webhook", "is_grouped": false, "min_severity": "error", "resources": ["spec_a*"], "kinds": ["failed"]}]');

create function pg_temp.fail(p_resource text)
returns void
language plpgsql
as $$
begin
  perform public.start_vantage_sync(p_resource);
  perform public.fail_vantage_sync(p_resource, '[]');
  perform public.evaluate_vantage_alerts();
end
$$;

create function pg_temp.succeed(p_resource text)
returns void
language plpgsql
as $$
begin
  perform public.start_vantage_sync(p_resource);
  perform public.complete_vantage_sync(p_resource, 1);
  perform public.evaluate_vantage_alerts();
end
$$;

-- What a channel is to be sent, in its order.
create function pg_temp.notified(p_channel text)
returns text
language sql
as $$
  select coalesce(string_agg(concat_ws(' ', n.type, e.body ->> 'resource'), ', ' order by n.position), '')
  from public.vantage_notification n
  left join public.vantage_incident_event e on e.event_id = n.event_id
  where n.channel = p_channel
$$;

-- What it would be sent now, with the outcome that it has.
create function pg_temp.deliver(p_channel text, p_outcome text, p_retry_after interval default null)
returns text
language plpgsql
as $$
declare
  v_ids uuid[];
  v_types text;
begin
  select array_agg(c.notification_id), string_agg(c.type, ', ' order by c.seq)
  into v_ids, v_types
  from public.claim_vantage_notifications(p_channel) c;

  if v_ids is not null then
    perform public.record_vantage_delivery(p_channel, v_ids, p_outcome, 500, 'Spec', p_retry_after);
  end if;

  return coalesce(v_types, '');
end
$$;

-- Lets that much time pass for notifications and channels.
create function pg_temp.pass(p_time interval)
returns void
language sql
as $$
  update public.vantage_notification
  set created_at = created_at - p_time, next_at = next_at - p_time, lease_until = lease_until - p_time, ended_at = ended_at - p_time;
  update public.vantage_incident_event set at = at - p_time;
  update public.vantage_incident set changed_at = changed_at - p_time;
  update public.vantage_channel set hold_until = hold_until - p_time, failing_since = failing_since - p_time;
$$;

create function pg_temp.forget()
returns void
language sql
as $$
  delete from public.vantage_incident_event;
  delete from public.vantage_notification;
  delete from public.vantage_mute;
  delete from public.vantage_incident;
  delete from public.vantage_sync_state;
  update public.vantage_channel set failures = 0, failing_since = null, hold_until = null, paused_at = null, last_error = null;
$$;

-- Who is notified: by severity, resource and kind; of what follows whoever was notified before
do $$
begin
  perform pg_temp.fail('spec_a1');
  perform pg_temp.fail('specXa1');
  perform pg_temp.succeed('spec_a1');
  perform pg_temp.succeed('specXa1');

  assert pg_temp.notified('all') = 'opened spec_a1, opened specXa1, closed spec_a1, closed specXa1', pg_temp.notified('all');
  assert pg_temp.notified('few') = 'opened spec_a1, closed spec_a1', 'an underscore is no wildcard: ' || pg_temp.notified('few');
  perform pg_temp.forget();
end
$$;

-- A channel is notified once an incident becomes its own, and of an acknowledgement; not of changes that make nothing worse
do $$
declare
  v_incident uuid;
begin
  insert into public.vantage_sync_state (resource) values ('spec_a2');
  perform public.evaluate_vantage_alerts();
  assert pg_temp.notified('few') = '', 'a warning is none of its own';
  perform pg_temp.fail('spec_a2');
  assert pg_temp.notified('few') = 'changed spec_a2', pg_temp.notified('few');

  select i.incident_id into v_incident from public.vantage_incident i where i.resource = 'spec_a2';
  perform public.acknowledge_vantage_incident(v_incident, 'Ada');
  update public.vantage_sync_state set created_at = now() - interval '3 days' where resource = 'spec_a2';
  perform public.evaluate_vantage_alerts();
  assert (select i.kinds from public.vantage_incident i where i.incident_id = v_incident) = array['failed', 'stale'], 'stale as well';
  assert pg_temp.notified('few') = 'changed spec_a2, acknowledged spec_a2', pg_temp.notified('few');
  perform pg_temp.forget();
end
$$;

-- Of each event one notification a channel goes to one claimer; an incident's second waits for its first
do $$
begin
  perform pg_temp.fail('spec_order');
  perform pg_temp.succeed('spec_order');

  assert (select count(*) = 1 and min(c.type) = 'opened' from public.claim_vantage_notifications('all') c), 'its first';
  assert (select count(*) = 0 from public.claim_vantage_notifications('all')), 'which somebody is at';
  perform pg_temp.pass('80 seconds');
  assert (select count(*) = 0 from public.claim_vantage_notifications('all')), 'for 90 seconds';
  perform pg_temp.pass('10 seconds');
  assert pg_temp.deliver('all', 'sent') = 'opened', 'then another takes it up';
  assert pg_temp.deliver('all', 'sent') = 'closed', 'and then its second';
  assert pg_temp.deliver('all', 'sent') = '', 'and no more';
  assert pg_temp.deliver('chat', 'sent') = 'opened, closed', 'for people both together';
  perform pg_temp.forget();
end
$$;

-- What fails is tried again, ever later; one dead letter does not hold up its successor
do $$
declare
  v_before timestamptz := clock_timestamp();
begin
  perform pg_temp.fail('spec_again');
  perform pg_temp.succeed('spec_again');

  assert pg_temp.deliver('all', 'retry') = 'opened', 'once';
  assert pg_temp.deliver('all', 'retry') = '', 'not at once again';
  assert (select n.next_at between v_before + interval '4 seconds' and clock_timestamp() + interval '6 seconds'
    from public.vantage_notification n where n.channel = 'all' and n.attempt = 1), 'after five seconds, a fifth more or less';
  perform pg_temp.pass('10 seconds');
  v_before := clock_timestamp();
  assert pg_temp.deliver('all', 'retry') = 'opened', 'twice';
  assert (select n.next_at between v_before + interval '24 seconds' and clock_timestamp() + interval '36 seconds'
    from public.vantage_notification n where n.channel = 'all' and n.attempt = 2), 'after thirty';
  perform pg_temp.pass('1 minute');
  assert pg_temp.deliver('all', 'dead') = 'opened', 'given up';
  assert pg_temp.deliver('all', 'sent') = 'closed', 'what follows goes on';
  perform pg_temp.forget();
end
$$;

-- From the fifth failure in a row one is tried at a time; the first that is taken frees the rest
do $$
begin
  for i in 1..6 loop
    perform pg_temp.fail('spec_breaker' || i);
  end loop;
  perform public.record_vantage_delivery('all', array[n.notification_id], 'retry', 503, 'Spec')
  from public.vantage_notification n where n.channel = 'all' order by n.position limit 5;

  assert (select c.failures = 5 and c.hold_until > clock_timestamp() from public.vantage_channel c where c.name = 'all'), 'held';
  assert pg_temp.deliver('all', 'sent') = '', 'nothing while it is held';
  perform pg_temp.pass('1 minute');
  assert pg_temp.deliver('all', 'retry') = 'opened', 'then one';
  assert pg_temp.deliver('all', 'retry') = '', 'and no second';
  perform pg_temp.pass('5 minutes');
  assert pg_temp.deliver('all', 'sent') = 'opened', 'which is taken';
  assert pg_temp.deliver('all', 'sent') = 'opened, opened, opened, opened, opened', 'and the rest goes at once';
  assert (select c.failures = 0 and c.failing_since is null from public.vantage_channel c where c.name = 'all'), 'all is well';
  perform pg_temp.forget();
end
$$;

-- Where resource after resource goes silent, people learn from the fifth on that it is likely one cause, and get the rest together
create function pg_temp.silence(p_resource text)
returns void
language plpgsql
as $$
begin
  insert into public.vantage_sync_state (resource, last_sync_status, started_at) values (p_resource, 'running', now() - interval '1 hour');
  perform public.evaluate_vantage_alerts();
  perform pg_temp.pass('5 seconds');
end
$$;

create function pg_temp.cause(p_resource text)
returns text
language sql
as $$
  select public.vantage_common_cause(array_agg(e.event_id)) from public.vantage_incident_event e where e.body ->> 'resource' like p_resource
$$;

do $$
begin
  for i in 1..8 loop
    perform pg_temp.succeed('spec_well' || i);
  end loop;

  insert into public.vantage_sync_state (resource) select 'spec_new' || i from generate_series(1, 20) as i;
  perform public.evaluate_vantage_alerts();
  assert pg_temp.cause('spec_new%') is null, 'what was registered lately has not gone silent';
  perform pg_temp.deliver('chat', 'sent');
  delete from public.vantage_sync_state where resource like 'spec_new%';
  perform public.evaluate_vantage_alerts();
  perform pg_temp.deliver('chat', 'sent');

  for i in 1..4 loop
    perform pg_temp.silence('spec_away' || i);
    assert pg_temp.deliver('chat', 'sent') = 'opened', 'each of the first four at once';
  end loop;
  assert pg_temp.cause('spec_away%') is null, 'which says nothing';
  perform pg_temp.fail('spec_failed');
  assert pg_temp.deliver('chat', 'sent') = 'opened', 'a failure is another matter';
  assert pg_temp.cause('%') is null, 'and does not count';
  delete from public.vantage_sync_state where resource like 'spec_well%' or resource = 'spec_failed';
  perform public.evaluate_vantage_alerts();
  perform pg_temp.deliver('chat', 'sent');

  perform pg_temp.silence('spec_away5');
  assert pg_temp.cause('spec_away5') = '5 of 5 resources went stuck or stale within 5 minutes, likely by one cause', pg_temp.cause('spec_away5');
  assert pg_temp.cause('spec_away4') is null, 'as of then nobody knew';
  assert pg_temp.deliver('chat', 'sent') = 'opened', 'the fifth at once';
  perform pg_temp.silence('spec_away6');
  assert pg_temp.deliver('chat', 'sent') = '', 'what has the same cause is not urgent any more';
  perform pg_temp.silence('spec_away7');
  perform pg_temp.fail('spec_failed');
  assert pg_temp.deliver('chat', 'sent') = 'opened', 'something else is';
  perform pg_temp.succeed('spec_away6');
  assert pg_temp.deliver('chat', 'sent') = '', 'nor that it is over, before it was sent';
  perform pg_temp.pass('50 seconds');
  assert pg_temp.deliver('chat', 'sent') = 'opened, opened, closed', 'together, a minute after the last message';
  assert pg_temp.cause('spec_away7') = '7 of 8 resources went stuck or stale within 5 minutes, likely by one cause', pg_temp.cause('spec_away7');
  assert pg_temp.notified('all') like '%opened spec_away6, opened spec_away7%', 'a webhook gets each as it comes';

  for i in 1..9 loop
    perform pg_temp.succeed('spec_well' || i);
  end loop;
  assert pg_temp.cause('spec_away7') is null, 'less than half of all';
  perform pg_temp.pass('5 minutes');
  delete from public.vantage_sync_state where resource like 'spec_well%';
  perform pg_temp.silence('spec_away8');
  assert pg_temp.cause('spec_away8') is null, 'long after, it is one of its own';
  perform pg_temp.forget();
end
$$;

-- A receiver is asked no sooner than it says, an hour at most
do $$
begin
  perform pg_temp.fail('spec_hold');

  perform pg_temp.deliver('all', 'retry', '3 days');
  assert (select c.hold_until - clock_timestamp() between interval '59 minutes' and interval '1 hour'
    from public.vantage_channel c where c.name = 'all'), 'an hour';
  perform pg_temp.pass('30 minutes');
  assert pg_temp.deliver('all', 'sent') = '', 'not before';
  perform pg_temp.pass('31 minutes');
  assert pg_temp.deliver('all', 'sent') = 'opened', 'then';
  perform pg_temp.forget();
end
$$;

-- A channel that delivers nothing for 15 minutes is an incident, which the others are notified of, and so is its end
do $$
begin
  perform pg_temp.fail('spec_undelivered');
  perform pg_temp.deliver('few', 'retry');
  perform pg_temp.fail('spec_a3');
  perform pg_temp.deliver('few', 'retry');

  perform pg_temp.pass('14 minutes');
  perform public.watch_vantage_channels();
  assert not exists (select from public.vantage_channel_alert), 'not yet';
  perform pg_temp.pass('2 minutes');
  perform public.watch_vantage_channels();
  perform public.watch_vantage_channels();
  perform public.evaluate_vantage_alerts();

  assert (select a.resource = 'channel/few' and a.kind = 'undelivered' from public.vantage_channel_alert a), 'an alert';
  assert pg_temp.notified('chat') like '%, opened channel/few', 'the others are notified: ' || pg_temp.notified('chat');
  assert pg_temp.notified('few') not like '%channel/few%', 'not the one that does not get it';

  assert pg_temp.deliver('few', 'sent') = 'opened', 'it works again';
  perform public.watch_vantage_channels();
  assert pg_temp.notified('chat') like '%, closed channel/few', pg_temp.notified('chat');
  perform pg_temp.forget();
end
$$;

-- After 410 nothing is sent but a test, and after one that succeeds everything
do $$
declare
  v_test uuid;
begin
  perform pg_temp.fail('spec_gone');
  perform pg_temp.deliver('all', 'gone');
  perform pg_temp.pass('1 day');
  assert pg_temp.deliver('all', 'sent') = '', 'paused';

  v_test := public.test_vantage_channel('all');
  assert pg_temp.deliver('all', 'retry') = 'test', 'but for a test';
  assert (select n.status = 'dead' from public.vantage_notification n where n.notification_id = v_test), 'which is tried once';
  perform public.test_vantage_channel('all');
  assert pg_temp.deliver('all', 'sent') = 'test', 'it works again';
  assert pg_temp.deliver('all', 'sent') = 'opened', 'and what waited goes';
  perform pg_temp.forget();
end
$$;

-- Who asked is reminded, until somebody acknowledges; nobody else
do $$
declare
  v_incident uuid;
begin
  perform pg_temp.fail('spec_remind');
  perform public.watch_vantage_channels();
  assert pg_temp.notified('chat') = 'opened spec_remind', 'not at once';
  perform pg_temp.pass('5 hours');
  perform public.watch_vantage_channels();
  perform public.watch_vantage_channels();
  assert pg_temp.notified('chat') = 'opened spec_remind, reminder spec_remind', pg_temp.notified('chat');
  assert pg_temp.notified('all') = 'opened spec_remind', 'it did not ask';

  select i.incident_id into v_incident from public.vantage_incident i where i.resource = 'spec_remind';
  perform public.acknowledge_vantage_incident(v_incident);
  perform pg_temp.pass('5 hours');
  perform public.watch_vantage_channels();
  assert pg_temp.notified('chat') = 'opened spec_remind, reminder spec_remind, acknowledged spec_remind', pg_temp.notified('chat');
  perform pg_temp.forget();
end
$$;

-- After 76 hours it is given up, until somebody asks for it; what cannot be tried again is refused
do $$
declare
  v_id uuid;
begin
  perform pg_temp.fail('spec_old');
  perform pg_temp.pass('75 hours');
  perform public.watch_vantage_channels();
  select n.notification_id into v_id from public.vantage_notification n where n.channel = 'all';
  assert (select n.status = 'pending' from public.vantage_notification n where n.notification_id = v_id), 'not yet';
  perform pg_temp.pass('2 hours');
  perform public.watch_vantage_channels();
  assert (select n.status = 'dead' from public.vantage_notification n where n.notification_id = v_id), 'given up';

  perform public.retry_vantage_notification(v_id);
  assert pg_temp.deliver('all', 'sent') = 'opened', 'on request';
  assert pg_temp.refusal(format('select public.retry_vantage_notification(%L)', v_id)) @> '{"sqlstate": "PT409"}', 'it was sent';
  assert pg_temp.refusal('select public.retry_vantage_notification(gen_random_uuid())') @> '{"sqlstate": "PT404"}', 'there is none';
  assert pg_temp.refusal('select public.test_vantage_channel(''nobody'')') @> '{"sqlstate": "PT404"}', 'there is none';
  perform pg_temp.forget();
end
$$;

-- A mute stops notifications, not watching; who was notified of an opening is notified of its closing; what lasts is sent once, at the end
do $$
declare
  v_mute public.vantage_mute;
begin
  perform pg_temp.fail('spec_mute_known');
  v_mute := public.mute_vantage_resources(array['spec_mute*'], now() + interval '1 hour', p_note => 'Move', p_by => 'Ada');
  perform pg_temp.fail('spec_mute_lasts');
  perform pg_temp.fail('spec_mute_over');
  perform pg_temp.fail('spec_other');
  perform pg_temp.succeed('spec_mute_known');
  perform pg_temp.succeed('spec_mute_over');

  assert (select count(*) = 4 from public.vantage_incident i), 'all are watched';
  assert pg_temp.notified('all') = 'opened spec_mute_known, opened spec_other, closed spec_mute_known', pg_temp.notified('all');

  perform public.watch_vantage_channels();
  assert pg_temp.notified('all') not like '%lasts%', 'not before its end';
  perform pg_temp.pass('2 minutes');
  update public.vantage_mute set starts_at = starts_at - interval '1 hour', ends_at = now() - interval '1 minute';
  perform public.watch_vantage_channels();
  perform public.watch_vantage_channels();
  assert pg_temp.notified('all') = 'opened spec_mute_known, opened spec_other, closed spec_mute_known, changed spec_mute_lasts', pg_temp.notified('all');
  perform pg_temp.forget();
end
$$;

-- Of some kinds alone, and only while it goes on; ended by hand it is as at its end
do $$
declare
  v_mute public.vantage_mute;
begin
  v_mute := public.mute_vantage_resources(array['spec_*'], now() + interval '1 day', array['stale']);
  perform pg_temp.fail('spec_kinds');
  assert pg_temp.notified('all') = 'opened spec_kinds', 'failed is sent';
  insert into public.vantage_sync_state (resource) values ('spec_stale');
  perform public.evaluate_vantage_alerts();
  assert pg_temp.notified('all') not like '%spec_stale%', 'stale is not';

  perform pg_temp.pass('2 minutes');
  update public.vantage_mute set starts_at = starts_at - interval '1 hour';
  perform public.end_vantage_mute(v_mute.mute_id);
  perform public.watch_vantage_channels();
  assert pg_temp.notified('all') like '%changed spec_stale', pg_temp.notified('all');
  assert pg_temp.refusal(format('select public.end_vantage_mute(%L)', v_mute.mute_id)) @> '{"sqlstate": "PT404"}', 'it is over';

  perform public.mute_vantage_resources(array['spec_*'], now() + interval '2 days', p_from => now() + interval '1 day');
  perform pg_temp.fail('spec_later');
  assert pg_temp.notified('all') like '%opened spec_later', 'not yet';
  perform pg_temp.forget();
end
$$;

-- A mute without an end, of nothing, or for longer than a month is refused, place by place
do $$
declare
  v_case record;
begin
  for v_case in
    select *
    from (values
      ('''{a}'', null', '#/until'),
      ('''{a}'', now() - interval ''1 hour''', '#/until'),
      ('''{a}'', now() + interval ''31 days''', '#/until'),
      ('''{a}'', ''infinity''', '#/until'),
      ('''{}'', now() + interval ''1 hour''', '#/resources'),
      ('null, now() + interval ''1 hour''', '#/resources'),
      ('''{a b}'', now() + interval ''1 hour''', '#/resources'),
      ('array[null]::text[], now() + interval ''1 hour''', '#/resources'),
      ('''{a}'', now() + interval ''1 hour'', ''{loud}''', '#/kinds'),
      ('''{a}'', now() + interval ''1 hour'', p_note => repeat(''x'', 2001)', '#/note'),
      ('''{a}'', now() + interval ''1 hour'', p_by => repeat(''x'', 201)', '#/by')
    ) as c (arguments, pointer)
  loop
    assert pg_temp.refusal(format('select public.mute_vantage_resources(%s)', v_case.arguments)) #>> '{detail,errors,0,pointer}'
      = v_case.pointer, v_case.arguments;
  end loop;
end
$$;

-- On call nobody is notified of what is over: neither of an opening nor of its closing, but of the closing where the opening may
-- have arrived; nor is what is over held up by what is not
do $$
begin
  perform public.set_vantage_channels('[{"name": "pager", "kind": "pagerduty", "is_grouped": false, "min_severity": "error"}]');
  perform pg_temp.fail('spec_over');
  perform pg_temp.succeed('spec_over');
  assert pg_temp.deliver('pager', 'sent') = '', 'nothing of what is over';
  assert (select bool_and(n.status = 'skipped') and count(*) = 2 from public.vantage_notification n where n.channel = 'pager'), 'both are skipped';
  perform pg_temp.fail('spec_over');
  assert pg_temp.deliver('pager', 'sent') = 'opened', 'what opens again is sent';
  perform pg_temp.succeed('spec_over');
  assert pg_temp.deliver('pager', 'sent') = 'closed', 'and its closing';
  perform pg_temp.forget();

  perform pg_temp.fail('spec_tried');
  assert pg_temp.deliver('pager', 'retry') = 'opened', 'tried once, and who knows';
  perform pg_temp.succeed('spec_tried');
  assert pg_temp.deliver('pager', 'sent') = 'closed', 'its closing is sent alone, and at once';
  assert pg_temp.deliver('pager', 'sent') = '', 'and no opening after it';
  perform pg_temp.forget();

  perform pg_temp.fail('spec_lost');
  perform from public.claim_vantage_notifications('pager');
  perform pg_temp.succeed('spec_lost');
  assert pg_temp.deliver('pager', 'sent') = '', 'while somebody is at the opening its closing waits';
  perform pg_temp.pass('91 seconds');
  assert pg_temp.deliver('pager', 'sent') = 'closed', 'an instance that was lost may have sent the opening';
  perform pg_temp.forget();

  perform public.set_vantage_channels('[
    {"name": "all", "kind": "webhook", "is_grouped": false, "min_severity": "warning"},
    {"name": "chat", "kind": "slack", "is_grouped": true, "min_severity": "warning"},
    {"name": "few", "kind": "webhook", "is_grouped": false, "min_severity": "error", "resources": ["spec_a*"]}]');
end
$$;

-- What is for a channel that is configured no more is skipped; what is left of an incident goes with it
do $$
begin
  perform pg_temp.fail('spec_a4');
  perform public.set_vantage_channels('[{"name": "all", "kind": "webhook", "is_grouped": false, "min_severity": "error"}]');

  assert (select array_agg(c.name) = '{all}' and min(c.min_severity) = 'error' from public.vantage_channel c), 'one is left';
  assert (select bool_and(n.status = 'skipped') from public.vantage_notification n where n.channel in ('chat', 'few')), 'skipped';
  delete from public.vantage_incident_event;
  assert not exists (select from public.vantage_notification n where n.type <> 'test'), 'gone';
end
$$;

rollback;
