// What a timeline shows: the runs and the missed runs of each resource, loaded while somebody looks.

import { MissedRuns } from "../api/missed-runs.js";
import { now } from "../domain/clock.js";
import { Lanes } from "../domain/timeline.js";
import { TimelineLoader } from "./timeline-loader.js";

export class TimelineData {
  #lanes = new Lanes();
  #loader;
  #missed;
  #messages = { runs: "", missed: "" };

  /** @param listener changed(), and message(text), empty where there is nothing to say */
  constructor(key, { changed, message }) {
    const say = (messages) => {
      Object.assign(this.#messages, messages);
      message(Object.values(this.#messages).filter(Boolean).join(" "));
    };
    this.#loader = new TimelineLoader(key, this.#lanes, { changed, message: (runs) => say({ runs }) });
    this.#missed = new MissedRuns(key, { changed, message: (missed) => say({ missed }) });
  }

  runsOf = (resource) => this.#lanes.of(resource);

  missedOf = (resource) => this.#missed.of(resource);

  /** The run and the missed run nearest to a time, within tolerances; null where there is none. */
  at(resource, time, { run, missed }) {
    return { run: this.#lanes.at(resource, time, run, now()), missed: this.#missed.at(resource, time, missed) };
  }

  load(since) {
    this.#loader.load(since);
    this.#missed.watch(since);
  }

  /** Takes the latest run of a state. */
  put(state) {
    if (state.run_id !== null && state.started_at !== null) {
      this.#loader.put(state);
    }
    if ((state.expect ?? null) !== null && state.last_sync_status === "success") {
      this.#missed.mayHaveChanged();
    }
  }

  delete(resource) {
    this.#loader.delete(resource);
    this.#missed.delete(resource);
  }

  tick() {
    this.#missed.tick();
  }

  /** Nobody looks. */
  stop() {
    this.#loader.stop();
    this.#missed.stop();
  }
}
