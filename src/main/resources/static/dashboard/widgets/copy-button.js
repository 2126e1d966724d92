// A button that copies text.

import { announce, button, el } from "./dom.js";

const LABEL = "Copy";

/** @param text gives the text at the time it is copied */
export function copyButton(text) {
  const element = button(LABEL, { class: "quiet small" }, async () => {
    const copied = await copy(text());
    element.textContent = copied ? "Copied" : "Not copied";
    announce(copied ? "Copied" : "Not copied: the browser does not allow it");
    setTimeout(() => {
      element.textContent = LABEL;
    }, 1500);
  });
  return element;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages without https, to which browsers give no clipboard. */
function copyBySelection(text) {
  const area = el("textarea", { class: "hidden", readonly: true });
  area.value = text;
  const host = document.querySelector("dialog[open]") ?? document.body;
  const focused = document.activeElement;
  host.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return copied;
}
