// The page of someone who has signed in: resources, alerts and the drawer, fed by the stream.

import { storedKey } from "../api/key-storage.js";
import { LiveStream } from "../api/live-stream.js";
import { RecentRuns } from "../api/recent-runs.js";
import { groupAlerts } from "../domain/reasons.js";
import { hasEndedRun } from "../domain/recent-runs.js";
import { hashOf, isWide, resourceFromHash } from "../domain/resource-address.js";
import { queryOf, viewOf } from "../domain/view.js";
import { AlertList } from "./alert-list.js";
import { ConnectionNotice } from "./connection-notice.js";
import { announce, byId, setVisible } from "./dom.js";
import { Drawer } from "./drawer.js";
import { FilterBar } from "./filter-bar.js";
import { Frame } from "./frame.js";
import { useKeys } from "./keys.js";
import { showFirstSteps, showSkeleton } from "./placeholders.js";
import { ResourceTable } from "./resource-table.js";
import { Timeline } from "./timeline.js";
import { WallMode } from "./wall-mode.js";
import { useZoneButton } from "./zone-button.js";

/** Rows that change places more often than this cannot be followed with the eye, nor pressed. */
const MIN_BETWEEN_ARRANGEMENTS = 500;

const DARK = matchMedia("(prefers-color-scheme: dark)");

export class Dashboard {
  #listener;
  #loaded = false;
  #connection = { name: "connecting" };
  #table = new ResourceTable((resource) => this.#open(resource));
  #alerts = new AlertList((resource) => this.#open(resource));
  #recent;
  #timeline;
  #filter = new FilterBar(() => this.#changeView());
  #wall = new WallMode();
  #notice = new ConnectionNotice(() => this.#stream.retry());
  #drawer;
  #stream;
  #timer = null;
  #endKeys = () => {};
  #arrangeTimer = null;
  #arrangedAt = Number.NEGATIVE_INFINITY;
  #frame = new Frame(() => this.#draw());

  /** @param listener answered() to show the page, accepted() and refused(status, loaded) for the key */
  constructor(key, listener) {
    this.#listener = listener;
    this.#drawer = new Drawer(key, (resource) => this.#recent.get(resource), () => this.#closed());
    this.#recent = new RecentRuns(key, (resources) => this.#showRecent(resources));
    this.#timeline = new Timeline(key, (resource, run) => this.#open(resource, run));
    this.#stream = new LiveStream(key, {
      snapshot: (states) => this.#replace(states),
      changed: (state) => this.#change(state),
      deleted: (resource) => this.#delete(resource),
      connection: (connection) => this.#setConnection(connection),
      refused: (status) => listener.refused(status, this.#loaded),
    });
  }

  start() {
    showSkeleton();
    this.#alerts.update([]);
    setVisible(byId("empty"), false);
    setVisible(byId("tools"), false);
    setVisible(byId("resources"), false);
    this.#timer = setInterval(() => this.#tick(), 1000);
    addEventListener("hashchange", this.#followAddress);
    addEventListener("themechange", this.#repaint);
    DARK.addEventListener("change", this.#repaint);
    useZoneButton(() => this.#showTimes());
    this.#endKeys = useKeys({
      "/": () => byId("filter").focus(),
      j: () => this.#table.focusBy(1),
      k: () => this.#table.focusBy(-1),
      t: this.#filter.toggleTimeline,
      w: () => this.#setWall(!this.#filter.view.wall),
      z: () => byId("zone").click(),
      Escape: () => this.#setWall(false),
    });
    this.#filter.view = viewOf(location.search);
    this.#wall.show(this.#filter.view.wall);
    this.#stream.run();
  }

  stop() {
    this.#stream.stop();
    this.#endKeys();
    this.#wall.show(false);
    this.#recent.stop();
    this.#timeline.stop();
    this.#frame.stop();
    this.#table.stop();
    this.#drawer.close();
    clearInterval(this.#timer);
    clearTimeout(this.#arrangeTimer);
    removeEventListener("hashchange", this.#followAddress);
    removeEventListener("themechange", this.#repaint);
    DARK.removeEventListener("change", this.#repaint);
  }

  #replace(states) {
    const first = !this.#loaded;
    this.#loaded = true;
    this.#table.replace(states);
    states.forEach((state) => this.#timeline.put(state));
    this.#arrange();
    this.#table.drawTop();
    this.#recent.loadAll();
    if (first) {
      this.#listener.accepted();
      this.#listener.answered();
      this.#followAddress();
    } else {
      this.#updateDrawer();
    }
  }

  #change(state) {
    const before = this.#table.state(state.resource);
    this.#table.put(state);
    this.#timeline.put(state);
    if (hasEndedRun(before, state)) {
      this.#recent.load(state.resource);
    }
    if (before && before.last_sync_status !== state.last_sync_status && state.last_sync_status === "failed") {
      announce(`${state.resource} failed`);
    }
    if (state.resource === this.#drawer.resource) {
      this.#drawer.open(state.resource, state);
    }
    this.#frame.request();
  }

  #delete(resource) {
    this.#table.remove(resource);
    this.#recent.forget(resource);
    this.#timeline.delete(resource);
    if (resource === this.#drawer.resource) {
      this.#drawer.showDeleted();
    }
    this.#frame.request();
  }

  #showRecent(resources) {
    resources.forEach((resource) => this.#table.putRecent(this.#recent.get(resource)));
    if (resources.includes(this.#drawer.resource)) {
      this.#drawer.recentChanged();
    }
    this.#frame.request();
  }

  #updateDrawer() {
    const { resource } = this.#drawer;
    const state = this.#table.state(resource);
    if (state) {
      this.#drawer.open(resource, state);
    } else if (resource !== null) {
      this.#drawer.showDeleted();
    }
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
    this.#alerts.update(groupAlerts(states, this.#recent.get));
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

  #setConnection(connection) {
    this.#connection = connection;
    // The form stays until the service has answered: a new key may be wrong.
    if (connection.name !== "connecting" || storedKey() !== null) {
      this.#listener.answered();
    }
    this.#showConnection();
  }

  #showConnection() {
    const drawerNotice = this.#notice.update(this.#connection, this.#loaded);
    this.#drawer.warn(this.#connection.name, drawerNotice);
    if (!this.#loaded) {
      setVisible(byId("loading"), this.#connection.name !== "offline");
    }
  }

  #tick() {
    this.#showConnection();
    if (!document.hidden) {
      this.#table.tick();
      this.#alerts.tick();
      this.#timeline.tick();
      this.#drawer.tick();
    }
  }

  /** @param run the id of one that is to be shown first, if any */
  #open(resource, run = null) {
    location.hash = hashOf(resource);
    this.#followAddress();
    if (run !== null) {
      this.#drawer.showRun(run);
    }
  }

  #closed() {
    if (location.hash !== "") {
      history.replaceState(null, "", location.pathname + location.search);
    }
  }

  /** What is shown has an address, which replaces the last one: "back" leaves a resource, not a letter of the filter. */
  #changeView() {
    history.replaceState(null, "", location.pathname + queryOf(this.#filter.view) + location.hash);
    this.#arrange();
  }

  #setWall(wall) {
    if (wall !== this.#filter.view.wall) {
      this.#filter.view = { ...this.#filter.view, wall };
      this.#wall.show(wall);
      this.#changeView();
    }
  }

  #showTimes() {
    this.#table.redraw();
    this.#alerts.tick();
    this.#showConnection();
    this.#drawer.redraw();
  }

  /** A resource has an address, so that it can be shared and "back" leaves it. */
  #followAddress = () => {
    const resource = resourceFromHash(location.hash);
    if (resource === null) {
      this.#drawer.close();
    } else if (this.#loaded) {
      this.#drawer.wide = isWide(location.hash);
      this.#drawer.open(resource, this.#table.state(resource));
    }
  };

  #repaint = () => {
    this.#drawer.repaint();
    this.#timeline.repaint();
  };
}
