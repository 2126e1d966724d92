// When a resource is due next, where a schedule says so.

import { now } from "./clock.js";
import { ago } from "./durations.js";
import { zonedTime } from "./times.js";

/** {due_at, deadline}; null where no schedule is set, or it has no time left. */
export const nextDue = (state) => state.next_due?.[0] ?? null;

/** " · due in 2 h", to follow the last success in a row; empty where nothing is due. */
export function dueNote(state, at = now()) {
  const due = nextDue(state);
  return due === null ? "" : ` · due ${ago(due.due_at, at)}`;
}

/** "in 2 h (14:00:00 UTC), to be done by 15:00:00 UTC", or that there is no schedule. */
export function describeDue(state, at = now()) {
  const due = nextDue(state);
  if (due === null) {
    return (state.expect ?? null) === null ? "no schedule" : "–";
  }
  return `${ago(due.due_at, at)} (${zonedTime(due.due_at, at)}), to be done by ${zonedTime(due.deadline, at)}`;
}

/** "0 5 * * MON-FRI in Europe/Paris, grace PT1H", "every PT1H, grace PT15M"; a dash where there is no schedule. */
export function describeSchedule({ expect = null }) {
  if (expect === null) {
    return "–";
  }
  const { cron, every, time_zone: zone, grace } = expect;
  const times = cron == null ? `every ${every}` : `${cron} in ${zone ?? "UTC"}`;
  return `${times}, grace ${grace}`;
}
