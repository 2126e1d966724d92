// What the page says about its connection.

import { now } from "./clock.js";
import { elapsed } from "./durations.js";
import { zonedTime } from "./times.js";

/**
 * @param connection {name: "connecting", "live", "reconnecting" or "offline", since, detail}
 * @param loaded whether resources are shown
 * @returns the label of the status, a notice for the page and one for the drawer, empty where there is none
 */
export function describeConnection({ name, since, detail }, loaded, at = now()) {
  switch (name) {
    case "offline": {
      const label = `Offline since ${zonedTime(since, at)}`;
      const age = loaded ? ` Data as of ${zonedTime(since, at)}, ${elapsed(since, at)} ago.` : "";
      return {
        label,
        notice: `${detail ?? "The service cannot be reached."}${age} Retrying automatically.`,
        drawerNotice: `${label}. Data may be out of date.`,
      };
    }
    case "reconnecting":
      return {
        label: "Reconnecting…",
        notice: loaded ? "Connection lost. Reconnecting…" : "",
        drawerNotice: "Reconnecting…",
      };
    case "live":
      return { label: "Live", notice: "", drawerNotice: "" };
    default:
      return { label: "Connecting…", notice: "", drawerNotice: "" };
  }
}
