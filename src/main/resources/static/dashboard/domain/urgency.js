// Which alerts a resource has, and which resources need attention first.

/** Most urgent first, as the service orders them. */
export const ALERT_KINDS = ["failed", "stuck", "stale", "slow"];

/** The order of resources without alerts. */
const STATUSES = ["failed", "running", "never_run", "success"];
const SHOWN_STATUSES = ["failed", "stuck", "running", "never_run", "success"];

export const hasAlert = (state, kind) => state.alerts.some((alert) => alert.kind === kind);

/** The status as shown: a stuck run does not count as running. */
export const shownStatus = (state) => (hasAlert(state, "stuck") ? "stuck" : state.last_sync_status);

/** The place of the status as it is shown, the most urgent first. */
export const statusRank = (state) => SHOWN_STATUSES.indexOf(shownStatus(state));

/** Failed, stuck, stale, slow, then the rest by status; within each by name. */
export function byUrgency(one, other) {
  return (
    alertRank(one) - alertRank(other) ||
    STATUSES.indexOf(one.last_sync_status) - STATUSES.indexOf(other.last_sync_status) ||
    compare(one.resource, other.resource)
  );
}

/** The alerts of all resources, most urgent first, then the oldest. */
export function alertsByUrgency(states) {
  return states
    .flatMap((state) => state.alerts)
    .sort(
      (one, other) =>
        kindRank(one.kind) - kindRank(other.kind) ||
        compare(one.since, other.since) ||
        compare(one.resource, other.resource),
    );
}

function alertRank(state) {
  return Math.min(...state.alerts.map((alert) => kindRank(alert.kind)), ALERT_KINDS.length + 1);
}

/** A kind that this page does not know follows those that it does. */
function kindRank(kind) {
  const rank = ALERT_KINDS.indexOf(kind);
  return rank < 0 ? ALERT_KINDS.length : rank;
}

function compare(one, other) {
  if (one === other) {
    return 0;
  }
  return one < other ? -1 : 1;
}
