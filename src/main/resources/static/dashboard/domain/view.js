// What of the resources is shown and how, as a link can carry it: ?q=acc&show=failed,stuck&sort=-records_synced&grouped&timeline&wall.

import { GROUPS } from "./resource-filter.js";
import { SORT_KEYS } from "./sorting.js";

/** @returns {text, groups, sort, grouped, timeline, wall}; what cannot be read is left out */
export function viewOf(query) {
  const parameters = new URLSearchParams(query);
  return {
    text: parameters.get("q") ?? "",
    groups: new Set((parameters.get("show") ?? "").split(",").filter((group) => GROUPS.includes(group))),
    sort: sortOf(parameters.get("sort") ?? ""),
    grouped: parameters.has("grouped"),
    timeline: parameters.has("timeline"),
    wall: parameters.has("wall"),
  };
}

/** The query of a view, with its question mark; empty for the one that is shown unless a link says otherwise. */
export function queryOf({ text, groups, sort, grouped, timeline, wall }) {
  const parameters = [
    text.trim() === "" ? null : `q=${encodeURIComponent(text.trim())}`,
    groups.size === 0 ? null : `show=${GROUPS.filter((group) => groups.has(group)).join(",")}`,
    sort === null ? null : `sort=${sort.descending ? "-" : ""}${sort.key}`,
    grouped ? "grouped" : null,
    timeline ? "timeline" : null,
    wall ? "wall" : null,
  ].filter((parameter) => parameter !== null);
  return parameters.length === 0 ? "" : `?${parameters.join("&")}`;
}

function sortOf(text) {
  const descending = text.startsWith("-");
  const key = descending ? text.slice(1) : text;
  return Object.hasOwn(SORT_KEYS, key) ? { key, descending } : null;
}
