import assert from "node:assert/strict";
import { test } from "node:test";
import { comparison, nextSort } from "../../../main/resources/static/dashboard/domain/sorting.js";
import { queryOf, viewOf } from "../../../main/resources/static/dashboard/domain/view.js";
import { alert, state } from "./support.js";

test("a link carries what is shown, and gives it back", () => {
  const query = "?q=a%26b%3F&show=failed,stuck&sort=-records_synced&grouped&timeline&wall";

  assert.deepEqual(viewOf(query), {
    text: "a&b?",
    groups: new Set(["failed", "stuck"]),
    sort: { key: "records_synced", descending: true },
    grouped: true,
    timeline: true,
    wall: true,
  });
  assert.equal(queryOf(viewOf(query)), query);
});

test("a page as it is first shown has a plain address", () => {
  assert.equal(queryOf(viewOf("")), "");
});

test("what a link says that nobody can show is left out", () => {
  for (const query of ["?show=nope,&sort=constructor", "?sort=-", "?sort=__proto__", "?show=%00&other=1"]) {
    assert.equal(queryOf(viewOf(query)), "");
  }
});

const sorted = (sort, ...states) =>
  states
    .map((each) => ({ state: each, recent: each.recent }))
    .sort(comparison(sort))
    .map((row) => row.state.resource)
    .join("");

test("the most urgent is first unless a column is chosen", () => {
  const failed = state({ resource: "b", alerts: [{ kind: "failed" }] });

  assert.equal(sorted(null, state({ resource: "a" }), failed), "ba");
  assert.equal(sorted({ key: "resource", descending: false }, failed, state({ resource: "a" })), "ab");
});

test("what has no value is last in either order", () => {
  const synced = (resource, records) =>
    state({ resource, last_sync_time: "2026-11-22T12:00:00Z", last_sync_status: "success", records_synced: records });
  const states = [state({ resource: "x" }), synced("a", 9), synced("b", 10), synced("c", 9)];

  assert.equal(sorted({ key: "records_synced", descending: true }, ...states), "bacx");
  assert.equal(sorted({ key: "records_synced", descending: false }, ...states), "acbx");
});

test("the success rate is that of the last runs", () => {
  const one = { ...state({ resource: "a" }), recent: { success_rate: 0.9 } };
  const other = { ...state({ resource: "b" }), recent: { success_rate: 0.1 } };

  assert.equal(sorted({ key: "success_rate", descending: false }, one, other, state({ resource: "c" })), "bac");
});

test("a column is pressed for its order, its other order, and the usual one", () => {
  const first = nextSort(null, "records_synced");
  const second = nextSort(first, "records_synced");

  assert.deepEqual(first, { key: "records_synced", descending: true });
  assert.deepEqual(second, { key: "records_synced", descending: false });
  assert.equal(nextSort(second, "records_synced"), null);
  assert.deepEqual(nextSort(first, "resource"), { key: "resource", descending: false });
});

test("statuses are sorted with the worst first, a stuck run after a failed one", () => {
  const states = [
    state({ resource: "a", last_sync_status: "success" }),
    state({ resource: "b", last_sync_status: "running" }),
    state({ resource: "c", last_sync_status: "running", alerts: [alert("stuck")] }),
    state({ resource: "d" }),
    state({ resource: "e", last_sync_status: "failed" }),
  ];

  assert.equal(sorted({ key: "last_sync_status", descending: false }, ...states), "ecbda");
  assert.equal(sorted({ key: "last_sync_status", descending: true }, ...states), "adbce");
  assert.deepEqual(nextSort(null, "last_sync_status"), { key: "last_sync_status", descending: false });
});
