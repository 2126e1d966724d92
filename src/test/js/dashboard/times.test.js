import assert from "node:assert/strict";
import { test } from "node:test";

import { now, setServerTime } from "../../../main/resources/static/dashboard/domain/clock.js";
import { clockTime, shownZone, showTimesIn, UTC, zonedTime } from "../../../main/resources/static/dashboard/domain/times.js";
import { NOON } from "./support.js";

test("today's times have no date", () => {
  assert.equal(clockTime("2026-11-22T05:30:00.123456Z", NOON), "05:30:00");
});

test("a time of another zone is shown in UTC", () => {
  assert.equal(clockTime("2026-11-22T01:30:00+02:00", NOON), "21 Nov 23:30:00");
});

test("a time of another year has the year", () => {
  assert.equal(clockTime("2025-12-31T23:59:59Z", NOON), "31 Dec 2025 23:59:59");
});

test("no time and no readable time are a dash", () => {
  assert.equal(clockTime(null, NOON), "–");
  assert.equal(clockTime("yesterday", NOON), "–");
});

test("a time is shown with its zone", () => {
  assert.equal(zonedTime("2026-11-22T05:30:00.123456Z", NOON), "05:30:00 UTC");
  assert.equal(zonedTime(null, NOON), "–");
});

test("times are by the clock of whoever looks, where they want that", () => {
  showTimesIn("Asia/Kolkata");
  try {
    assert.equal(shownZone(), "Asia/Kolkata");
    assert.equal(zonedTime("2026-11-22T05:30:00Z", NOON), "11:00:00 GMT+5:30");
    assert.equal(clockTime("2026-11-21T18:29:59Z", NOON), "21 Nov 23:59:59");
    assert.equal(clockTime("2026-11-21T18:30:00Z", NOON), "00:00:00");
  } finally {
    showTimesIn(UTC);
  }
});

test("the service's clock is followed where this one is more than two seconds off", () => {
  setServerTime("Sun, 22 Nov 2026 12:00:00 GMT", NOON - 90_000);
  assert.ok(Math.abs(now() - Date.now() - 90_000) < 1000);

  setServerTime("Sun, 22 Nov 2026 12:00:00 GMT", NOON + 1500);
  assert.ok(Math.abs(now() - Date.now()) < 1000);
});

test("an answer without a date leaves the clock alone", () => {
  setServerTime(null, NOON);
  assert.ok(Math.abs(now() - Date.now()) < 1000);
});
