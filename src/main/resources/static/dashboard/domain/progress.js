// How far a run has got and how fast it is, from what the job has reported.

import { now } from "./clock.js";
import { ago, elapsed, formatDuration, MINUTE, SECOND } from "./durations.js";
import { formatNumber, formatRate } from "./numbers.js";

/**
 * Progress of a running sync. Whatever is not known is null.
 *
 * @returns records, total, records per second, the part done from 0 to 1, and the milliseconds left
 */
export function progressOf(state, at = now()) {
  const records = state.progress?.records ?? null;
  const total = state.progress?.total ?? null;
  const reportedAt = state.progress ? Date.parse(state.progress.at) : Number.NaN;
  const ran = reportedAt - Date.parse(state.started_at);
  const silent = at - reportedAt;
  const measured = records > 0 && ran > 0 ? (records / ran) * SECOND : null;
  const part = total > 0 && records !== null ? Math.min(records / total, 1) : null;
  return {
    records,
    total,
    // A rate says nothing about a silence longer than the time it was measured over.
    perSecond: silent <= Math.max(ran, MINUTE) ? measured : null,
    part,
    left: part !== null && measured !== null ? timeLeft(total - records, measured, silent) : null,
  };
}

/** Unknown once the estimate has run out without a report. */
function timeLeft(recordsLeft, perSecond, silent) {
  const left = (recordsLeft / perSecond) * SECOND - silent;
  return left < 0 && recordsLeft > 0 ? null : Math.max(left, 0);
}

/** "25 % of 1,000 · 12.5/s · about 60 s left", or as much of it as is known. */
export function describeRunning(state, at = now()) {
  const stuck = state.alerts.find((alert) => alert.kind === "stuck");
  const { records, total, part, left, perSecond } = progressOf(state, at);
  const done = part !== null ? `${Math.floor(part * 100)} % of ${formatNumber(total)}` : recordsDone(records);
  if (stuck) {
    return join(done, `no sign of life for ${elapsed(stuck.since, at)}`);
  }
  const rate = perSecond === null ? null : `${formatRate(perSecond)}/s`;
  if (part !== null) {
    return join(done, rate, left === null ? lastReport(state, at) : `about ${formatDuration(left)} left`);
  }
  const report = records !== null && perSecond === null ? lastReport(state, at) : null;
  return join(done, rate, report, `for ${elapsed(state.started_at, at)}`);
}

/** Records per second of the last success, where the latest run is that success. */
export function successRate(state) {
  return state.last_sync_status === "success" && state.duration_ms > 0
    ? (state.records_synced / state.duration_ms) * SECOND
    : null;
}

const recordsDone = (records) => (records === null ? null : `${formatNumber(records)} records`);

const lastReport = (state, at) => `last report ${ago(state.progress.at, at)}`;

const join = (...parts) => parts.filter((part) => part !== null).join(" · ");
