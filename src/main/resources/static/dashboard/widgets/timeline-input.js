// Wheel, drag, pinch and keys on a timeline.

import { hideTip } from "./tip.js";

/** A hand that presses moves by less. */
const MIN_DRAG = 3;
const MIN_PINCH = 10;

export class TimelineInput {
  #element;
  #listener;
  #pointers = new Map();
  #moved = false;

  /** @param listener pan(pixels), zoom(factor, clientX), point(event), press(event), and key: actions by key */
  constructor(element, listener) {
    this.#element = element;
    this.#listener = listener;
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#up(event));
    element.addEventListener("pointercancel", (event) => this.#pointers.delete(event.pointerId));
    element.addEventListener("pointerleave", hideTip);
    element.addEventListener("keydown", (event) => this.#press(event));
  }

  get isDragging() {
    return this.#pointers.size > 0;
  }

  #wheel(event) {
    // The wheel alone scrolls the page; with a key, or sideways, it is for the time.
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.#listener.zoom(event.deltaY > 0 ? 1.25 : 0.8, event.clientX);
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.#listener.pan(event.deltaX || event.deltaY);
    }
  }

  #down(event) {
    this.#element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, event.clientX);
    this.#moved = false;
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) {
      this.#listener.point(event);
      return;
    }
    const by = event.clientX - before;
    if (Math.abs(by) < MIN_DRAG && !this.#moved) {
      return;
    }
    this.#moved = true;
    hideTip();
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, event.clientX);
    if (other === undefined) {
      this.#listener.pan(-by);
    } else if (Math.abs(event.clientX - other) > MIN_PINCH) {
      this.#listener.zoom(Math.abs(before - other) / Math.abs(event.clientX - other), other);
    }
  }

  #up(event) {
    if (this.#pointers.delete(event.pointerId) && !this.#moved) {
      this.#listener.press(event);
    }
  }

  #press(event) {
    const actions = this.#listener.key;
    if (Object.hasOwn(actions, event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      actions[event.key]();
    }
  }
}
