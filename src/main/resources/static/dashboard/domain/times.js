// Points in time. Everything on the page is in UTC, like the texts of alerts, the watermarks and the logs.

import { now } from "./clock.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "14:03:11" today, "23 Nov 14:03:11" this year, "31 Dec 2025 14:03:11" before; in UTC, a dash where there is none. */
export function utcTime(time, at = now()) {
  const date = new Date(time ?? Number.NaN);
  if (Number.isNaN(date.getTime())) {
    return "–";
  }
  const [day, clock] = date.toISOString().split("T");
  const today = new Date(at).toISOString();
  const seconds = clock.slice(0, 8);
  if (today.startsWith(day)) {
    return seconds;
  }
  const dayAndMonth = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const sameYear = date.getUTCFullYear() === new Date(at).getUTCFullYear();
  return sameYear ? `${dayAndMonth} ${seconds}` : `${dayAndMonth} ${date.getUTCFullYear()} ${seconds}`;
}
