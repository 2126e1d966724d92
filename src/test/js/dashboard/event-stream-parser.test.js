import assert from "node:assert/strict";
import { test } from "node:test";

import { EventStreamParser } from "../../../main/resources/static/dashboard/api/event-stream-parser.js";

const STREAM = 'retry: 1000\n\n: comment\n\nid: 1\nevent: snapshot\ndata: [1,\ndata: 2]\n\r\nevent:deleted\r\ndata:{"a":"b:c"}\r\n\r\n';
const EVENTS = [
  ["snapshot", "[1,\n2]"],
  ["deleted", '{"a":"b:c"}'],
];

function parse(...pieces) {
  const events = [];
  const parser = new EventStreamParser((name, data) => events.push([name, data]));
  pieces.forEach((piece) => parser.push(piece));
  return events;
}

test("a stream gives its events, without comments and other fields", () => {
  assert.deepEqual(parse(STREAM), EVENTS);
});

test("a stream may be cut anywhere", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    assert.deepEqual(parse(STREAM.slice(0, at), STREAM.slice(at)), EVENTS);
  }
});

test("an event without its end is not given", () => {
  assert.deepEqual(parse("event: snapshot\ndata: []\n"), []);
});
