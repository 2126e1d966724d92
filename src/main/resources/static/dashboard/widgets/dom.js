// Makes and changes elements. Data enters the page here, always as text.

/** An element with attributes and children; children are elements or text, and what is falsy is left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false));
  return element;
}

/** A button that calls back when it is pressed. */
export function button(label, attributes, onClick) {
  const element = el("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", onClick);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Sets the text only where it differs, to avoid a needless layout. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setVisible(element, visible) {
  if (element.hidden === visible) {
    element.hidden = !visible;
  }
}

/** Has a screen reader read the text. */
export function announce(text) {
  byId("announcement").textContent = text;
}
