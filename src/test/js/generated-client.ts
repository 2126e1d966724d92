// What a page does with the types that were generated from the OpenAPI document; GeneratedClientTest has it type-checked.

import type { components, paths } from './openapi';

type SyncState = components['schemas']['SyncState'];
type FailRequest = components['schemas']['FailRequest'];
type Problem = components['responses']['Unauthenticated']['content']['application/problem+json'];
type Answer = paths['/sync-states']['get']['responses'][200]['content']['application/json'];
type Query = NonNullable<paths['/sync-states']['get']['parameters']['query']>;

export async function failed(key: string): Promise<string[]> {
  const query: Query = { status: 'failed', limit: 5 };
  const answer = await fetch(`/sync-states?${new URLSearchParams(query as Record<string, string>)}`, {
    headers: { apikey: key },
  });
  if (!answer.ok) {
    const problem = (await answer.json()) as Problem;
    throw new Error(`${problem.status} ${problem.detail}`);
  }
  return ((await answer.json()) as Answer).map(sentence);
}

function sentence(state: SyncState): string {
  const since: string = state.last_sync_time ?? 'ever';
  const done: number = state.progress?.records ?? state.records_synced;
  const codes: string[] = state.errors.map(error => error.code);
  // @ts-expect-error: there is no such status
  const wrong: boolean = state.last_sync_status === 'broken';
  return `${state.resource}: ${done} since ${since}, ${codes}, ${state.alerts.length > 0 || wrong}`;
}

export const report: FailRequest = { errors: [{ code: 'A', message: 'b', record_id: 42, of_our_own: true }] };

// @ts-expect-error: an error needs a message
export const incomplete: FailRequest = { errors: [{ code: 'A' }] };
