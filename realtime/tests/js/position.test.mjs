import assert from "node:assert/strict";
import { test } from "node:test";
import { Cursor, parsePosition } from "../../static/realtime/position.js";

test("an epoch may contain dashes", () => {
  assert.deepEqual(parsePosition("a-b-12"), { epoch: "a-b", offset: 12 });
  for (const rubbish of ["", "x", "e-", "e-x", "e-1.5", undefined]) assert.equal(parsePosition(rubbish), null);
});

test("an event is taken once", () => {
  const cursor = new Cursor("e-4");
  assert.deepEqual(["e-4", "e-3", "e-5", "e-5", "e-9", "e-6"].map((id) => cursor.take(id)), [false, false, true, false, true, false]);
  assert.equal(cursor.value, "e-9");
});

test("offsets are compared as numbers", () => {
  assert.equal(new Cursor("e-9").take("e-10"), true);
});

test("an ephemeral event always passes and moves nothing", () => {
  const cursor = new Cursor("e-4");
  assert.equal(cursor.take(null), true);
  assert.equal(cursor.value, "e-4");
});

test("another epoch is another log", () => {
  const cursor = new Cursor("old-400");
  assert.equal(cursor.take("new-2"), true);
  assert.equal(cursor.value, "new-2");
  assert.equal(cursor.reaches("old-1"), false);
});

test("a cursor without a position joins as of now", () => {
  const cursor = new Cursor("");
  assert.equal(cursor.reaches("e-50"), true);
  assert.equal(cursor.take("e-51"), true);
});
