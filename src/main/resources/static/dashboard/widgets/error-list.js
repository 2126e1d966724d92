// Errors as a job reported them.

import { partsOf, truncate } from "../domain/error-parts.js";
import { count, formatNumber } from "../domain/numbers.js";
import { copyButton } from "./copy-button.js";
import { button, el } from "./dom.js";

const MAX_COLLAPSED_ERRORS = 3;
const MAX_COLLAPSED_LENGTH = 2_000;

/** How many errors a state or run has, in words. */
export const errorCount = ({ errors, errors_total: total }) => count(total ?? errors.length, "error");

/**
 * The errors of a state or run, each copyable, with its long parts collapsed.
 *
 * @param fetchWhole brings the state or run with all of its errors, where this one came with a part of them
 */
export function errorList(reported, fetchWhole) {
  const { errors, errors_truncated: truncated } = reported;
  const list = el("ol", { class: "errors" }, errors.slice(0, MAX_COLLAPSED_ERRORS).map(item));
  if (errors.length <= MAX_COLLAPSED_ERRORS && !truncated) {
    return list;
  }
  const failure = el("p", { class: "hint", role: "status" });
  const more = button(`Show all ${errorCount(reported)}`, { class: "quiet" }, async () => {
    more.disabled = true;
    try {
      const all = truncated ? (await fetchWhole()).errors : errors;
      const shown = truncated ? 0 : MAX_COLLAPSED_ERRORS;
      list.replaceChildren(...[...list.children].slice(0, shown), ...all.slice(shown).map(item));
      more.remove();
      failure.remove();
      list.children[Math.min(errors.length, MAX_COLLAPSED_ERRORS)]?.querySelector("button, summary").focus();
    } catch (error) {
      more.disabled = false;
      failure.textContent = error.message;
    }
  });
  return el("div", {}, list, more, failure);
}

function item(error) {
  const { code, message, facts, sections } = partsOf(error);
  return el(
    "li",
    {},
    el(
      "div",
      { class: "error-head" },
      el("code", { class: "code", dir: "auto" }, code),
      copyButton(() => JSON.stringify(error, null, 2)),
    ),
    messageParagraph(message),
    facts.length > 0 &&
      el(
        "dl",
        { class: "error-facts" },
        facts.map(([name, value]) => [el("dt", { dir: "auto" }, name), el("dd", { dir: "auto" }, value)]),
      ),
    sections.map(([name, value]) => collapsed(name, value)),
  );
}

function messageParagraph(message) {
  const paragraph = el("p", { class: "message", dir: "auto" }, truncate(message, MAX_COLLAPSED_LENGTH));
  if (message.length <= MAX_COLLAPSED_LENGTH) {
    return paragraph;
  }
  const more = button(`Show all ${formatNumber(message.length)} characters`, { class: "quiet small" }, () => {
    paragraph.textContent = message;
    paragraph.tabIndex = 0;
    paragraph.classList.add("whole");
    more.remove();
    paragraph.focus();
  });
  return el("div", {}, paragraph, more);
}

/** Its content is added when it is first opened: most are never looked at. */
function collapsed(name, value) {
  const details = el("details", {}, el("summary", { dir: "auto" }, name));
  details.addEventListener(
    "toggle",
    () => details.append(el("pre", { tabindex: "0", role: "group", "aria-label": name, dir: "auto" }, value)),
    { once: true },
  );
  return details;
}
