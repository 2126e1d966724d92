// All alerts, above the table.

import { ago } from "../domain/durations.js";
import { count, formatNumber } from "../domain/numbers.js";
import { alertsByUrgency } from "../domain/urgency.js";
import { button, byId, el, setText, setVisible } from "./dom.js";
import { alertLabel } from "./status-labels.js";

const MAX_COLLAPSED = 4;

export class AlertList {
  #open;
  #expanded = false;
  #alerts = [];
  #ages = [];
  #shown = "";

  /** @param open called with the resource of an alert that was pressed */
  constructor(open) {
    this.#open = open;
    byId("more-alerts").onclick = () => {
      this.#expanded = !this.#expanded;
      this.#render();
    };
  }

  update(states) {
    this.#alerts = alertsByUrgency(states);
    this.#render();
  }

  tick() {
    this.#ages.forEach(([element, since]) => setText(element, ago(since)));
  }

  #render() {
    const number = this.#alerts.length;
    setVisible(byId("alerts"), number > 0);
    setText(byId("alerts-title"), count(number, "alert"));
    const more = byId("more-alerts");
    setVisible(more, number > MAX_COLLAPSED);
    setText(more, this.#expanded ? "Show fewer" : `Show all ${formatNumber(number)}`);
    more.setAttribute("aria-expanded", String(this.#expanded));

    const visible = this.#expanded ? this.#alerts : this.#alerts.slice(0, MAX_COLLAPSED);
    const shown = JSON.stringify(visible);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#replaceItems(visible);
    }
    this.tick();
  }

  #replaceItems(alerts) {
    const list = byId("alert-list");
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.alert : null;
    this.#ages = [];
    list.replaceChildren(...alerts.map((alert) => this.#item(alert)));
    if (focused !== null) {
      list.querySelector(`[data-alert="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #item(alert) {
    const age = el("span", { class: "since", title: alert.since });
    this.#ages.push([age, alert.since]);
    return el(
      "li",
      { class: alert.kind },
      alertLabel(alert),
      button(
        alert.resource,
        { class: "link", dir: "auto", "data-alert": `${alert.kind} ${alert.resource}` },
        () => this.#open(alert.resource),
      ),
      el("span", { class: "detail", dir: "auto" }, alert.detail),
      age,
    );
  }
}
