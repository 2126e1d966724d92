// What is out of order, above everything else.

import { el, byId, say, show } from "./dom.js";
import { ago, number } from "./format.js";

const WORST_FIRST = ["failed", "stuck", "stale", "slow"];
const FEW = 4;

export class Alerts {
  #open;
  #all = false;
  #states = [];
  #ages = [];

  constructor(open) {
    this.#open = open;
    byId("more-alerts").onclick = () => {
      this.#all = !this.#all;
      this.update(this.#states);
    };
  }

  update(states) {
    this.#states = states;
    const alerts = states
      .flatMap((state) => (Array.isArray(state.alerts) ? state.alerts : []))
      .sort((one, other) => rank(one) - rank(other) || (one.since < other.since ? -1 : 1));
    show(byId("alerts"), alerts.length > 0);
    say(byId("alerts-title"), alerts.length === 1 ? "1 alert" : `${number(alerts.length)} alerts`);
    const more = alerts.length > FEW;
    show(byId("more-alerts"), more);
    say(byId("more-alerts"), this.#all ? "Show fewer" : `Show all ${number(alerts.length)}`);
    byId("more-alerts").setAttribute("aria-expanded", String(this.#all));

    this.#ages = [];
    const list = byId("alert-list");
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.alert : null;
    list.replaceChildren(...alerts.slice(0, this.#all ? alerts.length : FEW).map((alert) => this.#item(alert)));
    if (focused) {
      list.querySelector(`[data-alert="${CSS.escape(focused)}"]`)?.focus();
    }
    this.tick();
  }

  tick() {
    this.#ages.forEach(([element, since]) => say(element, `since ${ago(since).replace(/ ago$/, "")}`));
  }

  #item(alert) {
    const age = el("span", { class: "since", title: alert.since });
    this.#ages.push([age, alert.since]);
    const name = el(
      "button",
      { type: "button", class: "link", dir: "auto", "data-alert": `${alert.kind} ${alert.resource}` },
      alert.resource,
    );
    name.addEventListener("click", () => this.#open(alert.resource));
    return el(
      "li",
      { class: alert.kind },
      el("span", { class: `flag ${alert.kind}` }, alert.kind),
      name,
      el("span", { class: "detail", dir: "auto" }, alert.detail),
      age,
    );
  }
}

/** A kind that is not known here comes last. */
function rank(alert) {
  const at = WORST_FIRST.indexOf(alert.kind);
  return at < 0 ? WORST_FIRST.length : at;
}
