// Reads the event stream, and says truly whether it does.
//
// By fetch(): an EventSource cannot send a key in a header, and a key has no place in an address.

import { setServerTime } from "./format.js";

/** The service sends a comment every 15 s. A stream that is silent for longer is lost, whatever the browser thinks. */
const SILENCE = 20_000;
const CONNECT = 10_000;
/** Until then it may have been a hiccup. */
const PATIENCE = 6_000;
const LONGEST_PAUSE = 5_000;
const AWAY = "The database does not answer.";

export class LiveStream {
  #key;
  #listener;
  #stop = new AbortController();
  #attempt = null;
  #wake = () => {};
  #failures = 0;
  #lastByte = null;
  #lostAt = null;
  #state = { name: "connecting" };
  #timer;

  /** @param listener snapshot(states), changed(state), deleted(resource), connection(state), refused(status, detail) */
  constructor(key, listener) {
    this.#key = key;
    this.#listener = listener;
  }

  async run() {
    this.#timer = setInterval(() => this.#check(), 1000);
    addEventListener("online", this.retry);
    document.addEventListener("visibilitychange", this.#check);
    this.#become({ name: "connecting" });
    while (!this.#stop.signal.aborted) {
      const refused = await this.#connect();
      if (refused || this.#stop.signal.aborted) {
        break;
      }
      await this.#pause();
    }
    this.stop();
  }

  stop() {
    this.#stop.abort();
    this.#attempt?.abort();
    this.#wake();
    clearInterval(this.#timer);
    removeEventListener("online", this.retry);
    document.removeEventListener("visibilitychange", this.#check);
  }

  /** Does not wait for the next attempt. */
  retry = () => this.#wake();

  async #connect() {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const timer = setTimeout(() => attempt.abort(), CONNECT);
    let detail = null;
    try {
      const response = await fetch("/sync-states", {
        headers: { Accept: "text/event-stream", Authorization: `Bearer ${this.#key}` },
        cache: "no-store",
        signal: attempt.signal,
      });
      if (response.status === 401 || response.status === 403) {
        this.#listener.refused(response.status);
        return true;
      }
      if (response.ok) {
        clearTimeout(timer);
        setServerTime(response.headers.get("Date"));
        await this.#read(response.body);
      } else {
        detail = await problemDetail(response);
      }
    } catch {
      // Lost, or never reached: both are said below.
    } finally {
      clearTimeout(timer);
      attempt.abort();
      this.#lastByte = null;
    }
    if (!this.#stop.signal.aborted) {
      this.#lost(detail, null);
      this.#failures++;
    }
    return false;
  }

  async #read(body) {
    const parser = new EventParser((name, data) => this.#take(name, data));
    this.#lastByte = performance.now();
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      this.#lastByte = performance.now();
      parser.push(decoder.decode(value, { stream: true }));
    }
  }

  #take(name, data) {
    if (name === "snapshot") {
      this.#failures = 0;
      this.#lostAt = null;
      this.#listener.snapshot(JSON.parse(data));
      this.#become({ name: "live" });
    } else if (name === "sync-state") {
      this.#listener.changed(JSON.parse(data));
    } else if (name === "deleted") {
      this.#listener.deleted(JSON.parse(data).resource);
    } else if (name === "unavailable") {
      this.#lost(AWAY, JSON.parse(data).since);
    }
  }

  #lost(detail, since) {
    this.#lostAt ??= since ? Date.parse(since) : Date.now();
    const offline = detail !== null || Date.now() - this.#lostAt > PATIENCE;
    this.#become({ name: offline ? "offline" : "reconnecting", since: this.#lostAt, detail });
  }

  #check = () => {
    if (this.#lastByte !== null && performance.now() - this.#lastByte > SILENCE) {
      this.#attempt?.abort();
    } else if (this.#state.name === "reconnecting" && Date.now() - this.#lostAt > PATIENCE) {
      this.#become({ ...this.#state, name: "offline" });
    }
  };

  #become(state) {
    this.#state = state;
    this.#listener.connection(state);
  }

  #pause() {
    const longest = Math.min(300 * 2 ** Math.min(this.#failures, 6), LONGEST_PAUSE);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longest / 2 + (Math.random() * longest) / 2);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Takes a text/event-stream in pieces, and calls back with each event's name and data. */
export class EventParser {
  #onEvent;
  #rest = "";
  #name = "";
  #data = [];

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  push(text) {
    const lines = text.split("\n");
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop();
    lines.forEach((line) => this.#line(line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  #line(line) {
    if (line === "") {
      if (this.#data.length > 0) {
        this.#onEvent(this.#name, this.#data.join("\n"));
      }
      this.#name = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      this.#name = value;
    } else if (field === "data") {
      this.#data.push(value);
    }
  }
}

/** The detail of a problem, or what can be said without one. */
export async function problemDetail(response) {
  try {
    const { type, detail } = await response.json();
    // Its detail is for those who call by hand, or write.
    return type === "/problems/database-unavailable" ? AWAY : (detail ?? `The service answered ${response.status}.`);
  } catch {
    return `The service answered ${response.status}.`;
  }
}
