// Statuses and alerts as small coloured labels.

import { iconOf, labelOf } from "../domain/labels.js";
import { el } from "./dom.js";

export function statusLabel(status) {
  return el("span", { class: `pill ${status}` }, el("span", { "aria-hidden": "true" }, iconOf(status)), ` ${labelOf(status)}`);
}

export function alertLabel(alert) {
  return el("span", { class: `flag ${alert.kind}`, title: alert.detail }, alert.kind);
}

export function severityLabel(severity) {
  return el("span", { class: `pill ${severity === "error" ? "failed" : "running"}` }, severity);
}
