// When runs ran, on a time axis: what is in view, where its marks are, and which run is where.

import { DAY, HOUR, MINUTE } from "./durations.js";

const MIN_SPAN = 10 * MINUTE;
export const MAX_SPAN = 30 * DAY;
export const SPANS = [6 * HOUR, 24 * HOUR, 7 * DAY, MAX_SPAN];

const STEPS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY];

/** A range of time that ends now. */
export const lastSpan = (span, at) => ({ from: at - span, until: at });

/** The range zoomed about a time, by a factor below one to see less of it. */
export function zoomed(range, factor, about, at) {
  const span = Math.min(Math.max((range.until - range.from) * factor, MIN_SPAN), MAX_SPAN);
  const part = (about - range.from) / (range.until - range.from);
  return held({ from: about - span * part, until: about + span * (1 - part) }, at);
}

/** The range moved by so many milliseconds. */
export const panned = (range, by, at) => held({ from: range.from + by, until: range.until + by }, at);

/** Not further than now, nor than thirty days ago. */
function held({ from, until }, at) {
  const over = Math.max(until - at, 0) - Math.max(at - MAX_SPAN - from, 0);
  return { from: from - over, until: until - over };
}

/** The marks of the axis, no closer than so many pixels. */
export function ticks({ from, until }, width, pitch) {
  const most = Math.max(Math.floor(width / pitch), 1);
  const step = STEPS.find((each) => (until - from) / each <= most) ?? STEPS.at(-1);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(Math.floor((until - first) / step) + 1, 0) }, (_, index) => first + index * step);
}

/** The runs by resource, each {id, status, from, until}, in the order of their starts; until is null while one goes on. */
export class Lanes {
  #lanes = new Map();
  #size = 0;

  /** How many runs there are. */
  get size() {
    return this.#size;
  }

  /** @param run as the service gives it, once more where it has changed */
  put({ resource, run_id: id, status, started_at: startedAt, completed_at: completedAt }) {
    const lane = this.#lanes.get(resource) ?? [];
    this.#lanes.set(resource, lane);
    const run = { id, status, from: Date.parse(startedAt), until: completedAt === null ? null : Date.parse(completedAt) };
    let place = lane.length;
    while (place > 0 && lane[place - 1].from > run.from) {
      place--;
    }
    const same = lane.findIndex((each) => each.id === id);
    if (same >= 0) {
      lane[same] = run;
      return;
    }
    // One that still goes on as the next begins was taken over.
    const before = lane[place - 1];
    if (before?.until === null) {
      lane[place - 1] = { ...before, status: "abandoned", until: run.from };
    }
    lane.splice(place, 0, run);
    this.#size++;
  }

  delete(resource) {
    this.#size -= this.of(resource).length;
    this.#lanes.delete(resource);
  }

  clear() {
    this.#lanes.clear();
    this.#size = 0;
  }

  /**
   * Forgets all but so many, the oldest first, and never one that goes on.
   *
   * @returns since when all that started are there
   */
  keepNewest(number) {
    const starts = [...this.#lanes.values()].flatMap((lane) => lane.map(({ from }) => from)).sort((one, other) => one - other);
    const since = starts[Math.max(starts.length - number, 0)] ?? Number.POSITIVE_INFINITY;
    this.#size = 0;
    for (const [resource, lane] of this.#lanes) {
      const kept = lane.filter(({ from, until }) => from >= since || until === null);
      this.#lanes.set(resource, kept);
      this.#size += kept.length;
    }
    return since;
  }

  of(resource) {
    return this.#lanes.get(resource) ?? [];
  }

  /** The run nearest to a time, within a tolerance; null where there is none. */
  at(resource, time, tolerance, now) {
    let nearest = null;
    let least = tolerance;
    for (const run of this.of(resource)) {
      const distance = Math.max(run.from - time, time - (run.until ?? now), 0);
      if (distance <= least) {
        least = distance;
        nearest = run;
      }
    }
    return nearest;
  }
}
