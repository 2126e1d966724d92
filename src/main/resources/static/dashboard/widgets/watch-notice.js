// Says that incidents are late, or that somebody is not notified of them.

import { describeWatch } from "../domain/watch-text.js";
import { byId, el, setVisible } from "./dom.js";

export class WatchNotice {
  #watch = null;
  #incidents = [];
  #shown = "[]";

  update(watch, incidents) {
    this.#watch = watch;
    this.#incidents = incidents;
    this.tick();
  }

  tick() {
    const sentences = describeWatch(this.#watch, this.#incidents);
    const shown = JSON.stringify(sentences);
    if (shown !== this.#shown) {
      this.#shown = shown;
      byId("watch").replaceChildren(...sentences.map((sentence) => el("p", { dir: "auto" }, sentence)));
      setVisible(byId("watch"), sentences.length > 0);
    }
  }
}
