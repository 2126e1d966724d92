// Whether the page is live, in the bar and above the table.

import { describeConnection } from "../domain/connection-text.js";
import { button, byId, el, setText, setVisible } from "./dom.js";

export class ConnectionNotice {
  #label = byId("connection");
  #notice = byId("notice");
  #text = el("span");

  /** @param retry called when "Retry now" is pressed */
  constructor(retry) {
    this.#notice.replaceChildren(this.#text, " ", button("Retry now", { class: "quiet small" }, retry));
  }

  /** @returns the notice for the drawer, which may cover this one; empty where there is none */
  update(connection, loaded) {
    const { label, notice, drawerNotice } = describeConnection(connection, loaded);
    this.#label.dataset.state = connection.name;
    setText(this.#label, label);
    this.#notice.dataset.state = connection.name;
    setText(this.#text, notice);
    setVisible(this.#notice, notice !== "");
    document.body.classList.toggle("outdated", loaded && notice !== "");
    return drawerNotice;
  }
}
