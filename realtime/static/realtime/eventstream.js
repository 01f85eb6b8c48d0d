// The browser half of realtime: live events of one stream, each once and in order, whatever happens to the network.
//
//   const stream = openEventStream({ url, headers, position, share: "desk" });
//   stream.on("new_message", ({ type, payload, timestamp, source, id }) => ...);   // "*" hears every type
//   stream.onstate((state) => ...);   // "connecting" | "live" | "retrying" | "offline" | "refused"
//   stream.onreset(() => ...);        // the position was unknown or too old: fetch the state again
//   stream.onrefused(({ status, problem }) => ...);   // 401, 403, 404 or 204: the stream has stopped for good
//   stream.close();

import { Connection } from "./connection.js";
import { Cursor } from "./position.js";
import { SharedConnection, canShare } from "./sharing.js";

const HEARTBEAT = 10_000; // ms; the server sends a sign of life at least this often

/**
 * url: the stream's address; headers: object, or function asked before each attempt; position: "epoch-offset" read before
 * the page's state was; share: name of the stream all tabs of this browser have in common, or nothing for a stream of one's own.
 */
export function openEventStream(options) {
  return new EventStream(options);
}

class EventStream {
  #cursor;
  #source;
  #state = "connecting";
  #listeners = new Map();

  constructor({ url, headers = {}, position = "", share = "", heartbeat = HEARTBEAT, ...rest }) {
    this.#cursor = new Cursor(position);
    const heard = {
      onblock: (block) => this.#apply(block),
      onstate: (state, detail) => this.#change(state, detail),
    };
    const connect = (callbacks) =>
      new Connection({ url, headers, heartbeat, position: () => this.#cursor.value, ...rest, ...callbacks });
    this.#source =
      share && canShare()
        ? new SharedConnection({ name: `eventstream:${share}`, cursor: this.#cursor, connect, heartbeat, ...heard })
        : connect(heard);
    queueMicrotask(() => this.#source.start()); // so that listeners added right after opening hear everything
  }

  get state() {
    return this.#state;
  }

  get position() {
    return this.#cursor.value;
  }

  /** Each of these returns a function that takes the listener away again. */
  on(type, listener) {
    return this.#listen(`event:${type}`, listener);
  }

  onstate(listener) {
    return this.#listen("state", listener);
  }

  onreset(listener) {
    return this.#listen("reset", listener);
  }

  onrefused(listener) {
    return this.#listen("refused", listener);
  }

  close() {
    this.#listeners.clear();
    this.#source.stop();
  }

  #apply({ id, event, data }) {
    if (event === "reset") {
      this.#cursor.jump(id);
      return this.#emit("reset", { position: id });
    }
    if (!this.#cursor.take(id) || data === null) return;
    const envelope = envelopeOf(data);
    if (!envelope) return;
    this.#emit(`event:${envelope.type}`, { ...envelope, id });
    this.#emit("event:*", { ...envelope, id });
  }

  #change(state, detail) {
    if (state === this.#state && state !== "connecting") return;
    this.#state = state;
    this.#emit("state", state);
    if (state === "refused") this.#emit("refused", detail);
  }

  #listen(kind, listener) {
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #emit(kind, value) {
    for (const listener of this.#listeners.get(kind) ?? []) {
      try {
        listener(value);
      } catch (error) {
        reportError(error); // one faulty listener must not cost the others their event
      }
    }
  }
}

function envelopeOf(data) {
  try {
    const envelope = JSON.parse(data);
    return typeof envelope?.type === "string" ? envelope : null;
  } catch {
    return null;
  }
}
