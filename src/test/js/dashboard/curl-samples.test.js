import assert from "node:assert/strict";
import { test } from "node:test";

import { curlSamples } from "../../../main/resources/static/dashboard/domain/curl-samples.js";

test("every sample takes the key from the shell", () => {
  const samples = curlSamples("http://localhost:8080", "funds");

  assert.ok(samples.every(({ key, command }) => command.includes(`"apikey: $${key.replace(" ", "_").toUpperCase()}"`)));
});

test("samples that write name the service key", () => {
  const keys = curlSamples("http://localhost:8080", "funds").map(({ key, command }) => [command.includes("POST"), key]);

  assert.ok(keys.every(([writes, key]) => key === (writes ? "service key" : "reader key")));
});

test("a name is encoded in the address", () => {
  const [read] = curlSamples("http://localhost:8080", "a:b");

  assert.equal(read.command, 'curl -H "apikey: $READER_KEY" \\\n  http://localhost:8080/sync-states/a%3Ab');
});
