// The resources as they are looked at: the list, the timeline or the wall, filtered and sorted, drawn as they change.

import { groupAlerts } from "../domain/reasons.js";
import { queryOf, viewOf } from "../domain/view.js";
import { AlertList } from "./alert-list.js";
import { byId, setVisible } from "./dom.js";
import { FilterBar } from "./filter-bar.js";
import { Frame } from "./frame.js";
import { showFirstSteps, showSkeleton } from "./placeholders.js";
import { ResourceTable } from "./resource-table.js";
import { Timeline } from "./timeline.js";
import { WallMode } from "./wall-mode.js";

/** Rows that change places more often than this cannot be followed with the eye, nor pressed. */
const MIN_BETWEEN_ARRANGEMENTS = 500;

export class ResourceView {
  #facts;
  #table;
  #alerts;
  #timeline;
  #filter = new FilterBar(() => this.#changed());
  #wall = new WallMode();
  #arrangeTimer = null;
  #arrangedAt = Number.NEGATIVE_INFINITY;
  #frame = new Frame(() => this.#draw());

  /**
   * @param open called with a resource that was pressed, and the id of the run where one was
   * @param facts recentOf(resource), incidentOf(resource) and nextOf(state); undefined where it is not known
   */
  constructor(key, open, facts) {
    this.#facts = facts;
    this.#table = new ResourceTable(open, facts);
    this.#alerts = new AlertList(open);
    this.#timeline = new Timeline(key, open);
  }

  /** What single keys do here. */
  get keys() {
    return {
      "/": () => byId("filter").focus(),
      j: () => this.#table.focusBy(1),
      k: () => this.#table.focusBy(-1),
      t: () => this.#toggleTimeline(),
      w: () => this.#setWall(!this.#filter.view.wall),
      Escape: () => this.#setWall(false),
    };
  }

  /** Whoever comes to the timeline by a key goes on by keys. */
  #toggleTimeline() {
    this.#filter.toggleTimeline();
    if (this.#filter.view.timeline) {
      this.#timeline.focus();
    }
  }

  /** Shows that nothing is known yet, in the view that the address has. */
  start() {
    showSkeleton();
    this.#alerts.update([]);
    for (const id of ["empty", "tools", "resources"]) {
      setVisible(byId(id), false);
    }
    this.#filter.view = viewOf(location.search);
    this.#wall.show(this.#filter.view.wall);
  }

  stop() {
    this.#wall.show(false);
    this.#timeline.stop();
    this.#frame.stop();
    this.#table.stop();
    clearTimeout(this.#arrangeTimer);
  }

  state(resource) {
    return this.#table.state(resource);
  }

  /** Shows these resources and no others, at once. */
  replace(states) {
    this.#table.replace(states);
    states.forEach((state) => this.#timeline.put(state));
    this.#arrange();
    this.#table.drawTop();
  }

  put(state) {
    this.#table.put(state);
    this.#timeline.put(state);
    this.#frame.request();
  }

  delete(resource) {
    this.#table.remove(resource);
    this.#timeline.delete(resource);
    this.#frame.request();
  }

  /** The facts of these are known anew. */
  factsChanged(resources) {
    resources.forEach((resource) => this.#table.outdate(resource));
    if (resources.length > 0) {
      this.#frame.request();
    }
  }

  tick() {
    this.#table.tick();
    this.#alerts.tick();
    this.#timeline.tick();
  }

  /** Shows times anew, as they are shown now. */
  showTimes() {
    this.#table.redraw();
    this.#alerts.tick();
  }

  repaint() {
    this.#timeline.repaint();
  }

  /** Shows what has changed where it stands; the rows are sorted anew at once, or when they have stood for long enough. */
  #draw() {
    this.#table.draw();
    const wait = this.#arrangedAt + MIN_BETWEEN_ARRANGEMENTS - performance.now();
    if (wait <= 0) {
      this.#arrange();
    } else {
      this.#arrangeTimer ??= setTimeout(() => this.#arrange(), wait);
    }
  }

  #arrange() {
    clearTimeout(this.#arrangeTimer);
    this.#arrangeTimer = null;
    this.#arrangedAt = performance.now();
    const { states } = this.#table;
    const failed = states.filter((state) => state.last_sync_status === "failed").length;
    document.title = failed > 0 ? `(${failed} failed) Sync states` : "Sync states";
    const shown = this.#table.arrange(this.#filter.view);
    this.#filter.update(states, shown);
    this.#alerts.update(groupAlerts(states, this.#facts.recentOf));
    const empty = states.length === 0;
    setVisible(byId("loading"), false);
    setVisible(byId("tools"), !empty);
    const timeline = this.#filter.view.timeline && !empty;
    setVisible(byId("resources"), !empty && !timeline);
    this.#timeline.show(timeline);
    if (timeline) {
      this.#timeline.arrange(this.#table.shown);
    }
    showFirstSteps(states);
    this.#wall.update(states.length, shown);
  }

  /** What is shown has an address, which replaces the last one: "back" leaves a resource, not a letter of the filter. */
  #changed() {
    history.replaceState(null, "", location.pathname + queryOf(this.#filter.view) + location.hash);
    this.#arrange();
  }

  #setWall(wall) {
    if (wall !== this.#filter.view.wall) {
      this.#filter.view = { ...this.#filter.view, wall };
      this.#wall.show(wall);
      this.#changed();
    }
  }
}
