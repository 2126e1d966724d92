import assert from "node:assert/strict";
import { test } from "node:test";

import { count, formatNumber, formatRate } from "../../../main/resources/static/dashboard/domain/numbers.js";

test("thousands are separated", () => {
  assert.equal(formatNumber(1234567), "1,234,567");
});

test("a rate has three significant digits", () => {
  assert.equal(formatRate(0.012345), "0.0123");
  assert.equal(formatRate(1234.5), "1,230");
});

test("what is not a number is a dash", () => {
  assert.equal(formatNumber(undefined), "–");
  assert.equal(formatRate(null), "–");
});

test("a count agrees with its noun", () => {
  assert.equal(count(0, "error"), "0 errors");
  assert.equal(count(1, "error"), "1 error");
  assert.equal(count(2000, "alert"), "2,000 alerts");
});
