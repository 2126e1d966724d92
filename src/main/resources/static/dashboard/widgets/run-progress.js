// The progress of a running sync: a bar where the total is known, a striped one where it is not, none for a stuck run.

import { describeRunning, progressOf } from "../domain/progress.js";
import { hasAlert } from "../domain/urgency.js";
import { el, setText, setVisible } from "./dom.js";

export class RunProgress {
  #fill = el("span", { class: "fill" });
  #bar = el("span", { class: "meter", role: "progressbar" }, this.#fill);
  #text = el("span", { class: "meter-text" });
  element = el("div", { class: "running-run" }, this.#bar, this.#text);

  update(state) {
    const { part } = progressOf(state);
    const known = part !== null;
    const stuck = hasAlert(state, "stuck");
    setVisible(this.#bar, known || !stuck);
    this.element.classList.toggle("stuck", stuck);
    this.#bar.classList.toggle("indeterminate", !known);
    this.#bar.setAttribute("aria-label", `Progress of ${state.resource}`);
    if (known) {
      this.#fill.style.transform = `scaleX(${part})`;
      this.#bar.setAttribute("aria-valuenow", String(Math.floor(part * 100)));
    } else {
      this.#fill.style.transform = "";
      this.#bar.removeAttribute("aria-valuenow");
    }
    this.tick(state);
  }

  tick(state) {
    setText(this.#text, describeRunning(state));
  }
}
