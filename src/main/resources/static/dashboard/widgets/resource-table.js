// The table of resources, most urgent first. Only rows in view are drawn at once; the others when they come into view, or
// when there is time.

import { itemsToMove } from "../domain/moves.js";
import { matchesFilter } from "../domain/resource-filter.js";
import { comparison } from "../domain/sorting.js";
import { byId, setVisible } from "./dom.js";
import { GroupHeadings } from "./group-headings.js";
import { whenIdle } from "./idle.js";
import { ResourceRow } from "./resource-row.js";

/** More than a window shows. The browser reports only after its next frame which rows are in view. */
const FIRST_ROWS = 40;

export class ResourceTable {
  #rows = new Map();
  #byElement = new Map();
  #headings = new GroupHeadings();
  #body = byId("rows");
  #open;
  #facts;
  #outdated = new Set();
  #idle = null;

  /**
   * @param open called with the resource whose row was pressed
   * @param facts recentOf(resource), incidentOf(resource) and nextOf(state); undefined where it is not known
   */
  constructor(open, facts) {
    this.#open = open;
    this.#facts = facts;
    this.#body.replaceChildren();
    this.#body.oncontentvisibilityautostatechange = (event) => this.#changeView(event);
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

  /** Adds or changes a row; draw() shows it, and arrange() gives it its place. */
  put(state) {
    let row = this.#rows.get(state.resource);
    if (row) {
      row.state = state;
    } else {
      row = new ResourceRow(state, this.#open, this.#facts);
      this.#rows.set(state.resource, row);
      this.#byElement.set(row.element, row);
    }
    this.#outdated.add(row);
  }

  /** Its facts are known anew; draw() shows them. */
  outdate(resource) {
    const row = this.#rows.get(resource);
    if (row) {
      this.#outdated.add(row);
    }
  }

  remove(resource) {
    const row = this.#rows.get(resource);
    if (row) {
      row.element.remove();
      this.#rows.delete(resource);
      this.#byElement.delete(row.element);
      this.#outdated.delete(row);
    }
  }

  /** Draws what has changed in view. */
  draw() {
    for (const row of this.#outdated) {
      if (row.inView) {
        this.#drawRow(row);
      }
    }
    if (this.#outdated.size > 0) {
      this.#idle ??= whenIdle((hasTime) => this.#drawOthers(hasTime));
    }
  }

  /** The names of the resources that are shown, in their order. */
  get shown() {
    return this.#visibleRows().map((row) => row.state.resource);
  }

  /** Draws all rows anew, those in view at once. */
  redraw() {
    this.#rows.forEach((row) => this.#outdated.add(row));
    this.draw();
  }

  /** Puts the focus on the next visible row, or on the one before. */
  focusBy(step) {
    const rows = this.#visibleRows();
    const place = rows.findIndex((row) => row.element.contains(document.activeElement));
    const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), rows.length - 1);
    rows[next]?.element.querySelector("button").focus();
  }

  /** Draws the top of the table, of which nobody knows yet whether it is in view. */
  drawTop() {
    this.#visibleRows()
      .slice(0, FIRST_ROWS)
      .forEach((row) => this.#drawRow(row));
    this.draw();
  }

  tick() {
    this.#rows.forEach((row) => row.inView && row.tick());
  }

  stop() {
    this.#idle?.cancel();
    this.#idle = null;
    this.#body.oncontentvisibilityautostatechange = null;
  }

  /**
   * Sorts the rows and hides those that the view leaves out.
   *
   * @returns the number of visible rows
   */
  arrange({ text, groups, sort, grouped, wall }) {
    const rows = [...this.#rows.values()].sort(comparison(sort));
    if (!grouped) {
      this.#headings.remove();
    }
    this.#move(grouped ? this.#headings.arrange(rows) : rows);
    let visible = 0;
    for (const row of rows) {
      const matches = matchesFilter(row.state, text, groups) && (!wall || row.state.alerts.length > 0);
      setVisible(row.element, matches);
      visible += matches ? 1 : 0;
    }
    this.#headings.showThoseOfVisibleRows();
    byId("resources").classList.toggle("none", rows.length > 0 && visible === 0);
    return visible;
  }

  #visibleRows() {
    return [...this.#body.children]
      .filter((element) => !element.hidden)
      .map((element) => this.#byElement.get(element))
      .filter((row) => row !== undefined);
  }

  #move(rows) {
    const places = new Map([...this.#body.children].map((element, place) => [element, place]));
    const moving = itemsToMove(rows, (row) => places.get(row.element) ?? -1);
    const focused = this.#body.contains(document.activeElement) ? document.activeElement : null;
    let next = null;
    for (const row of rows.toReversed()) {
      if (moving.has(row)) {
        this.#body.insertBefore(row.element, next);
      }
      next = row.element;
    }
    if (focused !== null && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
  }

  #drawRow(row) {
    this.#outdated.delete(row);
    row.draw();
  }

  #drawOthers(hasTime) {
    this.#idle = null;
    for (const row of this.#outdated) {
      if (!hasTime()) {
        break;
      }
      this.#drawRow(row);
    }
    this.draw();
  }

  #changeView({ target, skipped }) {
    const row = this.#byElement.get(target);
    if (row) {
      row.inView = !skipped;
      if (row.inView && this.#outdated.has(row)) {
        this.#drawRow(row);
      } else if (row.inView) {
        row.tick();
      }
    }
  }
}
