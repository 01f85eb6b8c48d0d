import assert from "node:assert/strict";
import { test } from "node:test";
import { openEventStream } from "../../static/realtime/eventstream.js";

const frame = (id, type, payload) =>
  `${id ? `id: ${id}\n` : ""}event: ${type}\ndata: ${JSON.stringify({ type, payload, timestamp: 1, source: "system" })}\n\n`;

/** Opens a stream whose successive connections send the given texts, then nothing more. */
function open(...connections) {
  const seen = { events: [], resets: [], requests: [] };
  const fetch = async (_url, request) => {
    seen.requests.push(request);
    const text = connections.shift();
    if (text === undefined) return new Response(null, { status: 204 });
    return new Response(`retry: 1\n\n${text}`, { headers: { "content-type": "text/event-stream" } });
  };
  const stream = openEventStream({ url: "/events", position: "e-1", fetch });
  stream.on("*", (event) => seen.events.push(event));
  stream.onreset((reset) => seen.resets.push(reset.position));
  const ended = new Promise((resolve) => stream.onrefused(resolve));
  return { stream, seen, ended };
}

test("what is sent again after a reconnect is heard once, in order, with its envelope", async () => {
  const { seen, ended } = open(
    frame("e-2", "a", { n: 2 }) + frame(null, "typing", {}) + frame("e-3", "a", { n: 3 }),
    frame("e-3", "a", { n: 3 }) + frame("e-4", "a", { n: 4 }),
  );
  await ended;
  assert.deepEqual(seen.events.map((event) => event.payload.n), [2, undefined, 3, 4]);
  assert.deepEqual(seen.events[0], { type: "a", payload: { n: 2 }, timestamp: 1, source: "system", id: "e-2" });
  assert.equal(seen.requests[1].headers["Last-Event-ID"], "e-3");
});

test("a reset is told and moves the position, forwards or back", async () => {
  const { stream, seen, ended } = open("id: f-1\nevent: reset\ndata: {}\n\n" + frame("f-2", "a", {}));
  await ended;
  assert.deepEqual(seen.resets, ["f-1"]);
  assert.deepEqual(seen.events.map((event) => event.id), ["f-2"]);
  assert.equal(stream.position, "f-2");
});

test("a frame that is no envelope is passed over", async () => {
  const { seen, ended } = open("id: e-2\ndata: rubbish\n\ndata: 7\n\n" + frame("e-3", "a", {}));
  await ended;
  assert.deepEqual(seen.events.map((event) => event.id), ["e-3"]);
});

test("a faulty listener does not cost the others their event", async () => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  const { stream, seen, ended } = open(frame("e-2", "a", {}));
  stream.on("a", () => {
    throw new Error("mine");
  });
  await ended;
  assert.equal(seen.events.length, 1);
  assert.deepEqual(reported, ["mine"]);
});
