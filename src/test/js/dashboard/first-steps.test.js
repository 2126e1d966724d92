import assert from "node:assert/strict";
import { test } from "node:test";
import { firstSteps, isNew } from "../../../main/resources/static/dashboard/domain/first-steps.js";
import { before, state } from "./support.js";

const running = (changes) => state({ last_sync_status: "running", started_at: before(1000), ...changes });

test("the first steps are shown until a run has ended", () => {
  assert.equal(isNew([]), true);
  assert.equal(isNew([state(), running()]), true);
  assert.equal(isNew([state(), state({ last_sync_status: "failed", completed_at: before(0) })]), false);
  assert.equal(isNew([running({ last_sync_time: before(5000) })]), false);
});

test("they are for the resource that runs, else for the first, else for one to be made", () => {
  assert.equal(firstSteps([]).resource, "accounts");
  assert.equal(firstSteps([state({ resource: "a" }), state({ resource: "b" })]).resource, "a");
  assert.equal(firstSteps([state({ resource: "a" }), running({ resource: "b" })]).resource, "b");
});

test("each is ticked once it has been made", () => {
  assert.deepEqual(firstSteps([state()]).made, { start: false, progress: false, complete: false });
  assert.deepEqual(firstSteps([running()]).made, { start: true, progress: false, complete: false });
  assert.deepEqual(firstSteps([running({ progress: { records: 1 } })]).made, {
    start: true,
    progress: true,
    complete: false,
  });
});
