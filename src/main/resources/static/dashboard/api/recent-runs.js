// How the last runs of all resources ended: loaded once, then again of those that have changed, many at a time.

import { fetchRecentRuns } from "./requests.js";

const MIN_BETWEEN_REQUESTS = 1000;
const RETRY_DELAY = 5000;
/** Servers and proxies take an address of 8 KB. */
const MAX_NAMES_LENGTH = 4000;

export class RecentRuns {
  #key;
  #changed;
  #byResource = new Map();
  #outdated = new Set();
  #all = false;
  #timer = null;
  #request = null;

  /** @param changed called with the names of the resources whose last runs are known anew */
  constructor(key, changed) {
    this.#key = key;
    this.#changed = changed;
  }

  /** Undefined where it is not known yet. */
  get = (resource) => this.#byResource.get(resource);

  loadAll() {
    this.#all = true;
    this.#schedule(0);
  }

  /** Loads those of a resource, soon: there may be more. */
  load(resource) {
    this.#outdated.add(resource);
    this.#schedule(MIN_BETWEEN_REQUESTS);
  }

  forget(resource) {
    this.#byResource.delete(resource);
    this.#outdated.delete(resource);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.#all = false;
    this.#outdated.clear();
  }

  #schedule(delay) {
    if (this.#request === null) {
      this.#timer ??= setTimeout(() => this.#load(), delay);
    }
  }

  async #load() {
    this.#timer = null;
    const request = new AbortController();
    this.#request = request;
    const all = this.#all;
    const names = this.#take();
    this.#all = false;
    let delay = MIN_BETWEEN_REQUESTS;
    try {
      const found = await fetchRecentRuns(this.#key, all ? null : names, request.signal);
      if (request.signal.aborted) {
        return;
      }
      if (all) {
        this.#byResource.clear();
      }
      found.forEach((recent) => this.#byResource.set(recent.resource, recent));
      this.#changed(found.map((recent) => recent.resource));
    } catch {
      // The page says already that the service or its database is away.
      if (request.signal.aborted) {
        return;
      }
      names.forEach((name) => this.#outdated.add(name));
      this.#all ||= all;
      delay = RETRY_DELAY;
    }
    this.#request = null;
    if (this.#all || this.#outdated.size > 0) {
      this.#schedule(delay);
    }
  }

  #take() {
    const names = [];
    let length = 0;
    for (const name of this.#outdated) {
      length += name.length + 1;
      if (length > MAX_NAMES_LENGTH) {
        break;
      }
      names.push(name);
      this.#outdated.delete(name);
    }
    return names;
  }
}
