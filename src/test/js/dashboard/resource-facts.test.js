import assert from "node:assert/strict";
import { test } from "node:test";

import { factsOf } from "../../../main/resources/static/dashboard/domain/resource-facts.js";
import { before, NOON, state } from "./support.js";

test("a resource that has never run has no facts but that", () => {
  assert.deepEqual(factsOf(state(), NOON), {
    "Last success": "never",
    "Records/s": "–",
    Started: "–",
    Ended: "–",
    Duration: "–",
    Records: "–",
    Watermark: "none: the next sync is a full one",
    "Run ID": "–",
  });
});

test("the facts of a success have ages and times in UTC", () => {
  const facts = factsOf(
    state({
      last_sync_status: "success",
      last_sync_time: before(300_000),
      started_at: before(360_000),
      completed_at: before(300_000),
      duration_ms: 60_000,
      records_synced: 1234,
      records_created: 5,
      records_updated: 67,
      watermark: "2026-11-22T11:54:00.123456Z",
      run_id: "7d7e3c1e-6a0f-4a8e-9d9e-2d0d4f3c1b2a",
    }),
    NOON,
  );

  assert.deepEqual(facts, {
    "Last success": "5 min ago (11:55:00 UTC)",
    "Records/s": "20.6",
    Started: "6 min ago (11:54:00 UTC)",
    Ended: "5 min ago (11:55:00 UTC)",
    Duration: "60 s",
    Records: "1,234 synced, 5 created, 67 updated",
    Watermark: "2026-11-22T11:54:00.123456Z",
    "Run ID": "7d7e3c1e-6a0f-4a8e-9d9e-2d0d4f3c1b2a",
  });
});
