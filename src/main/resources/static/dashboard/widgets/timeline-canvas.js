// Draws the lanes of a timeline that are in view.

import { ticks } from "../domain/timeline.js";
import { clockTime } from "../domain/times.js";
import { el } from "./dom.js";
import { stripes } from "./stripes.js";

export const AXIS = 22;
export const LANE = 22;

const NARROW = 640;

/** The width of the names beside lanes of so many pixels in all. */
export const labelWidth = (width) => (width < NARROW ? 110 : 180);

const BAR = 12;
const PITCH = 130;
/** Half of the width of what marks a missed run. */
export const CROSS = 4;
const KINDS = ["success", "failed", "abandoned", "running", "missed", "surface", "line", "text"];

export class TimelineCanvas {
  element = el("canvas", { tabindex: "0", role: "application" });
  #context = this.element.getContext("2d");
  #colours = null;

  /** They follow the theme. */
  forgetColours() {
    this.#colours = null;
  }

  /** @param view size, range, first (the number of the first lane), resources, data (runsOf(resource), missedOf(resource)), selected and at */
  draw(view) {
    const { size, range, resources } = view;
    const ratio = devicePixelRatio;
    const { element } = this;
    if (element.width !== Math.round(size.width * ratio) || element.height !== Math.round(size.height * ratio)) {
      element.width = Math.round(size.width * ratio);
      element.height = Math.round(size.height * ratio);
      element.style.width = `${size.width}px`;
      element.style.height = `${size.height}px`;
    }
    this.#colours ??= this.#readColours();
    const context = this.#context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.font = this.#colours.font;
    context.textBaseline = "middle";
    const labels = labelWidth(size.width);
    const width = size.width - labels;
    const xOf = (time) => labels + ((time - range.from) / (range.until - range.from)) * width;
    this.#drawAxis(view, width, xOf);
    resources.forEach((resource, index) => this.#drawLane(resource, AXIS + index * LANE, view, xOf));
  }

  #drawAxis({ range, size }, width, xOf) {
    const context = this.#context;
    for (const time of ticks(range, width, PITCH)) {
      const x = Math.round(xOf(time)) + 0.5;
      context.fillStyle = this.#colours.line;
      context.fillRect(x, 0, 1, size.height);
      context.fillStyle = this.#colours.text;
      context.fillText(clockTime(time).replace(/:00$/, ""), x + 4, AXIS / 2);
    }
  }

  #drawLane(resource, y, { data, selected, range, size, at }, xOf) {
    const context = this.#context;
    const labels = labelWidth(size.width);
    const chosen = resource === selected.resource;
    context.fillStyle = this.#colours.line;
    context.fillRect(0, y + LANE - 1, size.width, 1);
    if (chosen && document.activeElement === this.element) {
      context.fillRect(0, y, size.width, LANE);
    }
    context.save();
    context.beginPath();
    context.rect(labels, y, size.width - labels, LANE);
    context.clip();
    for (const run of data.runsOf(resource)) {
      const until = run.until ?? at;
      if (until < range.from || run.from > range.until) {
        continue;
      }
      const left = xOf(run.from);
      const width = Math.max(xOf(until) - left, 2);
      context.fillStyle = this.#colours[run.status] ?? this.#colours.text;
      // What did not succeed is higher too, so that colour is not the only difference.
      const more = run.status === "failed" ? 3 : 0;
      context.fillRect(left, y + (LANE - BAR) / 2 - more, width, BAR + 2 * more);
      if (chosen && run.id === selected.id) {
        context.strokeStyle = this.#colours.text;
        context.lineWidth = 2;
        context.strokeRect(left - 2, y + 2, width + 4, LANE - 4);
      }
    }
    this.#drawMissed(data.missedOf(resource), y + LANE / 2 - 0.5, chosen ? selected.id : null, range, xOf);
    context.restore();
    context.fillStyle = this.#colours.text;
    context.save();
    context.beginPath();
    context.rect(0, y, labels - 8, LANE);
    context.clip();
    context.fillText(resource, 8, y + LANE / 2);
    context.restore();
  }

  /** Crosses, which no bar is, with a rim, as a run that failed may lie below. */
  #drawMissed(missed, y, selectedId, range, xOf) {
    const context = this.#context;
    for (const { id, from } of missed) {
      if (from < range.from || from > range.until) {
        continue;
      }
      const x = xOf(from);
      for (const [width, colour] of [[6, "surface"], [2.5, "missed"]]) {
        context.beginPath();
        context.moveTo(x - CROSS, y - CROSS);
        context.lineTo(x + CROSS, y + CROSS);
        context.moveTo(x - CROSS, y + CROSS);
        context.lineTo(x + CROSS, y - CROSS);
        context.lineWidth = width;
        context.strokeStyle = this.#colours[colour];
        context.stroke();
      }
      if (id === selectedId) {
        context.strokeStyle = this.#colours.text;
        context.lineWidth = 2;
        context.strokeRect(x - 2 * CROSS, y - 2 * CROSS, 4 * CROSS, 4 * CROSS);
      }
    }
  }

  #readColours() {
    const host = this.element.parentElement;
    const colours = { font: `13px ${getComputedStyle(host).fontFamily}` };
    for (const kind of KINDS) {
      const probe = el("i", { class: `colour ${kind}` });
      host.append(probe);
      const { color } = getComputedStyle(probe);
      colours[kind] = kind === "abandoned" ? stripes(color) : color;
      probe.remove();
    }
    return colours;
  }
}
