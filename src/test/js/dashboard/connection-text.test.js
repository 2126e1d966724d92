import assert from "node:assert/strict";
import { test } from "node:test";

import { describeConnection } from "../../../main/resources/static/dashboard/domain/connection-text.js";
import { NOON } from "./support.js";

const OFFLINE = { name: "offline", since: NOON - 12_000, detail: "The database does not answer." };

test("a live connection needs no notice", () => {
  assert.deepEqual(describeConnection({ name: "live" }, true, NOON), { label: "Live", notice: "", drawerNotice: "" });
});

test("offline, the page says as of when its data is", () => {
  assert.deepEqual(describeConnection(OFFLINE, true, NOON), {
    label: "Offline since 11:59:48 UTC",
    notice: "The database does not answer. Data as of 11:59:48 UTC, 12 s ago. Retrying automatically.",
    drawerNotice: "Offline since 11:59:48 UTC. Data may be out of date.",
  });
});

test("offline before anything was loaded, the page speaks of no data", () => {
  assert.equal(describeConnection(OFFLINE, false, NOON).notice, "The database does not answer. Retrying automatically.");
});

test("offline without a detail, the service cannot be reached", () => {
  const { notice } = describeConnection({ ...OFFLINE, detail: null }, false, NOON);

  assert.equal(notice, "The service cannot be reached. Retrying automatically.");
});

test("a lost connection is a notice only where there is data", () => {
  assert.equal(describeConnection({ name: "reconnecting" }, true, NOON).notice, "Connection lost. Reconnecting…");
  assert.equal(describeConnection({ name: "reconnecting" }, false, NOON).notice, "");
});
