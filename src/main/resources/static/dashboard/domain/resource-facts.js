// What the drawer lists about a resource, by label.

import { now } from "./clock.js";
import { describeDue, describeSchedule } from "./due.js";
import { ago, formatDuration } from "./durations.js";
import { formatNumber, formatRate } from "./numbers.js";
import { successRate } from "./progress.js";
import { zonedTime } from "./times.js";

export function factsOf(state, at = now()) {
  const time = (value) => (value === null ? "–" : `${ago(value, at)} (${zonedTime(value, at)})`);
  const succeeded = state.last_sync_time !== null;
  return {
    "Last success": succeeded ? time(state.last_sync_time) : "never",
    ...(state.expect === undefined ? {} : { "Next due": describeDue(state, at), Schedule: describeSchedule(state) }),
    "Records/s": formatRate(successRate(state)),
    Started: time(state.started_at),
    Ended: time(state.completed_at),
    Duration: formatDuration(state.duration_ms ?? Number.NaN),
    Records: succeeded ? counts(state) : "–",
    Watermark: state.watermark ?? "none: the next sync is a full one",
    "Run ID": state.run_id ?? "–",
  };
}

function counts({ records_synced: synced, records_created: created, records_updated: updated }) {
  return `${formatNumber(synced)} synced, ${formatNumber(created)} created, ${formatNumber(updated)} updated`;
}
