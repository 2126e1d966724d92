import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, DAY, elapsed, formatDuration, HOUR, MINUTE, parseDuration, SECOND } from "../../../main/resources/static/dashboard/domain/durations.js";
import { before, NOON } from "./support.js";

for (const [ms, text] of [
  [-1, "0 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [9.94 * SECOND, "9.9 s"],
  [10 * SECOND, "10 s"],
  [119 * SECOND, "119 s"],
  [2 * MINUTE, "2 min"],
  [119 * MINUTE, "119 min"],
  [2 * HOUR, "2 h"],
  [3 * HOUR + 20 * MINUTE, "3 h 20 min"],
  [3 * HOUR - SECOND, "3 h"],
  [DAY - SECOND, "1 day"],
  [DAY, "1 day"],
  [1500 * DAY, "1,500 days"],
  [Number.NaN, "–"],
]) {
  test(`a duration of ${ms} ms is "${text}"`, () => {
    assert.equal(formatDuration(ms), text);
  });
}

test("an age is in whole seconds", () => {
  assert.equal(ago(before(7600), NOON), "7 s ago");
});

test("an age under five seconds, on either side, is now", () => {
  assert.equal(ago(before(4999), NOON), "just now");
  assert.equal(ago(before(-4999), NOON), "just now");
});

test("a time ahead is in the future", () => {
  assert.equal(ago(before(-3 * HOUR), NOON), "in 3 h");
});

test("no time has no age", () => {
  assert.equal(ago(null, NOON), "–");
});

test("elapsed time is never negative", () => {
  assert.equal(elapsed(NOON + 60_000, NOON), "0 s");
});

test("a duration of the service is read in milliseconds", () => {
  assert.equal(parseDuration("PT5M"), 5 * MINUTE);
  assert.equal(parseDuration("P1DT2H3M4.5S"), DAY + 2 * HOUR + 3 * MINUTE + 4500);
  assert.equal(parseDuration("P2M"), 60 * DAY);
  assert.equal(parseDuration("5 minutes"), null);
});
