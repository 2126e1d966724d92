// When the runs of the listed resources ran: a lane each on one time axis, with zoom and pan by mouse, touch and keys.

import { now } from "../domain/clock.js";
import { DAY, HOUR } from "../domain/durations.js";
import { MISSED } from "../domain/missed.js";
import { lastSpan, panned, SPANS, zoomed } from "../domain/timeline.js";
import { button, byId, el, setText, setVisible } from "./dom.js";
import { Frame } from "./frame.js";
import { AXIS, CROSS, labelWidth, LANE, TimelineCanvas } from "./timeline-canvas.js";
import { TimelineData } from "./timeline-data.js";
import { TimelineInput } from "./timeline-input.js";
import { timelineLegend } from "./timeline-legend.js";
import { describeBar, TimelineSelection } from "./timeline-selection.js";
import { hideTip, showTip } from "./tip.js";

const KEYS_HELP = "Left and right pan, plus and minus zoom, up and down choose a resource, n and p its next and previous run or missed run, Enter opens it.";

export class Timeline {
  #open;
  #data;
  #range = lastSpan(24 * HOUR, now());
  #follows = true;
  #resources = [];
  #selection;
  #input;
  #shown = false;
  #height = null;
  #canvas = new TimelineCanvas();
  #scroller = el("div", { class: "timeline-lanes" }, this.#canvas.element);
  #space = el("div", { class: "timeline-space" });
  #message = el("p", { class: "hint", role: "status" });
  #spans = new Map();
  #frame = new Frame(() => this.#draw());
  #resized = () => this.#frame.request();
  #keys = {
    ArrowLeft: () => this.#panBy(-0.2),
    ArrowRight: () => this.#panBy(0.2),
    "+": () => this.#zoomBy(0.5),
    "-": () => this.#zoomBy(2),
    ArrowUp: () => this.#selectLane(-1),
    ArrowDown: () => this.#selectLane(1),
    n: () => this.#selectRun(1),
    p: () => this.#selectRun(-1),
    Enter: () => this.#openSelected(),
  };

  /** @param open called with a resource and the id of a run that was pressed */
  constructor(key, open) {
    this.#open = open;
    this.#data = new TimelineData(key, {
      changed: () => this.#frame.request(),
      message: (text) => setText(this.#message, text),
    });
    this.#selection = new TimelineSelection(this.#data);
    for (const span of SPANS) {
      this.#spans.set(span, button(span < 2 * DAY ? `${span / HOUR} h` : `${span / DAY} days`, { class: "chip" }, () => this.#last(span)));
    }
    this.#scroller.append(this.#space);
    this.#canvas.element.setAttribute("aria-label", `Timeline of the runs. ${KEYS_HELP}`);
    byId("timeline").replaceChildren(
      el("div", { class: "timeline-head" }, el("div", { class: "groups" }, ...this.#spans.values()), timelineLegend()),
      this.#message,
      this.#scroller,
    );
    this.#scroller.addEventListener("scroll", () => this.#frame.request(), { passive: true });
    addEventListener("resize", this.#resized);
    this.#input = new TimelineInput(this.#canvas.element, {
      pan: (pixels) => this.#setRange(panned(this.#range, pixels * this.#perPixel(), now())),
      zoom: (factor, clientX) => this.#setRange(zoomed(this.#range, factor, this.#timeAt(clientX), now())),
      point: (event) => this.#point(event),
      press: (event) => this.#press(event),
      key: this.#keys,
    });
  }

  show(shown) {
    if (this.#shown && !shown) {
      this.#data.stop();
    }
    this.#shown = shown;
    setVisible(byId("timeline"), shown);
    if (shown) {
      this.#data.load(this.#range.from);
      this.#frame.request();
    }
  }

  focus() {
    this.#canvas.element.focus();
  }

  /** @param resources in the order of their lanes */
  arrange(resources) {
    this.#resources = resources;
    if (this.#shown) {
      this.#frame.request();
    }
  }

  /** Takes the latest run of a state. */
  put(state) {
    this.#data.put(state);
  }

  delete(resource) {
    this.#data.delete(resource);
  }

  /** Lets the runs that go on grow. */
  tick() {
    if (this.#shown) {
      if (this.#follows && !this.#input.isDragging) {
        this.#range = lastSpan(this.#range.until - this.#range.from, now());
      }
      this.#data.tick();
      this.#frame.request();
    }
  }

  repaint() {
    this.#canvas.forgetColours();
    this.#frame.request();
  }

  stop() {
    this.#data.stop();
    this.#frame.stop();
    removeEventListener("resize", this.#resized);
    setVisible(byId("timeline"), false);
  }

  #last(span) {
    this.#setRange(lastSpan(span, now()));
  }

  #setRange(range) {
    this.#range = range;
    this.#follows = now() - range.until < (range.until - range.from) / 50;
    this.#data.load(this.#range.from);
    this.#frame.request();
  }

  #draw() {
    if (!this.#shown) {
      return;
    }
    const span = this.#range.until - this.#range.from;
    this.#spans.forEach((chip, each) => chip.setAttribute("aria-pressed", String(this.#follows && each === Math.round(span))));
    const height = AXIS + this.#resources.length * LANE;
    if (this.#height !== height) {
      this.#height = height;
      // Its border is a pixel above and below.
      this.#scroller.style.height = `${height + 2}px`;
    }
    this.#space.style.height = `${Math.max(height - this.#scroller.clientHeight, 0)}px`;
    const first = Math.floor(this.#scroller.scrollTop / LANE);
    this.#canvas.draw({
      size: { width: this.#scroller.clientWidth, height: this.#scroller.clientHeight },
      range: this.#range,
      first,
      resources: this.#resources.slice(first, first + Math.ceil(this.#scroller.clientHeight / LANE)),
      data: this.#data,
      selected: this.#selection.selected(this.#resources),
      at: now(),
    });
  }

  #panBy(part) {
    this.#setRange(panned(this.#range, (this.#range.until - this.#range.from) * part, now()));
  }

  #zoomBy(factor) {
    this.#setRange(zoomed(this.#range, factor, (this.#range.from + this.#range.until) / 2, now()));
  }

  #selectLane(by) {
    const lane = this.#selection.moveLane(by, this.#resources);
    this.#scroller.scrollTop = Math.min(Math.max(this.#scroller.scrollTop, AXIS + (lane + 2) * LANE - this.#scroller.clientHeight), lane * LANE);
    this.#frame.request();
  }

  #selectRun(by) {
    const run = this.#selection.moveRun(by, this.#resources);
    if (run !== null && (run.from < this.#range.from || run.from > this.#range.until)) {
      this.#setRange(panned(this.#range, run.from - (this.#range.from + this.#range.until) / 2, now()));
    }
    this.#frame.request();
  }

  #point(event) {
    const found = this.#find(event);
    const texts = [found?.missed, found?.run].filter(Boolean).map((each) => describeBar(found.resource, each));
    if (texts.length > 0) {
      showTip(texts.join(". "), { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY + LANE });
    } else {
      hideTip();
    }
  }

  #press(event) {
    const found = this.#find(event);
    if (found) {
      this.#openRun(found.resource, found.run?.id ?? null);
    }
  }

  #openSelected() {
    const { resource, id } = this.#selection.selected(this.#resources);
    this.#openRun(resource, id?.startsWith(MISSED) ? null : id);
  }

  #openRun(resource, id) {
    if (resource !== undefined) {
      this.#open(resource, id);
    }
  }

  #find(event) {
    const box = this.#canvas.element.getBoundingClientRect();
    const lane = Math.floor((event.clientY - box.top - AXIS) / LANE) + Math.floor(this.#scroller.scrollTop / LANE);
    const resource = event.clientY - box.top < AXIS ? undefined : this.#resources[lane];
    if (resource === undefined) {
      return null;
    }
    if (event.clientX - box.left < this.#labels) {
      return { resource, run: null, missed: null };
    }
    const near = { run: 4 * this.#perPixel(), missed: (CROSS + 2) * this.#perPixel() };
    return { resource, ...this.#data.at(resource, this.#timeAt(event.clientX), near) };
  }

  get #labels() {
    return labelWidth(this.#scroller.clientWidth);
  }

  #timeAt(clientX) {
    return this.#range.from + (clientX - this.#canvas.element.getBoundingClientRect().left - this.#labels) * this.#perPixel();
  }

  #perPixel() {
    return (this.#range.until - this.#range.from) / Math.max(this.#scroller.clientWidth - this.#labels, 1);
  }
}
