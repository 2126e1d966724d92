import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acknowledgedNote,
  describeAcknowledgement,
  describeCourse,
  describeIncidents,
  detailOf,
  sortIncidents,
} from "../../../main/resources/static/dashboard/domain/incidents.js";
import { describeWatch } from "../../../main/resources/static/dashboard/domain/watch-text.js";

const AT = Date.parse("2026-11-22T12:00:00Z");

const incident = (resource, facts) => ({
  resource,
  opened_at: "2026-11-22T11:00:00.000000Z",
  severity: "error",
  kinds: ["failed"],
  acknowledged: null,
  events: [],
  reopened: 0,
  flapping: false,
  ...facts,
});

const ada = { at: "2026-11-22T11:55:00.000000Z", by: "Ada", note: null };

test("what nobody takes care of comes first, then the worse, then the older", () => {
  const incidents = [
    incident("acknowledged", { acknowledged: ada }),
    incident("warning", { severity: "warning" }),
    incident("newer"),
    incident("older", { opened_at: "2026-11-22T10:00:00.000000Z" }),
  ];

  assert.deepEqual(
    sortIncidents(incidents).map(({ resource }) => resource),
    ["older", "newer", "warning", "acknowledged"],
  );
});

test("they are counted by severity", () => {
  const incidents = [incident("a"), incident("b", { acknowledged: ada }), incident("c", { severity: "warning" })];

  assert.equal(describeIncidents(incidents), "3 open incidents: 2 errors, 1 warning, 1 acknowledged");
  assert.equal(describeIncidents([incident("a")]), "1 open incident: 1 error");
});

test("one says since when it is open, and whether it comes and goes", () => {
  assert.equal(describeCourse(incident("a"), AT), "since 11:00:00 UTC, 60 min ago");
  assert.equal(
    describeCourse(incident("a", { reopened: 4, flapping: true }), AT),
    "since 11:00:00 UTC, 60 min ago · opened again 4 times · flapping: it comes and goes, and nothing of it is sent",
  );
});

test("its detail is that of the last event, cut to what fits", () => {
  const events = [{ detail: "first" }, { detail: "x".repeat(1000) }];

  assert.equal(detailOf(incident("a", { events })).length, 301);
  assert.equal(detailOf(incident("a")), "");
});

test("an acknowledgement names who and why, as far as they are known", () => {
  const acknowledged = (facts) => incident("a", { acknowledged: { ...ada, ...facts } });

  assert.equal(describeAcknowledgement(acknowledged({ note: "on it" }), AT), "Acknowledged by Ada 5 min ago: on it");
  assert.equal(describeAcknowledgement(acknowledged({ by: null }), AT), "Acknowledged 5 min ago");
  assert.equal(describeAcknowledgement(incident("a"), AT), "");
  assert.equal(acknowledgedNote(acknowledged({})), "acknowledged by Ada");
  assert.equal(acknowledgedNote(acknowledged({ by: null })), "acknowledged");
  assert.equal(acknowledgedNote(incident("a")), "");
  assert.equal(acknowledgedNote(undefined), "");
});

test("a late evaluation and a channel that delivers nothing are said, and nothing else", () => {
  const undelivered = incident("channel/ops", {
    kinds: ["undelivered"],
    events: [{ detail: "The channel ops has delivered nothing." }],
  });

  assert.deepEqual(describeWatch({ evaluated_at: "2026-11-22T11:59:55Z", behind: false }, [incident("a")], AT), []);
  assert.deepEqual(describeWatch(null, [], AT), []);
  assert.match(describeWatch({ evaluated_at: "2026-11-22T11:50:00Z", behind: true }, [], AT)[0], /^Alerts were last evaluated at 11:50:00 UTC: /);
  assert.match(describeWatch({ evaluated_at: null, behind: true }, [], AT)[0], /^Alerts have not been evaluated yet: /);
  assert.deepEqual(describeWatch({ evaluated_at: null, behind: false }, [undelivered], AT), [
    "The channel ops has delivered nothing. Its notifications wait. Correct the cause, then POST /channels/ops/test.",
  ]);
  assert.deepEqual(sortIncidents([undelivered]), []);
});
