import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR } from "../../../main/resources/static/dashboard/domain/durations.js";
import { describeMissed, inOrder, MissedLanes } from "../../../main/resources/static/dashboard/domain/missed.js";
import { showTimesIn, UTC } from "../../../main/resources/static/dashboard/domain/times.js";
import { before, NOON } from "./support.js";

const missed = (hours, resource = "funds") => ({
  resource,
  due_at: before(hours * HOUR),
  local: before((hours - 1) * HOUR).replace("Z", "+01:00"),
  deadline: before((hours - 1) * HOUR),
});

const lanesOf = (...items) => {
  const lanes = new MissedLanes();
  lanes.replace(items);
  return lanes;
};

test("missed runs are in the order in which they were due, by resource", () => {
  const lanes = lanesOf(missed(2), missed(3, "prices"), missed(5));

  assert.deepEqual(lanes.of("funds").map(({ from }) => (NOON - from) / HOUR), [5, 2]);
  assert.deepEqual(lanes.of("nope"), []);
});

test("what is there no longer is gone", () => {
  const lanes = lanesOf(missed(2));

  lanes.replace([]);

  assert.deepEqual(lanes.of("funds"), []);
});

test("the nearest is found, within a tolerance", () => {
  const lanes = lanesOf(missed(2), missed(3));
  const at = (hours) => lanes.at("funds", NOON - hours * HOUR, HOUR)?.from ?? null;

  assert.deepEqual([at(2.4), at(2.6), at(4.1)], [NOON - 2 * HOUR, NOON - 3 * HOUR, null]);
});

test("they lie between the runs", () => {
  const runs = [{ id: "a", from: NOON - 4 * HOUR }, { id: "b", from: NOON - HOUR }];

  assert.deepEqual(inOrder(runs, lanesOf(missed(2)).of("funds")).map(({ id }) => id), ["a", `missed ${before(2 * HOUR)}`, "b"]);
});

test("a missed run says when it was due, by the clock that is shown and by that of its schedule", () => {
  const [first] = lanesOf(missed(2)).of("funds");

  assert.match(describeMissed("funds", first), /^funds, .*10:00:00 UTC: missed, due at 11:00 \(\+01:00\) by its schedule, to be done by .*11:00:00 UTC$/);
});

test("a schedule in the zone that is shown is not said twice", () => {
  const utc = { from: NOON, until: NOON + HOUR, local: "2026-11-22T12:00:00+00:00" };
  assert.doesNotMatch(describeMissed("funds", utc), /schedule/);

  showTimesIn("Europe/Paris");
  assert.match(describeMissed("funds", utc), /13:00:00 .+: missed, due at 12:00 \(\+00:00\) by its schedule/);
  showTimesIn(UTC);
});
