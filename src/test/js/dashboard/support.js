// States and times for the tests of the page's modules.

/** Noon of an arbitrary day, and times relative to it. */
export const NOON = Date.parse("2026-11-22T12:00:00Z");

export const before = (ms) => new Date(NOON - ms).toISOString();

/** A state that has never run, changed by the given keys. */
export function state(changes = {}) {
  return {
    resource: "funds",
    last_sync_time: null,
    last_sync_status: "never_run",
    records_synced: 0,
    records_created: 0,
    records_updated: 0,
    errors: [],
    started_at: null,
    completed_at: null,
    duration_ms: null,
    run_id: null,
    watermark: null,
    progress: null,
    alerts: [],
    ...changes,
  };
}

export const alert = (kind, since = before(0), resource = "funds") => ({ resource, kind, since });
