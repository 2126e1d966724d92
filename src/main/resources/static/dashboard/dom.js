// Makes elements. Whatever comes from data enters the page here, as text.

/** An element with properties, and children that are elements or text. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Sets the text only where it differs, so that nothing is laid out anew for nothing. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function show(element, visible) {
  element.hidden = !visible;
}

/** Says something to those who listen to the page. */
export function announce(text) {
  byId("said").textContent = text;
}

/** A button that copies what `text()` gives. */
export function copyButton(label, text) {
  const button = el("button", { type: "button", class: "quiet small" }, label);
  button.addEventListener("click", async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      done = copyBySelection(text());
    }
    button.textContent = done ? "Copied" : "Not copied";
    announce(done ? "Copied" : "Not copied: the browser does not permit it");
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  });
  return button;
}

/** The way for pages without https, to which browsers give no clipboard. */
function copyBySelection(text) {
  const area = el("textarea", { class: "hidden", readonly: true });
  area.value = text;
  const host = document.querySelector("dialog[open]") ?? document.body;
  const focused = document.activeElement;
  host.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}
