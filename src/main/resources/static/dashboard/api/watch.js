// What the stream does not carry: the mutes, whether alerts are evaluated in time, and what the key may do.

import { fetchCaller, fetchMutes, fetchWatch } from "./requests.js";

const INTERVAL = 15_000;

export class Watch {
  #key;
  #changed;
  #known = { mutes: [], watch: null, mayWrite: false };
  #role = null;
  #request = null;
  #timer = null;

  /** @param changed called with {mutes, watch, mayWrite}; watch is null where it is not known */
  constructor(key, changed) {
    this.#key = key;
    this.#changed = changed;
  }

  start() {
    this.stop();
    document.addEventListener("visibilitychange", this.#read);
    this.#timer = setInterval(this.#read, INTERVAL);
    this.#read();
  }

  stop() {
    document.removeEventListener("visibilitychange", this.#read);
    clearInterval(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  #read = async () => {
    if (document.hidden || this.#request !== null) {
      return;
    }
    const request = new AbortController();
    this.#request = request;
    const { signal } = request;
    try {
      const [mutes, watch, caller] = await Promise.all([
        fetchMutes(this.#key, signal),
        fetchWatch(this.#key, signal),
        this.#role ?? fetchCaller(this.#key, signal),
      ]);
      this.#role = caller;
      this.#known = { mutes, watch, mayWrite: caller.role === "service" };
    } catch {
      // The page says already that the service or its database is away; what was known of the watch may no longer hold.
      this.#known = { ...this.#known, watch: null };
    }
    if (!signal.aborted) {
      this.#request = null;
      this.#changed(this.#known);
    }
  };
}
