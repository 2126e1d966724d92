// The filter: a part of the name, and a button with a count for each alert and status.

import { labelOf } from "../domain/labels.js";
import { formatNumber } from "../domain/numbers.js";
import { countByGroup, GROUPS } from "../domain/resource-filter.js";
import { ALERT_KINDS } from "../domain/urgency.js";
import { button, byId, setText, setVisible } from "./dom.js";

export class FilterBar {
  text = "";
  groups = new Set();
  #chips = new Map();
  #changed;

  /** @param changed called when the filter has changed */
  constructor(changed) {
    this.#changed = changed;
    for (const group of GROUPS) {
      const chip = button("", { class: `chip ${group}`, "aria-pressed": "false" }, () => this.#toggle(group));
      this.#chips.set(group, chip);
    }
    byId("groups").replaceChildren(...this.#chips.values());
    this.text = byId("filter").value;
    byId("filter").oninput = (event) => {
      this.text = event.target.value;
      this.#changed();
    };
  }

  /** Shows the counts; an alert that nobody has and nobody filters by needs no button. */
  update(states, visible) {
    for (const [group, number] of countByGroup(states)) {
      const chip = this.#chips.get(group);
      setText(chip, `${labelOf(group)} ${formatNumber(number)}`);
      setVisible(chip, number > 0 || !ALERT_KINDS.includes(group) || this.groups.has(group));
    }
    const all = states.length;
    setText(byId("shown"), visible === all ? "" : `${formatNumber(visible)} of ${formatNumber(all)} shown`);
  }

  #toggle(group) {
    const on = !this.groups.delete(group);
    if (on) {
      this.groups.add(group);
    }
    this.#chips.get(group).setAttribute("aria-pressed", String(on));
    this.#changed();
  }
}
