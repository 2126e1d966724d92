// What the marks of a timeline mean.

import { MISSED_KNOWN_FOR } from "../api/missed-runs.js";
import { DAY } from "../domain/durations.js";
import { labelOf } from "../domain/labels.js";
import { el } from "./dom.js";

const BARS = ["success", "failed", "abandoned", "running"];

export function timelineLegend() {
  return el(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    BARS.map((status) => el("li", {}, el("span", { class: `swatch ${status}`, "aria-hidden": "true" }), labelOf(status))),
    el("li", {}, el("span", { class: "cross", "aria-hidden": "true" }, "✕"), `Missed, of the last ${MISSED_KNOWN_FOR / DAY} days`),
  );
}
