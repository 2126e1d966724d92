// A shell command with a button that copies it.

import { copyButton } from "./copy-button.js";
import { el } from "./dom.js";

export function command(text, label) {
  return el(
    "div",
    { class: "command" },
    el("pre", { tabindex: "0", role: "group", "aria-label": label }, el("code", {}, text)),
    copyButton(() => text),
  );
}
