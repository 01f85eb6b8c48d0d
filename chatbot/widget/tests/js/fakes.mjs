// A server, a browser's memory and a stream for the conversation's tests.

import { ApiError } from "../../static/widget/api.js";
import { Conversation } from "../../static/widget/conversation.js";
import { createStorage } from "../../static/widget/storage.js";

// Signs of life and pauses would keep the process waiting for seconds after the last test.
const { setTimeout } = globalThis;
globalThis.setTimeout = (...args) => setTimeout(...args).unref();

export function memory() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

/** Holds sessions as the real one does; `fail(error)` makes the next call fail, `lose()` its answer; `calls` says what was asked. */
export class Server {
  sessions = new Map();
  calls = [];
  #failures = [];
  #loses = false;
  #ids = 0;

  fail(...errors) {
    this.#failures.push(...errors);
  }

  lose() {
    this.#loses = true;
  }

  say(name, author, text, fields = {}) {
    const message = { id: ++this.#ids, author, text, code: "", data: {}, client_id: "", created_at: new Date().toISOString(), ...fields };
    this.sessions.get(name).messages.push(message);
    return message;
  }

  get api() {
    const call = (name, answer) => async (...args) => {
      this.calls.push(name);
      const failure = this.#failures.shift();
      if (failure) throw failure;
      const result = structuredClone(answer(...args));
      if (this.#loses) {
        this.#loses = false;
        throw new ApiError(0);
      }
      return result;
    };
    const own = ({ session_name }) => {
      const session = this.sessions.get(session_name);
      if (!session) throw new ApiError(404, { code: "unknown_session" });
      return session;
    };
    return {
      openSession: call("openSession", () => this.#open()),
      readSession: call("readSession", (access) => own(access).session),
      readMessages: call("readMessages", (access, after) => ({
        results: own(access).messages.filter(({ id }) => id > after),
        more: false,
      })),
      postMessage: call("postMessage", (access, { text, client_id }) => {
        const known = own(access).messages.find((message) => message.client_id === client_id);
        return known ?? this.say(access.session_name, { kind: "customer", name: "" }, text, { client_id });
      }),
      requestTransfer: call("requestTransfer", (access) => Object.assign(own(access).session, { status: "queued", version: 2 })),
      announceTyping: call("announceTyping", () => ({})),
      eventsAddress: ({ session_name }) => `/events/${session_name}`,
    };
  }

  #open() {
    const session_name = `s${this.sessions.size + 1}`;
    const session = { session_name, status: "ai_active", agent: null, queue_position: null, version: 1, position: "e-0" };
    this.sessions.set(session_name, { session, messages: [] });
    return { ...session, token: "t" };
  }
}

/** A page: its conversation, and the streams it opened, through which a test can tell it things. */
export function openPage(server, area = memory()) {
  const streams = [];
  const openStream = (options) => {
    const listeners = {};
    const stream = { ...options, closed: false, close: () => (stream.closed = true) };
    for (const kind of ["state", "reset", "refused"]) stream[`on${kind}`] = (listener) => (listeners[kind] = listener);
    stream.on = (type, listener) => (listeners[type] = listener);
    stream.tell = (type, payload) => listeners[type]?.(type === "state" || type === "refused" || type === "reset" ? payload : { payload });
    streams.push(stream);
    return stream;
  };
  const conversation = new Conversation({ tenant: "demo", api: server.api, storage: createStorage("demo", area), openStream });
  return { conversation, streams, area };
}

export const texts = (conversation) => conversation.items.map((item) => item.text);
