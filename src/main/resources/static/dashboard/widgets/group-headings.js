// The headings of groups in the table.

import { describeGroup, groupByPrefix } from "../domain/prefixes.js";
import { el, setText, setVisible } from "./dom.js";

export class GroupHeadings {
  #headings = new Map();

  /** The rows with their headings between them, each with an element, in the order of the table. */
  arrange(rows) {
    const groups = groupByPrefix(rows);
    const prefixes = new Set(groups.map(({ prefix }) => prefix));
    for (const [prefix, heading] of this.#headings) {
      if (!prefixes.has(prefix)) {
        heading.element.remove();
        this.#headings.delete(prefix);
      }
    }
    return groups.flatMap((group) => (group.prefix === null ? group.rows : [this.#heading(group), ...group.rows]));
  }

  /** Once it is known which rows are hidden. */
  showThoseOfVisibleRows() {
    this.#headings.forEach(({ element, rows }) => setVisible(element, rows.some((row) => !row.element.hidden)));
  }

  remove() {
    this.#headings.forEach(({ element }) => element.remove());
    this.#headings.clear();
  }

  #heading(group) {
    let heading = this.#headings.get(group.prefix);
    if (heading === undefined) {
      const text = el("th", { role: "rowheader" });
      heading = { text, element: el("tr", { role: "row", class: "group" }, text) };
      this.#headings.set(group.prefix, heading);
    }
    heading.rows = group.rows;
    setText(heading.text, describeGroup(group));
    return heading;
  }
}
