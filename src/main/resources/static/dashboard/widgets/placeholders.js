// What is shown in place of the table: grey bars while it loads, and what to do while nothing has been synced.

import { firstCalls, SET_KEYS } from "../domain/curl-samples.js";
import { firstSteps, isNew } from "../domain/first-steps.js";
import { command } from "./command.js";
import { byId, el, setText, setVisible } from "./dom.js";

const SKELETON_ROWS = 8;

export function showSkeleton() {
  byId("loading").replaceChildren(...Array.from({ length: SKELETON_ROWS }, () => el("div", { class: "bone" })));
}

/** The three calls that make the first resource move, ticked as they are made, until a run has ended. */
export function showFirstSteps(states) {
  const card = byId("empty");
  const shown = isNew(states);
  setVisible(card, shown);
  if (!shown) {
    return;
  }
  const { resource, made } = firstSteps(states);
  if (card.dataset.resource !== resource) {
    card.dataset.resource = resource;
    card.replaceChildren(
      el("h2", {}, states.length === 0 ? "No resources yet" : "Nothing has been synced yet"),
      el("p", {}, "These three calls make the first sync. With a service key in the shell:"),
      command(SET_KEYS, "Set the keys"),
      el(
        "ol",
        { class: "steps" },
        firstCalls(location.origin, resource).map(({ call, title, command: text }) =>
          el("li", { "data-call": call }, el("h3", {}, title, " ", el("span", { class: "made" })), command(text, title)),
        ),
      ),
      el("p", { class: "hint" }, "The page follows: no need to reload it."),
    );
  }
  for (const [call, done] of Object.entries(made)) {
    setText(card.querySelector(`[data-call="${call}"] .made`), done ? "✓ done" : "");
  }
}
