// The content of the drawer for a resource that exists.

import { fetchState } from "../api/requests.js";
import { factsOf } from "../domain/resource-facts.js";
import { shownZone } from "../domain/times.js";
import { shownStatus } from "../domain/urgency.js";
import { copyButton } from "./copy-button.js";
import { curlSamplesPanel } from "./curl-samples.js";
import { el, setText, setVisible } from "./dom.js";
import { errorCount, errorList } from "./error-list.js";
import { RunHistory } from "./run-history.js";
import { RunProgress } from "./run-progress.js";
import { alertLabel, statusLabel } from "./status-labels.js";

const WIDE_FACTS = new Set(["Records", "Watermark", "Run ID"]);

const errorsOf = ({ errors, errors_total }) => JSON.stringify([errors, errors_total]);

export class ResourceDetails {
  #status = el("p", { class: "drawer-status" });
  #progress = new RunProgress();
  #alerts = el("ul", { class: "drawer-alerts", "aria-label": "Alerts" });
  #errors = el("section", { class: "drawer-errors" });
  #facts = new Map();
  #factList = el("dl", { class: "facts" });
  #copyRunId = copyButton(() => this.#state.run_id);
  #fetchWhole;
  #runs;
  #state = null;

  /** @param recentOf gives how the last runs of a resource ended; undefined where that is not known */
  constructor(resource, key, recentOf) {
    this.#fetchWhole = () => fetchState(key, resource);
    this.#runs = new RunHistory(resource, key, recentOf);
    this.elements = [
      this.#status,
      this.#progress.element,
      this.#alerts,
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
    this.#status.replaceChildren(statusLabel(shownStatus(state)));
    this.#showAlerts(state.alerts);
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

  showRun(id) {
    this.#runs.showRun(id);
  }

  showDeleted() {
    this.#state = null;
    this.#status.replaceChildren(el("span", { class: "pill" }, "Deleted"));
    setVisible(this.#progress.element, false);
  }

  tick() {
    if (this.#state === null) {
      return;
    }
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
  }

  #showAlerts(alerts) {
    this.#alerts.replaceChildren(
      ...alerts.map((alert) =>
        el("li", { class: alert.kind }, alertLabel(alert), el("span", { dir: "auto" }, alert.detail)),
      ),
    );
    setVisible(this.#alerts, alerts.length > 0);
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
