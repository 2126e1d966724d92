// The drawer that shows one resource.

import { hashOf } from "../domain/resource-address.js";
import { button, byId, el, setText, setVisible } from "./dom.js";
import { ResourceDetails } from "./resource-details.js";

export class Drawer {
  #dialog = byId("resource");
  #notice = el("p", { class: "notice", role: "status", hidden: true });
  #key;
  #page;
  #resource = null;
  #details = null;
  #wide = false;

  /**
   * @param page recentOf(resource) and incidentOf(resource), undefined where it is not known; mayWrite();
   *     acknowledge(incident, body); and closed(), called when it has been closed, by whatever means
   */
  constructor(key, page) {
    this.#key = key;
    this.#page = page;
    this.#dialog.onclose = () => this.#clear();
    this.#dialog.onclick = (event) => {
      // The content covers the dialog's box: a click on the dialog itself is one on the backdrop.
      if (event.target === this.#dialog) {
        this.#dialog.close();
      }
    };
  }

  /** The name of the resource that is open; null where none is. */
  get resource() {
    return this.#resource;
  }

  /** @param state of the resource; undefined where there is no such resource */
  open(resource, state) {
    const known = state !== undefined;
    if (resource !== this.#resource || known !== (this.#details !== null)) {
      this.#details?.destroy();
      this.#resource = resource;
      this.#details = known ? new ResourceDetails(resource, this.#key, this.#page) : null;
      this.#render(known ? this.#details.elements : [unknownResource()]);
    }
    this.#details?.update(state);
  }

  /** How the last runs of what is open ended is known anew. */
  recentChanged() {
    this.#details?.recentChanged();
  }

  /** The incident of what is open has changed, or what may be done with it. */
  incidentChanged() {
    this.#details?.incidentChanged();
  }

  showRun(id) {
    this.#details?.showRun(id);
  }

  showDeleted() {
    this.#details?.showDeleted();
  }

  /** Says that the content may be out of date; an empty text says that it is not. */
  warn(connection, text) {
    this.#notice.dataset.state = connection;
    setText(this.#notice, text);
    setVisible(this.#notice, text !== "");
  }

  tick() {
    this.#details?.tick();
  }

  /** Shows the same resource again, its times as they are shown now. */
  redraw() {
    const state = this.#details?.state;
    if (state) {
      this.#details.destroy();
      this.#details = null;
      this.open(this.#resource, state);
    }
  }

  repaint() {
    this.#details?.repaint();
  }

  close() {
    if (this.#dialog.open) {
      this.#dialog.close();
    }
  }

  #render(elements) {
    const close = button("✕", { class: "quiet", "aria-label": "Close" }, () => this.#dialog.close());
    const widen = button("⤢", { class: "quiet", "aria-label": "Whole page" }, () => this.#widen());
    widen.setAttribute("aria-pressed", String(this.#wide));
    this.#dialog.replaceChildren(
      el(
        "div",
        { class: "drawer-content", tabindex: "-1" },
        el("header", {}, el("h2", { id: "resource-name", dir: "auto" }, this.#resource), widen, close, this.#notice),
        ...elements,
      ),
    );
    if (!this.#dialog.open) {
      this.#dialog.showModal();
      this.#setOpen(true);
    }
  }

  /** Beside the list, or a page of its own. */
  set wide(wide) {
    this.#wide = wide;
    this.#dialog.classList.toggle("wide", wide);
    this.#dialog.querySelector("[aria-label='Whole page']")?.setAttribute("aria-pressed", String(wide));
  }

  #widen() {
    location.hash = hashOf(this.#resource, !this.#wide);
  }

  #clear() {
    this.#details?.destroy();
    this.#details = null;
    this.#resource = null;
    this.#dialog.replaceChildren();
    this.#setOpen(false);
    this.#page.closed();
  }

  /** Keeps the page below from scrolling; a selector with :has would be matched anew at every change of the page. */
  #setOpen(open) {
    document.documentElement.classList.toggle("drawer-open", open);
  }
}

function unknownResource() {
  return el(
    "p",
    { class: "unknown" },
    "There is no resource with this name. Check the spelling; if it has been deleted, its next sync registers it again.",
  );
}
