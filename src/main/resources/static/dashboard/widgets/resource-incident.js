// The open incident of one resource, and who takes care of it.

import { describeCourse } from "../domain/incidents.js";
import { Acknowledgement } from "./acknowledgement.js";
import { el, setText, setVisible } from "./dom.js";
import { severityLabel } from "./status-labels.js";

export class ResourceIncident {
  #resource;
  #page;
  #incident;
  #severity = el("span");
  #course = el("span", { class: "course" });
  #acknowledgement;
  element;

  /** @param page incidentOf(resource), mayWrite() and acknowledge(incident, body) */
  constructor(resource, page) {
    this.#resource = resource;
    this.#page = page;
    this.#acknowledgement = new Acknowledgement(page.acknowledge);
    this.element = el(
      "section",
      { class: "resource-incident", "aria-label": "Incident" },
      el("p", {}, this.#severity, " ", el("strong", {}, "Incident"), " ", this.#course),
      this.#acknowledgement.element,
    );
    this.update();
  }

  update() {
    this.#incident = this.#page.incidentOf(this.#resource);
    setVisible(this.element, this.#incident !== undefined);
    if (this.#incident !== undefined) {
      this.#severity.replaceChildren(severityLabel(this.#incident.severity));
      this.#acknowledgement.update(this.#incident, this.#page.mayWrite());
      this.tick();
    }
  }

  tick() {
    if (this.#incident !== undefined) {
      setText(this.#course, describeCourse(this.#incident));
      this.#acknowledgement.tick();
    }
  }
}
