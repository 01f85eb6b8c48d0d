import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, inkOn, isColor, readable } from "../../static/widget/color.js";
import { linkParts, safeAddress } from "../../static/widget/linkify.js";
import { createText, fill } from "../../static/widget/text.js";
import { Thread } from "../../static/widget/thread.js";

test("addresses become links and the text stays as it was", () => {
  const text = "见https://a.example/x?y=1，谢谢 (http://b.example/z).";
  assert.deepEqual(linkParts(text).filter(({ href }) => href).map(({ href }) => href), ["https://a.example/x?y=1", "http://b.example/z"]);
  assert.equal(linkParts(text).map((part) => part.text).join(""), text);
});

for (const text of ["javascript:alert(1)", "<img src=x onerror=alert(1)>", "https://", "data:text/html,x"]) {
  test(`${text} is no link`, () => assert.deepEqual(linkParts(text), [{ text }]));
}

test("a source may only lead to http addresses", () => {
  assert.equal(safeAddress("/help/demo/returns", "https://chat.example"), "https://chat.example/help/demo/returns");
  assert.equal(safeAddress("javascript:alert(1)", "https://chat.example"), undefined);
});

test("placeholders are filled and unknown ones stay", () => {
  assert.equal(fill("%(name)s and %(other)s", { name: "Mei" }), "Mei and %(other)s");
});

test("a notice is shown in the reader's language, an unknown one as stored", () => {
  const text = createText({ notices: { agent_joined: "%(agent)s 为您服务" } }, "zh-hans");
  assert.equal(text.notice({ code: "agent_joined", data: { agent: "小美" }, text: "x" }), "小美 为您服务");
  assert.equal(text.notice({ code: "novelty", data: {}, text: "as stored" }), "as stored");
});

test("days are told apart at midnight", () => {
  const text = createText({ today: "Today", yesterday: "Yesterday" }, "en");
  const now = new Date(2026, 2, 1, 0, 5);
  assert.equal(text.day(new Date(2026, 2, 1, 0, 1), now), "Today");
  assert.equal(text.day(new Date(2026, 1, 28, 23, 59), now), "Yesterday");
});

test("any accent colour can be read, and read upon", () => {
  for (const color of ["#2f5d4e", "#ffd400", "#ffffff", "#000000", "#e4007f", "#7a7a7a"]) {
    assert.ok(contrast(color, inkOn(color)) >= 4.5, color);
    assert.ok(contrast(readable(color, "#ffffff", "#101418"), "#ffffff") >= 4.5, color);
    assert.ok(contrast(readable(color, "#1b2023", "#ffffff"), "#1b2023") >= 4.5, color);
  }
  assert.deepEqual(["#2f5d4e", "red", "#fff", "#2f5d4e;}", null].map(isColor), [true, false, false, false, false]);
});

const message = (id, kind, at, fields = {}) => ({
  id, author: { kind, name: "" }, text: String(id), code: "", data: {}, client_id: "", created_at: new Date(2026, 0, 5, 9, at).toISOString(), ...fields,
});

test("messages close in time stand together, and what is unsent comes last", () => {
  const thread = new Thread();
  for (const one of [message(3, "ai", 12), message(1, "customer", 0), message(2, "customer", 1)]) thread.merge(one);
  const items = thread.items([{ client_id: "c", text: "new", created_at: new Date(2026, 0, 5, 9, 13).toISOString(), delivery: "sending" }]);
  assert.deepEqual(items.map(({ id }) => id), [1, 2, 3, null]);
  assert.deepEqual(items.map(({ startsGroup }) => startsGroup), [true, false, true, true]);
  assert.deepEqual(items.map(({ startsDay }) => startsDay), [true, false, false, false]);
});

test("a message keeps its key when the server has it", () => {
  const thread = new Thread();
  const entry = { client_id: "c-1", text: "hi", created_at: new Date().toISOString(), delivery: "sending" };
  const [before] = thread.items([entry]);
  thread.merge(message(9, "customer", 0, { client_id: "c-1" }));
  const after = thread.items([entry]);
  assert.deepEqual([after.length, after[0].key, after[0].delivery], [1, before.key, "delivered"]);
});

test("only what others said counts as unread", () => {
  const thread = new Thread();
  for (const one of [message(1, "ai", 0), message(2, "customer", 1), message(3, "agent", 2), message(4, "system", 3)]) thread.merge(one);
  assert.equal(thread.countAfter(1), 2);
});
