// One resource: what it is doing, its errors, its runs, and how to call it.

import { el, byId, say, show } from "./dom.js";
import { ago, clock, duration, number, rate, successRate } from "./format.js";
import { callsPanel } from "./calls.js";
import { errorList } from "./errors.js";
import { flag, Meter, pill } from "./resources.js";
import { Runs } from "./runs.js";

const WIDE = new Set(["Its records", "Watermark", "Run"]);

export class Drawer {
  #dialog = byId("resource");
  #warning = el("p", { class: "notice", role: "status", hidden: true });
  #key;
  #closed;
  #resource = null;
  #state = null;
  #view = null;
  #runs = null;

  /** @param closed called when it has been closed, by whatever means */
  constructor(key, closed) {
    this.#key = key;
    this.#closed = closed;
    this.#dialog.onclose = () => this.#forget();
    this.#dialog.onclick = (event) => {
      // The dialog's own box is covered by its content: what hits the dialog itself is the backdrop.
      if (event.target === this.#dialog) {
        this.#dialog.close();
      }
    };
  }

  get resource() {
    return this.#resource;
  }

  open(state) {
    if (this.#resource === state.resource) {
      return;
    }
    this.#forgetRuns();
    this.#resource = state.resource;
    this.#state = null;
    this.#view = this.#build(state.resource);
    this.#dialog.replaceChildren(this.#view.element);
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
    this.#view.element.scrollTop = 0;
    this.update(state);
  }

  /** Shows a newer state of the resource, and its runs anew where one has begun or ended. */
  update(state) {
    if (state.resource !== this.#resource) {
      return;
    }
    const before = this.#state;
    this.#state = state;
    const view = this.#view;
    view.status.replaceChildren(pill(state.last_sync_status));
    view.alerts.replaceChildren(
      ...(state.alerts ?? []).map((alert) =>
        el("li", { class: alert.kind }, flag(alert), el("span", { dir: "auto" }, alert.detail)),
      ),
    );
    view.alerts.hidden = view.alerts.children.length === 0;
    if (JSON.stringify(before?.errors) !== JSON.stringify(state.errors)) {
      const errors = state.errors ?? [];
      view.errors.replaceChildren(
        ...(errors.length === 0
          ? []
          : [el("h3", {}, errors.length === 1 ? "1 error" : `${number(errors.length)} errors`), errorList(errors)]),
      );
    }
    const running = state.last_sync_status === "running";
    view.meter.element.hidden = !running;
    this.tick();
    if (before === null || before.run_id !== state.run_id || before.last_sync_status !== state.last_sync_status) {
      this.#runs.load();
    }
  }

  tick() {
    const state = this.#state;
    if (!state) {
      return;
    }
    const time = (value) => (value === null ? "–" : `${ago(value)} (${clock(value)})`);
    const counts =
      state.last_sync_time === null
        ? "–"
        : `${number(state.records_synced)} synced, ${number(state.records_created)} created, ${number(state.records_updated)} updated`;
    const facts = {
      "Last success": state.last_sync_time === null ? "never" : time(state.last_sync_time),
      "Its records": counts,
      "Records/s": rate(successRate(state)),
      Started: time(state.started_at),
      Ended: time(state.completed_at),
      Duration: duration(state.duration_ms ?? Number.NaN),
      Watermark: state.watermark === null ? "none: the next sync is a full one" : state.watermark,
      Run: state.run_id ?? "–",
    };
    for (const [name, value] of Object.entries(facts)) {
      say(this.#view.facts[name], value);
    }
    if (state.last_sync_status === "running") {
      this.#view.meter.show(state);
    }
  }

  /** The resource is gone. */
  deleted(resource) {
    if (resource === this.#resource) {
      this.#view.status.replaceChildren(el("span", { class: "pill never_run" }, "Deleted"));
    }
  }

  /** Says that what is shown may no longer be so; empty for that it is. */
  warn(state, text) {
    this.#warning.dataset.state = state;
    say(this.#warning, text);
    show(this.#warning, text !== "");
  }

  paint() {
    this.#runs?.chart.paint();
  }

  close() {
    if (this.#dialog.open) {
      this.#dialog.close();
    }
  }

  #forget() {
    this.#forgetRuns();
    this.#resource = null;
    this.#state = null;
    this.#dialog.replaceChildren();
    this.#closed();
  }

  #forgetRuns() {
    this.#runs?.forget();
    this.#runs = null;
  }

  #build(resource) {
    const close = el("button", { type: "button", class: "quiet", "aria-label": "Close" }, "✕");
    close.addEventListener("click", () => this.#dialog.close());
    this.#runs = new Runs(resource, this.#key);
    const facts = {};
    const list = el("dl", { class: "facts" });
    for (const name of ["Last success", "Records/s", "Started", "Ended", "Duration", "Its records", "Watermark", "Run"]) {
      facts[name] = el("dd", {});
      list.append(el("div", { class: WIDE.has(name) ? "wide" : null }, el("dt", {}, name), facts[name]));
    }
    const view = {
      status: el("p", { class: "drawer-status" }),
      alerts: el("ul", { class: "drawer-alerts", "aria-label": "Alerts" }),
      meter: new Meter(),
      errors: el("section", { class: "drawer-errors" }),
      facts,
    };
    view.element = el(
      "div",
      { class: "drawer-content", tabindex: "-1" },
      el("header", {}, el("h2", { id: "resource-name", dir: "auto" }, resource), close, this.#warning),
      view.status,
      view.meter.element,
      view.alerts,
      view.errors,
      list,
      this.#runs.element,
      callsPanel(resource),
    );
    return view;
  }
}
