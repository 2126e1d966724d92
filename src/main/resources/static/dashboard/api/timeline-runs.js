// The runs of all resources since a time, page by page, newest first.

import { authorization, problemDetail } from "./requests.js";

const COLUMNS = "resource,run_id,status,started_at,completed_at";
const PAGE = 1000;
/** More could not be distinguished on a screen. */
export const MAX_RUNS = 30_000;

/**
 * Calls back with each page of runs: those that went on at that time, or started later.
 *
 * @returns whether these are all
 * @throws Error with a message to show
 */
export async function fetchRunsSince(key, since, signal, onPage) {
  const time = new Date(since).toISOString();
  let before = null;
  for (let number = 0; number < MAX_RUNS; number += PAGE) {
    const query = new URLSearchParams({
      select: COLUMNS,
      or: `(completed_at.gte.${time},completed_at.is.null)`,
      order: "started_at.desc,run_id",
      limit: PAGE,
    });
    if (before !== null) {
      query.append("started_at", `lte.${before}`);
    }
    const runs = await read(key, `/rest/v1/vantage_sync_run?${query}`, signal);
    onPage(runs);
    const last = runs.at(-1)?.started_at ?? null;
    if (runs.length < PAGE || last === before) {
      return true;
    }
    // Those that started with the last one come once more.
    before = last;
  }
  return false;
}

async function read(key, address, signal) {
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
