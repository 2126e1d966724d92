// The last runs of a resource as a strip of bars: how high is how long, and what failed is striped and has a mark below.

import { now } from "../domain/clock.js";
import { elapsed } from "../domain/durations.js";
import { barHeights, describeRecent, describeRun, MAX_RUNS, recentRuns } from "../domain/recent-runs.js";
import { announce } from "./dom.js";
import { hideTip, showTip } from "./tip.js";

const SVG = "http://www.w3.org/2000/svg";
const PITCH = 4;
const WIDTH = 3;
const HEIGHT = 18;
const MARK = 2;
const STRIPE = 2;
const GAP = 1;
const SLOTS = MAX_RUNS + 1;

export class RunStrip {
  element = svg("svg", { class: "strip", role: "img", viewBox: `0 0 ${SLOTS * PITCH} ${HEIGHT + MARK + 1}` });
  #paths = new Map();
  #running = svg("rect", { class: "running", width: WIDTH, visibility: "hidden" });
  #runs = [];
  #startedAt = null;
  #summary = "";
  #selected = null;

  constructor() {
    for (const status of ["success", "failed", "abandoned", "mark"]) {
      this.#paths.set(status, svg("path", { class: status }));
    }
    this.element.append(...this.#paths.values(), this.#running);
    this.element.addEventListener("pointermove", (event) => this.#point(event));
    this.element.addEventListener("pointerleave", hideTip);
  }

  /**
   * @param recent undefined where it is not known yet
   * @param startedAt of the run that goes on; null where none does
   */
  update(recent, startedAt) {
    this.#runs = recent ? recentRuns(recent) : [];
    this.#startedAt = startedAt;
    this.#summary = recent ? describeRecent(recent) : "";
    this.#selected = null;
    const label = [this.#summary, ...this.#lastInWords()].join(". ");
    if (this.element.getAttribute("aria-label") !== label) {
      this.element.setAttribute("aria-label", label);
    }
    this.#draw();
  }

  /** Lets the bar of the run that goes on grow. */
  tick() {
    if (this.#startedAt !== null) {
      this.#draw();
    }
  }

  showSummary(anchor) {
    if (this.#summary !== "") {
      showTip(`${this.#summary}. ← and → go through them.`, anchor.getBoundingClientRect());
    }
  }

  /** Shows the numbers of the run before, or after, the one shown last. */
  step(by) {
    if (this.#runs.length === 0) {
      return;
    }
    const last = this.#runs.length - 1;
    this.#selected = this.#selected === null ? last : Math.min(Math.max(this.#selected + by, 0), last);
    this.#showRun(this.#selected);
    announce(describeRun(this.#runs[this.#selected]));
  }

  #lastInWords() {
    return this.#runs.slice(-3).reverse().map((run) => describeRun(run));
  }

  #draw() {
    const runningFor = this.#startedAt === null ? null : Math.max(now() - Date.parse(this.#startedAt), 0);
    const heights = barHeights(this.#runs, runningFor);
    const paths = { success: "", failed: "", abandoned: "", mark: "" };
    this.#runs.forEach(({ status }, index) => {
      const x = this.#xOf(index);
      const height = Math.round(heights[index] * HEIGHT);
      paths[status] += status === "failed" ? stripedBar(x, height) : bar(x, HEIGHT - height, height);
      if (status !== "success") {
        paths.mark += bar(x, HEIGHT + 1, MARK);
      }
    });
    for (const [status, path] of this.#paths) {
      setAttribute(path, "d", paths[status]);
    }
    setAttribute(this.#running, "visibility", runningFor === null ? "hidden" : "visible");
    if (runningFor !== null) {
      const height = Math.round(heights.at(-1) * HEIGHT);
      setAttribute(this.#running, "x", (SLOTS - 1) * PITCH);
      setAttribute(this.#running, "y", HEIGHT - height);
      setAttribute(this.#running, "height", height);
    }
  }

  /** The last place is that of the run that goes on. */
  #xOf(index) {
    return (SLOTS - 1 - this.#runs.length + index) * PITCH;
  }

  #point(event) {
    const box = this.element.getBoundingClientRect();
    const slot = Math.floor(((event.clientX - box.left) / box.width) * SLOTS);
    const index = slot - (SLOTS - 1 - this.#runs.length);
    if (slot >= SLOTS - 1 && this.#startedAt !== null) {
      showTip(`Running for ${elapsed(this.#startedAt)}`, box);
    } else if (index >= 0 && index < this.#runs.length) {
      this.#showRun(index);
    } else {
      hideTip();
    }
  }

  #showRun(index) {
    const box = this.element.getBoundingClientRect();
    const left = box.left + (this.#xOf(index) / (SLOTS * PITCH)) * box.width;
    showTip(describeRun(this.#runs[index]), { left, right: left, top: box.top, bottom: box.bottom });
  }
}

const bar = (x, y, height) => `M${x} ${y}h${WIDTH}v${height}h-${WIDTH}z`;

function stripedBar(x, height) {
  let stripes = "";
  for (let top = HEIGHT; top > HEIGHT - height; top -= STRIPE + GAP) {
    stripes += bar(x, Math.max(top - STRIPE, HEIGHT - height), Math.min(STRIPE, top - HEIGHT + height));
  }
  return stripes;
}

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}
