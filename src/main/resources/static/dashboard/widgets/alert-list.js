// The alerts above the table, those with the same cause as one.

import { ago } from "../domain/durations.js";
import { count, formatNumber } from "../domain/numbers.js";
import { describeGroup } from "../domain/reasons.js";
import { zonedTime } from "../domain/times.js";
import { button, byId, el, setText, setVisible } from "./dom.js";
import { alertLabel } from "./status-labels.js";

const MAX_COLLAPSED = 4;
const MAX_NAMES = 3;

export class AlertList {
  #open;
  #expanded = false;
  /** The groups of which all names are shown. */
  #unfolded = new Set();
  #groups = [];
  #ages = [];
  #shown = "";

  /** @param open called with a resource that was pressed */
  constructor(open) {
    this.#open = open;
    byId("more-alerts").onclick = () => {
      this.#expanded = !this.#expanded;
      this.#render();
    };
  }

  /** @param groups most urgent first */
  update(groups) {
    this.#groups = groups;
    this.#render();
  }

  tick() {
    this.#ages.forEach(([element, since]) => setText(element, `since ${zonedTime(since)}, ${ago(since)}`));
  }

  #render() {
    const number = this.#groups.length;
    const alerts = this.#groups.reduce((sum, { resources }) => sum + resources.length, 0);
    setVisible(byId("alerts"), number > 0);
    byId("alerts").classList.toggle("urgent", this.#groups.some(({ kind }) => kind === "failed" || kind === "stuck"));
    setText(byId("alerts-title"), count(alerts, "alert"));
    const more = byId("more-alerts");
    setVisible(more, number > MAX_COLLAPSED);
    setText(more, this.#expanded ? "Show fewer" : `Show all ${formatNumber(number)} causes`);
    more.setAttribute("aria-expanded", String(this.#expanded));

    const visible = this.#expanded ? this.#groups : this.#groups.slice(0, MAX_COLLAPSED);
    const shown = JSON.stringify([visible, [...this.#unfolded]]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#replaceItems(visible);
    }
    this.tick();
  }

  #replaceItems(groups) {
    const list = byId("alert-list");
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.alert : null;
    this.#ages = [];
    list.replaceChildren(...groups.map((group) => this.#item(group)));
    if (focused !== null) {
      list.querySelector(`[data-alert="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #item(group) {
    const age = el("span", { class: "since", title: group.since });
    this.#ages.push([age, group.since]);
    return el(
      "li",
      { class: group.kind },
      alertLabel({ kind: group.kind, detail: "" }),
      el("span", { class: "cause", dir: "auto" }, describeGroup(group)),
      el("span", { class: "names" }, this.#names(group)),
      age,
    );
  }

  #names({ key, resources }) {
    const folded = resources.length > MAX_NAMES && !this.#unfolded.has(key);
    const names = (folded ? resources.slice(0, MAX_NAMES) : resources).map((resource) =>
      button(resource, { class: "link", dir: "auto", "data-alert": `${key} ${resource}` }, () => this.#open(resource)),
    );
    if (folded) {
      const others = formatNumber(resources.length - MAX_NAMES);
      names.push(
        button(`and ${others} more`, { class: "link", "aria-expanded": "false", "data-alert": key }, () => {
          this.#unfolded.add(key);
          this.#render();
          byId("alert-list").querySelector(`[data-alert="${CSS.escape(`${key} ${resources[MAX_NAMES]}`)}"]`)?.focus();
        }),
      );
    }
    return names;
  }
}
