// What keys have chosen on a timeline: a lane, and a run in it.

import { now } from "../domain/clock.js";
import { formatDuration } from "../domain/durations.js";
import { labelOf } from "../domain/labels.js";
import { describeMissed, inOrder, MISSED } from "../domain/missed.js";
import { count } from "../domain/numbers.js";
import { zonedTime } from "../domain/times.js";
import { announce } from "./dom.js";

export class TimelineSelection {
  #data;
  #lane = 0;
  #id = null;

  /** @param data runsOf(resource) and missedOf(resource) */
  constructor(data) {
    this.#data = data;
  }

  /** @returns the resource, and the id of the run, or of what was missed, or null */
  selected(resources) {
    return { resource: resources[this.#lane], id: this.#id };
  }

  /** @returns the number of the lane that is chosen now */
  moveLane(by, resources) {
    this.#lane = Math.min(Math.max(this.#lane + by, 0), Math.max(resources.length - 1, 0));
    this.#id = null;
    const resource = resources[this.#lane];
    if (resource !== undefined) {
      const missed = this.#data.missedOf(resource).length;
      announce(`${resource}, ${count(this.#data.runsOf(resource).length, "run")}${missed === 0 ? "" : `, ${missed} missed`}`);
    }
    return this.#lane;
  }

  /** @returns the run that is chosen now, or the missed one; null where there is none */
  moveRun(by, resources) {
    const resource = resources[this.#lane];
    const runs = inOrder(this.#data.runsOf(resource), this.#data.missedOf(resource));
    const place = runs.findIndex(({ id }) => id === this.#id);
    const run = runs[place < 0 ? runs.length - 1 : Math.min(Math.max(place + by, 0), runs.length - 1)] ?? null;
    if (run !== null) {
      this.#id = run.id;
      announce(describeBar(resource, run));
    }
    return run;
  }
}

/** "funds, 05:25:03 UTC: failed, took 30 s" */
export function describeBar(resource, run) {
  const { status, from, until } = run;
  if (status === MISSED) {
    return describeMissed(resource, run);
  }
  const took = until === null ? `for ${formatDuration(now() - from)}` : `took ${formatDuration(until - from)}`;
  return `${resource}, ${zonedTime(from)}: ${labelOf(status).toLowerCase()}, ${took}`;
}
