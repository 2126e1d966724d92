// The last cell of a row: what is wrong, and the next command.

import { withAddress } from "../domain/commands.js";
import { copyButton } from "./copy-button.js";
import { el } from "./dom.js";

export class RowReason {
  #cell = null;
  #text = el("div", { class: "why" });
  #next = el("div", { class: "next" });
  #shownReason = "null";
  #shownCommand = null;

  /**
   * The cell is there only where it has something to say.
   *
   * @param reason as reasonOf() gives it
   * @param next {why, command}; null where there is none, undefined where it is not known
   */
  show(row, reason, next) {
    const shown = JSON.stringify(reason);
    if (shown !== this.#shownReason) {
      this.#shownReason = shown;
      this.#showReason(reason);
    }
    if (next !== undefined && (next?.command ?? null) !== this.#shownCommand) {
      this.#shownCommand = next?.command ?? null;
      this.#showNext(next);
    }
    if (reason === null) {
      this.#cell?.remove();
    } else if (!this.#cell?.isConnected) {
      this.#cell ??= el("td", { role: "cell", class: "reason" }, this.#text, this.#next);
      row.append(this.#cell);
    }
  }

  #showReason(reason) {
    if (reason === null) {
      this.#text.replaceChildren();
      return;
    }
    const { code, text, notes } = reason;
    this.#text.replaceChildren(
      ...(code === null ? [] : [el("code", { dir: "auto" }, code), " "]),
      el("span", { class: "text", dir: "auto" }, text),
      ...notes.map((note) => el("span", { class: "note", dir: "auto" }, ` · ${note}`)),
    );
  }

  #showNext(next) {
    if (next === null) {
      this.#next.replaceChildren();
      return;
    }
    const command = withAddress(next.command, location.origin);
    const copy = copyButton(() => command);
    copy.setAttribute("aria-label", `Copy the command: ${next.why}`);
    this.#next.replaceChildren(copy, el("code", { title: `${next.why}: ${command}` }, command));
  }
}
