// The open incidents, mutes and the watch: kept up to date, listed, and acknowledged.

import { OpenIncidents } from "../api/open-incidents.js";
import { acknowledge } from "../api/requests.js";
import { Watch } from "../api/watch.js";
import { announce } from "./dom.js";
import { IncidentList } from "./incident-list.js";
import { WatchNotice } from "./watch-notice.js";

export class Incidents {
  #key;
  #changed;
  #known = { mutes: [], watch: null, mayWrite: false };
  #open;
  #watch;
  #list;
  #notice = new WatchNotice();

  /**
   * @param open called with a resource that was pressed
   * @param changed called with the names of resources whose incident, or what may be done with it, has changed
   */
  constructor(key, open, changed) {
    this.#key = key;
    this.#changed = changed;
    this.#open = new OpenIncidents(key, (resources) => this.#show(resources));
    this.#watch = new Watch(key, (known) => this.#showWatch(known));
    this.#list = new IncidentList(open, this.acknowledge);
    this.#show([]);
  }

  /** That of a resource; undefined where none is open. */
  get = (resource) => this.#open.get(resource);

  mayWrite = () => this.#known.mayWrite;

  /** Throws an Error with a message to show. */
  acknowledge = async (incident, body) => {
    this.#open.put(await acknowledge(this.#key, incident.incident_id, body));
    announce(`The incident of ${incident.resource} is acknowledged`);
  };

  /** Loads them anew; the stream has only what changes from now on. */
  load() {
    this.#open.load();
    this.#watch.start();
  }

  put(incident) {
    this.#open.put(incident);
  }

  tick() {
    this.#list.tick();
    this.#notice.tick();
  }

  stop() {
    this.#open.stop();
    this.#watch.stop();
  }

  #show(resources) {
    const { mutes, watch, mayWrite } = this.#known;
    this.#list.update(this.#open.all, mutes, mayWrite);
    this.#notice.update(watch, this.#open.all);
    this.#changed(resources);
  }

  #showWatch(known) {
    const before = this.#known.mayWrite;
    this.#known = known;
    this.#show(before === known.mayWrite ? [] : this.#open.all.map(({ resource }) => resource));
  }
}
