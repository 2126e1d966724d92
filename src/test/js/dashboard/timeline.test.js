import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE } from "../../../main/resources/static/dashboard/domain/durations.js";
import { Lanes, lastSpan, MAX_SPAN, panned, ticks, zoomed } from "../../../main/resources/static/dashboard/domain/timeline.js";
import { NOON } from "./support.js";

const run = (id, from, until, status = "success") => ({
  resource: "funds",
  run_id: id,
  status,
  started_at: new Date(NOON + from * MINUTE).toISOString(),
  completed_at: until === null ? null : new Date(NOON + until * MINUTE).toISOString(),
});

const lanesOf = (...runs) => {
  const lanes = new Lanes();
  runs.forEach((each) => lanes.put(each));
  return lanes;
};

test("zooming keeps the time that is pointed at where it is", () => {
  const window = zoomed({ from: NOON - 4 * HOUR, until: NOON }, 0.5, NOON - 3 * HOUR, NOON);

  assert.deepEqual(window, { from: NOON - 3.5 * HOUR, until: NOON - 1.5 * HOUR });
});

test("neither the future nor more than thirty days is shown", () => {
  assert.deepEqual(panned(lastSpan(HOUR, NOON), HOUR, NOON), lastSpan(HOUR, NOON));
  assert.deepEqual(zoomed(lastSpan(DAY, NOON), 1000, NOON, NOON), lastSpan(MAX_SPAN, NOON));
  assert.equal(panned(lastSpan(HOUR, NOON), -90 * DAY, NOON).from, NOON - MAX_SPAN);
});

test("less than ten minutes is not shown", () => {
  assert.equal(zoomed(lastSpan(HOUR, NOON), 0.0001, NOON, NOON).from, NOON - 10 * MINUTE);
});

test("marks are at full hours, as many as have room", () => {
  assert.deepEqual(ticks(lastSpan(6 * HOUR, NOON), 700, 100).map((time) => (time - NOON) / HOUR), [-6, -5, -4, -3, -2, -1, 0]);
  assert.equal(ticks(lastSpan(MAX_SPAN, NOON), 300, 100).length <= 7, true);
});

test("runs are in the order of their starts, however they arrive", () => {
  const lanes = lanesOf(run("b", -20, -15), run("a", -40, -35), run("c", -5, null, "running"));

  assert.deepEqual(lanes.of("funds").map(({ id }) => id), ["a", "b", "c"]);
  assert.deepEqual(lanes.of("nope"), []);
});

test("a run that ends is the same run", () => {
  const lanes = lanesOf(run("a", -5, null, "running"), run("a", -5, -1, "failed"));

  assert.deepEqual(lanes.of("funds"), [{ id: "a", status: "failed", from: NOON - 5 * MINUTE, until: NOON - MINUTE }]);
});

test("a run that another took over is abandoned", () => {
  const [first] = lanesOf(run("a", -5, null, "running"), run("b", -2, null, "running")).of("funds");

  assert.deepEqual([first.status, first.until], ["abandoned", NOON - 2 * MINUTE]);
});

test("a run is found where it is pointed at, or near", () => {
  const lanes = lanesOf(run("a", -40, -35), run("b", -20, null, "running"));
  const at = (minutes) => lanes.at("funds", NOON + minutes * MINUTE, MINUTE, NOON)?.id ?? null;

  assert.deepEqual([at(-38), at(-34.5), at(-30), at(-1)], ["a", "a", null, "b"]);
});

test("only the newest runs are kept, and those that go on", () => {
  const lanes = lanesOf(run("a", -90, null, "running"));
  [run("b", -40, -35), run("c", -20, -15), run("d", -10, -5)].forEach((each) => lanes.put({ ...each, resource: "prices" }));

  const since = lanes.keepNewest(2);

  assert.equal(since, NOON - 20 * MINUTE);
  assert.deepEqual(lanes.of("prices").map(({ id }) => id), ["c", "d"]);
  assert.deepEqual(lanes.of("funds").map(({ id }) => id), ["a"]);
  assert.equal(lanes.size, 3);
});

test("runs are counted as they come, change and go", () => {
  const lanes = lanesOf(run("a", -40, -35), run("b", -5, null, "running"), run("b", -5, -1, "failed"));
  assert.equal(lanes.size, 2);

  lanes.delete("funds");
  assert.equal(lanes.size, 0);
});
