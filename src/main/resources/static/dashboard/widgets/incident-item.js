// An open incident in the list of them.

import { describeCourse, detailOf } from "../domain/incidents.js";
import { Acknowledgement } from "./acknowledgement.js";
import { button, el, setText } from "./dom.js";
import { alertLabel, severityLabel } from "./status-labels.js";

export class IncidentItem {
  #incident = null;
  #severity = el("span", { class: "severity" });
  #kinds = el("span", { class: "flags" });
  #course = el("span", { class: "course" });
  #detail = el("span", { class: "detail", dir: "auto" });
  #acknowledgement;

  /** @param open called with the resource when its name is pressed */
  constructor(resource, open, send) {
    this.#acknowledgement = new Acknowledgement(send);
    this.element = el(
      "li",
      {},
      this.#severity,
      el("span", { class: "subject" }, button(resource, { class: "link", dir: "auto" }, () => open(resource)), this.#kinds),
      this.#course,
      this.#detail,
      this.#acknowledgement.element,
    );
  }

  update(incident, mayWrite) {
    if (incident !== this.#incident) {
      this.#severity.replaceChildren(severityLabel(incident.severity));
      this.#kinds.replaceChildren(...incident.kinds.map((kind) => alertLabel({ kind, detail: "" })));
      setText(this.#detail, detailOf(incident));
    }
    this.#incident = incident;
    this.#acknowledgement.update(incident, mayWrite);
    this.tick();
  }

  tick() {
    setText(this.#course, describeCourse(this.#incident));
    this.#acknowledgement.tick();
  }
}
