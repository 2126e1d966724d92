import assert from "node:assert/strict";
import { test } from "node:test";

import { endedRuns, recordsOf, summarizeRuns } from "../../../main/resources/static/dashboard/domain/run-summary.js";

test("the ended runs are in the order of a chart, oldest first", () => {
  const newestFirst = [{ duration_ms: null }, { duration_ms: 2 }, { duration_ms: 1 }];

  assert.deepEqual(endedRuns(newestFirst), [{ duration_ms: 1 }, { duration_ms: 2 }]);
});

test("the summary counts the outcomes and names the longest duration", () => {
  const runs = [
    { status: "abandoned", duration_ms: 300_000 },
    { status: "success", duration_ms: 1000 },
    { status: "success", duration_ms: 2000 },
  ];

  assert.equal(summarizeRuns(runs), "The last 3 runs: 2 success, 1 abandoned; the longest took 5 min");
});

test("a run that failed shows the records that it had reported", () => {
  assert.equal(recordsOf({ records_synced: 0, progress: { records: 40 } }), 40);
  assert.equal(recordsOf({ records_synced: 50, progress: { records: 40 } }), 50);
  assert.equal(recordsOf({ records_synced: 0, progress: { records: null } }), 0);
  assert.equal(recordsOf({ records_synced: 7, progress: null }), 7);
});
