// Durations and ages in words.

import { now } from "./clock.js";
import { formatNumber } from "./numbers.js";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** "350 ms", "12 s", "5 min", "3 h 20 min", "2 days"; a dash where there is none. */
export function formatDuration(ms) {
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
  const minutes = Math.round(ms / MINUTE);
  if (minutes < DAY / MINUTE) {
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
  const days = Math.round(ms / DAY);
  return days === 1 ? "1 day" : `${formatNumber(days)} days`;
}

/** "just now", "5 min ago", "in 3 h" */
export function ago(time, at = now()) {
  const ms = at - Date.parse(time);
  if (!Number.isFinite(ms)) {
    return "–";
  }
  if (ms < -5 * SECOND) {
    return `in ${formatDuration(-ms)}`;
  }
  return ms < 5 * SECOND ? "just now" : `${wholeSeconds(ms)} ago`;
}

/** How long it has been since a time (ISO 8601, or milliseconds since the epoch). */
export function elapsed(time, at = now()) {
  return wholeSeconds(Math.max(at - new Date(time).getTime(), 0));
}

/** Tenths of a second would flicker in a text that is updated every second. */
function wholeSeconds(ms) {
  return ms < 10 * SECOND ? `${Math.floor(ms / SECOND)} s` : formatDuration(ms);
}

const ISO = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/;

/** An ISO 8601 duration such as PT5M in milliseconds, years and months as PostgreSQL counts them; null for another text. */
export function parseDuration(text) {
  const parts = ISO.exec(text);
  if (parts === null) {
    return null;
  }
  const [years, months, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return years * 365.25 * DAY + months * 30 * DAY + days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
}
