// What can be done by single keys, and the list of them.

import { button, byId, el } from "./dom.js";

const HELP = [
  ["/", "Filter by name"],
  ["j, k", "Next, previous resource"],
  ["Enter", "Open the resource"],
  ["←, →", "Go through its last runs"],
  ["t", "Timeline, or list"],
  ["←, →, +, −", "On the timeline: move and zoom"],
  ["↑, ↓, n, p", "On the timeline: choose a resource, its next and previous run"],
  ["w", "Wall mode: only what needs attention, large"],
  ["z", "Times in UTC or in local time"],
  ["Esc", "Close; leave wall mode"],
  ["?", "This list"],
];

/** @param actions by key, each called when it is pressed outside of a field; returns a function that ends that */
export function useKeys(actions) {
  const all = { ...actions, "?": showHelp };
  byId("keys").onclick = showHelp;
  const press = (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    const action = Object.hasOwn(all, key) ? all[key] : undefined;
    if (action && !ctrlKey && !metaKey && !altKey && !target.closest?.("input, textarea, select, dialog")) {
      event.preventDefault();
      action();
    }
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
}

function showHelp() {
  const dialog = byId("help");
  dialog.replaceChildren(
    el("h2", { id: "help-title" }, "Keys"),
    el(
      "dl",
      { class: "keys" },
      HELP.map(([key, does]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, does))),
    ),
    button("Close", { class: "quiet" }, () => dialog.close()),
  );
  dialog.showModal();
}
