import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barHeights,
  describeRecent,
  describeRun,
  describeStreak,
  formatRateOfSuccess,
  hasEndedRun,
  recentRuns,
} from "../../../main/resources/static/dashboard/domain/recent-runs.js";

const recent = (facts) => ({
  resource: "accounts",
  statuses: ["success", "failed"],
  started_at: ["2026-11-22T05:30:00.000000Z", "2026-11-22T06:30:00.000000Z"],
  durations_ms: [1000, 3000],
  success_rate: 0.5,
  usual_duration_ms: 1000,
  consecutive_failures: 1,
  failing_since: "2026-11-22T06:30:03.000000Z",
  ...facts,
});

const runs = (...durations) => durations.map((duration) => ({ duration }));

test("each run has its facts", () => {
  assert.deepEqual(recentRuns(recent()), [
    { status: "success", startedAt: "2026-11-22T05:30:00.000000Z", duration: 1000 },
    { status: "failed", startedAt: "2026-11-22T06:30:00.000000Z", duration: 3000 },
  ]);
});

test("the highest bar is the longest run, and the lowest can still be seen", () => {
  assert.deepEqual(barHeights(runs(1000, 2000), null), [0.5, 1]);
  assert.deepEqual(barHeights(runs(0, 2000, 2000), null), [0.15, 1, 1]);
  assert.deepEqual(barHeights(runs(0), null), [0.15]);
  assert.deepEqual(barHeights([], null), []);
});

test("one run that took far longer does not flatten the others", () => {
  const heights = barHeights(runs(1000, 1000, 1000, 1000, 3_600_000), null);

  assert.equal(heights[4], 1);
  assert.ok(heights[0] > 0.3);
});

test("the run that goes on grows beside the others", () => {
  assert.deepEqual(barHeights(runs(1000, 1000), 500), [1, 1, 0.5]);
});

test("a run is described with its time, outcome and duration", () => {
  const at = Date.parse("2026-11-22T12:00:00Z");

  assert.equal(describeRun(recentRuns(recent())[1], at), "06:30:00 UTC: failed, took 3.0 s");
});

test("what the runs come to is said as far as it is known", () => {
  assert.equal(describeRecent(recent()), "50 % of the last 2 runs succeeded; usually 1.0 s");
  assert.equal(
    describeRecent(recent({ statuses: ["failed"], success_rate: 0, usual_duration_ms: null })),
    "0 % of the last run succeeded",
  );
  assert.equal(describeRecent(recent({ statuses: [] })), "No run has ended yet");
  assert.equal(describeRecent(null), "No run has ended yet");
});

test("a rate is rounded, but neither to all nor to none", () => {
  assert.equal(formatRateOfSuccess(1), "100 %");
  assert.equal(formatRateOfSuccess(0.999), "99 %");
  assert.equal(formatRateOfSuccess(0.9333), "93 %");
  assert.equal(formatRateOfSuccess(0.001), "1 %");
  assert.equal(formatRateOfSuccess(0), "0 %");
});

test("failures in a row are counted", () => {
  const streak = (failures) => describeStreak(recent({ consecutive_failures: failures }));

  assert.equal(streak(0), "");
  assert.equal(streak(1), "first failure");
  assert.equal(streak(2), "2nd failure in a row");
  assert.equal(streak(3), "3rd failure in a row");
  assert.equal(streak(11), "11th failure in a row");
  assert.equal(streak(21), "21st failure in a row");
  assert.equal(streak(30), "at least 30 failures in a row");
  assert.equal(describeStreak(null), "");
});

test("the first run of all is not called the first failure", () => {
  assert.equal(describeStreak(recent({ statuses: ["failed"] })), "");
});

test("a run has ended where the state says so, or names another run", () => {
  const running = { run_id: "a", completed_at: null };
  const ended = { run_id: "a", completed_at: "2026-11-22T05:30:00.000000Z" };

  assert.equal(hasEndedRun(undefined, running), true);
  assert.equal(hasEndedRun(running, running), false);
  assert.equal(hasEndedRun(running, ended), true);
  assert.equal(hasEndedRun(ended, ended), false);
  assert.equal(hasEndedRun(ended, { ...running, run_id: "b" }), true);
});
