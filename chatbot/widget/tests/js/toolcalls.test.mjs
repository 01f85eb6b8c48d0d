import assert from "node:assert/strict";
import { test } from "node:test";

import { ToolCalls } from "../../static/widget/toolcalls.js";

const asked = { code: "tool_confirmation", data: { confirmation: { call: 7 } } };

test("what the assistant asks to do has a card until it is decided", () => {
  const calls = new ToolCalls();
  const [item] = calls.marked([asked]);
  assert.deepEqual(item.card, { call: 7, status: "awaiting_confirmation" });
  calls.heard({ id: 7, status: "queued" });
  assert.equal(calls.marked([asked])[0].card.status, "queued");
});

test("after a reload, the notice of its end closes it", () => {
  const ended = { code: "tool_done", data: { call: 7 } };
  assert.equal(new ToolCalls().marked([asked, ended])[0].card, null);
});

test("other messages stay as they are", () => {
  const said = { code: "", data: {} };
  assert.equal(new ToolCalls().marked([said])[0], said);
});
