// Why a resource needs attention, in a line; and the same reason of many resources as one.

import { now } from "./clock.js";
import { ago } from "./durations.js";
import { truncate } from "./error-parts.js";
import { acknowledgedNote } from "./incidents.js";
import { count } from "./numbers.js";
import { describeStreak } from "./recent-runs.js";
import { zonedTime } from "./times.js";
import { alertsByUrgency } from "./urgency.js";

const MAX_CODE_LENGTH = 60;
const MAX_MESSAGE_LENGTH = 200;

/** The code of the first error; null where the job gave no reason. */
export function errorCode(state) {
  const code = state.errors[0]?.code;
  return code === undefined ? null : truncate(toText(code), MAX_CODE_LENGTH);
}

/**
 * The reason in parts; null where there is nothing to explain.
 *
 * @param recent how the last runs ended; null where that is not known yet
 * @param incident the open one; undefined where there is none
 * @returns {code, text, notes}: the code of the error or null, what is wrong, and what else is known of it
 */
export function reasonOf(state, recent, incident = undefined, at = now()) {
  const acknowledged = [acknowledgedNote(incident)].filter((note) => note !== "");
  if (state.last_sync_status === "failed") {
    return failure(state, recent, acknowledged, at);
  }
  // The status says already that it has never run.
  const others = state.alerts.filter(({ kind }) => !(kind === "stale" && state.last_sync_status === "never_run"));
  return others.length === 0
    ? null
    : { code: null, text: others.map((alert) => alert.detail).join(" "), notes: acknowledged };
}

function failure(state, recent, acknowledged, at) {
  const { errors, errors_total: total } = state;
  const more = (total ?? errors.length) - 1;
  const since = failingSince(state, recent);
  const notes = [
    more > 0 ? `and ${count(more, "more error")}` : "",
    describeStreak(recent),
    since === null ? "" : `failing since ${zonedTime(since, at)}, ${ago(since, at)}`,
    ...acknowledged,
  ];
  return {
    code: errorCode(state),
    text: errors.length === 0 ? "The job gave no reason." : truncate(toText(errors[0].message), MAX_MESSAGE_LENGTH),
    notes: notes.filter((note) => note !== ""),
  };
}

const failingSince = (state, recent) =>
  recent?.failing_since ?? state.alerts.find(({ kind }) => kind === "failed")?.since ?? state.completed_at;

/**
 * The alerts of all resources, those with the same cause as one, most urgent first, then those of more resources.
 *
 * @param recentOf gives how the last runs of a resource ended; undefined where that is not known yet
 * @returns a list of {key, kind, code, since, resources}
 */
export function groupAlerts(states, recentOf) {
  const groups = new Map();
  const byName = new Map(states.map((state) => [state.resource, state]));
  for (const alert of alertsByUrgency(states)) {
    const state = byName.get(alert.resource);
    const failed = alert.kind === "failed";
    const code = failed ? errorCode(state) : null;
    const since = failed ? failingSince(state, recentOf(alert.resource)) : alert.since;
    const key = JSON.stringify([alert.kind, code]);
    const group = groups.get(key) ?? { key, kind: alert.kind, code, since, resources: [] };
    group.since = since < group.since ? since : group.since;
    group.resources.push(alert.resource);
    groups.set(key, group);
  }
  const kinds = [...new Set([...groups.values()].map((group) => group.kind))];
  return [...groups.values()].sort(
    (one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || other.resources.length - one.resources.length,
  );
}

/** "12 failed with API_TIMEOUT", "3 stuck" */
export function describeGroup({ kind, code, resources }) {
  return `${resources.length} ${kind}${code === null ? "" : ` with ${code}`}`;
}

const toText = (value) => (typeof value === "string" ? value : JSON.stringify(value));
