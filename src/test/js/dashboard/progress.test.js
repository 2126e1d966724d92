import assert from "node:assert/strict";
import { test } from "node:test";

import { describeRunning, progressOf, successRate } from "../../../main/resources/static/dashboard/domain/progress.js";
import { alert, before, NOON, state } from "./support.js";

const running = (progress, changes = {}) =>
  state({ last_sync_status: "running", started_at: before(100_000), progress, ...changes });

test("a run without reports has only its age", () => {
  assert.equal(describeRunning(running(null), NOON), "for 100 s");
});

test("records without a total give a rate", () => {
  const reported = running({ records: 500, total: null, at: before(0) });

  assert.equal(describeRunning(reported, NOON), "500 records · 5/s · for 100 s");
});

test("a total gives the part done and the time left", () => {
  const reported = running({ records: 250, total: 1000, at: before(0) });

  assert.deepEqual(progressOf(reported, NOON), { records: 250, total: 1000, perSecond: 2.5, part: 0.25, left: 300_000 });
  assert.equal(describeRunning(reported, NOON), "25 % of 1,000 · 2.5/s · about 5 min left");
});

test("the time left shrinks between reports", () => {
  const reported = running({ records: 250, total: 1000, at: before(50_000) });

  assert.equal(progressOf(reported, NOON).left, 100_000);
});

test("an estimate that has run out without a report is unknown", () => {
  const reported = running({ records: 900, total: 1000, at: before(40_000) });

  assert.equal(progressOf(reported, NOON).left, null);
  assert.match(describeRunning(reported, NOON), /^90 % of 1,000 · .*\/s · last report 40 s ago$/);
});

test("a rate is not kept through a silence longer than it was measured over", () => {
  const reported = running({ records: 250, total: null, at: before(3_600_000) }, { started_at: before(3_900_000) });

  assert.equal(describeRunning(reported, NOON), "250 records · last report 60 min ago · for 65 min");
});

test("more records than the total are all of it", () => {
  assert.equal(progressOf(running({ records: 12, total: 10, at: before(0) }), NOON).part, 1);
});

test("no records of a total are no part of it", () => {
  const reported = running({ records: 0, total: 10, at: before(0) });

  assert.equal(describeRunning(reported, NOON), "0 % of 10 · last report just now");
});

test("a stuck run shows its silence, and neither a rate nor the time left", () => {
  const stuck = running({ records: 250, total: 1000, at: before(3_600_000) }, { alerts: [alert("stuck", before(3_600_000))] });

  assert.equal(describeRunning(stuck, NOON), "25 % of 1,000 · no sign of life for 60 min");
});

test("the rate of a success is that of its run", () => {
  const success = { last_sync_status: "success", records_synced: 300, duration_ms: 60_000 };

  assert.equal(successRate(state(success)), 5);
});

test("a failed run and one that took no time have no rate", () => {
  assert.equal(successRate(state({ last_sync_status: "failed", records_synced: 300, duration_ms: 60_000 })), null);
  assert.equal(successRate(state({ last_sync_status: "success", records_synced: 300, duration_ms: 0 })), null);
});
