// Points in time, in UTC like the texts of alerts, the watermarks and the logs, or by the clock of whoever looks.

import { now } from "./clock.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const UTC = "UTC";

let zone = UTC;
let format = formatOf(zone);

/** @param name of a time zone, such as "Europe/Paris" */
export function showTimesIn(name) {
  format = formatOf(name);
  zone = name;
}

export const shownZone = () => zone;

/** "14:03:11" today, "23 Nov 14:03:11" this year, "31 Dec 2025 14:03:11" before; a dash where there is none. */
export function clockTime(time, at = now()) {
  const date = new Date(time ?? Number.NaN);
  if (Number.isNaN(date.getTime())) {
    return "–";
  }
  const parts = partsOf(date);
  const today = partsOf(new Date(at));
  const clock = `${parts.hour}:${parts.minute}:${parts.second}`;
  if (parts.year === today.year && parts.month === today.month && parts.day === today.day) {
    return clock;
  }
  const dayAndMonth = `${Number(parts.day)} ${MONTHS[parts.month - 1]}`;
  return parts.year === today.year ? `${dayAndMonth} ${clock}` : `${dayAndMonth} ${parts.year} ${clock}`;
}

/** The same with its zone: "14:03:11 UTC", "23 Nov 15:03:11 GMT+1". */
export function zonedTime(time, at = now()) {
  const clock = clockTime(time, at);
  return clock === "–" ? clock : `${clock} ${zone === UTC ? UTC : partsOf(new Date(time)).timeZoneName}`;
}

function partsOf(date) {
  return Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
}

function formatOf(timeZone) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
}
