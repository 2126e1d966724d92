// Parses text/event-stream.

/** Takes a stream in pieces and calls back with the name and the data of each event. */
export class EventStreamParser {
  #onEvent;
  #rest = "";
  #name = "";
  #data = [];

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    lines.forEach((line) => this.#parseLine(line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  #parseLine(line) {
    if (line === "") {
      this.#dispatch();
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

  #dispatch() {
    if (this.#data.length > 0) {
      this.#onEvent(this.#name, this.#data.join("\n"));
    }
    this.#name = "";
    this.#data = [];
  }
}
