// What is shown in place of the table: grey bars while it loads, and what to do while there is no resource.

import { startSample } from "../domain/curl-samples.js";
import { command } from "./command.js";
import { byId, el, setVisible } from "./dom.js";

const SKELETON_ROWS = 8;

export function showSkeleton() {
  byId("loading").replaceChildren(...Array.from({ length: SKELETON_ROWS }, () => el("div", { class: "bone" })));
}

export function showEmptyNote(empty) {
  const note = byId("empty");
  setVisible(note, empty);
  if (empty && note.children.length === 0) {
    note.append(
      el("h2", {}, "No resources yet"),
      el("p", {}, "The first sync of a resource registers it. With a service key in the shell:"),
      command(startSample(location.origin), "Start a sync"),
      el("p", { class: "hint" }, "It then appears here automatically."),
    );
  }
}
