// Code as its users wrote it for Supabase, run against this service: only the URL and the keys are different.
// Called by SupabaseJsTest, which starts the service and says where it is.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import ws from 'ws';

const { createClient } = await import(process.env.SUPABASE_JS);

const url = process.env.SUPABASE_URL;
const options = { realtime: { transport: ws }, auth: { persistSession: false } };
const supabase = createClient(url, process.env.SUPABASE_SERVICE_ROLE_KEY, options);
const frontend = createClient(url, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY, options);

const minutesAgo = minutes => new Date(Date.now() - minutes * 60_000).toISOString();

function ok(answer) {
  assert.equal(answer.error, null, JSON.stringify(answer.error));
  return answer.data;
}

beforeEach(async () => {
  ok(await supabase.from('vantage_sync_state').delete().neq('resource', ''));
  ok(await supabase.from('vantage_sync_state').insert([
    { resource: 'accounts' }, { resource: 'funds' }, { resource: 'cashflows' },
  ]));
});

// The function of the original's guide, word for word but for the two functions that it is given.
async function syncVantageAccounts(fetchVantageAPI, upsertAccount) {
  const resource = 'accounts';
  await supabase.rpc('start_vantage_sync', { p_resource: resource });
  try {
    const { data: syncState } = await supabase
      .from('vantage_sync_state')
      .select('last_sync_time')
      .eq('resource', resource)
      .single();
    const accounts = await fetchVantageAPI('/accounts', { modifiedSince: syncState?.last_sync_time });
    let created = 0, updated = 0;
    for (const account of accounts) {
      const { isNew } = await upsertAccount(account);
      if (isNew) created++; else updated++;
    }
    await supabase.rpc('complete_vantage_sync', {
      p_resource: resource,
      p_records_synced: accounts.length,
      p_records_created: created,
      p_records_updated: updated
    });
  } catch (error) {
    await supabase.rpc('fail_vantage_sync', {
      p_resource: resource,
      p_errors: [{
        code: error.code || 'UNKNOWN_ERROR',
        message: error.message,
        timestamp: new Date().toISOString(),
        stack: error.stack
      }]
    });
    throw error;
  }
}

test('the ETL flow of the guide, with success', async () => {
  await syncVantageAccounts(async () => [1, 2, 3], async account => ({ isNew: account === 1 }));

  const state = ok(await frontend.from('vantage_sync_state').select('*').eq('resource', 'accounts').single());
  assert.equal(state.last_sync_status, 'success');
  assert.deepEqual([state.records_synced, state.records_created, state.records_updated], [3, 1, 2]);
  assert.deepEqual(state.errors, []);
  assert.match(state.last_sync_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$/);
  assert.ok(Number.isInteger(state.duration_ms));
});

test('the ETL flow of the guide, with an error', async () => {
  await syncVantageAccounts(async () => [], async () => ({}));
  let since;

  await assert.rejects(syncVantageAccounts(async (path, { modifiedSince }) => {
    since = modifiedSince;
    throw Object.assign(new Error('Request timed out after 30s'), { code: 'API_TIMEOUT' });
  }), /timed out/);

  const state = ok(await frontend.from('vantage_sync_state').select().eq('resource', 'accounts').single());
  assert.equal(state.last_sync_status, 'failed');
  assert.equal(state.last_sync_time, since, 'the next sync begins where the last good one ended');
  assert.equal(state.errors[0].code, 'API_TIMEOUT');
  assert.match(state.errors[0].stack, /Error: Request timed out/);
});

test('the three calls of the guide answer with the row, bare', async () => {
  const started = ok(await supabase.rpc('start_vantage_sync', { p_resource: 'accounts' }));
  assert.equal(started.last_sync_status, 'running');
  const completed = ok(await supabase.rpc('complete_vantage_sync', {
    p_resource: 'accounts', p_records_synced: 150, p_records_created: 10, p_records_updated: 140
  }));
  assert.equal(completed.records_synced, 150);
  ok(await supabase.rpc('start_vantage_sync', { p_resource: 'accounts' }));
  const failed = ok(await supabase.rpc('fail_vantage_sync', {
    p_resource: 'accounts',
    p_errors: [{ code: 'API_TIMEOUT', message: 'Request timed out after 30s', timestamp: '2025-11-05T10:30:00Z' }]
  }));
  assert.equal(failed.errors[0].timestamp, '2025-11-05T10:30:00Z');
  assert.equal(failed.records_synced, 150);
});

test('a call may ask for some columns, and as one object', async () => {
  const { data, error, status } = await supabase
    .rpc('start_vantage_sync', { p_resource: 'accounts' }).select('resource,state:last_sync_status').single();
  assert.deepEqual([data, error, status], [{ resource: 'accounts', state: 'running' }, null, 200]);
});

test('a refused call is an error with code, message, details and hint', async () => {
  ok(await supabase.rpc('start_vantage_sync', { p_resource: 'accounts' }));

  const { data, error, status } = await supabase.rpc('start_vantage_sync', { p_resource: 'accounts' });

  assert.equal(data, null);
  assert.equal(status, 409);
  assert.equal(error.code, 'PT409');
  assert.match(error.message, /accounts is already running/);
  assert.ok(error.hint);
  assert.equal(JSON.parse(error.details).resource, 'accounts');
  const missing = await supabase.rpc('complete_vantage_sync', { p_resource: 'nope' });
  assert.deepEqual([missing.status, missing.error.code], [404, 'PT404']);
  const idle = await supabase.rpc('complete_vantage_sync', { p_resource: 'funds' });
  assert.deepEqual([idle.status, idle.error.code], [409, 'PT409']);
});

test('functions and arguments that there are not', async () => {
  const unknown = await supabase.rpc('stop_vantage_sync', { p_resource: 'accounts' });
  assert.deepEqual([unknown.status, unknown.error.code], [404, 'PGRST202']);
  assert.match(unknown.error.message, /Could not find the function public.stop_vantage_sync\(p_resource\) in the schema cache/);
  const none = await supabase.rpc('start_vantage_sync');
  assert.deepEqual([none.status, none.error.code], [404, 'PGRST202']);
  const extra = await supabase.rpc('start_vantage_sync', { p_resource: 'accounts', p_speed: 1 });
  assert.match(extra.error.message, /\(p_resource, p_speed\)/);
  const undefinedOnes = ok(await supabase.rpc('start_vantage_sync', { p_resource: 'accounts', p_speed: undefined }));
  assert.equal(undefinedOnes.last_sync_status, 'running');
  const byGet = await supabase.rpc('start_vantage_sync', { p_resource: 'accounts' }, { get: true });
  assert.equal(byGet.status, 405);
});

test('the status of one resource, and the columns of the badge', async () => {
  const { data: syncState } = await frontend
    .from('vantage_sync_state').select('*').eq('resource', 'accounts').single();
  assert.deepEqual(Object.keys(syncState).slice(0, 12), [
    'resource', 'last_sync_time', 'last_sync_status', 'records_synced', 'records_created', 'records_updated', 'errors',
    'started_at', 'completed_at', 'duration_ms', 'created_at', 'updated_at']);
  const { data: badge } = await frontend
    .from('vantage_sync_state')
    .select('last_sync_status, last_sync_time, duration_ms')
    .eq('resource', 'accounts')
    .single();
  assert.deepEqual(badge, { last_sync_status: 'never_run', last_sync_time: null, duration_ms: null });
});

// A success, a failure, one that runs for 40 minutes, one that is two days old and slow, one that never ran.
async function variety() {
  ok(await supabase.from('vantage_sync_state').upsert([
    { resource: 'accounts', last_sync_status: 'success', last_sync_time: minutesAgo(5), started_at: minutesAgo(6),
      completed_at: minutesAgo(5), duration_ms: 1000, errors: [] },
    { resource: 'funds', last_sync_status: 'failed', last_sync_time: null, started_at: minutesAgo(6),
      completed_at: minutesAgo(5), duration_ms: 2000, errors: [{ code: 'X', message: 'first' }] },
    { resource: 'prices', last_sync_status: 'running', last_sync_time: null, started_at: minutesAgo(40),
      completed_at: null, duration_ms: null, errors: [] },
    { resource: 'trades', last_sync_status: 'success', last_sync_time: minutesAgo(2880), started_at: minutesAgo(2890),
      completed_at: minutesAgo(2880), duration_ms: 600000, errors: [] },
  ]));
}

test('the dashboard', async () => {
  await variety();
  const data = ok(await frontend
    .from('vantage_sync_state')
    .select('resource, last_sync_status, last_sync_time, duration_ms, records_synced')
    .order('last_sync_status').order('resource', { ascending: false }));
  assert.deepEqual(data.map(row => row.resource), ['funds', 'cashflows', 'prices', 'trades', 'accounts']);
});

test('failed syncs and their first message', async () => {
  await variety();
  const data = ok(await frontend
    .from('vantage_sync_state').select('resource,last_sync_status,errors,first:errors->0->>message')
    .eq('last_sync_status', 'failed'));
  assert.deepEqual(data, [{
    resource: 'funds', last_sync_status: 'failed', errors: [{ code: 'X', message: 'first' }], first: 'first' }]);
});

test('stale, stuck and slow syncs, and the slowest', async () => {
  await variety();
  const stale = ok(await frontend.from('vantage_sync_state').select('resource')
    .or(`last_sync_time.lt.${minutesAgo(1440)},last_sync_status.eq.never_run`).order('resource'));
  assert.deepEqual(stale.map(row => row.resource), ['cashflows', 'trades']);
  const old = ok(await frontend.from('vantage_sync_state').select('resource')
    .lt('last_sync_time', minutesAgo(1440)).order('last_sync_time', { ascending: true, nullsFirst: false }));
  assert.deepEqual(old.map(row => row.resource), ['trades']);
  const stuck = ok(await frontend.from('vantage_sync_state').select('resource')
    .eq('last_sync_status', 'running').lt('started_at', minutesAgo(30)));
  assert.deepEqual(stuck.map(row => row.resource), ['prices']);
  const slow = ok(await frontend.from('vantage_sync_state').select('resource').gt('duration_ms', 300000));
  assert.deepEqual(slow.map(row => row.resource), ['trades']);
  const slowest = ok(await frontend.from('vantage_sync_state').select('resource,duration_ms,records_synced')
    .not('duration_ms', 'is', null).order('duration_ms', { ascending: false }).limit(2));
  assert.deepEqual(slowest.map(row => row.resource), ['trades', 'funds']);
});

test('every filter of the builder that is served', async () => {
  await variety();
  const names = async query => ok(await query.order('resource')).map(row => row.resource).join(' ');
  const from = () => frontend.from('vantage_sync_state').select('resource');
  assert.equal(await names(from().neq('resource', 'funds')), 'accounts cashflows prices trades');
  assert.equal(await names(from().gte('duration_ms', 2000)), 'funds trades');
  assert.equal(await names(from().lte('duration_ms', 2000)), 'accounts funds');
  assert.equal(await names(from().like('resource', '%s%')), 'accounts cashflows funds prices trades');
  assert.equal(await names(from().ilike('resource', 'F*')), 'funds');
  assert.equal(await names(from().is('duration_ms', null)), 'cashflows prices');
  assert.equal(await names(from().in('resource', ['funds', 'a,"b)', 'trades'])), 'funds trades');
  assert.equal(await names(from().not('resource', 'in', '(funds,trades)')), 'accounts cashflows prices');
  assert.equal(await names(from().match({ resource: 'funds', last_sync_status: 'failed' })), 'funds');
  assert.equal(await names(from().filter('errors->0->>code', 'eq', 'X')), 'funds');
  assert.equal(await names(from().or('resource.eq.funds,and(duration_ms.gt.2,duration_ms.lt.2000)')), 'accounts funds');
});

test('what is not served is refused by name', async () => {
  for (const query of [
    frontend.from('vantage_sync_state').select('*, vantage_sync_run(*)'),
    frontend.from('vantage_sync_state').select('duration_ms.sum()'),
    frontend.from('vantage_sync_state').select().textSearch('resource', 'funds'),
    frontend.from('vantage_sync_state').select().contains('errors', [{ code: 'X' }]),
  ]) {
    const { error, status } = await query;
    assert.equal(status, 400);
    assert.equal(error.code, 'PGRST100');
    assert.match(error.message, /^Not supported here: /);
  }
});

test('single and maybeSingle with no row, and with several', async () => {
  const none = await frontend.from('vantage_sync_state').select().eq('resource', 'nope').single();
  assert.deepEqual([none.status, none.error.code, none.data], [406, 'PGRST116', null]);
  assert.match(none.error.details, /0 rows/);
  const maybe = await frontend.from('vantage_sync_state').select().eq('resource', 'nope').maybeSingle();
  assert.deepEqual([maybe.error, maybe.data], [null, null]);
  const one = await frontend.from('vantage_sync_state').select('resource').eq('resource', 'funds').maybeSingle();
  assert.deepEqual([one.error, one.data], [null, { resource: 'funds' }]);
  const several = await frontend.from('vantage_sync_state').select().single();
  assert.match(several.error.details, /3 rows/);
  assert.equal((await frontend.from('vantage_sync_state').select().maybeSingle()).error.code, 'PGRST116');
});

test('counts, by HEAD and with rows, and ranges', async () => {
  await variety();
  const head = await frontend.from('vantage_sync_state').select('*', { count: 'exact', head: true });
  assert.deepEqual([head.error, head.data, head.count, head.status], [null, null, 5, 200]);
  const page = await frontend.from('vantage_sync_state').select('resource', { count: 'exact' }).order('resource').range(1, 2);
  assert.deepEqual([page.count, page.status], [5, 206]);
  assert.deepEqual(page.data.map(row => row.resource), ['cashflows', 'funds']);
  const beyond = await frontend.from('vantage_sync_state').select('resource', { count: 'exact' }).range(9, 10);
  assert.deepEqual([beyond.status, beyond.error.code], [416, 'PGRST103']);
  const estimated = await frontend.from('vantage_sync_state').select('*', { count: 'estimated', head: true });
  assert.equal(estimated.count, 5);
});

test('insert, upsert, update and delete by the service key', async () => {
  const inserted = await supabase.from('vantage_sync_state').insert({ resource: 'prices' }).select().single();
  assert.deepEqual([inserted.status, inserted.data.resource], [201, 'prices']);
  const again = await supabase.from('vantage_sync_state').insert({ resource: 'prices' });
  assert.deepEqual([again.status, again.error.code], [409, '23505']);
  const upserted = await supabase.from('vantage_sync_state')
    .upsert({ resource: 'prices', records_synced: 7 }, { onConflict: 'resource' }).select('resource,records_synced');
  assert.deepEqual([upserted.status, upserted.data], [200, [{ resource: 'prices', records_synced: 7 }]]);
  const ignored = await supabase.from('vantage_sync_state')
    .upsert([{ resource: 'prices', records_synced: 9 }, { resource: 'trades', records_synced: 9 }],
      { ignoreDuplicates: true }).select('resource');
  assert.deepEqual(ignored.data, [{ resource: 'trades' }]);
  const bulk = await supabase.from('vantage_sync_state')
    .insert([{ resource: 'a1', records_synced: 1 }, { resource: 'a2' }], { defaultToNull: false, count: 'exact' })
    .select('resource,records_synced');
  assert.deepEqual([bulk.count, bulk.data], [2, [
    { resource: 'a1', records_synced: 1 }, { resource: 'a2', records_synced: 0 }]]);
  const updated = await supabase.from('vantage_sync_state')
    .update({ records_synced: 8 }).eq('resource', 'prices').select('records_synced').single();
  assert.deepEqual(updated.data, { records_synced: 8 });
  const quiet = await supabase.from('vantage_sync_state').update({ records_synced: 8 }).eq('resource', 'prices');
  assert.deepEqual([quiet.status, quiet.data], [204, null]);
  const invalid = await supabase.from('vantage_sync_state').update({ last_sync_status: 'odd' }).eq('resource', 'prices');
  assert.deepEqual([invalid.status, invalid.error.code], [400, '23514']);
  const deleted = await supabase.from('vantage_sync_state').delete().eq('resource', 'prices').select('resource');
  assert.deepEqual([deleted.status, deleted.data], [200, [{ resource: 'prices' }]]);
});

test('every write is refused for the reader key', async () => {
  const states = () => frontend.from('vantage_sync_state');
  for (const [what, write] of [
    ['table vantage_sync_state', states().insert({ resource: 'mine' })],
    ['table vantage_sync_state', states().insert({ resource: 'mine' }).select().single()],
    ['table vantage_sync_state', states().upsert({ resource: 'funds', records_synced: 9 })],
    ['table vantage_sync_state', states().update({ records_synced: 9 }).eq('resource', 'funds')],
    ['table vantage_sync_state', states().delete().eq('resource', 'funds')],
    ['function start_vantage_sync', frontend.rpc('start_vantage_sync', { p_resource: 'funds' })],
    ['function complete_vantage_sync', frontend.rpc('complete_vantage_sync', { p_resource: 'funds' })],
    ['function fail_vantage_sync', frontend.rpc('fail_vantage_sync', { p_resource: 'funds', p_errors: [] })],
  ]) {
    const { error, status } = await write;
    assert.equal(status, 403, what);
    assert.equal(error.code, '42501');
    assert.equal(error.message, `permission denied for ${what}`);
  }
  assert.equal(ok(await states().select()).length, 3);
});

test('unknown tables and columns, and wrong keys', async () => {
  const table = await frontend.from('vantage_sync_stat').select();
  assert.deepEqual([table.status, table.error.code], [404, 'PGRST205']);
  assert.equal(table.error.message, "Could not find the table 'public.vantage_sync_stat' in the schema cache");
  const column = await frontend.from('vantage_sync_state').select('colour');
  assert.deepEqual([column.status, column.error.code], [400, '42703']);
  assert.equal(column.error.message, 'column vantage_sync_state.colour does not exist');
  const schema = await frontend.schema('private').from('vantage_sync_state').select();
  assert.deepEqual([schema.status, schema.error.code], [406, 'PGRST106']);
  const stranger = await createClient(url, 'a-wrong-key', options).from('vantage_sync_state').select();
  assert.deepEqual([stranger.status, stranger.error.message], [401, 'Invalid API key']);
});
