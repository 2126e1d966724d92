// The page: who is signed in, what is shown, and whether it is live.

import { Alerts } from "./alerts.js";
import { el, byId, copyButton, say, show, announce } from "./dom.js";
import { Drawer } from "./drawer.js";
import { clock, elapsed } from "./format.js";
import { ResourceTable } from "./resources.js";
import { LiveStream } from "./stream.js";

const KEY = "vantage-key";

let page = null;

function signedOut(reason = "") {
  page?.end();
  page = null;
  sessionStorage.removeItem(KEY);
  document.title = "Sync states";
  show(byId("signed-out"), true);
  for (const id of ["signed-in", "sign-out", "connection"]) {
    show(byId(id), false);
  }
  say(byId("key-error"), reason);
  byId("key").setAttribute("aria-invalid", String(reason !== ""));
  byId("key").focus();
}

function signedIn(key) {
  page = new Page(key);
  page.begin();
}

/** What somebody sees who has a key. */
class Page {
  #stream;
  #drawer;
  #connection = { name: "connecting" };
  #arrived = false;
  #timer;

  constructor(key) {
    this.key = key;
    this.table = new ResourceTable((resource) => this.#open(resource));
    this.alerts = new Alerts((resource) => this.#open(resource));
    this.#drawer = new Drawer(key, () => this.#closed());
    this.#stream = new LiveStream(key, {
      snapshot: (states) => this.#snapshot(states),
      changed: (state) => this.#changed(state),
      deleted: (resource) => this.#deleted(resource),
      connection: (state) => this.#connectionIs(state),
      refused: (status) => this.#refused(status),
    });
  }

  begin() {
    skeleton();
    this.table.replace([]);
    show(byId("tools"), false);
    this.#timer = setInterval(() => this.#tick(), 1000);
    addEventListener("hashchange", this.#followAddress);
    addEventListener("themechange", this.#repaint);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#repaint);
    this.#stream.run();
  }

  end() {
    this.#stream.stop();
    this.#drawer.close();
    clearInterval(this.#timer);
    removeEventListener("hashchange", this.#followAddress);
    removeEventListener("themechange", this.#repaint);
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#repaint);
  }

  #snapshot(states) {
    const first = !this.#arrived;
    if (first) {
      this.#arrived = true;
      sessionStorage.setItem(KEY, this.key);
      byId("key").value = "";
      this.#showPage();
    }
    this.table.replace(states);
    this.#changedAny();
    const resource = this.#drawer.resource;
    const state = resource === null ? undefined : this.table.state(resource);
    if (state) {
      this.#drawer.update(state);
    } else if (resource !== null) {
      this.#drawer.deleted(resource);
    }
    if (first) {
      this.#followAddress();
    }
  }

  #changed(state) {
    const before = this.table.state(state.resource);
    this.table.put(state);
    this.#drawer.update(state);
    if (before && before.last_sync_status !== state.last_sync_status && state.last_sync_status === "failed") {
      announce(`${state.resource} failed`);
    }
    this.#changedAny();
  }

  #deleted(resource) {
    this.table.remove(resource);
    this.#drawer.deleted(resource);
    this.#changedAny();
  }

  #changedAny() {
    const { states } = this.table;
    const failed = states.filter((state) => state.last_sync_status === "failed").length;
    document.title = failed > 0 ? `(${failed} failed) Sync states` : "Sync states";
    this.alerts.update(states);
    show(byId("loading"), false);
    show(byId("tools"), states.length > 0);
    show(byId("resources"), states.length > 0);
    emptyNote(states.length === 0);
  }

  #refused(status) {
    signedOut(
      status === 403
        ? "This token may not read: its claim 'role' is none that is known here."
        : this.#arrived
          ? "The key is no longer valid. Sign in with another."
          : "This key is not known here. Check it for a missing or an added character.",
    );
  }

  #connectionIs(state) {
    this.#connection = state;
    // A key is not known to be one before the service has answered: until then the form stays.
    if (state.name !== "connecting" || sessionStorage.getItem(KEY) !== null) {
      this.#showPage();
    }
    this.#tellConnection();
  }

  #showPage() {
    show(byId("signed-out"), false);
    for (const id of ["signed-in", "sign-out", "connection"]) {
      show(byId(id), true);
    }
  }

  #tick() {
    this.#tellConnection();
    if (document.hidden) {
      return;
    }
    this.table.tick();
    this.alerts.tick();
    this.#drawer.tick();
  }

  #tellConnection() {
    const { name, since, detail } = this.#connection;
    const badge = byId("connection");
    badge.dataset.state = name;
    const words = {
      connecting: "Connecting…",
      live: "Live",
      reconnecting: "Reconnecting…",
      offline: `Offline since ${clock(since)}`,
    };
    say(badge, words[name]);
    const notice = byId("notice");
    const away = name === "offline" || (name === "reconnecting" && this.#arrived);
    show(notice, away);
    document.body.classList.toggle("stale", away && this.#arrived);
    if (name === "offline") {
      const shown = this.#arrived ? ` What is shown was true at ${clock(since)}, ${elapsed(since)} ago.` : "";
      notice.dataset.state = name;
      this.#sayNotice(`${detail ?? "The service cannot be reached."}${shown} Trying again by itself.`);
    } else if (away) {
      notice.dataset.state = name;
      this.#sayNotice("The connection was lost. Connecting again…");
    }
    // It may cover the notice, and the whole page where that is narrow.
    this.#drawer.warn(name, away ? `${words[name]}${name === "offline" ? ". What is shown was true then." : ""}` : "");
    if (!this.#arrived) {
      show(byId("loading"), name !== "offline");
    }
  }

  #sayNotice(text) {
    const notice = byId("notice");
    if (notice.children.length === 0) {
      const again = el("button", { type: "button", class: "quiet small" }, "Try now");
      again.addEventListener("click", () => page?.retry());
      notice.append(el("span"), " ", again);
    }
    say(notice.firstElementChild, text);
  }

  retry() {
    this.#stream.retry();
  }

  #open(resource) {
    location.hash = `#/${encodeURIComponent(resource)}`;
    this.#followAddress();
  }

  #closed() {
    if (location.hash !== "") {
      history.replaceState(null, "", location.pathname);
    }
  }

  /** A resource has an address, so that it can be sent to somebody and "back" leaves it. */
  #followAddress = () => {
    let resource = "";
    try {
      resource = decodeURIComponent(location.hash.replace(/^#\//, ""));
    } catch {
      // An address that somebody has mistyped opens nothing.
    }
    const state = this.table.state(resource);
    if (state) {
      this.#drawer.open(state);
    } else {
      this.#drawer.close();
    }
  };

  #repaint = () => this.#drawer.paint();
}

function skeleton() {
  byId("loading").replaceChildren(...Array.from({ length: 8 }, () => el("div", { class: "bone" })));
}

function emptyNote(empty) {
  const note = byId("empty");
  show(note, empty);
  if (!empty || note.children.length > 0) {
    return;
  }
  const start = `curl -X POST -H "apikey: $VANTAGE_KEY" \\\n  ${location.origin}/sync-states/accounts/start`;
  note.append(
    el("h2", {}, "No resource yet"),
    el("p", {}, "The first sync of a resource registers it. With a service key in the shell:"),
    el(
      "div",
      { class: "command" },
      el("pre", { tabindex: "0", role: "group", "aria-label": "Start a sync" }, el("code", {}, start)),
      copyButton("Copy", () => start),
    ),
    el("p", { class: "hint" }, "It appears here by itself."),
  );
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = byId("key").value.trim();
  // A header takes no more than this; other characters are in no key.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    signedOut("A key has no spaces, accents or other signs beyond plain letters, digits and punctuation.");
    return;
  }
  page?.end();
  say(byId("key-error"), "");
  signedIn(key);
});

byId("sign-out").addEventListener("click", () => signedOut());

addEventListener("keydown", (event) => {
  if (event.key === "/" && page && !event.target.closest?.("input, textarea, dialog")) {
    event.preventDefault();
    byId("filter").focus();
  }
});

const stored = sessionStorage.getItem(KEY);
if (stored) {
  signedIn(stored);
} else {
  signedOut();
}
