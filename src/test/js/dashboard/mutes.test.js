import assert from "node:assert/strict";
import { test } from "node:test";
import { withAddress } from "../../../main/resources/static/dashboard/domain/commands.js";
import { currentMutes, describeMute, describeMuted } from "../../../main/resources/static/dashboard/domain/mutes.js";

const AT = Date.parse("2026-11-22T12:00:00Z");

const mute = (facts) => ({
  resources: ["fund*"],
  kinds: [],
  from: "2026-11-22T11:00:00.000000Z",
  until: "2026-11-22T14:00:00.000000Z",
  note: null,
  by: null,
  ...facts,
});

test("one that is over is not shown, though nobody has said so", () => {
  const over = mute({ until: "2026-11-22T11:59:59.000000Z" });

  assert.deepEqual(currentMutes([mute(), over], AT), [mute()]);
});

test("says what it is about, cut to what fits", () => {
  const resources = ["a", "b", "c", "d", "e", "f", "g"];

  assert.equal(describeMuted(mute({ kinds: ["stale", "slow"] })), "fund*: stale, slow");
  assert.equal(describeMuted(mute({ resources })), "a, b, c, d, e and 2 more");
});

test("says when it ends, and begins where it has not, who wanted it and why", () => {
  assert.equal(describeMute(mute(), AT), "until 14:00:00 UTC, in 2 h");
  assert.equal(
    describeMute(mute({ from: "2026-11-22T13:00:00.000000Z", by: "Ada", note: "it moves" }), AT),
    "from 13:00:00 UTC, in 60 min, until 14:00:00 UTC, in 2 h · by Ada: it moves",
  );
  assert.equal(describeMute(mute({ note: "it moves" }), AT), "until 14:00:00 UTC, in 2 h · it moves");
});

test("a command names the service that the page is of", () => {
  assert.equal(withAddress('curl "$URL/a" "$URL/b"', "http://host"), 'curl "http://host/a" "http://host/b"');
});
