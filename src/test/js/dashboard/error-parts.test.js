import assert from "node:assert/strict";
import { test } from "node:test";

import { partsOf } from "../../../main/resources/static/dashboard/domain/error-parts.js";

test("short values are facts, context and stack are sections", () => {
  const parts = partsOf({
    code: "API_TIMEOUT",
    message: "No answer",
    record_id: "A-1",
    timestamp: "2026-11-22T05:30:00Z",
    context: { page: 17 },
    stack: "at fetch",
    host: "etl-3",
  });

  assert.deepEqual(parts, {
    code: "API_TIMEOUT",
    message: "No answer",
    facts: [
      ["Record", "A-1"],
      ["Time", "2026-11-22T05:30:00Z"],
      ["host", "etl-3"],
    ],
    sections: [
      ["Context", '{\n  "page": 17\n}'],
      ["Stack", "at fetch"],
    ],
  });
});

test("a long value is a section, and nothing of it is lost", () => {
  const long = "x".repeat(301);

  const { code, facts, sections } = partsOf({ code: long, message: "m", record_id: long });

  assert.equal(code, `${"x".repeat(300)}…`);
  assert.deepEqual(facts, []);
  assert.deepEqual(sections, [
    ["Code", long],
    ["Record", long],
  ]);
});

test("false and 0 are values, null is none", () => {
  assert.deepEqual(partsOf({ code: "c", message: "m", retry: false, attempt: 0, host: null }).facts, [
    ["retry", "false"],
    ["attempt", "0"],
  ]);
});
