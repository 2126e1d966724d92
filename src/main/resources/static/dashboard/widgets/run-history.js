// The runs of a resource: a chart of the newest, and a table loaded page by page.

import { fetchRun, fetchRuns } from "../api/requests.js";
import { endedRuns } from "../domain/run-summary.js";
import { button, el, setVisible } from "./dom.js";
import { DurationChart } from "./duration-chart.js";
import { runColumns, runRows } from "./run-row.js";

export class RunHistory {
  #resource;
  #key;
  #next = null;
  #request = new AbortController();
  #chart = new DurationChart();
  #rows = el("tbody");
  #message = el("p", { class: "hint", role: "status" }, "Loading runs…");
  #table = el(
    "table",
    { class: "runs", hidden: true },
    el("caption", { class: "hidden" }, "Runs, newest first"),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        runColumns().map((name, index) => el("th", { scope: "col", class: index > 1 ? "number" : null }, name)),
      ),
    ),
    this.#rows,
  );
  #more = button("Show older runs", { class: "quiet", hidden: true }, () => this.#load(this.#next));
  element = el("section", {}, el("h3", {}, "Runs"), this.#chart.element, this.#message, this.#table, this.#more);

  constructor(resource, key) {
    this.#resource = resource;
    this.#key = key;
  }

  /** Loads the newest page and shows it alone. */
  load() {
    return this.#load(null);
  }

  repaint() {
    this.#chart.paint();
  }

  destroy() {
    this.#request.abort();
    this.#chart.destroy();
  }

  async #load(cursor) {
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const page = await fetchRuns(this.#key, this.#resource, cursor, signal);
      if (!signal.aborted) {
        this.#show(page, cursor !== null);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#showFailure(error.message);
      }
    }
  }

  #show({ runs, next }, older) {
    const rows = runs.map((run) => runRows(run, () => fetchRun(this.#key, run)));
    if (older) {
      this.#rows.append(...rows.flat());
      rows[0]?.[0].querySelector("button")?.focus();
    } else {
      this.#rows.replaceChildren(...rows.flat());
      this.#chart.show(endedRuns(runs));
    }
    this.#next = next;
    const empty = this.#rows.children.length === 0;
    setVisible(this.#more, next !== null);
    setVisible(this.#table, !empty);
    this.#message.replaceChildren(empty ? "No runs yet." : "");
    setVisible(this.#message, empty);
  }

  #showFailure(message) {
    this.#message.replaceChildren(message, " ", button("Try again", { class: "quiet small" }, () => this.load()));
    setVisible(this.#message, true);
  }
}
