// A row of the table, changed in place.

import { dueNote } from "../domain/due.js";
import { ago, formatDuration } from "../domain/durations.js";
import { formatNumber, formatRate } from "../domain/numbers.js";
import { progressOf, successRate } from "../domain/progress.js";
import { hasAlert, shownStatus } from "../domain/urgency.js";
import { zonedTime } from "../domain/times.js";
import { button, el, setText } from "./dom.js";
import { reasonOf } from "../domain/reasons.js";
import { formatRateOfSuccess } from "../domain/recent-runs.js";
import { RowReason } from "./row-reason.js";
import { RunProgress } from "./run-progress.js";
import { RunStrip } from "./run-strip.js";
import { alertLabel, statusLabel } from "./status-labels.js";
import { hideTip } from "./tip.js";

/** The status shows them already. */
const SHOWN_BY_STATUS = new Set(["failed", "stuck"]);

const REPORTS_WHAT_IS_IN_VIEW = "oncontentvisibilityautostatechange" in HTMLElement.prototype;

export class ResourceRow {
  state;
  /** As the browser reports it; always, where it does not. */
  inView = !REPORTS_WHAT_IS_IN_VIEW;
  #flags = el("span", { class: "flags" });
  #status = null;
  #success;
  #run;
  #strip;
  #rates;
  #usual;
  #facts;
  #reason = new RowReason();
  #records;
  #created;
  #updated;
  #rate;
  #watermark;
  #progress = null;
  #shownStatus = "";
  #shownAlerts = "";

  /**
   * @param open called with the resource when the row is pressed
   * @param facts recentOf(resource), incidentOf(resource) and nextOf(state); undefined where it is not known
   */
  constructor(state, open, facts) {
    this.state = state;
    this.#facts = facts;
    this.element = el(
      "tr",
      { role: "row" },
      el(
        "th",
        { scope: "row", role: "rowheader" },
        this.#name(open),
        this.#flags,
      ),
    );
    this.element.addEventListener("click", (event) => {
      if (!event.target.closest("button") && String(getSelection()) === "") {
        open(state.resource);
      }
    });
  }

  /** How its last runs ended; undefined where that is not known yet. */
  get recent() {
    return this.#facts.recentOf(this.state.resource);
  }

  #name(open) {
    const { resource } = this.state;
    const element = button(resource, { class: "link", dir: "auto" }, () => open(resource));
    element.addEventListener("focus", () => element.matches(":focus-visible") && this.#strip?.showSummary(element));
    element.addEventListener("blur", hideTip);
    element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        event.preventDefault();
        this.#strip?.step(step);
      }
    });
    return element;
  }

  /** Shows the state; the cells are made when it is first shown, so that a thousand rows are there at once. */
  draw() {
    if (this.#status === null) {
      this.#makeCells();
    }
    const { state } = this;
    this.element.dataset.status = state.last_sync_status;
    this.element.classList.toggle("never", state.last_sync_time === null);
    this.#success.classList.toggle("late", hasAlert(state, "stale"));
    this.#showStatus(shownStatus(state));
    this.#showAlerts(state.alerts.filter((alert) => !SHOWN_BY_STATUS.has(alert.kind)));
    const counted = (value) => (state.last_sync_time === null ? "–" : formatNumber(value));
    setText(this.#records, counted(state.records_synced));
    setText(this.#created, counted(state.records_created));
    setText(this.#updated, counted(state.records_updated));
    setTime(this.#success, state.last_sync_time);
    setTime(this.#watermark, state.watermark);
    this.#showRun(state);
    const { recent } = this;
    this.#strip.update(recent, state.last_sync_status === "running" ? state.started_at : null);
    setText(this.#rates, recent?.success_rate == null ? "" : formatRateOfSuccess(recent.success_rate));
    setText(this.#usual, recent?.usual_duration_ms == null ? "" : `usually ${formatDuration(recent.usual_duration_ms)}`);
    this.tick();
  }

  /** Brings ages and times left up to date. */
  tick() {
    const { state } = this;
    if (this.#status === null) {
      return;
    }
    this.#strip.tick();
    this.#showReason(state);
    const synced = state.last_sync_time === null ? "never synced" : `synced ${ago(state.last_sync_time)}`;
    setText(this.#success, `${synced}${dueNote(state)}`);
    setText(this.#watermark, state.watermark === null ? "–" : ago(state.watermark));
    if (this.#progress !== null) {
      this.#progress.tick(state);
      setText(this.#rate, formatRate(progressOf(state).perSecond));
    } else {
      setText(this.#run, state.duration_ms === null ? "–" : `took ${formatDuration(state.duration_ms)}, ${ago(state.completed_at)}`);
      setText(this.#rate, formatRate(successRate(state)));
    }
  }

  #makeCells() {
    this.#status = cell("status");
    this.#success = cell("success");
    this.#run = cell("run");
    this.#strip = new RunStrip();
    this.#rates = el("span", { class: "rate" });
    this.#usual = el("span", { class: "usual" });
    const history = cell("history");
    history.append(this.#strip.element, this.#rates, this.#usual);
    this.#records = cell("number", "Records");
    this.#created = cell("number created", "Created");
    this.#updated = cell("number updated", "Updated");
    this.#rate = cell("number", "Records/s");
    this.#watermark = cell("watermark");
    this.element.append(
      this.#status,
      this.#success,
      this.#run,
      history,
      this.#records,
      this.#created,
      this.#updated,
      this.#rate,
      this.#watermark,
    );
  }

  /** The next command is loaded only for a row that somebody sees. */
  #showReason(state) {
    const reason = reasonOf(state, this.recent ?? null, this.#facts.incidentOf(state.resource));
    this.#reason.show(this.element, reason, reason !== null && this.inView ? this.#facts.nextOf(state) : undefined);
  }

  #showStatus(status) {
    if (status !== this.#shownStatus) {
      this.#shownStatus = status;
      this.#status.replaceChildren(statusLabel(status));
    }
  }

  #showAlerts(alerts) {
    const shown = JSON.stringify(alerts);
    if (shown !== this.#shownAlerts) {
      this.#shownAlerts = shown;
      this.#flags.replaceChildren(...alerts.map(alertLabel));
    }
  }

  #showRun(state) {
    if (state.last_sync_status !== "running") {
      this.#progress = null;
      return;
    }
    if (this.#progress === null) {
      this.#progress = new RunProgress();
      this.#run.replaceChildren(this.#progress.element);
    }
    this.#progress.update(state);
  }
}

function cell(name, label = null) {
  return el("td", { role: "cell", class: name, "data-label": label });
}

/** Shows the exact time to whoever points at the cell. */
function setTime(element, time) {
  const title = time === null ? "" : `${zonedTime(time)} (${time})`;
  if (element.title !== title) {
    element.title = title;
  }
}
