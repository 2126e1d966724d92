// Requests to the service, and what its problems mean to someone who reads the page.

export const DATABASE_UNAVAILABLE = "The database does not answer.";

const PAGE_SIZE = 20;

export const authorization = (key) => ({ Authorization: `Bearer ${key}` });

/**
 * A page of runs, newest first.
 *
 * @returns {runs, next}
 * @throws Error with a message to show
 */
export async function fetchRuns(key, resource, cursor, signal) {
  const query = new URLSearchParams({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
  const address = `/sync-states/${encodeURIComponent(resource)}/runs?${query}`;
  let response;
  try {
    response = await fetch(address, { headers: authorization(key), signal });
    if (response.ok) {
      return await response.json();
    }
  } catch {
    throw new Error("The runs could not be loaded.");
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
