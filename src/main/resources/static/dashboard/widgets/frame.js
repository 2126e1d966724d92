// Draws once a frame, however much has changed since the last one.

/** A tab in the background gets no frames, but its title still shows how many have failed. */
const BACKGROUND_DELAY = 1000;

export class Frame {
  #draw;
  #frame = null;
  #timer = null;

  constructor(draw) {
    this.#draw = draw;
    document.addEventListener("visibilitychange", this.#move);
  }

  /** Draws with the next frame. */
  request() {
    if (this.#frame === null && this.#timer === null) {
      this.#schedule();
    }
  }

  stop() {
    this.#cancel();
    document.removeEventListener("visibilitychange", this.#move);
  }

  #schedule() {
    if (document.hidden) {
      this.#timer = setTimeout(this.#run, BACKGROUND_DELAY);
    } else {
      this.#frame = requestAnimationFrame(this.#run);
    }
  }

  #run = () => {
    this.#cancel();
    this.#draw();
  };

  /** What was requested before the tab went to the background, or came back, is drawn all the same. */
  #move = () => {
    if (this.#frame !== null || this.#timer !== null) {
      this.#cancel();
      this.#schedule();
    }
  };

  #cancel() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = null;
    this.#timer = null;
  }
}
