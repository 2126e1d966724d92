import assert from "node:assert/strict";
import { test } from "node:test";
import { describeGroup, groupAlerts, reasonOf } from "../../../main/resources/static/dashboard/domain/reasons.js";

const AT = Date.parse("2026-11-22T12:00:00Z");
const SINCE = "2026-11-22T11:00:00.000000Z";

const alert = (resource, kind, since = SINCE) => ({ resource, kind, since, detail: `${resource} is ${kind}.` });

const state = (resource, facts) => ({ resource, last_sync_status: "success", errors: [], alerts: [], completed_at: SINCE, ...facts });

const failed = (resource, code, since = SINCE) =>
  state(resource, {
    last_sync_status: "failed",
    errors: code === null ? [] : [{ code, message: "No answer within 30 s" }],
    alerts: [alert(resource, "failed", since)],
  });

test("what is well needs no reason", () => {
  assert.equal(reasonOf(state("a"), null, undefined, AT), null);
});

test("a failure is described by its first error, since when, and which in a row it is", () => {
  const recent = { consecutive_failures: 4, failing_since: "2026-11-22T05:25:00.000000Z", statuses: Array(30) };
  const errors = [{ code: "API_TIMEOUT", message: "No answer within 30 s" }, { code: "B", message: "b" }];

  assert.deepEqual(reasonOf({ ...failed("a", "A"), errors, errors_total: 250 }, recent, undefined, AT), {
    code: "API_TIMEOUT",
    text: "No answer within 30 s",
    notes: ["and 249 more errors", "4th failure in a row", "failing since 05:25:00 UTC, 6 h 35 min ago"],
  });
});

test("a failure is described without its history, and without errors", () => {
  assert.deepEqual(reasonOf(failed("a", null), null, undefined, AT), {
    code: null,
    text: "The job gave no reason.",
    notes: ["failing since 11:00:00 UTC, 60 min ago"],
  });
});

test("whatever a job reports is cut to a line", () => {
  const reason = reasonOf(
    { ...failed("a", "A"), errors: [{ code: "c".repeat(1000), message: { any: "m".repeat(1000) } }] },
    null,
    undefined,
    AT,
  );

  assert.equal(reason.code.length, 61);
  assert.equal(reason.text.length, 201);
});

test("a run that goes on is described by its alerts, not by the failure before it", () => {
  const stuck = { ...failed("a", "A"), last_sync_status: "running", alerts: [alert("a", "stuck"), alert("a", "stale")] };

  assert.deepEqual(reasonOf(stuck, null, undefined, AT), { code: null, text: "a is stuck. a is stale.", notes: [] });
});

test("a resource that has never run says so by its status", () => {
  assert.equal(reasonOf(state("a", { last_sync_status: "never_run", alerts: [alert("a", "stale")] }), null, undefined, AT), null);
});

test("alerts with the same cause are one, since the first of them", () => {
  const states = [
    state("a", { last_sync_status: "running", alerts: [alert("a", "stuck")] }),
    failed("b", "X"),
    failed("c", "API_TIMEOUT"),
    failed("d", "API_TIMEOUT", "2026-11-22T10:00:00.000000Z"),
    failed("e", null),
  ];

  const groups = groupAlerts(states, (name) => (name === "c" ? { failing_since: "2026-11-22T05:25:00.000000Z" } : undefined));

  assert.deepEqual(
    groups.map((group) => [describeGroup(group), group.resources.join(), group.since.slice(11, 16)]),
    [
      ["2 failed with API_TIMEOUT", "d,c", "05:25"],
      ["1 failed with X", "b", "11:00"],
      ["1 failed", "e", "11:00"],
      ["1 stuck", "a", "11:00"],
    ],
  );
});
