// Loads the runs of a timeline, as far back as it has been looked at.

import { fetchRunsSince, MAX_RUNS } from "../api/timeline-runs.js";

export class TimelineLoader {
  #key;
  #lanes;
  #listener;
  /** The latest run of each resource, which may have ended before what is loaded. */
  #latest = new Map();
  #loadedSince = Number.POSITIVE_INFINITY;
  /** How far back somebody wants to see. */
  #wanted = Number.POSITIVE_INFINITY;
  #request = null;

  /** @param listener changed(), and message(text), empty where there is nothing to say */
  constructor(key, lanes, listener) {
    this.#key = key;
    this.#lanes = lanes;
    this.#listener = listener;
  }

  /** Loads the runs since then, unless they are there. */
  async load(since) {
    if (this.#wanted === Number.POSITIVE_INFINITY) {
      this.#latest.forEach((run) => this.#lanes.put(run));
    }
    this.#wanted = since;
    if (since >= this.#loadedSince || this.#request !== null) {
      return;
    }
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#listener.message("Loading runs…");
    try {
      const all = await fetchRunsSince(this.#key, since, signal, (runs) => {
        if (signal.aborted) {
          return;
        }
        runs.toReversed().forEach((run) => this.#lanes.put(run));
        this.#listener.changed();
      });
      if (signal.aborted) {
        return;
      }
      this.#loadedSince = since;
      this.#listener.message(all ? "" : "There are more runs than can be shown: the oldest are left out.");
    } catch (error) {
      if (!signal.aborted) {
        this.#listener.message(error.message);
      }
    }
    if (signal.aborted) {
      return;
    }
    this.#request = null;
    if (this.#wanted < this.#loadedSince && this.#loadedSince === since) {
      this.load(this.#wanted);
    }
  }

  /** Takes the latest run of a state. While nobody looks, no other is kept. */
  put({ resource, run_id, last_sync_status: status, started_at, completed_at }) {
    const run = { resource, run_id, status, started_at, completed_at };
    this.#latest.set(resource, run);
    if (this.#wanted === Number.POSITIVE_INFINITY) {
      return;
    }
    this.#lanes.put(run);
    // Half as many more before they are sorted out, which costs more than taking one.
    if (this.#lanes.size > 1.5 * MAX_RUNS) {
      this.#loadedSince = Math.max(this.#loadedSince, this.#lanes.keepNewest(MAX_RUNS));
    }
  }

  delete(resource) {
    this.#latest.delete(resource);
    this.#lanes.delete(resource);
  }

  /** Forgets all but the latest: nobody looks. */
  stop() {
    this.#request?.abort();
    this.#request = null;
    this.#lanes.clear();
    this.#loadedSince = Number.POSITIVE_INFINITY;
    this.#wanted = Number.POSITIVE_INFINITY;
  }
}
