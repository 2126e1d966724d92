import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsToMove } from "../../../main/resources/static/dashboard/domain/moves.js";

const moving = (now, wanted) => [...itemsToMove([...wanted], (item) => now.indexOf(item))].sort().join("");

test("nothing moves in a list that is in order", () => {
  assert.equal(moving("abcd", "abcd"), "");
  assert.equal(moving("", ""), "");
});

test("one item that goes to the other end moves alone", () => {
  assert.equal(moving("abcd", "bcda"), "a");
  assert.equal(moving("abcd", "dabc"), "d");
});

test("all but one move in a list that is turned round", () => {
  assert.equal(moving("abcd", "dcba").length, 3);
});

test("an item without a place moves, and the others stay", () => {
  assert.equal(moving("abd", "abcd"), "c");
  assert.equal(moving("", "abc"), "abc");
});

test("what has left the list does not matter", () => {
  assert.equal(moving("axbyc", "abc"), "");
});

test("moving these, and no others, makes any order of any other", () => {
  for (const wanted of permutations("abcde")) {
    const moved = itemsToMove([...wanted], (item) => "abcde".indexOf(item));
    const stay = [...wanted].filter((item) => !moved.has(item));

    assert.deepEqual(stay, [...stay].sort());
    assert.equal(stay.length, longestInOrder(wanted));
  }
});

function permutations(text) {
  return text.length < 2
    ? [text]
    : [...text].flatMap((first) => permutations(text.replace(first, "")).map((rest) => first + rest));
}

function longestInOrder(text) {
  let longest = 0;
  for (let mask = 0; mask < 1 << text.length; mask++) {
    const part = [...text].filter((_, index) => mask & (1 << index));
    if (part.every((item, index) => index === 0 || part[index - 1] < item)) {
      longest = Math.max(longest, part.length);
    }
  }
  return longest;
}
