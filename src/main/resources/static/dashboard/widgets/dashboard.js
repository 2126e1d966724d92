// The page of someone who has signed in: resources, incidents and the drawer, fed by the stream.

import { storedKey } from "../api/key-storage.js";
import { LiveStream } from "../api/live-stream.js";
import { NextCommands } from "../api/next-commands.js";
import { RecentRuns } from "../api/recent-runs.js";
import { hasEndedRun } from "../domain/recent-runs.js";
import { hashOf, isWide, resourceFromHash } from "../domain/resource-address.js";
import { ConnectionNotice } from "./connection-notice.js";
import { announce, byId, setVisible } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Incidents } from "./incidents.js";
import { useKeys } from "./keys.js";
import { ResourceView } from "./resource-view.js";
import { useZoneButton } from "./zone-button.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");

export class Dashboard {
  #listener;
  #loaded = false;
  #connection = { name: "connecting" };
  #view;
  #recent;
  #incidents;
  #next;
  #notice = new ConnectionNotice(() => this.#stream.retry());
  #drawer;
  #stream;
  #timer = null;
  #endKeys = () => {};

  /** @param listener answered() to show the page, accepted() and refused(status, loaded) for the key */
  constructor(key, listener) {
    this.#listener = listener;
    this.#recent = new RecentRuns(key, (resources) => this.#showRecent(resources));
    this.#next = new NextCommands(key, (resource) => this.#view.factsChanged([resource]));
    this.#view = new ResourceView(key, (resource, run) => this.#open(resource, run), {
      recentOf: this.#recent.get,
      incidentOf: (resource) => this.#incidents.get(resource),
      nextOf: this.#next.get,
    });
    this.#incidents = new Incidents(key, (resource) => this.#open(resource), (resources) => this.#showIncidents(resources));
    this.#drawer = new Drawer(key, {
      recentOf: this.#recent.get,
      incidentOf: this.#incidents.get,
      mayWrite: this.#incidents.mayWrite,
      acknowledge: this.#incidents.acknowledge,
      closed: () => this.#closed(),
    });
    this.#stream = new LiveStream(key, {
      snapshot: (states) => this.#replace(states),
      changed: (state) => this.#change(state),
      deleted: (resource) => this.#delete(resource),
      incident: (incident) => this.#incidents.put(incident),
      connection: (connection) => this.#setConnection(connection),
      refused: (status) => listener.refused(status, this.#loaded),
    });
  }

  start() {
    this.#view.start();
    this.#timer = setInterval(() => this.#tick(), 1000);
    addEventListener("hashchange", this.#followAddress);
    addEventListener("themechange", this.#repaint);
    DARK.addEventListener("change", this.#repaint);
    useZoneButton(() => this.#showTimes());
    this.#endKeys = useKeys({ ...this.#view.keys, z: () => byId("zone").click() });
    this.#stream.run();
  }

  stop() {
    this.#stream.stop();
    this.#endKeys();
    this.#recent.stop();
    this.#incidents.stop();
    this.#next.stop();
    this.#view.stop();
    this.#drawer.close();
    clearInterval(this.#timer);
    removeEventListener("hashchange", this.#followAddress);
    removeEventListener("themechange", this.#repaint);
    DARK.removeEventListener("change", this.#repaint);
  }

  #replace(states) {
    const first = !this.#loaded;
    this.#loaded = true;
    this.#view.replace(states);
    this.#recent.loadAll();
    this.#incidents.load();
    if (first) {
      this.#listener.accepted();
      this.#listener.answered();
      this.#followAddress();
    } else {
      this.#updateDrawer();
    }
  }

  #change(state) {
    const before = this.#view.state(state.resource);
    this.#view.put(state);
    if (hasEndedRun(before, state)) {
      this.#recent.load(state.resource);
    }
    if (before && before.last_sync_status !== state.last_sync_status && state.last_sync_status === "failed") {
      announce(`${state.resource} failed`);
    }
    if (state.resource === this.#drawer.resource) {
      this.#drawer.open(state.resource, state);
    }
  }

  #delete(resource) {
    this.#view.delete(resource);
    this.#recent.forget(resource);
    this.#next.forget(resource);
    if (resource === this.#drawer.resource) {
      this.#drawer.showDeleted();
    }
  }

  #showRecent(resources) {
    this.#view.factsChanged(resources);
    if (resources.includes(this.#drawer.resource)) {
      this.#drawer.recentChanged();
    }
  }

  #showIncidents(resources) {
    this.#view.factsChanged(resources);
    if (resources.includes(this.#drawer?.resource)) {
      this.#drawer.incidentChanged();
    }
  }

  #updateDrawer() {
    const { resource } = this.#drawer;
    const state = this.#view.state(resource);
    if (state) {
      this.#drawer.open(resource, state);
    } else if (resource !== null) {
      this.#drawer.showDeleted();
    }
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
      this.#view.tick();
      this.#incidents.tick();
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

  #showTimes() {
    this.#view.showTimes();
    this.#incidents.tick();
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
      this.#drawer.open(resource, this.#view.state(resource));
    }
  };

  #repaint = () => {
    this.#drawer.repaint();
    this.#view.repaint();
  };
}
