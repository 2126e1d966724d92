// Who takes care of an incident; where nobody does, a button and a form by which whoever may write says that they do.

import { describeAcknowledgement } from "../domain/incidents.js";
import { button, el, setText, setVisible } from "./dom.js";

const NAME = "vantage-name";
const MAX_NAME = 200;
const MAX_NOTE = 2000;

export class Acknowledgement {
  #send;
  #text = el("span", { class: "acknowledged", dir: "auto" });
  #button = button("Acknowledge", { class: "quiet small", "aria-expanded": "false" }, () => this.#toggle(true));
  #form = null;
  #incident = null;
  element = el("div", { class: "acknowledgement" }, this.#text, this.#button);

  /** @param send takes an incident and {by, note}; throws an Error with a message to show */
  constructor(send) {
    this.#send = send;
  }

  update(incident, mayWrite) {
    this.#incident = incident;
    const open = incident.acknowledged === null && mayWrite;
    if (!open) {
      this.#toggle(false);
    }
    setVisible(this.#button, open && this.#form === null);
    this.tick();
  }

  tick() {
    setText(this.#text, this.#incident === null ? "" : describeAcknowledgement(this.#incident));
  }

  #toggle(open) {
    if (open === (this.#form !== null)) {
      return;
    }
    this.#form?.remove();
    this.#form = open ? this.#makeForm() : null;
    setVisible(this.#button, !open);
    if (open) {
      this.element.append(this.#form);
      this.#form.querySelector("input").focus();
    }
  }

  #makeForm() {
    const by = el("input", { maxlength: MAX_NAME, autocomplete: "name" });
    const note = el("input", { maxlength: MAX_NOTE, autocomplete: "off" });
    const failure = el("p", { class: "field-error", role: "alert" });
    const submit = el("button", { type: "submit", class: "primary small" }, "Acknowledge");
    by.value = storedName();
    const form = el(
      "form",
      { class: "acknowledge", "aria-label": `Acknowledge the incident of ${this.#incident.resource}` },
      el("label", {}, "Your name", by),
      el("label", {}, "Note (optional)", note),
      submit,
      button("Cancel", { class: "quiet small" }, () => {
        this.#toggle(false);
        this.#button.focus();
      }),
      failure,
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      setText(failure, "");
      storeName(by.value.trim());
      try {
        await this.#send(this.#incident, { by: by.value.trim() || null, note: note.value.trim() || null });
      } catch (error) {
        setText(failure, error.message);
      }
      submit.disabled = false;
    });
    return form;
  }
}

function storedName() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function storeName(name) {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // Storage is off: the name is to be given again.
  }
}
