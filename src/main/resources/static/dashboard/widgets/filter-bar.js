// What is shown: a part of the name, a button with a count for each alert and status, and the order.

import { labelOf } from "../domain/labels.js";
import { formatNumber } from "../domain/numbers.js";
import { countByGroup, GROUPS } from "../domain/resource-filter.js";
import { nextSort, SORT_KEYS } from "../domain/sorting.js";
import { ALERT_KINDS } from "../domain/urgency.js";
import { viewOf } from "../domain/view.js";
import { button, byId, el, setText, setVisible } from "./dom.js";

export class FilterBar {
  #view = viewOf("");
  #chips = new Map();
  #headers = new Map();
  #changed;

  /** @param changed called when something else is to be shown */
  constructor(changed) {
    this.#changed = changed;
    for (const group of GROUPS) {
      const chip = button("", { class: `chip ${group}`, "aria-pressed": "false" }, () => this.#toggle(group));
      this.#chips.set(group, chip);
    }
    byId("groups").replaceChildren(...this.#chips.values());
    byId("filter").oninput = (event) => this.#set({ text: event.target.value });
    for (const header of document.querySelectorAll("#resources th[data-sort]")) {
      const key = header.dataset.sort;
      header.replaceChildren(
        button(SORT_KEYS[key].label, { class: "sort" }, () => this.#set({ sort: nextSort(this.#view.sort, key) })),
      );
      this.#headers.set(key, header);
    }
    byId("grouped").onclick = () => this.#set({ grouped: !this.#view.grouped });
    byId("timeline-button").onclick = this.toggleTimeline;
    const choices = Object.entries(SORT_KEYS).flatMap(([key, { label }]) => [
      [`-${key}`, `${label}, descending`],
      [key, `${label}, ascending`],
    ]);
    byId("sort").replaceChildren(
      el("option", { value: "" }, "Most urgent first"),
      ...choices.map(([value, label]) => el("option", { value }, label)),
    );
    byId("sort").onchange = (event) => this.#set({ sort: viewOf(`?sort=${event.target.value}`).sort });
  }

  /** Shows the timeline in place of the list, or the list again. */
  toggleTimeline = () => this.#set({ timeline: !this.#view.timeline });

  get view() {
    return this.#view;
  }

  /** Shows what a link asks for. */
  set view(view) {
    this.#view = view;
    this.#show();
  }

  /** Shows the counts; an alert that nobody has and nobody filters by needs no button. */
  update(states, visible) {
    for (const [group, number] of countByGroup(states)) {
      const chip = this.#chips.get(group);
      setText(chip, `${labelOf(group)} ${formatNumber(number)}`);
      setVisible(chip, number > 0 || !ALERT_KINDS.includes(group) || this.#view.groups.has(group));
    }
    const all = states.length;
    setText(byId("shown"), visible === all ? "" : `${formatNumber(visible)} of ${formatNumber(all)} shown`);
  }

  #toggle(group) {
    const groups = new Set(this.#view.groups);
    if (!groups.delete(group)) {
      groups.add(group);
    }
    this.#set({ groups });
  }

  #set(part) {
    this.#view = { ...this.#view, ...part };
    this.#show();
    this.#changed();
  }

  #show() {
    const { text, groups, sort, grouped, timeline } = this.#view;
    byId("grouped").setAttribute("aria-pressed", String(grouped));
    byId("timeline-button").setAttribute("aria-pressed", String(timeline));
    if (byId("filter").value !== text) {
      byId("filter").value = text;
    }
    this.#chips.forEach((chip, group) => chip.setAttribute("aria-pressed", String(groups.has(group))));
    byId("sort").value = sort === null ? "" : `${sort.descending ? "-" : ""}${sort.key}`;
    for (const [key, header] of this.#headers) {
      if (sort?.key === key) {
        header.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
      } else {
        header.removeAttribute("aria-sort");
      }
    }
  }
}
