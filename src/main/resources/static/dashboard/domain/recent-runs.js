// The last runs of a resource at a glance: as bars, and in words.

import { now } from "./clock.js";
import { formatDuration } from "./durations.js";
import { labelOf } from "./labels.js";
import { count } from "./numbers.js";
import { zonedTime } from "./times.js";

/** As many as the service gives. */
export const MAX_RUNS = 30;

/** Of how many medians the highest bar is. */
const FULL_HEIGHT = 3;

/** The shortest bar that can be seen, as a part of the longest. */
const MIN_HEIGHT = 0.15;

/** The facts of each run that has ended, oldest first. */
export const recentRuns = ({ statuses, started_at: startedAt, durations_ms: durations }) =>
  statuses.map((status, index) => ({ status, startedAt: startedAt[index], duration: durations[index] }));

/** Whether a run has ended between two states of a resource, or may have. */
export function hasEndedRun(before, after) {
  return (
    before === undefined ||
    before.run_id !== after.run_id ||
    (after.completed_at !== null && before.completed_at !== after.completed_at)
  );
}

/**
 * How high each bar is, from 0 to 1, and that of the run that goes on, last, where there is one. What took far longer than is
 * usual is cut off: beside one run of an hour all others would look alike.
 */
export function barHeights(runs, runningFor) {
  const durations = [...runs.map((run) => run.duration), ...(runningFor === null ? [] : [runningFor])];
  const median = durations.toSorted((one, other) => one - other)[durations.length >> 1];
  const full = Math.max(Math.min(Math.max(...durations), median * FULL_HEIGHT), 1);
  return durations.map((duration) => Math.min(Math.max(duration / full, MIN_HEIGHT), 1));
}

/** "28 Nov 05:25:03 UTC: failed, took 30 s" */
export const describeRun = ({ status, startedAt, duration }, at = now()) =>
  `${zonedTime(startedAt, at)}: ${labelOf(status).toLowerCase()}, took ${formatDuration(duration)}`;

/** "93 % of the last 30 runs succeeded; usually 5 s", or as much of it as is known. */
export function describeRecent(recent) {
  if (recent === null || recent.statuses.length === 0) {
    return "No run has ended yet";
  }
  const { success_rate: rate, usual_duration_ms: usual, statuses } = recent;
  const runs = statuses.length === 1 ? "the last run" : `the last ${statuses.length} runs`;
  const text = `${formatRateOfSuccess(rate)} of ${runs} succeeded`;
  return usual === null ? text : `${text}; usually ${formatDuration(usual)}`;
}

/** "93 %"; never 100 % where one has not succeeded, nor 0 % where one has. */
export function formatRateOfSuccess(rate) {
  const percent = Math.round(rate * 100);
  if (rate === 0 || rate === 1) {
    return `${percent} %`;
  }
  return `${Math.min(Math.max(percent, 1), 99)} %`;
}

/** "1st failure", "4th failure in a row", "at least 30 failures in a row"; empty where it has not failed. */
export function describeStreak(recent) {
  const failures = recent?.consecutive_failures ?? 0;
  if (failures < 2) {
    return failures === 1 && recent.statuses.length > 1 ? "first failure" : "";
  }
  return failures >= MAX_RUNS ? `at least ${count(failures, "failure")} in a row` : `${ordinal(failures)} failure in a row`;
}

function ordinal(number) {
  const suffix = { 1: "st", 2: "nd", 3: "rd" }[number % 10];
  return `${number}${number > 10 && number < 14 ? "th" : (suffix ?? "th")}`;
}
