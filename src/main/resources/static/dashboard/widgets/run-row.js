// A run in the history, with its errors in a second row that can be opened.

import { formatDuration } from "../domain/durations.js";
import { formatNumber } from "../domain/numbers.js";
import { recordsOf } from "../domain/run-summary.js";
import { clockTime, shownZone } from "../domain/times.js";
import { copyButton } from "./copy-button.js";
import { button, el, setVisible } from "./dom.js";
import { errorCount, errorList } from "./error-list.js";
import { statusLabel } from "./status-labels.js";

export const runColumns = () => [`Started (${shownZone()})`, "Outcome", "Duration", "Records", "Run ID"];

/**
 * The one or two table rows of a run.
 *
 * @param fetchWhole brings the run with all of its errors
 */
export function runRows(run, fetchWhole) {
  const copy = copyButton(() => run.run_id);
  copy.setAttribute("aria-label", `Copy the run ID ${run.run_id}`);
  const outcome = el("td", {}, statusLabel(run.status));
  const row = el(
    "tr",
    {},
    el("td", { title: run.started_at }, clockTime(run.started_at)),
    outcome,
    el("td", { class: "number" }, formatDuration(run.duration_ms ?? Number.NaN)),
    el("td", { class: "number" }, formatNumber(recordsOf(run))),
    el("td", { class: "number", title: run.run_id }, copy),
  );
  if (run.errors.length === 0 && !run.errors_truncated) {
    return [row];
  }
  const cell = el("td", { colspan: String(runColumns().length) });
  const errors = el("tr", { class: "run-errors", hidden: true }, cell);
  const toggle = button(errorCount(run), { class: "link small", "aria-expanded": "false" }, () => {
    const open = errors.hidden;
    setVisible(errors, open);
    toggle.setAttribute("aria-expanded", String(open));
    if (cell.children.length === 0) {
      cell.append(errorList(run, fetchWhole));
    }
  });
  outcome.append(" ", toggle);
  return [row, errors];
}
