// The mutes that go on or are to come, in words.

import { now } from "./clock.js";
import { ago } from "./durations.js";
import { truncate } from "./error-parts.js";
import { zonedTime } from "./times.js";

const MAX_NAMES = 5;
const MAX_LENGTH = 300;

/** Those that are not over. */
export const currentMutes = (mutes, at = now()) => mutes.filter(({ until }) => Date.parse(until) > at);

/** "fund*, prices and 3 more" */
export function describeMuted({ resources, kinds }) {
  const names = resources.slice(0, MAX_NAMES).join(", ");
  const more = resources.length > MAX_NAMES ? ` and ${resources.length - MAX_NAMES} more` : "";
  return `${names}${more}${kinds.length === 0 ? "" : `: ${kinds.join(", ")}`}`;
}

/** "until 14:00:00 UTC, in 2 h · by Ada: the source moves house" */
export function describeMute({ from, until, by, note }, at = now()) {
  const begins = Date.parse(from) > at ? `from ${zonedTime(from, at)}, ${ago(from, at)}, ` : "";
  const who = by === null ? "" : ` · by ${by}`;
  const why = note === null ? "" : `${by === null ? " · " : ": "}${truncate(note, MAX_LENGTH)}`;
  return `${begins}until ${zonedTime(until, at)}, ${ago(until, at)}${who}${why}`;
}
