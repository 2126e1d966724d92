// The table of resources, most urgent first.

import { matchesFilter } from "../domain/resource-filter.js";
import { byUrgency } from "../domain/urgency.js";
import { byId, setVisible } from "./dom.js";
import { ResourceRow } from "./resource-row.js";

export class ResourceTable {
  #rows = new Map();
  #body = byId("rows");
  #open;

  /** @param open called with the resource whose row was pressed */
  constructor(open) {
    this.#open = open;
    this.#body.replaceChildren();
  }

  get states() {
    return [...this.#rows.values()].map((row) => row.state);
  }

  state(resource) {
    return this.#rows.get(resource)?.state;
  }

  /** Shows these resources and no others. */
  replace(states) {
    const names = new Set(states.map((state) => state.resource));
    [...this.#rows.keys()].filter((name) => !names.has(name)).forEach((name) => this.remove(name));
    states.forEach((state) => this.put(state));
  }

  /** Adds or changes a row; arrange() gives it its place. */
  put(state) {
    const row = this.#rows.get(state.resource);
    if (row) {
      row.update(state);
    } else {
      this.#rows.set(state.resource, new ResourceRow(state, this.#open));
    }
  }

  remove(resource) {
    this.#rows.get(resource)?.element.remove();
    this.#rows.delete(resource);
  }

  tick() {
    this.#rows.forEach((row) => row.tick());
  }

  /**
   * Sorts the rows and hides those that the filter leaves out.
   *
   * @returns the number of visible rows
   */
  arrange(text, groups) {
    const rows = [...this.#rows.values()].sort((one, other) => byUrgency(one.state, other.state));
    const focused = this.#body.contains(document.activeElement) ? document.activeElement : null;
    let place = this.#body.firstElementChild;
    let visible = 0;
    for (const row of rows) {
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        this.#body.insertBefore(row.element, place);
      }
      const matches = matchesFilter(row.state, text, groups);
      setVisible(row.element, matches);
      visible += matches ? 1 : 0;
    }
    focused?.focus({ preventScroll: true });
    byId("resources").classList.toggle("none", rows.length > 0 && visible === 0);
    return visible;
  }
}
