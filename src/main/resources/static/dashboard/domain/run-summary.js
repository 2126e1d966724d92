// The runs of a resource in numbers.

import { formatDuration } from "./durations.js";
import { labelOf } from "./labels.js";
import { formatNumber } from "./numbers.js";

/** The statuses a run can have. */
export const RUN_STATUSES = ["success", "failed", "abandoned", "running"];

/** Those that have ended, oldest first, of a list that is newest first. */
export const endedRuns = (runs) => runs.filter((run) => run.duration_ms !== null).reverse();

export const longestDuration = (runs) => Math.max(...runs.map((run) => run.duration_ms), 0);

/** "The last 20 runs: 19 success, 1 failed; the longest took 5 min", for people who cannot see the chart. */
export function summarizeRuns(runs) {
  const counts = RUN_STATUSES.map((status) => [status, runs.filter((run) => run.status === status).length])
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${labelOf(status).toLowerCase()}`);
  const longest = formatDuration(longestDuration(runs));
  return `The last ${runs.length} runs: ${counts.join(", ")}; the longest took ${longest}`;
}

/** "Records of the last 20 runs: 0 to 1,234", for people who cannot see the chart. */
export function summarizeRecords(runs) {
  const records = runs.map(recordsOf);
  const least = formatNumber(Math.min(...records));
  return `Records of the last ${runs.length} runs: ${least} to ${formatNumber(Math.max(...records))}`;
}

/** A run that failed stored no counts, but may have reported how far it got. */
export const recordsOf = (run) => Math.max(run.records_synced, run.progress?.records ?? 0);
