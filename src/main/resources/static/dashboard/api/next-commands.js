// The next command of each resource that needs attention, loaded one after the other, as rows that show it come into view.

import { fetchExplanation } from "./requests.js";

/** So that a page of red rows is no burst of requests. */
const MIN_BETWEEN_REQUESTS = 50;
const RETRY_DELAY = 5000;

export class NextCommands {
  #key;
  #changed;
  /** By resource, {kinds, next}: what is next depends on what is wrong; next is undefined while it is not known. */
  #byResource = new Map();
  #wanted = new Set();
  #timer = null;
  #request = null;

  /** @param changed called with a resource whose next command is known anew */
  constructor(key, changed) {
    this.#key = key;
    this.#changed = changed;
  }

  /** @returns {why, command}; undefined where it is not known yet, which loads it, and null where there is none */
  get = (state) => {
    const kinds = state.alerts.map(({ kind }) => kind).join();
    if (kinds === "") {
      return null;
    }
    const known = this.#byResource.get(state.resource);
    if (known?.kinds === kinds) {
      return known.next;
    }
    this.#byResource.set(state.resource, { kinds, next: undefined });
    this.#wanted.add(state.resource);
    this.#schedule(MIN_BETWEEN_REQUESTS);
    return undefined;
  };

  forget(resource) {
    this.#byResource.delete(resource);
    this.#wanted.delete(resource);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  #schedule(delay) {
    if (this.#request === null) {
      this.#timer ??= setTimeout(() => this.#load(), delay);
    }
  }

  async #load() {
    this.#timer = null;
    const [resource] = this.#wanted;
    this.#wanted.delete(resource);
    const known = this.#byResource.get(resource);
    const request = new AbortController();
    let delay = MIN_BETWEEN_REQUESTS;
    if (known !== undefined) {
      this.#request = request;
      try {
        const { next } = await fetchExplanation(this.#key, resource, request.signal);
        known.next = next[0] ?? null;
        this.#changed(resource);
      } catch {
        // Loaded again as long as the row is in view.
        this.forget(resource);
        delay = RETRY_DELAY;
      }
      this.#request = null;
    }
    if (!request.signal.aborted && this.#wanted.size > 0) {
      this.#schedule(delay);
    }
  }
}
