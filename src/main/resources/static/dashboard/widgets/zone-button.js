// Whether times are in UTC or by the clock of whoever looks.

import { shownZone, showTimesIn, UTC } from "../domain/times.js";
import { byId, setText } from "./dom.js";

const NAME = "vantage-time-zone";
const LOCAL = "local";

/** @param changed called when times are to be shown anew */
export function useZoneButton(changed) {
  const element = byId("zone");
  show(stored());
  element.onclick = () => {
    const chosen = shownZone() === UTC ? LOCAL : UTC;
    show(chosen);
    store(chosen);
    changed();
  };

  function show(chosen) {
    showTimesIn(chosen === LOCAL ? Intl.DateTimeFormat().resolvedOptions().timeZone : UTC);
    setText(element, `◷ ${shownZone()}`);
    element.setAttribute("aria-label", `Times in ${shownZone()}`);
  }
}

function stored() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function store(chosen) {
  try {
    localStorage.setItem(NAME, chosen);
  } catch {
    // Storage is off: the choice lasts until the page is closed.
  }
}
