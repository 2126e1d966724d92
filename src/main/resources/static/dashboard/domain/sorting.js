// The order of the resources: the most urgent first, or by a column.

import { successRate } from "./progress.js";
import { byUrgency, statusRank } from "./urgency.js";

const FIRST_IS_FIRST = new Set(["resource", "last_sync_status"]);

/** What can be sorted by: how it is called, and its value, by state and last runs. */
export const SORT_KEYS = {
  resource: { label: "Resource", value: (state) => state.resource },
  last_sync_status: { label: "Status", value: statusRank },
  last_sync_time: { label: "Last success", value: (state) => state.last_sync_time },
  duration_ms: { label: "Latest run", value: (state) => state.duration_ms },
  success_rate: { label: "Last runs", value: (state, recent) => recent?.success_rate ?? null },
  records_synced: { label: "Records", value: (state) => counted(state, state.records_synced) },
  records_created: { label: "Created", value: (state) => counted(state, state.records_created) },
  records_updated: { label: "Updated", value: (state) => counted(state, state.records_updated) },
  records_per_second: { label: "Records/s", value: successRate },
  watermark: { label: "Watermark", value: (state) => state.watermark },
};

/**
 * @param sort {key, descending}; null for the most urgent first
 * @returns a comparison of {state, recent}: what has no value is last, and equals are by urgency
 */
export function comparison(sort) {
  if (sort === null) {
    return (one, other) => byUrgency(one.state, other.state);
  }
  const { value } = SORT_KEYS[sort.key];
  const sign = sort.descending ? -1 : 1;
  return (one, other) =>
    compare(value(one.state, one.recent), value(other.state, other.recent), sign) || byUrgency(one.state, other.state);
}

/** What a press on a column that is sorted so leads to: names begin with the first, statuses with the worst, all else with the most. */
export function nextSort(sort, key) {
  const first = !FIRST_IS_FIRST.has(key);
  if (sort?.key !== key) {
    return { key, descending: first };
  }
  return sort.descending === first ? { key, descending: !first } : null;
}

function compare(one, other, sign) {
  if (one === other) {
    return 0;
  }
  if (one === null || other === null) {
    return one === null ? 1 : -1;
  }
  return (one < other ? -1 : 1) * sign;
}

const counted = (state, value) => (state.last_sync_time === null ? null : value);
