import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, reconnectDelay } from "../../static/realtime/connection.js";

const STREAM = { "content-type": "text/event-stream; charset=utf-8" };

/** A Connection that gets the given answers one after the other, and what it did with them. */
function connect(answers, { heartbeat = 1000, ...options } = {}) {
  const seen = { requests: [], blocks: [], states: [] };
  let changed = () => {};
  const note = (kind) => (value) => {
    seen[kind].push(value);
    changed();
  };
  const connection = new Connection({
    url: "/events",
    headers: { Authorization: "Bearer t" },
    position: () => seen.blocks.at(-1)?.id ?? "e-0",
    heartbeat,
    onblock: note("blocks"),
    onstate: note("states"),
    fetch: async (url, request) => {
      note("requests")({ url, ...request });
      return (answers.shift() ?? pending)(request);
    },
    ...options,
  });
  const until = async (condition) => {
    while (!condition(seen)) await new Promise((resolve) => (changed = resolve));
  };
  return { connection, seen, until };
}

const stream = (text) => async () => new Response(text, { headers: STREAM });
const status = (code, headers = {}) => async () => new Response(code === 204 ? null : "{}", { status: code, headers });
const dead = async () => {
  throw new TypeError("network down");
};
const pending = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
const silent = async ({ signal }) =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("retry: 1\n\n"));
        signal.addEventListener("abort", () => controller.error(new Error("aborted")));
      },
    }),
    { headers: STREAM },
  );

test("a stream that ends is resumed from the last position, with the token in a header", async () => {
  const { connection, seen, until } = connect([stream("retry: 1\nid: e-7\ndata: {}\n\n"), stream("id: e-8\ndata: {}\n\n")]);
  connection.start();
  await until(() => seen.requests.length === 3);
  connection.stop();
  assert.deepEqual(seen.requests.map(({ headers }) => headers["Last-Event-ID"]), ["e-0", "e-7", "e-8"]);
  assert.equal(seen.requests[0].headers.Authorization, "Bearer t");
});

test("a proxy's errors, a wrong content type and a dead network do not end it", async () => {
  const retry = stream("retry: 1\n\n");
  const { connection, seen, until } = connect([retry, status(502), status(503), status(200, { "content-type": "text/html" }), dead, silent]);
  connection.start();
  await until(() => seen.requests.length === 6 && seen.states.at(-1) === "live");
  connection.stop();
  assert.deepEqual([...new Set(seen.states)], ["connecting", "live", "retrying"]);
});

for (const code of [204, 401, 403, 404]) {
  test(`${code} ends it for good`, async () => {
    const { connection, seen, until } = connect([status(code)]);
    connection.start();
    await until(() => seen.states.includes("refused"));
    assert.equal(seen.requests.length, 1);
  });
}

test("silence for two and a half heartbeats is a dead connection", async () => {
  const { connection, seen, until } = connect([silent, silent], { heartbeat: 20 });
  connection.start();
  await until(() => seen.requests.length === 2);
  connection.stop();
  assert.equal(seen.requests[0].signal.aborted, true);
});

test("waking ends the pause at once", async () => {
  const { connection, seen, until } = connect([stream("retry: 60000\n\n")]);
  connection.start();
  await until(() => seen.states.at(-1) === "retrying");
  setImmediate(() => connection.wake());
  await until(() => seen.requests.length === 2);
  connection.stop();
});

test("delays are jittered, double with each failure and stop at 30 seconds", () => {
  const slowest = (failures) => reconnectDelay(failures, 2000, () => 1);
  assert.deepEqual([0, 1, 2, 3, 4, 50].map(slowest), [2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(reconnectDelay(3, 2000, () => 0.5), 8000);
  assert.equal(reconnectDelay(0, 2000, () => 0), 200);
});

test("a throttled client waits as long as it is asked to", async () => {
  const { connection, seen, until } = connect([status(429, { "retry-after": "1" })]);
  const began = Date.now();
  connection.start();
  await until(() => seen.requests.length === 2);
  connection.stop();
  assert.ok(Date.now() - began >= 1000);
});
