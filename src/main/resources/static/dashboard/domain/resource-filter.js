// Which resources the filter shows: by a part of the name, and by alerts and statuses.

import { ALERT_KINDS, hasAlert, shownStatus } from "./urgency.js";

/** What a resource can be filtered by, most urgent first. */
export const GROUPS = [...ALERT_KINDS, "running", "never_run", "success"];

/** A resource may be in several groups: a success can be stale and slow. */
export function isInGroup(state, group) {
  return ALERT_KINDS.includes(group) ? hasAlert(state, group) : shownStatus(state) === group;
}

/** Matches where the name contains the text and one of the groups fits; no group means all. */
export function matchesFilter(state, text, groups) {
  return (
    state.resource.toLowerCase().includes(text.trim().toLowerCase()) &&
    (groups.size === 0 || [...groups].some((group) => isInGroup(state, group)))
  );
}

/** The number of resources in each group. */
export function countByGroup(states) {
  return new Map(GROUPS.map((group) => [group, states.filter((state) => isInGroup(state, group)).length]));
}
