import assert from "node:assert/strict";
import { test } from "node:test";
import { describeGroup, groupByPrefix, prefixOf } from "../../../main/resources/static/dashboard/domain/prefixes.js";
import { state } from "./support.js";

const rows = (...names) => names.map((resource) => ({ state: state({ resource }) }));

const shown = (groups) => groups.map(({ prefix, rows: group }) => [prefix, ...group.map((row) => row.state.resource)]);

test("a prefix ends at the first separator", () => {
  assert.deepEqual(["a-b-c", "a_b", "a.b", "a:b", "a", "a-"].map(prefixOf), ["a", "a", "a", "a", "a", "a"]);
});

test("those of one prefix come together where the first of them stands", () => {
  assert.deepEqual(shown(groupByPrefix(rows("b-1", "a-1", "c", "b-2"))), [
    ["b", "b-1", "b-2"],
    [null, "a-1"],
    [null, "c"],
  ]);
});

test("the name itself belongs to its prefix", () => {
  assert.deepEqual(shown(groupByPrefix(rows("funds", "funds-bond"))), [["funds", "funds", "funds-bond"]]);
});

test("a group says how many it has, and what is wrong with how many", () => {
  const [group] = groupByPrefix([...rows("a-1", "a-2"), { state: state({ resource: "a-3", last_sync_status: "failed" }) }]);

  assert.equal(describeGroup(group), "a: 3 resources, 1 failed");
});
