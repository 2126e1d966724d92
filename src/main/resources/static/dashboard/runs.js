// The runs of a resource: a chart of the newest, and all of them page by page.

import { el } from "./dom.js";
import { clock, duration, number } from "./format.js";
import { DurationChart } from "./durations.js";
import { errorList } from "./errors.js";
import { pill } from "./resources.js";
import { problemDetail } from "./stream.js";

const PAGE = 20;

export class Runs {
  #resource;
  #key;
  #next = null;
  #stop = new AbortController();
  #rows = el("tbody", {});
  #note = el("p", { class: "hint", role: "status" }, "Loading runs…");
  #table;
  #more;

  constructor(resource, key) {
    this.#resource = resource;
    this.#key = key;
    this.chart = new DurationChart();
    this.chart.element.hidden = true;
    this.#table = el(
      "table",
      { class: "runs", hidden: true },
      el("caption", { class: "hidden" }, "Runs, newest first"),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["Started", "Outcome", "Took", "Records"].map((name, index) =>
            el("th", { scope: "col", class: index > 1 ? "number" : null }, name),
          ),
        ),
      ),
      this.#rows,
    );
    this.#more = el("button", { type: "button", class: "quiet", hidden: true }, "Show older runs");
    this.#more.addEventListener("click", () => this.#page(this.#next));
    this.element = el(
      "section",
      {},
      el("h3", {}, "Runs"),
      this.chart.element,
      this.#note,
      this.#table,
      this.#more,
    );
  }

  /** Shows the newest page. */
  load() {
    return this.#page(null);
  }

  forget() {
    this.#stop.abort();
    this.chart.destroy();
  }

  async #page(cursor) {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const query = new URLSearchParams({ limit: PAGE, ...(cursor && { cursor }) });
    try {
      const response = await fetch(`/sync-states/${encodeURIComponent(this.#resource)}/runs?${query}`, {
        headers: { Authorization: `Bearer ${this.#key}` },
        signal,
      });
      if (!response.ok) {
        this.#say(await problemDetail(response), true);
        return;
      }
      const page = await response.json();
      if (!signal.aborted) {
        this.#show(page, cursor !== null);
      }
    } catch {
      if (!signal.aborted) {
        this.#say("The runs could not be loaded.", true);
      }
    }
  }

  #show({ runs, next }, older) {
    const rows = runs.map(runRow);
    if (older) {
      this.#rows.append(...rows.flat());
      rows[0]?.[0].querySelector("button")?.focus();
    } else {
      this.#rows.replaceChildren(...rows.flat());
      const ended = runs.filter((run) => run.duration_ms !== null);
      this.chart.element.hidden = ended.length < 2;
      this.chart.show(ended.length < 2 ? [] : runs);
    }
    this.#next = next;
    this.#more.hidden = next === null;
    this.#table.hidden = this.#rows.children.length === 0;
    this.#say(this.#table.hidden ? "It has never run." : "", false);
  }

  #say(text, again) {
    this.#note.replaceChildren(text);
    if (again) {
      const button = el("button", { type: "button", class: "quiet small" }, "Try again");
      button.addEventListener("click", () => this.load());
      this.#note.append(" ", button);
    }
    this.#note.hidden = text === "";
  }
}

/** A run, and where it failed a second row with its errors, folded. */
function runRow(run) {
  const errors = run.errors.length;
  const outcome = el("td", {}, pill(run.status));
  const row = el(
    "tr",
    {},
    el("td", { title: run.started_at }, clock(run.started_at)),
    outcome,
    el("td", { class: "number" }, duration(run.duration_ms ?? Number.NaN)),
    el("td", { class: "number" }, number(run.progress?.records > run.records_synced ? run.progress.records : run.records_synced)),
  );
  if (errors === 0) {
    return [row];
  }
  const cell = el("td", { colspan: "4" });
  const second = el("tr", { class: "run-errors", hidden: true }, cell);
  const button = el(
    "button",
    { type: "button", class: "link small", "aria-expanded": "false" },
    errors === 1 ? "1 error" : `${number(errors)} errors`,
  );
  button.addEventListener("click", () => {
    second.hidden = !second.hidden;
    button.setAttribute("aria-expanded", String(!second.hidden));
    if (cell.children.length === 0) {
      cell.append(errorList(run.errors));
    }
  });
  outcome.append(" ", button);
  return [row, second];
}
