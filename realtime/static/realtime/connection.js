// One HTTP event stream that does not give up. It reads with fetch, not EventSource: heartbeats are comments, which
// EventSource hides from any watchdog; EventSource stops for good on a proxy's 502; and it cannot send a token header.

import { SSEParser } from "./sseparser.js";

const REFUSALS = new Set([204, 401, 403, 404]); // "stop asking": logged out, not allowed, gone
const SILENT_HEARTBEATS = 2.5; // a half-open socket never errors by itself
const FIRST_DELAY = 2_000; // ms, until the server says `retry:`
const LONGEST_DELAY = 30_000;
const SHORTEST_DELAY = 200;

/** Full jitter: anywhere below a ceiling that doubles with each failure, so that a fleet spreads out. */
export function reconnectDelay(failures, retry, random = Math.random) {
  const ceiling = Math.min(LONGEST_DELAY, retry * 2 ** Math.min(failures, 10));
  return Math.max(SHORTEST_DELAY, random() * ceiling);
}

export class Connection {
  #options;
  #retry = FIRST_DELAY;
  #asked = 0; // ms that a throttle asked us to wait
  #failures = 0;
  #stopped = false;
  #wasLive = false;
  #liveSince = null;
  #heardAt = 0;
  #abort = null;
  #endPause = null;

  /**
   * url; headers: object or function; position(): what to resume after; heartbeat: ms between the server's signs of life;
   * onblock(block), onbytes(), onstate(state, detail) with "connecting" | "live" | "retrying" | "offline" | "refused".
   */
  constructor(options) {
    this.#options = { fetch: (...args) => globalThis.fetch(...args), onbytes: () => {}, ...options };
  }

  start() {
    globalThis.addEventListener?.("online", this.#back);
    globalThis.addEventListener?.("offline", this.#lost);
    globalThis.document?.addEventListener("visibilitychange", this.#shown);
    this.#run();
  }

  stop() {
    this.#stopped = true;
    globalThis.removeEventListener?.("online", this.#back);
    globalThis.removeEventListener?.("offline", this.#lost);
    globalThis.document?.removeEventListener("visibilitychange", this.#shown);
    this.#abort?.abort();
    this.#endPause?.();
  }

  /** Tries again at once when waiting, and hangs up at once when the silence has lasted too long. */
  wake() {
    this.#failures = 0;
    this.#endPause?.();
    this.#checkSilence();
  }

  #back = () => this.wake();

  #shown = () => globalThis.document.visibilityState === "visible" && this.wake();

  #lost = () => {
    this.#abort?.abort();
    this.#options.onstate("offline");
  };

  async #run() {
    while (!this.#stopped) {
      this.#options.onstate(this.#waitingState("connecting"));
      this.#liveSince = null;
      const refusal = await this.#attempt();
      if (this.#stopped) return;
      if (refusal) {
        this.stop();
        return this.#options.onstate("refused", refusal);
      }
      this.#failures = this.#lasted() ? 0 : this.#failures + 1;
      this.#options.onstate(this.#waitingState("retrying"));
      await this.#pause(this.#asked + reconnectDelay(Math.max(0, this.#failures - 1), this.#retry));
    }
  }

  /** Whether the stream lived long enough to forget the failures before it. */
  #lasted() {
    return this.#liveSince !== null && Date.now() - this.#liveSince > this.#options.heartbeat;
  }

  #waitingState(first) {
    if (globalThis.navigator?.onLine === false) return "offline";
    return this.#wasLive || this.#failures > 0 ? "retrying" : first;
  }

  /** One request until it ends; a refusal {status, problem} or null. */
  async #attempt() {
    const abort = (this.#abort = new AbortController());
    this.#heardAt = Date.now();
    this.#asked = 0;
    const watchdog = setInterval(() => this.#checkSilence(), this.#options.heartbeat / 2);
    try {
      const response = await this.#options.fetch(this.#options.url, this.#request(abort.signal));
      if (REFUSALS.has(response.status)) return { status: response.status, problem: await problemOf(response) };
      if (response.status === 429) this.#asked = 1000 * (Number(response.headers.get("retry-after")) || 0);
      if (response.status !== 200 || !isEventStream(response)) return null;
      await this.#read(response.body.getReader());
    } catch {
      return null; // the network's ways to end a stream are all the same to us: try again
    } finally {
      clearInterval(watchdog);
      abort.abort();
    }
    return null;
  }

  async #read(reader) {
    this.#wasLive = true;
    this.#liveSince = Date.now();
    this.#options.onstate("live");
    const parser = new SSEParser({ onblock: this.#options.onblock, onretry: (ms) => (this.#retry = ms) });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#stopped) return;
      this.#heardAt = Date.now();
      this.#options.onbytes();
      parser.push(value);
    }
  }

  #request(signal) {
    const { headers, position } = this.#options;
    const own = typeof headers === "function" ? headers() : headers;
    const resume = position() ? { "Last-Event-ID": position() } : {};
    return {
      headers: { Accept: "text/event-stream", ...resume, ...own },
      cache: "no-store",
      credentials: "same-origin",
      signal,
    };
  }

  #checkSilence() {
    if (Date.now() - this.#heardAt > SILENT_HEARTBEATS * this.#options.heartbeat) this.#abort?.abort();
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function isEventStream(response) {
  return (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

async function problemOf(response) {
  return response.json().catch(() => null);
}
