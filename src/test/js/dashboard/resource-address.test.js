import assert from "node:assert/strict";
import { test } from "node:test";

import { hashOf, isWide, resourceFromHash } from "../../../main/resources/static/dashboard/domain/resource-address.js";

test("the hash of a resource leads back to it", () => {
  assert.equal(resourceFromHash(hashOf("a:b/c%")), "a:b/c%");
});

test("other hashes name no resource", () => {
  assert.equal(resourceFromHash(""), null);
  assert.equal(resourceFromHash("#/"), null);
  assert.equal(resourceFromHash("#content"), null);
});

test("a malformed hash is taken as it stands", () => {
  assert.equal(resourceFromHash("#/50%"), "50%");
});

test("a resource has an address beside the list, and one of its own page", () => {
  assert.equal(hashOf("page"), "#/page");
  assert.equal(isWide(hashOf("page")), false);
  assert.equal(resourceFromHash(hashOf("page", true)), "page");
  assert.equal(isWide(hashOf("page", true)), true);
  assert.equal(resourceFromHash("#//page"), "/page");
});
