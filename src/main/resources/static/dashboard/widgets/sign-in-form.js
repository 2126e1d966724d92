// The form that takes a key.

import { isValidKey } from "../api/key-storage.js";
import { byId, setText } from "./dom.js";

const INVALID = "A key consists of letters, digits and punctuation, without spaces or accents.";

export class SignInForm {
  #key = byId("key");
  #error = byId("key-error");

  /** @param submitted called with a key that a header can carry */
  constructor(submitted) {
    byId("sign-in").addEventListener("submit", (event) => {
      event.preventDefault();
      const key = this.#key.value.trim();
      if (isValidKey(key)) {
        setText(this.#error, "");
        submitted(key);
      } else {
        this.reset(INVALID);
      }
    });
  }

  /** @param error why the last key was refused; empty where none was */
  reset(error) {
    setText(this.#error, error);
    this.#key.setAttribute("aria-invalid", String(error !== ""));
    this.#key.focus();
  }

  clear() {
    this.#key.value = "";
  }
}
