import assert from "node:assert/strict";
import { test } from "node:test";
import { Cursor } from "../../static/realtime/position.js";
import { SharedConnection } from "../../static/realtime/sharing.js";

/** A browser with one lock and one channel, delivering at once; tabs are opened in it. */
class Browser {
  tabs = [];
  queue = [];
  holder = null;

  locks = {
    request: (name, { signal, steal }, hold) =>
      new Promise((resolve, reject) => {
        const entry = { hold, resolve, reject };
        signal?.addEventListener("abort", () => {
          this.queue = this.queue.filter((other) => other !== entry);
        });
        if (steal) {
          const robbed = this.holder;
          this.holder = null;
          this.queue.unshift(entry);
          this.grant();
          robbed?.reject(new DOMException("stolen", "AbortError"));
        } else {
          this.queue.push(entry);
          this.grant();
        }
      }),
  };

  grant() {
    if (this.holder || !this.queue.length) return;
    const entry = (this.holder = this.queue.shift());
    Promise.resolve(entry.hold()).then((value) => {
      if (this.holder !== entry) return;
      this.holder = null;
      entry.resolve(value);
      this.grant();
    });
  }

  open(position, options = {}) {
    const browser = this;
    const tab = { cursor: new Cursor(position), data: [], resets: 0, states: [], server: null, deaf: false };
    class Channel {
      constructor() {
        tab.channel = this;
      }
      postMessage(message) {
        const copy = structuredClone(message);
        for (const other of browser.tabs) if (other !== tab && !other.deaf) other.channel?.onmessage({ data: copy });
      }
      close() {
        browser.tabs = browser.tabs.filter((other) => other !== tab);
      }
    }
    tab.shared = new SharedConnection({
      name: "s",
      cursor: tab.cursor,
      heartbeat: 60_000,
      locks: this.locks,
      Channel,
      connect: (callbacks) => (tab.server = { ...callbacks, start() {}, stop: () => (tab.server = null), wake() {} }),
      onblock: ({ id, event, data }) => {
        if (event === "reset") {
          tab.resets += 1;
          tab.cursor.jump(id);
        } else if (tab.cursor.take(id) && data) tab.data.push(data);
      },
      onstate: (state) => tab.states.push(state),
      ...options,
    });
    this.tabs.push(tab);
    tab.shared.start();
    return tab;
  }

  close() {
    for (const tab of [...this.tabs]) tab.shared.stop();
  }
}

const event = (id, data = id) => ({ id, event: "message", data });
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("only one tab connects and every tab hears", async () => {
  const browser = new Browser();
  const tabs = [browser.open("e-1"), browser.open("e-1"), browser.open("e-1")];
  assert.equal(tabs.filter((tab) => tab.server).length, 1);
  tabs[0].server.onstate("live");
  tabs[0].server.onblock(event("e-2"));
  tabs[0].server.onblock({ id: null, event: "message", data: "typing" });
  for (const tab of tabs) {
    assert.deepEqual(tab.data, ["e-2", "typing"]);
    assert.equal(tab.states.at(-1), "live");
  }
  browser.close();
});

test("a late tab with an older position is handed what it missed, a newer one gets nothing twice", () => {
  const browser = new Browser();
  const leader = browser.open("e-1");
  for (const id of ["e-2", "e-3", "e-4"]) leader.server.onblock(event(id));
  const older = browser.open("e-2");
  const newer = browser.open("e-6");
  for (const id of ["e-5", "e-6", "e-7"]) leader.server.onblock(event(id));
  assert.deepEqual(older.data, ["e-3", "e-4", "e-5", "e-6", "e-7"]);
  assert.deepEqual(newer.data, ["e-7"]);
  assert.equal(older.resets + newer.resets, 0);
  browser.close();
});

test("a tab older than anything the leader knows is reset", () => {
  const browser = new Browser();
  const leader = browser.open("e-10");
  const old = browser.open("e-3");
  assert.equal(old.resets, 1);
  leader.server.onblock(event("e-11"));
  assert.deepEqual(old.data, ["e-11"]);
  browser.close();
});

test("a tab that missed a message notices by the next one and asks", () => {
  const browser = new Browser();
  const leader = browser.open("e-1");
  const follower = browser.open("e-1");
  follower.deaf = true;
  leader.server.onblock(event("e-2"));
  follower.deaf = false;
  leader.server.onblock(event("e-3"));
  assert.deepEqual(follower.data, ["e-2", "e-3"]);
  browser.close();
});

test("an id-only block moves every tab", () => {
  const browser = new Browser();
  const leader = browser.open("e-1");
  const follower = browser.open("e-1");
  leader.server.onblock({ id: "e-40", event: "message", data: null });
  const late = browser.open("e-5");
  assert.deepEqual([follower.cursor.value, late.cursor.value], ["e-40", "e-40"]);
  assert.equal(late.resets, 0);
  browser.close();
});

test("when the leader closes, the next tab resumes from where it is and knows what came before", async () => {
  const browser = new Browser();
  const [first, second, third] = [browser.open("e-1"), browser.open("e-1"), browser.open("e-1")];
  first.server.onblock(event("e-2"));
  third.deaf = true;
  first.server.onblock(event("e-3"));
  third.deaf = false;
  first.shared.stop();
  await settle();
  assert.ok(second.server);
  assert.equal(second.cursor.value, "e-3");
  assert.deepEqual(third.data, ["e-2", "e-3"]);
  browser.close();
});

test("a silent leader is overtaken and becomes a follower", async () => {
  const browser = new Browser();
  const frozen = browser.open("e-1");
  const eager = browser.open("e-1", { heartbeat: 10 });
  while (!eager.server) await settle();
  await settle();
  assert.equal(frozen.server, null);
  eager.server.onblock(event("e-2"));
  assert.deepEqual([frozen.data, eager.data], [["e-2"], ["e-2"]]);
  eager.shared.stop();
  await settle();
  assert.ok(frozen.server, "it queues again");
  browser.close();
});

test("a refusal reaches every tab and ends the sharing", () => {
  const browser = new Browser();
  const tabs = [browser.open("e-1"), browser.open("e-1")];
  tabs[0].server.onstate("refused", { status: 401 });
  assert.deepEqual(tabs.map((tab) => tab.states.at(-1)), ["refused", "refused"]);
  assert.equal(browser.tabs.length, 0);
});

test("where locks are forbidden each tab has a stream of its own", async () => {
  const browser = new Browser();
  browser.locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  const tabs = [browser.open("e-1"), browser.open("e-1")];
  await settle();
  assert.ok(tabs.every((tab) => tab.server));
  browser.close();
});
