// Errors as a job reported them. Any of it may be anything: markup, another direction of writing, 100 kB.

import { el, copyButton } from "./dom.js";
import { number } from "./format.js";

const LONG = 2_000;
/** Beyond it a value is folded, as a context is. */
const SHORT = 300;
const MANY = 20;

/** A list of errors, each whole and copyable, with its context and its stack folded. */
export function errorList(errors) {
  const list = el("ol", { class: "errors" }, errors.slice(0, MANY).map(item));
  if (errors.length <= MANY) {
    return list;
  }
  const more = el("button", { type: "button", class: "quiet" }, `Show all ${number(errors.length)} errors`);
  more.addEventListener("click", () => {
    const first = list.children.length;
    list.append(...errors.slice(MANY).map(item));
    more.remove();
    list.children[first].querySelector("button, summary")?.focus();
  });
  return el("div", {}, list, more);
}

function item(error) {
  const { code, message, timestamp, record_id: recordId, stack, context, ...others } = error;
  const facts = [];
  const long = [];
  const add = (name, value) => (value.length > SHORT ? long : facts).push([cut(name, SHORT), value]);
  const head = text(code);
  if (head.length > SHORT) {
    long.push(["Code", head]);
  }
  if (recordId !== undefined && recordId !== null) {
    add("Record", text(recordId));
  }
  if (timestamp !== undefined && timestamp !== null) {
    add("At", text(timestamp));
  }
  for (const [name, value] of Object.entries(others)) {
    add(name, text(value));
  }
  return el(
    "li",
    {},
    el(
      "div",
      { class: "error-head" },
      el("code", { class: "code", dir: "auto" }, cut(head, SHORT)),
      copyButton("Copy", () => JSON.stringify(error, null, 2)),
    ),
    messageOf(text(message)),
    facts.length > 0 &&
      el(
        "dl",
        { class: "error-facts" },
        facts.map(([name, value]) => [el("dt", { dir: "auto" }, name), el("dd", { dir: "auto" }, value)]),
      ),
    long.map(([name, value]) => folded(name, value)),
    context !== undefined && context !== null && folded("Context", text(context)),
    stack !== undefined && stack !== null && folded("Stack", text(stack)),
  );
}

const text = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const cut = (value, length) => (value.length > length ? `${value.slice(0, length)}…` : value);

/** The message, of which only the beginning is shown where it is very long. */
function messageOf(value) {
  const paragraph = el("p", { class: "message", dir: "auto" }, cut(value, LONG));
  if (value.length <= LONG) {
    return paragraph;
  }
  const more = el("button", { type: "button", class: "quiet small" }, `Show all ${number(value.length)} characters`);
  more.addEventListener("click", () => {
    paragraph.textContent = value;
    paragraph.tabIndex = 0;
    paragraph.classList.add("whole");
    more.remove();
    paragraph.focus();
  });
  return el("div", {}, paragraph, more);
}

/** Put together only when it is opened: a page of stacks is mostly never looked at. */
function folded(name, value) {
  const details = el("details", {}, el("summary", { dir: "auto" }, name));
  details.addEventListener(
    "toggle",
    () => details.append(el("pre", { tabindex: "0", role: "group", "aria-label": name, dir: "auto" }, value)),
    { once: true },
  );
  return details;
}

