// The due times that no run has met, loaded again while somebody looks.

import { now } from "../domain/clock.js";
import { DAY, HOUR, MINUTE } from "../domain/durations.js";
import { MissedLanes } from "../domain/missed.js";
import { fetchMissedRuns } from "./requests.js";

/** As far back as the service knows them. */
export const MISSED_KNOWN_FOR = 7 * DAY;

const MAX_AGE = MINUTE;
/** After a change that may have met one: there may be more of them. */
const MIN_AGE = 5000;

export class MissedRuns {
  #key;
  #listener;
  #lanes = new MissedLanes();
  /** How far back somebody looks; null where nobody does. */
  #since = null;
  #loadedSince = Number.POSITIVE_INFINITY;
  #loadAt = 0;
  #request = null;

  /** @param listener changed(), and message(text), empty where there is nothing to say */
  constructor(key, listener) {
    this.#key = key;
    this.#listener = listener;
  }

  of = (resource) => this.#lanes.of(resource);

  at = (resource, time, tolerance) => this.#lanes.at(resource, time, tolerance);

  /** Keeps those since then up to date. */
  watch(since) {
    // By the hour, so that pages that are open ask alike.
    this.#since = Math.floor(Math.max(since, now() - MISSED_KNOWN_FOR) / HOUR) * HOUR;
    if (this.#since < this.#loadedSince) {
      this.#loadAt = 0;
    }
    this.tick();
  }

  /** Something has happened that may have met one. */
  mayHaveChanged() {
    this.#loadAt = Math.min(this.#loadAt, now() + MIN_AGE);
  }

  /** Loads them where they are due to be loaded. */
  tick() {
    if (this.#since !== null && this.#request === null && now() >= this.#loadAt) {
      this.#load();
    }
  }

  delete(resource) {
    this.#lanes.delete(resource);
  }

  /** Nobody looks. */
  stop() {
    this.#request?.abort();
    this.#request = null;
    this.#since = null;
    this.#loadedSince = Number.POSITIVE_INFINITY;
    this.#loadAt = 0;
  }

  async #load() {
    const since = this.#since;
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#loadAt = now() + MAX_AGE;
    let message = "";
    try {
      const { missed, all } = await fetchMissedRuns(this.#key, since, signal);
      if (signal.aborted) {
        return;
      }
      this.#lanes.replace(missed);
      this.#loadedSince = since;
      message = all ? "" : "There are more missed runs than can be shown: the oldest are left out.";
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      message = error.message;
    }
    this.#request = null;
    this.#listener.message(message);
    this.#listener.changed();
  }
}
