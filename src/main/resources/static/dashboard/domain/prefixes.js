// Groups of resources whose names begin alike: accounts-emea and accounts-us are accounts.

import { count } from "./numbers.js";
import { shownStatus } from "./urgency.js";

/** The name up to its first - _ . or : */
export function prefixOf(resource) {
  const end = resource.search(/[-_.:]/);
  return end < 0 ? resource : resource.slice(0, end);
}

/**
 * Brings those of one group together, where the first of them stands.
 *
 * @param rows each with a state
 * @returns a list of {prefix, rows}; the prefix is null where a row has no other of its kind
 */
export function groupByPrefix(rows) {
  const groups = new Map();
  for (const row of rows) {
    const prefix = prefixOf(row.state.resource);
    if (!groups.has(prefix)) {
      groups.set(prefix, []);
    }
    groups.get(prefix).push(row);
  }
  return [...groups].map(([prefix, group]) => ({ prefix: group.length > 1 ? prefix : null, rows: group }));
}

/** "accounts: 3 resources, 1 failed, 1 stuck" */
export function describeGroup({ prefix, rows }) {
  const number = (status) => rows.filter((row) => shownStatus(row.state) === status).length;
  const parts = ["failed", "stuck", "running"].map((status) => [status, number(status)]).filter(([, each]) => each > 0);
  return [`${prefix}: ${count(rows.length, "resource")}`, ...parts.map(([status, each]) => `${each} ${status}`)].join(", ");
}
