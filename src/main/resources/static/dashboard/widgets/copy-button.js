// A button that copies text.

import { announce, button, el } from "./dom.js";

/** @param text gives the text at the time it is copied, or a promise of it */
export function copyButton(text, label = "Copy") {
  const element = button(label, { class: "quiet small copy" }, async () => {
    const copied = await copy(text);
    element.textContent = copied ? "Copied" : "Not copied";
    announce(copied ? "Copied" : "Not copied: the browser does not allow it, or the service does not answer");
    setTimeout(() => {
      element.textContent = label;
    }, 1500);
  });
  return element;
}

async function copy(text) {
  let content;
  try {
    content = await text();
  } catch {
    return false;
  }
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    return copyBySelection(content);
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
