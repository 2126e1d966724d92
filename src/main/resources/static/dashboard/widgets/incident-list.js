// The open incidents and the mutes, each folded to a line until somebody wants to see them.

import { describeIncidents, sortIncidents } from "../domain/incidents.js";
import { currentMutes, describeMute, describeMuted } from "../domain/mutes.js";
import { count, formatNumber } from "../domain/numbers.js";
import { button, byId, el, setText, setVisible } from "./dom.js";
import { IncidentItem } from "./incident-item.js";

const MAX_SHOWN = 50;

export class IncidentList {
  #open;
  #send;
  #incidents = [];
  #mutes = [];
  #mayWrite = false;
  #items = new Map();
  #all = false;
  #list = el("ul");
  #more = button("", { class: "quiet small" }, () => {
    this.#all = true;
    this.#draw();
  });
  #incidentsSummary = el("summary");
  #mutesSummary = el("summary");
  #muteList = el("ul");
  #shownMutes = "";
  #incidentDetails = el("details", { class: "incidents" }, this.#incidentsSummary, this.#list, this.#more);
  #muteDetails = el("details", { class: "mutes" }, this.#mutesSummary, this.#muteList);

  /**
   * @param open called with a resource that was pressed
   * @param send acknowledges an incident, with {by, note}
   */
  constructor(open, send) {
    this.#open = open;
    this.#send = send;
    this.#incidentDetails.addEventListener("toggle", () => this.#draw());
    byId("incidents").replaceChildren(this.#incidentDetails, this.#muteDetails);
  }

  update(incidents, mutes, mayWrite) {
    this.#incidents = sortIncidents(incidents);
    this.#mutes = mutes;
    this.#mayWrite = mayWrite;
    this.#draw();
  }

  tick() {
    if (this.#incidentDetails.open) {
      this.#items.forEach((item) => item.tick());
    }
    this.#drawMutes();
  }

  #draw() {
    const number = this.#incidents.length;
    setVisible(this.#incidentDetails, number > 0);
    setText(this.#incidentsSummary, number === 0 ? "" : describeIncidents(this.#incidents));
    if (this.#incidentDetails.open) {
      this.#drawItems();
    }
    this.#drawMutes();
    setVisible(byId("incidents"), number > 0 || !this.#muteDetails.hidden);
  }

  #drawItems() {
    const shown = this.#all ? this.#incidents : this.#incidents.slice(0, MAX_SHOWN);
    const before = this.#items;
    this.#items = new Map(
      shown.map((incident) => {
        const { incident_id: id, resource } = incident;
        const item = before.get(id) ?? new IncidentItem(resource, this.#open, this.#send);
        item.update(incident, this.#mayWrite);
        return [id, item];
      }),
    );
    const elements = [...this.#items.values()].map(({ element }) => element);
    // A form that somebody types into may not be moved: it would lose the focus.
    if (elements.length !== this.#list.children.length || elements.some((element, place) => this.#list.children[place] !== element)) {
      const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
      this.#list.replaceChildren(...elements);
      focused?.focus();
    }
    const hidden = this.#incidents.length - shown.length;
    setVisible(this.#more, hidden > 0);
    setText(this.#more, `Show ${formatNumber(hidden)} more`);
  }

  #drawMutes() {
    const mutes = currentMutes(this.#mutes);
    setVisible(this.#muteDetails, mutes.length > 0);
    setText(this.#mutesSummary, mutes.length === 0 ? "" : `${count(mutes.length, "mute")}: nobody is notified of these resources`);
    const texts = mutes.map((mute) => [describeMuted(mute), describeMute(mute)]);
    const shown = JSON.stringify(texts);
    if (shown !== this.#shownMutes) {
      this.#shownMutes = shown;
      this.#muteList.replaceChildren(
        ...texts.map(([what, when]) => el("li", {}, el("strong", { dir: "auto" }, what), " ", el("span", { dir: "auto" }, when))),
      );
    }
  }
}
