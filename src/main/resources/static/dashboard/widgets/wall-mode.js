// For a screen on the wall: no controls, and only what needs attention, large.

import { count } from "../domain/numbers.js";
import { byId, setText, setVisible } from "./dom.js";

export class WallMode {
  #shown = false;

  show(shown) {
    this.#shown = shown;
    document.documentElement.classList.toggle("wall", shown);
    if (!shown) {
      setVisible(byId("all-well"), false);
    }
  }

  /** @param attention how many resources need it */
  update(resources, attention) {
    const well = this.#shown && resources > 0 && attention === 0;
    setVisible(byId("all-well"), well);
    setText(byId("all-well"), well ? `All well: ${count(resources, "resource")}, no alert` : "");
  }
}
