import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../static/widget/api.js";
import { createText } from "../../static/widget/text.js";
import { openPage, Server, texts } from "./fakes.mjs";

const AI = { kind: "ai", name: "AI" };

test("nothing is opened before the first message", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.restore();
  assert.deepEqual(server.calls, []);
  await conversation.send("hello");
  assert.deepEqual(server.calls, ["openSession", "postMessage"]);
  assert.equal(streams[0].position, "e-0");
  assert.deepEqual(conversation.items.map((item) => item.delivery), ["delivered"]);
});

test("history survives a reload", async () => {
  const server = new Server();
  const first = openPage(server);
  await first.conversation.send("hello");
  server.say("s1", AI, "Good day");
  const second = openPage(server, first.area);
  await second.conversation.restore();
  assert.deepEqual(texts(second.conversation), ["hello", "Good day"]);
  assert.equal(server.sessions.size, 1);
});

test("a message that comes by answer, stream and reading again stands here once, in the order of ids", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("one");
  const answer = server.say("s1", AI, "two");
  const own = server.sessions.get("s1").messages[0];
  for (const message of [answer, own, answer]) streams[0].tell("new_message", message);
  streams[0].tell("reset");
  await conversation.restore();
  assert.deepEqual(texts(conversation), ["one", "two"]);
});

test("what was written while the network was away is sent after a reload, once", async () => {
  const server = new Server();
  const first = openPage(server);
  await first.conversation.send("one");
  server.fail(new ApiError(0));
  first.conversation.send("two"); // left waiting, as by a closed tab
  await new Promise(setImmediate);
  assert.equal(first.conversation.items.at(-1).delivery, "waiting");
  const second = openPage(server, first.area);
  await second.conversation.restore();
  assert.deepEqual(texts(second.conversation), ["one", "two"]);
  assert.equal(server.sessions.get("s1").messages.length, 2);
  second.streams[0].tell("state", "live");
  first.streams[0].tell("state", "live"); // the first page tries again and finds it sent
  await new Promise(setImmediate);
  assert.equal(server.sessions.get("s1").messages.length, 2);
});

test("an answer that got lost on the way does not double the message", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = new Server();
  const { conversation } = openPage(server);
  await conversation.send("one");
  server.lose();
  const sent = conversation.send("two");
  await new Promise(setImmediate);
  t.mock.timers.tick(1000);
  await sent;
  assert.deepEqual(server.sessions.get("s1").messages.map(({ text }) => text), ["one", "two"]);
  assert.deepEqual(conversation.items.map((item) => item.delivery), ["delivered", "delivered"]);
});

test("a closed session goes on in a new one with the text kept", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("old matter");
  server.fail(new ApiError(409, { code: "session_closed" }));
  await conversation.send("new matter");
  assert.equal(conversation.session.session_name, "s2");
  assert.deepEqual(texts(conversation), ["new matter"]);
  assert.equal(conversation.startedAnew, true);
  assert.deepEqual(streams.map((stream) => stream.closed), [true, false]);
});

test("a refused message says why and waits for the customer", async () => {
  const server = new Server();
  const { conversation } = openPage(server);
  await conversation.send("fine");
  server.fail(new ApiError(400, { detail: "Too long." }));
  await conversation.send("refused");
  const [, refused] = conversation.items;
  assert.deepEqual([refused.delivery, refused.reason], ["failed", "Too long."]);
  await conversation.send("next"); // is not held up by it
  assert.equal(server.sessions.get("s1").messages.length, 2);
  await conversation.resend(refused.client_id);
  assert.deepEqual(texts(conversation), ["fine", "next", "refused"]);
});

test("a session the server no longer knows is left, the unsent text is not", async () => {
  const server = new Server();
  const first = openPage(server);
  await first.conversation.send("one");
  server.sessions.clear();
  const second = openPage(server, first.area);
  await second.conversation.restore();
  assert.equal(second.conversation.begun, false);
  await second.conversation.send("again");
  assert.deepEqual(texts(second.conversation), ["again"]);
});

test("an older status does not overwrite a newer one", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.talkToPerson();
  const change = (status, version) => streams[0].tell("status_change", { session_name: "s1", status, version, reason: "x", previous: "y" });
  change("active", 3);
  change("queued", 2);
  assert.equal(conversation.status, "active");
});

test("a lost race shows the truth the server tells", async () => {
  const server = new Server();
  const { conversation } = openPage(server);
  await conversation.send("one");
  server.fail(new ApiError(409, { session: { session_name: "s1", status: "active", version: 4, agent: { id: 1, name: "Mei" } } }));
  await conversation.talkToPerson();
  assert.equal(conversation.status, "active");
  assert.equal(conversation.trouble, "");
});

test("typing is told to people only, and not at every key", async () => {
  const server = new Server();
  const { conversation } = openPage(server);
  await conversation.send("one");
  conversation.typing();
  await conversation.talkToPerson();
  conversation.typing();
  conversation.typing();
  assert.equal(server.calls.filter((call) => call === "announceTyping").length, 1);
});

test("an answer grows on the screen and gives way to the message", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("one");
  streams[0].tell("answer_delta", { run: 1, position: 0, text: "两 👋 " });
  streams[0].tell("answer_delta", { run: 1, position: 4, text: "days." });
  assert.equal(conversation.signs.preview, "两 👋 days.");
  streams[0].tell("new_message", server.say("s1", AI, "Two days."));
  assert.equal(conversation.signs.author, null);
  assert.equal(conversation.signs.preview, "");
});

test("no piece of an answer shows once a person has taken over, not even after she has given back", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("one");
  const piece = { run: 1, version: 1, position: 0, text: "Late words" };
  const session_name = conversation.session.session_name;
  streams[0].tell("status_change", { session_name, status: "queued", version: 2 });
  streams[0].tell("answer_delta", piece);
  assert.equal(conversation.signs.preview, "");
  streams[0].tell("status_change", { session_name, status: "ai_active", version: 4 });
  streams[0].tell("answer_delta", piece);
  assert.equal(conversation.signs.preview, "");
  streams[0].tell("answer_delta", { ...piece, run: 2, version: 4 });
  assert.equal(conversation.signs.preview, "Late words");
});

test("a piece that comes after its whole answer shows nothing", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("one");
  streams[0].tell("new_message", server.say("s1", AI, "Two days.", { client_id: "run-1" }));
  streams[0].tell("answer_delta", { run: 1, version: 1, position: 0, text: "Two" });
  assert.equal(conversation.signs.author, null);
});

test("a notice says why in the reader's language, and an unknown reason at least what", () => {
  const notices = { transfer_requested: "Somebody comes.", "transfer_requested.mood": "Sorry! Somebody comes." };
  const text = createText({ notices }, "en");
  const notice = (trigger) => text.notice({ code: "transfer_requested", data: { trigger }, text: "stored" });
  assert.equal(notice("mood"), "Sorry! Somebody comes.");
  assert.equal(notice("asked"), "Somebody comes.");
  assert.equal(text.notice({ code: "else", data: {}, text: "stored" }), "stored");
});

test("an answer with a piece missing is not shown until it is whole", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("one");
  for (const [position, text] of [[0, "It is "], [10, "true."], [15, " Yes."]]) streams[0].tell("answer_delta", { run: 1, position, text });
  assert.equal(conversation.signs.preview, "");
  assert.equal(conversation.signs.author.kind, "ai");
  streams[0].tell("answer_delta", { run: 2, position: 0, text: "Anew" });
  assert.equal(conversation.signs.preview, "Anew");
});

test("an answer about a conversation that was left changes nothing", async () => {
  const server = new Server();
  const { conversation } = openPage(server);
  await conversation.send("one");
  const late = conversation.talkToPerson();
  conversation.startAnew();
  await late;
  assert.equal(conversation.status, "ai_active");
  assert.deepEqual(texts(conversation), []);
});

test("a stream that is refused leaves the session, and the next message opens another", async () => {
  const server = new Server();
  const { conversation, streams } = openPage(server);
  await conversation.send("one");
  streams[0].tell("refused", { status: 404 });
  assert.equal(conversation.session, null);
  await conversation.send("two");
  assert.deepEqual([conversation.session.session_name, ...texts(conversation)], ["s2", "two"]);
});
