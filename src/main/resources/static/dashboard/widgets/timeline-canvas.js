// Draws the lanes of a timeline that are in view.

import { ticks } from "../domain/timeline.js";
import { clockTime } from "../domain/times.js";
import { el } from "./dom.js";
import { stripes } from "./stripes.js";

export const AXIS = 22;
export const LANE = 22;
export const LABELS = 180;

const BAR = 12;
const PITCH = 130;
const KINDS = ["success", "failed", "abandoned", "running", "line", "text"];

export class TimelineCanvas {
  element = el("canvas", { tabindex: "0", role: "application" });
  #context = this.element.getContext("2d");
  #colours = null;

  /** They follow the theme. */
  forgetColours() {
    this.#colours = null;
  }

  /** @param view size, range, first (the number of the first lane), resources, runsOf(resource), selected and at */
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
    const width = size.width - LABELS;
    const xOf = (time) => LABELS + ((time - range.from) / (range.until - range.from)) * width;
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

  #drawLane(resource, y, { runsOf, selected, range, size, at }, xOf) {
    const context = this.#context;
    const chosen = resource === selected.resource;
    context.fillStyle = this.#colours.line;
    context.fillRect(0, y + LANE - 1, size.width, 1);
    if (chosen && document.activeElement === this.element) {
      context.fillRect(0, y, size.width, LANE);
    }
    context.save();
    context.beginPath();
    context.rect(LABELS, y, size.width - LABELS, LANE);
    context.clip();
    for (const run of runsOf(resource)) {
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
    context.restore();
    context.fillStyle = this.#colours.text;
    context.save();
    context.beginPath();
    context.rect(0, y, LABELS - 8, LANE);
    context.clip();
    context.fillText(resource, 8, y + LANE / 2);
    context.restore();
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
