// Why a resource is red or green, in the words of the service, and the commands to run next.

import { withAddress } from "../domain/commands.js";
import { fetchExplanation } from "../api/requests.js";
import { command } from "./command.js";
import { el } from "./dom.js";

const isAcknowledgement = (line) => /^Acknowledged( by |: |\.$)/.test(line);

export class Explanation {
  #resource;
  #key;
  #loaded;
  #request = new AbortController();
  element = el("section", { class: "explanation", "aria-label": "Explanation" });

  /** @param loaded called when it is shown, or when it cannot be */
  constructor(resource, key, loaded) {
    this.#resource = resource;
    this.#key = key;
    this.#loaded = loaded;
  }

  /** Explains it as it is now. */
  async load() {
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const explanation = await fetchExplanation(this.#key, this.#resource, signal);
      if (!signal.aborted) {
        this.#show(explanation);
        this.#loaded(true);
      }
    } catch {
      if (!signal.aborted) {
        this.element.replaceChildren();
        this.#loaded(false);
      }
    }
  }

  destroy() {
    this.#request.abort();
  }

  #show({ text, next }) {
    // What is next follows with a button that copies it; who takes care of it, with the incident.
    const lines = text.split("\n").filter((line, n) => n === 0 || !(line === `Next: ${next[0]?.command}` || isAcknowledgement(line)));
    const commands = next.map(({ why, command: each }) => [el("h4", {}, why), command(withAddress(each, location.origin), why)]);
    this.element.replaceChildren(
      ...lines.map((line) => el("p", { dir: "auto" }, line)),
      ...(next.length === 0 ? [] : [el("h3", {}, "Next"), ...commands.flat(), el("p", { class: "hint" }, "Set READER_KEY in the shell first.")]),
    );
  }
}
