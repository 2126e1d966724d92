// The due times that no run has met, on the lanes of a timeline.

import { shownZone, UTC, zonedTime } from "./times.js";

export const MISSED = "missed";

/** The missed runs by resource, each {id, status, from, until, local}, in the order in which they were due. */
export class MissedLanes {
  #lanes = new Map();

  /** @param missed as the service gives them, newest first */
  replace(missed) {
    this.#lanes.clear();
    for (const { resource, due_at: dueAt, local, deadline } of missed.toReversed()) {
      const lane = this.#lanes.get(resource) ?? [];
      this.#lanes.set(resource, lane);
      lane.push({ id: `${MISSED} ${dueAt}`, status: MISSED, from: Date.parse(dueAt), until: Date.parse(deadline), local });
    }
  }

  delete(resource) {
    this.#lanes.delete(resource);
  }

  of(resource) {
    return this.#lanes.get(resource) ?? [];
  }

  /** The one nearest to a time, within a tolerance; null where there is none. */
  at(resource, time, tolerance) {
    const distance = ({ from }) => Math.abs(from - time);
    return this.of(resource)
      .filter((each) => distance(each) <= tolerance)
      .reduce((nearest, each) => (nearest === null || distance(each) < distance(nearest) ? each : nearest), null);
  }
}

/** Runs and missed runs in the order in which they began, or should have. */
export const inOrder = (runs, missed) => (missed.length === 0 ? runs : [...runs, ...missed].sort((one, other) => one.from - other.from));

/** "funds, 04:00:00 UTC: missed, due at 05:00 (+01:00) by its schedule, to be done by 05:00:00 UTC" */
export function describeMissed(resource, { from, until, local }) {
  const [, clock, offset] = /T(\d\d:\d\d).*([+-]\d\d:\d\d)$/.exec(local);
  const isShownAlready = shownZone() === UTC && offset === "+00:00";
  const due = isShownAlready ? "" : `, due at ${clock} (${offset}) by its schedule`;
  return `${resource}, ${zonedTime(from)}: missed${due}, to be done by ${zonedTime(until)}`;
}
