import assert from "node:assert/strict";
import { test } from "node:test";
import { SSEParser } from "../../static/realtime/sseparser.js";

const encode = (text) => new TextEncoder().encode(text);

function parse(bytes, cuts = [bytes.length]) {
  const blocks = [];
  const retries = [];
  const parser = new SSEParser({ onblock: (block) => blocks.push(block), onretry: (ms) => retries.push(ms) });
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    parser.push(bytes.subarray(start, end));
    start = end;
  }
  return { blocks, retries };
}

test("an event has its id, type and data", () => {
  const { blocks } = parse(encode("id: e-1\nevent: new_message\ndata: {}\n\n"));
  assert.deepEqual(blocks, [{ id: "e-1", event: "new_message", data: "{}" }]);
});

for (const [name, end] of [["LF", "\n"], ["CR", "\r"], ["CRLF", "\r\n"]]) {
  test(`lines may end with ${name}`, () => {
    const { blocks } = parse(encode(["data: a", "data: b", "", "data: c", "", ""].join(end)));
    assert.deepEqual(blocks.map((block) => block.data), ["a\nb", "c"]);
  });
}

test("a stream cut anywhere, even inside a character or a CRLF, reads the same", () => {
  const bytes = encode("\uFEFFretry: 900\r\n: ok\r\nid: e-7\r\ndata: 你好 👋🏽\r\n\r\nid: e-8\r\n\r\ndata: x\r\ndata:\r\n\r\n");
  const whole = parse(bytes);
  assert.deepEqual(whole.blocks.map((block) => block.data), ["你好 👋🏽", null, "x\n"]);
  assert.deepEqual(whole.retries, [900]);
  for (let cut = 0; cut <= bytes.length; cut += 1) assert.deepEqual(parse(bytes, [cut]), whole, `cut at ${cut}`);
  assert.deepEqual(parse(bytes, bytes.map((_, index) => index)), whole, "byte by byte");
});

test("comments say nothing and an unfinished block is dropped", () => {
  assert.deepEqual(parse(encode(": ping\n\n: ping\n\ndata: never ended\n")).blocks, []);
});

test("a block with only an id moves the position", () => {
  assert.deepEqual(parse(encode("id: e-9\n\n")).blocks, [{ id: "e-9", event: "message", data: null }]);
});

test("an event after an identified one does not inherit its id", () => {
  const { blocks } = parse(encode("id: e-1\ndata: a\n\ndata: b\n\n"));
  assert.deepEqual(blocks.map((block) => block.id), ["e-1", null]);
});

test("only one space after the colon is dropped, and unknown fields are ignored", () => {
  const { blocks } = parse(encode("data:  two\ndata:none\ndata\nfoo: bar\n\n"));
  assert.equal(blocks[0].data, " two\nnone\n");
});

test("an id with NUL and a retry that is no number are ignored", () => {
  const { blocks, retries } = parse(encode("id: a\0b\nretry: 12x\nretry:\ndata: x\n\n"));
  assert.equal(blocks[0].id, null);
  assert.deepEqual(retries, []);
});

test("only the first BOM is dropped", () => {
  assert.deepEqual(parse(encode("\uFEFF\uFEFFdata: x\n\ndata: y\n\n")).blocks.map((block) => block.data), ["y"]);
});
