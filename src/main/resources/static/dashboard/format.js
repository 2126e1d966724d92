// Turns values of the service into what people read.

const NUMBER = new Intl.NumberFormat("en");
const RATE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let offset = 0;

/** Goes by the clock of the service, where that of this machine is off by more than can be seen. */
export function setServerTime(header) {
  const difference = Date.parse(header) - Date.now();
  offset = Math.abs(difference) > 2 * SECOND ? difference : 0;
}

export const now = () => Date.now() + offset;

export const number = (value) => (Number.isFinite(value) ? NUMBER.format(value) : "–");

export function rate(perSecond) {
  return Number.isFinite(perSecond) ? RATE.format(perSecond) : "–";
}

/** "12 s", "5 min", "3 h 20 min", "2 days" */
export function duration(ms) {
  if (!Number.isFinite(ms)) {
    return "–";
  }
  if (ms < SECOND) {
    return `${Math.round(Math.max(ms, 0))} ms`;
  }
  if (ms < 10 * SECOND) {
    return `${(ms / SECOND).toFixed(1)} s`;
  }
  if (ms < 2 * MINUTE) {
    return `${Math.round(ms / SECOND)} s`;
  }
  if (ms < 2 * HOUR) {
    return `${Math.round(ms / MINUTE)} min`;
  }
  if (ms < DAY) {
    const hours = Math.floor(ms / HOUR);
    const minutes = Math.round((ms % HOUR) / MINUTE);
    return minutes === 0 || minutes === 60 ? `${hours + (minutes === 60)} h` : `${hours} h ${minutes} min`;
  }
  const days = Math.round(ms / DAY);
  return days === 1 ? "1 day" : `${NUMBER.format(days)} days`;
}

/** "just now", "5 min ago", "in 3 h" */
export function ago(time) {
  const ms = now() - Date.parse(time);
  if (!Number.isFinite(ms)) {
    return "–";
  }
  if (ms < -5 * SECOND) {
    return `in ${duration(-ms)}`;
  }
  return ms < 5 * SECOND ? "just now" : `${coarse(ms)} ago`;
}

/** How long it has been since a time, or since an epoch in milliseconds, in steps that do not flicker. */
export function elapsed(time) {
  return coarse(Math.max(now() - new Date(time).getTime(), 0));
}

function coarse(ms) {
  return ms < 10 * SECOND ? `${Math.floor(ms / SECOND)} s` : duration(ms);
}

/** Local time, with the date unless it is today's. */
export function clock(time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    return "–";
  }
  const hours = date.toLocaleTimeString("en-GB");
  return date.toDateString() === new Date(now()).toDateString() ? hours : `${day(date)} ${hours}`;
}

function day(date) {
  const sameYear = date.getFullYear() === new Date(now()).getFullYear();
  return date.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** How far a running run is: what is known of it, and nothing that is not. */
export function progress(state) {
  const told = state.progress;
  const records = told?.records ?? null;
  const total = told?.total ?? null;
  const ms = told ? Date.parse(told.at) - Date.parse(state.started_at) : 0;
  const silent = told ? now() - Date.parse(told.at) : 0;
  const measured = records > 0 && ms > 0 ? (records / ms) * SECOND : null;
  // A speed says nothing of a silence that is longer than what it was measured over.
  const perSecond = silent <= Math.max(ms, MINUTE) ? measured : null;
  const part = total > 0 && records !== null ? Math.min(records / total, 1) : null;
  let left = null;
  if (part !== null && measured !== null) {
    // Once that much time has passed without a word, nobody knows: null again.
    left = ((total - records) / measured) * SECOND - silent;
    left = left < 0 && records < total ? null : Math.max(left, 0);
  }
  return { records, total, perSecond, part, left };
}

/** Of the last success, where its counts and the latest run are of the same run. */
export function successRate(state) {
  return state.last_sync_status === "success" && state.duration_ms > 0
    ? (state.records_synced / state.duration_ms) * SECOND
    : null;
}

export const STATUS = {
  failed: { word: "Failed", icon: "✕" },
  running: { word: "Running", icon: "▶" },
  never_run: { word: "Never run", icon: "○" },
  success: { word: "Success", icon: "✓" },
  abandoned: { word: "Abandoned", icon: "⊘" },
};
