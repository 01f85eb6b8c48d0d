// One stream for all tabs of a browser: HTTP/1.1 allows six connections a host over all of them. The tab that holds
// the lock leads, reads the stream and repeats it to the others; when it goes, the next in line resumes from where it is.
//
// Nothing may fall between two tabs: every repeated block says `after` which position it follows, a follower that is
// not there yet asks the leader for what it missed, and a leader that no longer knows answers with a reset.

import { Cursor } from "./position.js";

const KEPT_BLOCKS = 500; // what a leader can hand a late tab before it must refetch
const SILENT_HEARTBEATS = 2.5;

export function canShare() {
  return Boolean(globalThis.navigator?.locks && globalThis.BroadcastChannel);
}

export class SharedConnection {
  #options;
  #channel;
  #tab = crypto.randomUUID();
  #leading = null; // the Connection, while this tab leads
  #release = null;
  #queued = null;
  #closed = false;
  #state = "connecting";
  #heardLeaderAt = Date.now();
  #beatAt = 0;
  #kept = [];
  #keptAfter;
  #timer;

  /**
   * name: shared by all tabs with the same stream; cursor: this tab's position; connect({onblock, onbytes, onstate}): makes a
   * Connection; onblock(block), onstate(state, detail): as from a Connection of one's own; locks, Channel: the browser's.
   */
  constructor(options) {
    this.#options = { locks: globalThis.navigator?.locks, Channel: globalThis.BroadcastChannel, ...options };
    this.#keptAfter = options.cursor.value;
  }

  start() {
    const { Channel, name, heartbeat } = this.#options;
    this.#channel = new Channel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    globalThis.document?.addEventListener("visibilitychange", this.#shown);
    this.#timer = setInterval(() => this.#tick(), heartbeat);
    this.#queue();
    this.#ask();
  }

  stop() {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    globalThis.document?.removeEventListener("visibilitychange", this.#shown);
    this.#queued?.abort();
    this.#stepDown();
    this.#channel.close();
  }

  // --- who leads

  #queue({ steal = false } = {}) {
    this.#queued?.abort();
    const queued = (this.#queued = new AbortController());
    const how = steal ? { steal: true } : { signal: queued.signal };
    this.#options.locks.request(this.#options.name, how, () => this.#lead()).then(
      () => {},
      (error) => this.#lostLead(error, queued),
    );
  }

  #lead() {
    if (this.#closed) return undefined;
    this.#leading = this.#options.connect({
      onblock: (block) => this.#repeat(block),
      onbytes: () => this.#beat(),
      onstate: (state, detail) => this.#report(state, detail),
    });
    this.#leading.start();
    this.#say({ kind: "leading" });
    return new Promise((resolve) => (this.#release = resolve));
  }

  #lostLead(error, queued) {
    if (this.#closed || queued !== this.#queued || queued.signal.aborted) return;
    this.#stepDown(); // another tab took over because we were silent
    this.#heardLeaderAt = Date.now();
    if (error?.name === "AbortError") this.#queue();
    else this.#lead(); // locks are forbidden here: a stream of our own
  }

  #stepDown() {
    this.#leading?.stop();
    this.#leading = null;
    this.#release?.();
  }

  #tick() {
    if (this.#leading) return this.#beat(true);
    const silence = Date.now() - this.#heardLeaderAt;
    const visible = globalThis.document?.visibilityState !== "hidden";
    if (visible && silence > SILENT_HEARTBEATS * this.#options.heartbeat) this.#queue({ steal: true });
  }

  #shown = () => {
    if (globalThis.document.visibilityState !== "visible" || this.#leading) return;
    this.#ask();
    this.#say({ kind: "wake" }); // a hidden leader's timers are throttled
  };

  // --- what the leader says

  #repeat(block) {
    const after = this.#options.cursor.value;
    this.#options.onblock(block);
    this.#keep(block);
    this.#say({ kind: "block", block, after });
  }

  #report(state, detail) {
    this.#state = state;
    this.#options.onstate(state, detail);
    this.#say({ kind: "state", state, detail });
    if (state === "refused") this.stop();
  }

  #beat(now = false) {
    if (!now && Date.now() - this.#beatAt < this.#options.heartbeat / 2) return;
    this.#beatAt = Date.now();
    this.#say({ kind: "state", state: this.#state });
  }

  #catchUp({ from, position }) {
    const here = { id: this.#options.cursor.value, event: "", data: null };
    const known = this.#keptAfter && new Cursor(position).reaches(this.#keptAfter);
    const missed = known ? [...this.#kept, here] : [{ ...here, event: "reset" }];
    this.#say({ kind: "caughtUp", to: from, blocks: position ? missed : [here] });
    this.#beat(true);
  }

  #say(message) {
    if (!this.#closed) this.#channel.postMessage(message);
  }

  // --- what a follower hears

  #hear(message) {
    if (this.#closed) return;
    if (message.kind === "hello") return void (this.#leading && this.#catchUp(message));
    if (message.kind === "wake") return void this.#leading?.wake();
    if (this.#leading) return;
    this.#heardLeaderAt = Date.now();
    if (message.kind === "block") this.#follow(message);
    else if (message.kind === "state") this.#adopt(message);
    else if (message.kind === "caughtUp" && message.to === this.#tab) message.blocks.forEach((block) => this.#take(block));
    else if (message.kind === "leading") this.#ask();
  }

  #follow({ block, after }) {
    if (block.id === null || this.#options.cursor.reaches(after)) this.#take(block);
    else this.#ask();
  }

  #take(block) {
    this.#options.onblock(block);
    this.#keep(block);
  }

  #ask() {
    this.#say({ kind: "hello", from: this.#tab, position: this.#options.cursor.value });
  }

  #adopt({ state, detail }) {
    const changed = state !== this.#state;
    this.#state = state;
    if (changed) this.#options.onstate(state, detail);
    if (state === "refused") this.stop();
  }

  #keep(block) {
    if (block.id === null) return; // an ephemeral event is told once
    if (block.event === "reset") {
      this.#kept = [];
      this.#keptAfter = block.id;
    } else if (!this.#keptAfter) this.#keptAfter = block.id; // joined as of now: what was before is unknown here
    else if (block.data !== null) this.#kept.push(block);
    if (this.#kept.length > KEPT_BLOCKS) this.#keptAfter = this.#kept.shift().id;
  }
}
