// Reads the event stream of all states, reconnects, and reports whether it is live.
//
// With fetch(): an EventSource cannot send a key in a header, and a key does not belong in an address.

import { setServerTime } from "../domain/clock.js";
import { EventStreamParser } from "./event-stream-parser.js";
import { authorization, DATABASE_UNAVAILABLE, problemDetail } from "./requests.js";

const CONNECT_TIMEOUT = 10_000;
/** The service sends a comment every 15 s; a stream that is silent for longer is dead, whatever the browser thinks. */
const SILENCE_TIMEOUT = 20_000;
/** A loss shorter than this may have been a hiccup. */
const OFFLINE_AFTER = 6_000;
const MIN_RETRY_DELAY = 300;
const MAX_RETRY_DELAY = 5_000;

export class LiveStream {
  #key;
  #listener;
  #stopped = new AbortController();
  #attempt = null;
  #endDelay = () => {};
  #failures = 0;
  #lastByteAt = null;
  #lostAt = null;
  #connection = { name: "connecting" };
  #timer;

  /**
   * @param listener snapshot(states), changed(state), deleted(resource), incident(incident), connection(connection),
   *     refused(status)
   */
  constructor(key, listener) {
    this.#key = key;
    this.#listener = listener;
  }

  async run() {
    this.#timer = setInterval(this.#check, 1000);
    addEventListener("online", this.retry);
    document.addEventListener("visibilitychange", this.#check);
    this.#report({ name: "connecting" });
    while (!this.#stopped.signal.aborted) {
      const refused = await this.#connect();
      if (refused || this.#stopped.signal.aborted) {
        break;
      }
      await this.#delay();
    }
    this.stop();
  }

  stop() {
    this.#stopped.abort();
    this.#attempt?.abort();
    this.#endDelay();
    clearInterval(this.#timer);
    removeEventListener("online", this.retry);
    document.removeEventListener("visibilitychange", this.#check);
  }

  /** Reconnects without waiting for the end of the delay. */
  retry = () => this.#endDelay();

  /** @returns whether the key was refused */
  async #connect() {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const timeout = setTimeout(() => attempt.abort(), CONNECT_TIMEOUT);
    let detail = null;
    try {
      const response = await fetch("/sync-states", {
        headers: { Accept: "text/event-stream", ...authorization(this.#key) },
        cache: "no-store",
        signal: attempt.signal,
      });
      if (response.status === 401 || response.status === 403) {
        this.#listener.refused(response.status);
        return true;
      }
      if (response.ok) {
        clearTimeout(timeout);
        setServerTime(response.headers.get("Date"));
        await this.#read(response.body);
      } else {
        detail = await problemDetail(response);
      }
    } catch {
      // Never connected or lost; both are reported below.
    } finally {
      clearTimeout(timeout);
      attempt.abort();
      this.#lastByteAt = null;
    }
    if (!this.#stopped.signal.aborted) {
      this.#lost(detail, null);
      this.#failures++;
    }
    return false;
  }

  async #read(body) {
    const parser = new EventStreamParser((name, data) => this.#handle(name, JSON.parse(data)));
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    this.#lastByteAt = performance.now();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      this.#lastByteAt = performance.now();
      parser.push(value);
    }
  }

  #handle(name, data) {
    if (name === "snapshot") {
      this.#failures = 0;
      this.#lostAt = null;
      this.#listener.snapshot(data);
      this.#report({ name: "live" });
    } else if (name === "sync-state") {
      this.#listener.changed(data);
    } else if (name === "deleted") {
      this.#listener.deleted(data.resource);
    } else if (name === "incident") {
      this.#listener.incident(data);
    } else if (name === "unavailable") {
      this.#lost(DATABASE_UNAVAILABLE, data.since);
    }
  }

  #lost(detail, since) {
    this.#lostAt ??= since ? Date.parse(since) : Date.now();
    const offline = detail !== null || this.#isLostForLong();
    this.#report({ name: offline ? "offline" : "reconnecting", since: this.#lostAt, detail });
  }

  #check = () => {
    if (this.#lastByteAt !== null && performance.now() - this.#lastByteAt > SILENCE_TIMEOUT) {
      this.#attempt.abort();
    } else if (this.#connection.name === "reconnecting" && this.#isLostForLong()) {
      this.#report({ ...this.#connection, name: "offline" });
    }
  };

  #isLostForLong() {
    return Date.now() - this.#lostAt > OFFLINE_AFTER;
  }

  #report(connection) {
    this.#connection = connection;
    this.#listener.connection(connection);
  }

  /** Grows with each failure, with jitter so that many pages do not return at once. */
  #delay() {
    const longest = Math.min(MIN_RETRY_DELAY * 2 ** this.#failures, MAX_RETRY_DELAY);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longest / 2 + (Math.random() * longest) / 2);
      this.#endDelay = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
