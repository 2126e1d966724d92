// Requests to the service, and what its problems mean to someone who reads the page.

export const DATABASE_UNAVAILABLE = "The database does not answer.";

const PAGE_SIZE = 20;
const INCIDENTS_PAGE_SIZE = 100;
/** As many as the stream keeps. */
const MAX_INCIDENTS = 1000;
/** As many as the service answers with. */
const MAX_MISSED = 10_000;
const ERRORS_NOT_LOADED = "The errors could not be loaded.";

export const authorization = (key) => ({ Authorization: `Bearer ${key}` });

/**
 * A page of runs, newest first; of one status, where one is given.
 *
 * @returns {runs, next}
 * @throws Error with a message to show
 */
export function fetchRuns(key, resource, { cursor, status }, signal) {
  const query = new URLSearchParams({ limit: PAGE_SIZE, ...(cursor && { cursor }), ...(status && { status }) });
  return read(key, `${stateAddress(resource)}/runs?${query}`, "The runs could not be loaded.", signal);
}

/** A state with all of its errors; throws an Error with a message to show. */
export const fetchState = (key, resource) => read(key, stateAddress(resource), ERRORS_NOT_LOADED);

/** A run with all of its errors; throws an Error with a message to show. */
export const fetchRun = (key, run) => read(key, `${stateAddress(run.resource)}/runs/${run.run_id}`, ERRORS_NOT_LOADED);

/** How the last runs of these resources ended; of all, where none is given. Throws an Error with a message to show. */
export function fetchRecentRuns(key, resources, signal) {
  const query = resources === null ? "" : `?${new URLSearchParams({ resources })}`;
  return read(key, `/recent-runs${query}`, "The last runs could not be loaded.", signal);
}

/**
 * The due times since then that no run has met, newest first.
 *
 * @returns {missed, all}: whether these are all
 * @throws Error with a message to show
 */
export async function fetchMissedRuns(key, since, signal) {
  const query = new URLSearchParams({ since: new Date(since).toISOString(), limit: MAX_MISSED });
  const missed = await read(key, `/missed-runs?${query}`, "The missed runs could not be loaded.", signal);
  return { missed, all: missed.length < MAX_MISSED };
}

/** Why a resource is red or green; throws an Error with a message to show. */
export const fetchExplanation = (key, resource, signal) =>
  read(key, `${stateAddress(resource)}/explanation`, "The explanation could not be loaded.", signal);

/**
 * The incidents that are open, newest first; of very many, the newest.
 *
 * @throws Error with a message to show
 */
export async function fetchOpenIncidents(key, signal) {
  const found = [];
  let cursor = null;
  do {
    const query = new URLSearchParams({ open: true, limit: INCIDENTS_PAGE_SIZE, ...(cursor && { cursor }) });
    const page = await read(key, `/incidents?${query}`, "The incidents could not be loaded.", signal);
    found.push(...page.incidents);
    cursor = page.next;
  } while (cursor !== null && found.length < MAX_INCIDENTS);
  return found;
}

/** Says that somebody takes care of an incident, and answers with it; throws an Error with a message to show. */
export const acknowledge = (key, incidentId, body) =>
  read(key, `/incidents/${incidentId}/acknowledge`, "Not acknowledged: the service cannot be reached. Try again.", undefined, body);

/** The mutes that go on or are to come; throws an Error with a message to show. */
export const fetchMutes = (key, signal) => read(key, "/mutes", "The mutes could not be loaded.", signal);

/** Whether the alerts are evaluated in time; throws an Error with a message to show. */
export const fetchWatch = (key, signal) => read(key, "/watch", "The watch could not be loaded.", signal);

/** What the key may do; throws an Error with a message to show. */
export const fetchCaller = (key, signal) => read(key, "/caller", "The role of the key could not be loaded.", signal);

const stateAddress = (resource) => `/sync-states/${encodeURIComponent(resource)}`;

/** @param body of a POST; a GET where there is none */
async function read(key, address, failure, signal, body) {
  const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(address, { headers: { ...authorization(key), ...type }, signal, ...post });
    if (response.ok) {
      return await response.json();
    }
  } catch {
    throw new Error(failure);
  }
  throw new Error(await problemDetail(response));
}

/** The detail of a problem, or its status where there is none. */
export async function problemDetail(response) {
  const problem = await response.json().catch(() => ({}));
  // The detail of this problem is advice for clients that write.
  return problem.type === "/problems/database-unavailable"
    ? DATABASE_UNAVAILABLE
    : (problem.detail ?? `The service answered ${response.status}.`);
}
