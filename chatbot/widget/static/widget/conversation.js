// One customer's conversation as the page knows it: opened with the first message, restored after a reload, kept live by
// the event stream. Everything here survives: the server has the truth, the outbox has what it does not have yet.

import { ApiError } from "./api.js";
import { Courier } from "./courier.js";
import { Outbox } from "./outbox.js";
import { Patience } from "./patience.js";
import { Signs } from "./signs.js";
import { Thread } from "./thread.js";
import { ToolCalls } from "./toolcalls.js";

const TYPING_EVERY = 3_000; // ms
const POSITION_AFTER = 300; // ms; a queue that moves is asked about once, not for each who left it

export class Conversation {
  thread = new Thread();
  calls = new ToolCalls();
  signs = new Signs(() => this.#changed());
  session = null; // the SessionOut, once the server has told
  connection = "idle"; // then the stream's state
  startedAnew = false;
  trouble = "";

  #tenant;
  #api;
  #storage;
  #outbox;
  #openStream;
  #stream = null;
  #listeners = new Set();
  #patience = new Patience();
  #courier;
  #typedAt = 0;
  #positionTimer = null;

  constructor({ tenant, api, storage, openStream }) {
    this.#tenant = tenant;
    this.#api = api;
    this.#storage = storage;
    this.#outbox = new Outbox(storage);
    this.#openStream = openStream;
    this.#courier = new Courier({
      outbox: this.#outbox,
      patience: this.#patience,
      post: (entry) => this.#post(entry),
      movedOn: (error) => this.#movedOn(error),
      onchange: () => this.#changed(),
    });
    storage.onchange((key) => this.#otherTabWrote(key));
    globalThis.addEventListener?.("online", () => this.#retryNow());
  }

  onchange(listener) {
    this.#listeners.add(listener);
  }

  get items() {
    return this.calls.marked(this.thread.items(this.#outbox.entries));
  }

  get status() {
    return this.session?.status ?? "ai_active";
  }

  get begun() {
    return Boolean(this.#access) || this.items.length > 0;
  }

  async restore() {
    if (this.#access) await this.#refresh();
    await this.#courier.carry();
  }

  // --- what the customer does

  async send(text) {
    this.startedAnew = false;
    this.#outbox.add(text);
    this.#changed();
    await this.#courier.carry();
  }

  async resend(client_id) {
    this.#outbox.mark(client_id, { delivery: "sending", reason: "" });
    await this.#retryNow();
  }

  discard(client_id) {
    this.#outbox.remove(client_id);
    this.#changed();
  }

  /** Asks for a person; on a conversation that is over, in a new one. */
  talkToPerson() {
    return this.#act(async () => {
      if (this.status === "resolved") this.#forget();
      await this.#ensureSession();
      return this.#access && this.#api.requestTransfer(this.#access); // left meanwhile: nothing to ask for
    });
  }

  /** Says yes or no to what the assistant asked to do; whoever is late sees how it stands. */
  async decide(call, verb) {
    this.trouble = "";
    try {
      this.calls.heard(await this.#api.decide(this.#access, call, verb));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.problem.call) this.calls.heard(error.problem.call);
      else this.trouble = error.status ? error.message : "trouble";
    }
    this.#changed();
  }

  cancelWaiting() {
    return this.#act(() => this.#api.cancelTransfer(this.#access));
  }

  end() {
    return this.#act(() => this.#api.close(this.#access));
  }

  startAnew() {
    this.#forget();
    this.#changed();
  }

  /** Tells the agent at most every few seconds; nobody looks while the AI has the conversation. */
  typing() {
    const watched = this.status === "active" || this.status === "queued";
    if (!watched || Date.now() - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = Date.now();
    this.#api.announceTyping(this.#access).catch(() => {}); // worth nothing a moment later
  }

  // --- sending

  async #post({ text, client_id }) {
    await this.#ensureSession();
    const access = this.#access;
    const message = await this.#api.postMessage(access, { text, client_id });
    this.#outbox.remove(client_id);
    if (this.#isCurrent(access)) this.#receive(message);
  }

  /** Leaves a session that is over or gone, so that the next attempt opens a new one. */
  #movedOn({ code, status }) {
    const over = code === "session_closed" || status === 401 || status === 404;
    if (!over || !this.#access) return false;
    this.#forget({ keepOutbox: true });
    this.startedAnew = true;
    return true;
  }

  #retryNow() {
    this.#patience.hurry();
    return this.#courier.carry();
  }

  /** Runs a command; a conflict tells the truth, which is then what we show. */
  async #act(command) {
    this.trouble = "";
    try {
      this.#adopt(await command());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.problem.session) this.#adopt(error.problem.session);
      else this.trouble = error.status ? error.message : "trouble";
    }
    this.#changed();
  }

  // --- the session

  get #access() {
    return this.#storage.get("session");
  }

  #isCurrent(access) {
    return Boolean(access) && access.session_name === this.#access?.session_name;
  }

  async #ensureSession() {
    if (!this.#access) await oneTabAtATime(`open:${this.#tenant}`, () => this.#open());
    if (!this.#stream) await this.#refresh();
  }

  async #open() {
    if (this.#access) return; // another tab was quicker
    const opened = await this.#api.openSession(this.#tenant, this.#storage.get("customer")); // the same customer again
    this.#storage.set("customer", opened.token);
    this.#storage.set("session", { session_name: opened.session_name, token: opened.token });
    this.#adopt(opened);
    this.#connect(opened.position);
  }

  /** Reads everything anew. The position is the one read first, so the stream repeats rather than misses. */
  async #refresh() {
    const access = this.#access;
    try {
      const session = await this.#api.readSession(access);
      if (!this.#isCurrent(access)) return;
      this.#adopt(session);
      await this.#readMessages(access);
      if (!this.#isCurrent(access)) return;
      if (!this.#stream) this.#connect(session.position);
      this.#patience.succeeded();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.passing) return this.#lost();
      this.connection = globalThis.navigator?.onLine === false ? "offline" : "retrying";
      this.#changed();
      await this.#patience.wait();
      if (this.#isCurrent(access)) return this.#refresh();
    }
    this.#changed();
  }

  async #readMessages(access) {
    for (let page, after = 0; page?.more !== false; after = page.results.at(-1)?.id) {
      page = await this.#api.readMessages(access, after);
      for (const message of page.results) this.#merge(message);
    }
    if (this.thread.last) this.#expectAnswerTo(this.thread.last);
  }

  #adopt(session) {
    if (!this.#isCurrent(session)) return; // an answer about a conversation we have left meanwhile
    const newer = (session.version ?? Infinity) >= (this.session?.version ?? 0);
    if (newer) this.session = { ...this.session, ...session };
  }

  /** The server does not know the session any more, or not us. */
  #lost() {
    this.#forget({ keepOutbox: true });
    this.#changed();
  }

  #forget({ keepOutbox = false } = {}) {
    this.#stream?.close();
    this.#stream = null;
    this.#storage.remove("session");
    if (!keepOutbox) this.#storage.remove("outbox");
    this.session = null;
    this.connection = "idle";
    this.thread.clear();
    this.signs.clear();
    this.calls.clear();
  }

  // --- live

  #connect(position) {
    const access = this.#access;
    const stream = (this.#stream = this.#openStream({
      url: this.#api.eventsAddress(access),
      headers: { Authorization: `Bearer ${access.token}` },
      position,
      share: `session:${access.session_name}`,
    }));
    stream.onstate((state) => this.#connectionChanged(state));
    stream.onreset(() => this.#refresh());
    stream.onrefused(({ status }) => status !== 204 && this.#lost());
    stream.on("new_message", ({ payload }) => this.#receive(payload));
    stream.on("status_change", ({ payload }) => this.#statusChanged(payload));
    stream.on("queue_change", () => (this.#positionTimer ??= setTimeout(() => this.#readPosition(), POSITION_AFTER)));
    stream.on("tool_call_change", ({ payload }) => (this.calls.heard(payload.call), this.#changed()));
    stream.on("typing", ({ payload }) => payload.author.kind !== "customer" && this.signs.writing(payload.author));
    stream.on("answer_delta", ({ payload }) => this.#answers(payload) && this.signs.answering(payload));
  }

  #connectionChanged(state) {
    this.connection = state;
    if (state === "live") this.#retryNow();
    this.#changed();
  }

  #receive(message) {
    if (this.#merge(message)) this.#expectAnswerTo(message);
    this.#changed();
  }

  /** Whether the AI still has the word for which this piece was written: a person may have taken over since. */
  #answers({ version, run }) {
    const isTurn = this.status === "ai_active" && (version ?? Infinity) >= (this.session?.version ?? 0);
    return isTurn && !this.thread.has(`run-${run}`);
  }

  #expectAnswerTo(message) {
    if (message.author.kind !== "customer") this.signs.clear();
    else if (this.status === "ai_active") this.signs.expectAnswer(new Date(message.created_at));
  }

  #merge(message) {
    this.#outbox.remove(message.client_id);
    return this.thread.merge(message);
  }

  #statusChanged({ reason, previous, ...session }) {
    this.#adopt(session);
    if (session.status !== "ai_active") this.signs.clear();
    this.#changed();
  }

  async #readPosition() {
    this.#positionTimer = null;
    if (!this.#access) return;
    const session = await this.#api.readSession(this.#access).catch(() => null); // the next change asks again
    if (session) this.#adopt(session);
    this.#changed();
  }

  #otherTabWrote(key) {
    const name = this.#access?.session_name;
    if (key === "session" && name !== this.session?.session_name) {
      this.#stream?.close();
      this.#stream = null;
      this.session = null;
      this.thread.clear();
      if (name) this.#refresh();
    }
    this.#changed();
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}

function oneTabAtATime(name, task) {
  return globalThis.navigator?.locks ? navigator.locks.request(name, task) : task();
}
