// The incidents that are open, in words.

import { now } from "./clock.js";
import { ago } from "./durations.js";
import { truncate } from "./error-parts.js";
import { count, formatNumber } from "./numbers.js";
import { zonedTime } from "./times.js";

const MAX_LENGTH = 300;

/** That a channel delivers nothing is an incident too, of no resource. */
export const isOfChannel = ({ kinds }) => kinds.includes("undelivered");

/** Those of resources: first what nobody takes care of, errors before warnings, the oldest before the newer. */
export function sortIncidents(incidents) {
  return incidents
    .filter((incident) => !isOfChannel(incident))
    .sort((one, other) => rank(one) - rank(other) || compare(one.opened_at, other.opened_at) || compare(one.resource, other.resource));
}

/** "5 open incidents: 3 errors, 2 warnings, 1 acknowledged" */
export function describeIncidents(incidents) {
  const number = (fits) => incidents.filter(fits).length;
  const errors = number(({ severity }) => severity === "error");
  const warnings = incidents.length - errors;
  const acknowledged = number((incident) => incident.acknowledged !== null);
  const parts = [
    errors > 0 ? count(errors, "error") : "",
    warnings > 0 ? count(warnings, "warning") : "",
    acknowledged > 0 ? `${formatNumber(acknowledged)} acknowledged` : "",
  ];
  return `${count(incidents.length, "open incident")}: ${parts.filter((part) => part !== "").join(", ")}`;
}

/** "since 05:25:03 UTC, 3 h ago · opened again 2 times · flapping: …" */
export function describeCourse({ opened_at: openedAt, reopened, flapping }, at = now()) {
  return [
    `since ${zonedTime(openedAt, at)}, ${ago(openedAt, at)}`,
    reopened > 0 ? `opened again ${reopened === 1 ? "once" : `${formatNumber(reopened)} times`}` : "",
    flapping ? "flapping: it comes and goes, and nothing of it is sent" : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** What was wrong when it last changed; empty where its events are not known. */
export const detailOf = ({ events }) => truncate(events.at(-1)?.detail ?? "", MAX_LENGTH);

/** "Acknowledged by Ada 5 min ago: the source is down until noon"; empty where nobody takes care of it. */
export function describeAcknowledgement({ acknowledged }, at = now()) {
  if (acknowledged === null) {
    return "";
  }
  const { at: time, by, note } = acknowledged;
  return `Acknowledged${by === null ? "" : ` by ${by}`} ${ago(time, at)}${note === null ? "" : `: ${truncate(note, MAX_LENGTH)}`}`;
}

/** What a row says of it: "acknowledged by Ada"; empty where there is nothing to say. */
export function acknowledgedNote(incident) {
  const by = incident?.acknowledged?.by ?? null;
  return (incident?.acknowledged ?? null) === null ? "" : `acknowledged${by === null ? "" : ` by ${truncate(by, 60)}`}`;
}

const rank = ({ acknowledged, severity }) => (acknowledged === null ? 0 : 2) + (severity === "error" ? 0 : 1);

function compare(one, other) {
  if (one === other) {
    return 0;
  }
  return one < other ? -1 : 1;
}
