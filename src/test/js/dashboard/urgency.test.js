import assert from "node:assert/strict";
import { test } from "node:test";

import { alertsByUrgency, byUrgency, shownStatus } from "../../../main/resources/static/dashboard/domain/urgency.js";
import { alert, before, state } from "./support.js";

const named = (resource, status, ...kinds) =>
  state({ resource, last_sync_status: status, alerts: kinds.map((kind) => alert(kind, before(0), resource)) });

test("resources are in the order of their most urgent alert, then of their status", () => {
  const sorted = [
    named("success", "success"),
    named("unseen", "never_run"),
    named("running", "running"),
    named("slow", "success", "slow"),
    named("stale", "success", "slow", "stale"),
    named("stuck", "running", "stuck"),
    named("failed", "failed", "slow", "failed"),
  ].sort(byUrgency);

  assert.deepEqual(
    sorted.map((each) => each.resource),
    ["failed", "stuck", "stale", "slow", "running", "unseen", "success"],
  );
});

test("equally urgent resources are in the order of their names", () => {
  const sorted = [named("b", "success"), named("a", "success"), named("Z", "success")].sort(byUrgency);

  assert.deepEqual(
    sorted.map((each) => each.resource),
    ["Z", "a", "b"],
  );
});

test("an alert of an unknown kind comes after the known ones and before none", () => {
  const sorted = [named("fine", "success"), named("new", "success", "overheated"), named("slow", "success", "slow")].sort(byUrgency);

  assert.deepEqual(
    sorted.map((each) => each.resource),
    ["slow", "new", "fine"],
  );
});

test("alerts are in the order of urgency, then of age", () => {
  const states = [
    state({ alerts: [alert("slow", before(9000), "a"), alert("stale", before(1000), "a")] }),
    state({ alerts: [alert("stale", before(5000), "b")] }),
    state({ alerts: [alert("failed", before(0), "c")] }),
  ];

  assert.deepEqual(
    alertsByUrgency(states).map(({ kind, resource }) => `${kind} ${resource}`),
    ["failed c", "stale b", "stale a", "slow a"],
  );
});

test("a stuck run is shown as stuck, not as running", () => {
  assert.equal(shownStatus(named("funds", "running", "stuck")), "stuck");
  assert.equal(shownStatus(named("funds", "running")), "running");
  assert.equal(shownStatus(named("funds", "success", "stale")), "success");
});
