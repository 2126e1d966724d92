// Loads the runs of a timeline, as far back as it has been looked at.

import { fetchRunsSince } from "../api/timeline-runs.js";

export class TimelineLoader {
  #key;
  #lanes;
  #listener;
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
    this.#wanted = since;
    if (since >= this.#loadedSince || this.#request !== null) {
      return;
    }
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#listener.message("Loading runs…");
    try {
      const all = await fetchRunsSince(this.#key, since, signal, (runs) => {
        runs.toReversed().forEach((run) => this.#lanes.put(run));
        this.#listener.changed();
      });
      this.#loadedSince = since;
      this.#listener.message(all ? "" : "There are more runs than can be shown: the oldest are left out.");
    } catch (error) {
      this.#listener.message(signal.aborted ? "" : error.message);
    }
    this.#request = null;
    if (!signal.aborted && this.#wanted < this.#loadedSince && this.#loadedSince === since) {
      this.load(this.#wanted);
    }
  }

  stop() {
    this.#request?.abort();
  }
}
