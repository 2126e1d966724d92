// The table of resources: a row each, changed in place.

import { el, byId, say, show } from "./dom.js";
import { ago, clock, duration, elapsed, number, progress, rate, STATUS, successRate } from "./format.js";

const ORDER = ["failed", "running", "never_run", "success"];

export class ResourceTable {
  #rows = new Map();
  #body = byId("rows");
  #open;
  #filter = "";
  #statuses = new Set();
  #chips = new Map();

  /** @param open called with the resource whose name was pressed */
  constructor(open) {
    this.#open = open;
    for (const status of ORDER) {
      const chip = el("button", { type: "button", class: `chip ${status}`, "aria-pressed": "false" });
      chip.addEventListener("click", () => this.#toggle(status, chip));
      this.#chips.set(status, chip);
    }
    byId("statuses").replaceChildren(...this.#chips.values());
    byId("filter").oninput = (event) => {
      this.#filter = event.target.value.trim().toLowerCase();
      this.arrange();
    };
  }

  /** Shows these states, and no others. */
  replace(states) {
    const names = new Set(states.map((state) => state.resource));
    [...this.#rows.keys()].filter((name) => !names.has(name)).forEach((name) => this.remove(name, false));
    states.forEach((state) => this.put(state, false));
    this.arrange();
  }

  put(state, arrange = true) {
    let row = this.#rows.get(state.resource);
    if (row) {
      row.update(state, arrange);
    } else {
      row = new Row(state, this.#open);
      this.#rows.set(state.resource, row);
    }
    if (arrange) {
      this.arrange();
    }
  }

  remove(resource, arrange = true) {
    this.#rows.get(resource)?.element.remove();
    this.#rows.delete(resource);
    if (arrange) {
      this.arrange();
    }
  }

  state(resource) {
    return this.#rows.get(resource)?.state;
  }

  get states() {
    return [...this.#rows.values()].map((row) => row.state);
  }

  /** Lets ages and times left go on. */
  tick() {
    this.#rows.forEach((row) => row.tick());
  }

  /** Brings the rows in the order of a dashboard and hides those that the filter leaves out. */
  arrange() {
    const rows = [...this.#rows.values()].sort(
      (one, other) =>
        ORDER.indexOf(one.state.last_sync_status) - ORDER.indexOf(other.state.last_sync_status) ||
        (one.state.resource < other.state.resource ? -1 : 1),
    );
    const focused = this.#body.contains(document.activeElement) ? document.activeElement : null;
    let place = this.#body.firstElementChild;
    let shown = 0;
    for (const row of rows) {
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        this.#body.insertBefore(row.element, place);
      }
      const visible = this.#takes(row.state);
      show(row.element, visible);
      shown += visible ? 1 : 0;
    }
    if (focused && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
    this.#tell(rows, shown);
  }

  #takes(state) {
    return (
      state.resource.toLowerCase().includes(this.#filter) &&
      (this.#statuses.size === 0 || this.#statuses.has(state.last_sync_status))
    );
  }

  #toggle(status, chip) {
    const on = !this.#statuses.delete(status);
    if (on) {
      this.#statuses.add(status);
    }
    chip.setAttribute("aria-pressed", String(on));
    this.arrange();
  }

  #tell(rows, shown) {
    for (const [status, chip] of this.#chips) {
      const count = rows.filter((row) => row.state.last_sync_status === status).length;
      say(chip, `${STATUS[status].word} ${number(count)}`);
    }
    say(byId("shown"), shown === rows.length ? "" : `${number(shown)} of ${number(rows.length)} shown`);
    const none = rows.length > 0 && shown === 0;
    byId("resources").classList.toggle("none", none);
  }
}

class Row {
  constructor(state, open) {
    const cell = (name, label) => el("td", { role: "cell", class: name, "data-label": label });
    this.name = el("button", { type: "button", class: "link", dir: "auto" }, state.resource);
    this.name.addEventListener("click", () => open(state.resource));
    this.flags = el("span", { class: "flags" });
    this.status = cell("status", null);
    this.success = cell("success", "Last success");
    this.run = cell("run", "Latest run");
    this.records = cell("number", "Records");
    this.created = cell("number", "Created");
    this.updated = cell("number", "Updated");
    this.rate = cell("number", "Records/s");
    this.watermark = cell("watermark", "Watermark");
    this.element = el(
      "tr",
      { role: "row" },
      el("th", { scope: "row", role: "rowheader" }, this.name, this.flags),
      this.status,
      this.success,
      this.run,
      this.records,
      this.created,
      this.updated,
      this.rate,
      this.watermark,
    );
    this.element.addEventListener("click", (event) => {
      if (!event.target.closest("button") && String(getSelection()) === "") {
        open(state.resource);
      }
    });
    this.update(state, false);
  }

  update(state, changed) {
    this.state = state;
    this.element.dataset.status = state.last_sync_status;
    this.element.classList.toggle("never", state.last_sync_time === null);
    this.status.replaceChildren(pill(state.last_sync_status));
    this.flags.replaceChildren(...(state.alerts ?? []).filter((alert) => alert.kind !== "failed").map(flag));
    say(this.records, counted(state, state.records_synced));
    say(this.created, counted(state, state.records_created));
    say(this.updated, counted(state, state.records_updated));
    this.#showRun(state);
    this.tick();
    if (changed) {
      this.element.classList.remove("changed");
      // Reading a size makes the browser forget the class, so that it begins anew.
      void this.element.offsetWidth;
      this.element.classList.add("changed");
    }
  }

  #showRun(state) {
    if (state.last_sync_status === "running") {
      this.meter ??= new Meter();
      if (this.meter.element.parentElement !== this.run) {
        this.run.replaceChildren(this.meter.element);
      }
    } else {
      this.meter = undefined;
    }
  }

  tick() {
    const state = this.state;
    const running = state.last_sync_status === "running";
    ageInto(this.success, state.last_sync_time, "synced ", "never synced");
    ageInto(this.watermark, state.watermark, "", "–");
    if (running) {
      this.meter.show(state);
    } else {
      say(this.run, state.duration_ms === null ? "–" : `took ${duration(state.duration_ms)}, ${ago(state.completed_at)}`);
    }
    say(this.rate, rate(running ? progress(state).perSecond : successRate(state)));
  }
}

function counted(state, count) {
  return state.last_sync_time === null ? "–" : number(count);
}

/** Shows how long ago it was, and the moment itself to whoever points at it. */
function ageInto(cell, time, before, absent) {
  say(cell, time === null ? absent : `${before}${ago(time)}`);
  const title = time === null ? "" : `${clock(time)} (${time})`;
  if (cell.title !== title) {
    cell.title = title;
  }
}

/** A status as a word with a sign, for those who do not tell colours apart. */
export function pill(status) {
  const { word, icon } = STATUS[status] ?? { word: status, icon: "?" };
  return el("span", { class: `pill ${status}` }, el("span", { "aria-hidden": "true" }, icon), ` ${word}`);
}

export function flag(alert) {
  return el("span", { class: `flag ${alert.kind}`, title: alert.detail }, alert.kind);
}

/** How far a running run is: a bar where its total is known, a moving one that claims nothing where it is not. */
export class Meter {
  constructor() {
    this.fill = el("span", { class: "fill" });
    this.bar = el("span", { class: "meter", role: "progressbar" }, this.fill);
    this.text = el("span", { class: "meter-text" });
    this.element = el("div", { class: "running-run" }, this.bar, this.text);
  }

  show(state) {
    const { records, total, part, left, perSecond } = progress(state);
    const speed = perSecond === null ? [] : [`${rate(perSecond)}/s`];
    const known = part !== null;
    this.bar.classList.toggle("indeterminate", !known);
    this.bar.setAttribute("aria-label", `Progress of ${state.resource}`);
    if (known) {
      const percent = Math.floor(part * 100);
      this.fill.style.width = `${part * 100}%`;
      this.bar.setAttribute("aria-valuenow", String(percent));
      const end = left === null ? `told ${ago(state.progress.at)}` : `about ${duration(left)} left`;
      say(this.text, [`${percent} % of ${number(total)}`, ...speed, end].join(" · "));
    } else {
      this.fill.style.width = "";
      this.bar.removeAttribute("aria-valuenow");
      const done = records === null ? [] : [`${number(records)} records`];
      const told = records !== null && perSecond === null ? [`told ${ago(state.progress.at)}`] : [];
      say(this.text, [...done, ...speed, ...told, `for ${elapsed(state.started_at)}`].join(" · "));
    }
  }
}
