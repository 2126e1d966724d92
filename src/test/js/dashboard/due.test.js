import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDue, describeSchedule, dueNote } from "../../../main/resources/static/dashboard/domain/due.js";
import { NOON } from "./support.js";

const due = (hours) => ({
  due_at: new Date(NOON + hours * 3_600_000).toISOString(),
  deadline: new Date(NOON + (hours + 1) * 3_600_000).toISOString(),
});
const daily = { cron: "0 5 * * MON-FRI", time_zone: "Europe/Paris", grace: "PT1H" };

test("the next time that it is due is said, and until when it is to be done", () => {
  const state = { expect: daily, next_due: [due(2), due(26)] };

  assert.equal(dueNote(state, NOON), " · due in 2 h");
  assert.match(describeDue(state, NOON), /^in 2 h \(\d\d:00:00 UTC\), to be done by \d\d:00:00 UTC$/);
});

test("a time that has come is past until it is done", () => {
  assert.equal(dueNote({ expect: daily, next_due: [due(-0.5)] }, NOON), " · due 30 min ago");
});

test("without a schedule nothing is due", () => {
  assert.equal(dueNote({ expect: null, next_due: [] }, NOON), "");
  assert.equal(describeDue({ expect: null, next_due: [] }, NOON), "no schedule");
  assert.equal(describeDue({ expect: daily, next_due: [] }, NOON), "–");
  assert.equal(describeSchedule({ expect: null }), "–");
});

test("a schedule is shown as it was set", () => {
  assert.equal(describeSchedule({ expect: daily }), "0 5 * * MON-FRI in Europe/Paris, grace PT1H");
  assert.equal(describeSchedule({ expect: { cron: "0 5 * * *", grace: "PT1H" } }), "0 5 * * * in UTC, grace PT1H");
  assert.equal(describeSchedule({ expect: { every: "PT1H", grace: "PT15M" } }), "every PT1H, grace PT15M");
});
