// Requests to the service, and what its problems mean to someone who reads the page.

export const DATABASE_UNAVAILABLE = "The database does not answer.";

const PAGE_SIZE = 20;
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

const stateAddress = (resource) => `/sync-states/${encodeURIComponent(resource)}`;

async function read(key, address, failure, signal) {
  let response;
  try {
    response = await fetch(address, { headers: authorization(key), signal });
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
