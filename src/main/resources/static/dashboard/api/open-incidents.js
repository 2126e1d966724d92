// The incidents that are open: loaded with each snapshot, then kept up to date by the stream.

import { fetchOpenIncidents } from "./requests.js";

const RETRY_DELAY = 5000;

export class OpenIncidents {
  #key;
  #changed;
  #byResource = new Map();
  /** Those that the stream brought while the list was on its way; they are newer. */
  #meanwhile = [];
  #request = null;
  #timer = null;

  /** @param changed called with the names of the resources whose incident has changed */
  constructor(key, changed) {
    this.#key = key;
    this.#changed = changed;
  }

  get all() {
    return [...this.#byResource.values()];
  }

  /** That of a resource; undefined where none is open. */
  get = (resource) => this.#byResource.get(resource);

  async load() {
    this.stop();
    this.#meanwhile = [];
    const request = new AbortController();
    this.#request = request;
    try {
      const found = await fetchOpenIncidents(this.#key, request.signal);
      if (!request.signal.aborted) {
        this.#request = null;
        this.#replace(found);
      }
    } catch {
      // The page says already that the service or its database is away.
      if (!request.signal.aborted) {
        this.#timer = setTimeout(() => this.load(), RETRY_DELAY);
      }
    }
  }

  /** @param incident as the stream or an acknowledgement gave it */
  put(incident) {
    if (this.#request !== null) {
      this.#meanwhile.push(incident);
    }
    this.#set(incident);
    this.#changed([incident.resource]);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  #replace(found) {
    const before = [...this.#byResource.keys()];
    this.#byResource = new Map(found.map((incident) => [incident.resource, incident]));
    this.#meanwhile.forEach((incident) => this.#set(incident));
    this.#changed([...new Set([...before, ...this.#byResource.keys()])]);
  }

  #set(incident) {
    const { resource, incident_id: id, closed_at: closedAt } = incident;
    if (closedAt === null) {
      this.#byResource.set(resource, incident);
    } else if (this.#byResource.get(resource)?.incident_id === id) {
      this.#byResource.delete(resource);
    }
  }
}
