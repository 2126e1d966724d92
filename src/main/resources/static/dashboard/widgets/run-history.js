// The runs of a resource: charts of the newest, and a table loaded page by page.

import { fetchRun, fetchRuns, fetchState } from "../api/requests.js";
import { formatDuration, parseDuration } from "../domain/durations.js";
import { labelOf } from "../domain/labels.js";
import { formatNumber } from "../domain/numbers.js";
import { endedRuns, recordsOf, RUN_STATUSES, summarizeRecords, summarizeRuns } from "../domain/run-summary.js";
import { button, el, setVisible } from "./dom.js";
import { RunChart } from "./run-chart.js";
import { runColumns, runRows } from "./run-row.js";

export class RunHistory {
  #resource;
  #key;
  #next = null;
  #request = new AbortController();
  #recentOf;
  #slowAfter = null;
  #charted = null;
  #chosen = el("div", { class: "chosen-run" });
  #durations = new RunChart({
    value: (run) => run.duration_ms,
    format: (ms) => formatDuration(ms),
    describe: summarizeRuns,
  });
  #records = new RunChart({
    value: recordsOf,
    format: (records) => `${formatNumber(records)} records`,
    describe: summarizeRecords,
  });
  #status = el(
    "select",
    { "aria-label": "Outcome" },
    el("option", { value: "" }, "All outcomes"),
    RUN_STATUSES.map((status) => el("option", { value: status }, labelOf(status))),
  );
  #rows = el("tbody");
  #message = el("p", { class: "hint", role: "status" }, "Loading runs…");
  #table = this.#tableOf(this.#rows);
  #more = button("Show older runs", { class: "quiet", hidden: true }, () => this.#load(this.#next));
  element = el(
    "section",
    {},
    this.#chosen,
    el("div", { class: "runs-head" }, el("h3", {}, "Runs"), this.#status),
    this.#durations.element,
    this.#records.element,
    this.#message,
    this.#table,
    this.#more,
  );

  /** @param recentOf gives how the last runs ended; undefined where that is not known */
  constructor(resource, key, recentOf) {
    this.#resource = resource;
    this.#key = key;
    this.#recentOf = recentOf;
    this.#status.onchange = () => this.load();
    setVisible(this.#table, false);
  }

  /** Loads the newest page and shows it alone. */
  load() {
    return this.#load(null);
  }

  /** Shows one run, with its errors, above the others. */
  async showRun(id) {
    try {
      const run = await fetchRun(this.#key, { resource: this.#resource, run_id: id });
      const rows = runRows(run, async () => run);
      this.#chosen.replaceChildren(el("h3", {}, "Chosen run"), this.#tableOf(el("tbody", {}, rows)));
      this.#chosen.querySelector("button")?.click();
    } catch (error) {
      this.#chosen.replaceChildren(el("p", { class: "hint", role: "status" }, error.message));
    }
    this.#chosen.scrollIntoView({ block: "nearest" });
  }

  repaint() {
    this.#durations.paint();
    this.#records.paint();
  }

  destroy() {
    this.#request.abort();
    this.#durations.destroy();
    this.#records.destroy();
  }

  async #load(cursor) {
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const filter = { cursor, status: this.#status.value };
      const [page, slowAfter] = await Promise.all([
        fetchRuns(this.#key, this.#resource, filter, signal),
        this.#slowAfter ?? this.#fetchSlowAfter(),
      ]);
      this.#slowAfter = slowAfter;
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
      this.#showCharts(endedRuns(runs));
    }
    this.#next = next;
    const empty = this.#rows.children.length === 0;
    setVisible(this.#more, next !== null);
    setVisible(this.#table, !empty);
    this.#message.replaceChildren(empty ? this.#emptyMessage() : "");
    setVisible(this.#message, empty);
  }

  #tableOf(rows) {
    return el(
      "table",
      { class: "runs" },
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
      rows,
    );
  }

  /** How the last runs ended is known anew. */
  recentChanged() {
    if (this.#charted !== null) {
      this.#showCharts(this.#charted);
    }
  }

  #showCharts(runs) {
    this.#charted = runs;
    const usual = this.#recentOf(this.#resource)?.usual_duration_ms ?? null;
    const lines = [
      { label: "Usual", value: usual },
      { label: "Slow after", value: this.#slowAfter },
    ];
    this.#durations.show(runs, lines.filter(({ value }) => value !== null));
    this.#records.show(runs);
  }

  /** Null where it cannot be read: the chart is worth showing without. */
  async #fetchSlowAfter() {
    try {
      const { thresholds } = await fetchState(this.#key, this.#resource);
      return parseDuration(thresholds.slow_after.value);
    } catch {
      return null;
    }
  }

  #emptyMessage() {
    return this.#status.value === "" ? "No runs yet." : "No run ended so.";
  }

  #showFailure(message) {
    this.#message.replaceChildren(message, " ", button("Try again", { class: "quiet small" }, () => this.load()));
    setVisible(this.#message, true);
  }
}
