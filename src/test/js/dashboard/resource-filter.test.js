import assert from "node:assert/strict";
import { test } from "node:test";

import { countByGroup, GROUPS, matchesFilter } from "../../../main/resources/static/dashboard/domain/resource-filter.js";
import { alert, state } from "./support.js";

const STUCK = state({ last_sync_status: "running", alerts: [alert("stuck")] });
const LATE = state({ last_sync_status: "success", alerts: [alert("stale"), alert("slow")] });

test("a part of the name matches in either case", () => {
  assert.ok(matchesFilter(state(), " UN ", new Set()));
  assert.ok(!matchesFilter(state(), "x", new Set()));
});

test("one of the groups is enough", () => {
  assert.ok(matchesFilter(LATE, "", new Set(["failed", "slow"])));
  assert.ok(!matchesFilter(LATE, "", new Set(["failed", "running"])));
});

test("name and group must both match", () => {
  assert.ok(!matchesFilter(LATE, "accounts", new Set(["slow"])));
});

test("a stuck run is not counted as running", () => {
  const counts = countByGroup([STUCK, LATE, state({ last_sync_status: "running" })]);

  assert.deepEqual(Object.fromEntries(counts), {
    failed: 0,
    stuck: 1,
    stale: 1,
    slow: 1,
    running: 1,
    never_run: 0,
    success: 1,
  });
  assert.deepEqual([...counts.keys()], GROUPS);
});
