// The content of the drawer for a resource that exists.

import { fetchState } from "../api/requests.js";
import { factsOf } from "../domain/resource-facts.js";
import { shownZone } from "../domain/times.js";
import { shownStatus } from "../domain/urgency.js";
import { copyButton } from "./copy-button.js";
import { curlSamplesPanel } from "./curl-samples.js";
import { el, setText, setVisible } from "./dom.js";
import { errorCount, errorList } from "./error-list.js";
import { Explanation } from "./explanation.js";
import { ResourceIncident } from "./resource-incident.js";
import { RunHistory } from "./run-history.js";
import { RunProgress } from "./run-progress.js";
import { alertLabel, statusLabel } from "./status-labels.js";

const WIDE_FACTS = new Set(["Next due", "Schedule", "Records", "Watermark", "Run ID"]);

/** What has changed where the explanation may be another one. */
const explainedBy = ({ run_id: run, last_sync_status: status, alerts }) =>
  JSON.stringify([run, status, alerts.map(({ kind, since }) => [kind, since])]);

const errorsOf = ({ errors, errors_total }) => JSON.stringify([errors, errors_total]);

export class ResourceDetails {
  #status = el("p", { class: "drawer-status" });
  #progress = new RunProgress();
  #alerts = el("ul", { class: "drawer-alerts", "aria-label": "Alerts" });
  #explanation;
  #incident;
  #errors = el("section", { class: "drawer-errors" });
  #facts = new Map();
  #factList = el("dl", { class: "facts" });
  #copyRunId = copyButton(() => this.#state.run_id);
  #fetchWhole;
  #runs;
  #state = null;

  /** @param page recentOf(resource), incidentOf(resource), mayWrite() and acknowledge(incident, body) */
  constructor(resource, key, page) {
    this.#fetchWhole = () => fetchState(key, resource);
    this.#runs = new RunHistory(resource, key, page.recentOf);
    // The explanation says what the alerts say, and more.
    this.#explanation = new Explanation(resource, key, (explained) => setVisible(this.#alerts, !explained));
    this.#incident = new ResourceIncident(resource, page);
    this.elements = [
      this.#status,
      this.#progress.element,
      this.#alerts,
      this.#explanation.element,
      this.#incident.element,
      this.#errors,
      this.#factList,
      copyButton(async () => JSON.stringify(await this.#fetchWhole(), null, 2), "Copy as JSON"),
      el("p", { class: "hint" }, `All times are ${shownZone()}.`),
      this.#runs.element,
      curlSamplesPanel(resource),
    ];
  }

  /** Null where it has been deleted. */
  get state() {
    return this.#state;
  }

  update(state) {
    const before = this.#state;
    this.#state = state;
    if (before === null || explainedBy(before) !== explainedBy(state)) {
      this.#showAlerts(state);
      this.#explanation.load();
    }
    if (before === null || errorsOf(before) !== errorsOf(state)) {
      this.#showErrors(state);
    }
    const running = state.last_sync_status === "running";
    setVisible(this.#progress.element, running);
    if (running) {
      this.#progress.update(state);
    }
    if (before === null || before.run_id !== state.run_id || before.last_sync_status !== state.last_sync_status) {
      this.#runs.load();
    }
    this.tick();
  }

  recentChanged() {
    this.#runs.recentChanged();
  }

  incidentChanged() {
    this.#incident.update();
  }

  showRun(id) {
    this.#runs.showRun(id);
  }

  showDeleted() {
    this.#state = null;
    setVisible(this.#explanation.element, false);
    this.#status.replaceChildren(el("span", { class: "pill" }, "Deleted"));
    setVisible(this.#progress.element, false);
  }

  tick() {
    if (this.#state === null) {
      return;
    }
    this.#incident.tick();
    Object.entries(factsOf(this.#state)).forEach(([name, value]) => setText(this.#fact(name), value));
    setVisible(this.#copyRunId, this.#state.run_id !== null);
    if (this.#state.last_sync_status === "running") {
      this.#progress.tick(this.#state);
    }
  }

  repaint() {
    this.#runs.repaint();
  }

  destroy() {
    this.#runs.destroy();
    this.#explanation.destroy();
  }

  #showAlerts(state) {
    const { alerts } = state;
    const shown = shownStatus(state);
    this.#status.replaceChildren(statusLabel(shown), ...alerts.filter(({ kind }) => kind !== shown).map(alertLabel));
    this.#alerts.replaceChildren(
      ...alerts.map((alert) =>
        el("li", { class: alert.kind }, alertLabel(alert), el("span", { dir: "auto" }, alert.detail)),
      ),
    );
  }

  #showErrors(state) {
    const none = state.errors.length === 0 && !state.errors_truncated;
    this.#errors.replaceChildren(
      ...(none ? [] : [el("h3", {}, errorCount(state)), errorList(state, this.#fetchWhole)]),
    );
  }

  #fact(name) {
    if (!this.#facts.has(name)) {
      const value = el("span");
      this.#facts.set(name, value);
      this.#factList.append(
        el("div", { class: WIDE_FACTS.has(name) ? "wide" : null }, el("dt", {}, name), el("dd", {}, value, name === "Run ID" && [" ", this.#copyRunId])),
      );
    }
    return this.#facts.get(name);
  }
}
