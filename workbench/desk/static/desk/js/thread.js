// The right pane: the open conversation, its messages as they come, and what is known about it.

import { onchange, openName, query } from "./address.js";
import { post } from "./api.js";
import { Fragment, html, swap } from "./fragments.js";
import { words } from "./words.js";

const NEAR = 120; // px from the end that still count as reading along
const TYPING = 6_000; // ms that "is writing" stays without a further sign
const pane = document.getElementById("pane");
let opening = null;
let readUpto = 0;
let typing;
let height = 0;

// What grows below, a long draft for one, must not push the last words out of sight.
const resized = new ResizeObserver(([{ target }]) => {
  const lost = height - target.clientHeight;
  height = target.clientHeight;
  if (target.scrollHeight - target.scrollTop - target.clientHeight - lost < NEAR) target.scrollTop = target.scrollHeight;
});

const tail = new Fragment({
  url: () => (current() ? `/c/${current()}/messages/?after=${lastId()}` : ""),
  put: append,
});

const state = new Fragment({
  url: () => (current() ? `/c/${current()}/state/?${query()}` : ""),
  put: (content) => swap(document.getElementById("thread-head"), content, "outerHTML"),
});

/** The name of the conversation on screen, or "". */
export function current() {
  return document.getElementById("conversation")?.dataset.conversation ?? "";
}

export function refreshMessages() {
  return tail.refresh();
}

export function refreshState() {
  return state.refresh();
}

/** Fetch the open conversation anew. */
export async function reopen() {
  opening?.abort();
  const name = openName();
  readUpto = 0;
  if (!name) return leave();
  opening = new AbortController();
  pane.setAttribute("aria-busy", "true");
  try {
    show(await html(`/c/${name}/pane/?${query()}`, { signal: opening.signal }));
  } catch (error) {
    if (error.name !== "AbortError") fail();
  }
}

/** Show that somebody writes; `who` is a name. */
export function showTyping(who) {
  const line = document.querySelector("[data-typing]");
  if (!line) return;
  line.querySelector("b").textContent = who;
  line.hidden = false;
  clearTimeout(typing);
  typing = setTimeout(hideTyping, TYPING);
  if (isNearEnd()) toEnd();
}

export function hideTyping() {
  const line = document.querySelector("[data-typing]");
  if (line) line.hidden = true;
}

/** Tell the server how far the agent has read, if she looks at the end of a conversation of hers. */
export function markRead() {
  const upto = lastId();
  if (document.hidden || upto <= readUpto || !document.getElementById("reply-form") || !isNearEnd()) return;
  readUpto = upto;
  post(`/sessions/${current()}/read`, { last_message_id: upto }).catch(() => (readUpto = 0));
}

function show(content) {
  swap(pane, content);
  settle();
}

function settle() {
  pane.removeAttribute("aria-busy");
  toEnd();
  watchHeight();
  markRead();
  document.dispatchEvent(new CustomEvent("desk:opened"));
}

function watchHeight() {
  resized.disconnect();
  height = scroller().clientHeight;
  resized.observe(scroller());
}

function leave() {
  pane.removeAttribute("aria-busy");
  html(`/fragments/nothing-open/`).then((content) => openName() || swap(pane, content), () => {});
}

function fail() {
  const empty = document.createElement("div");
  empty.className = "empty";
  empty.setAttribute("role", "alert");
  empty.append(Object.assign(document.createElement("p"), { textContent: words("pane-failed") }));
  pane.replaceChildren(empty);
  pane.removeAttribute("aria-busy");
}

function append(content) {
  const list = document.getElementById("message-list");
  const follows = isNearEnd();
  const before = list.childElementCount;
  swap(list, content, "beforeend");
  if (list.childElementCount === before) return;
  hideTyping();
  speak([...list.children].slice(before));
  if (follows) toEnd();
  else document.getElementById("to-latest").hidden = false;
  markRead();
}

/** Put the line of a tool's call where it stands already, or at the end. */
export async function refreshCall(id) {
  const name = current();
  const content = await html(`/c/${name}/calls/${id}/`);
  if (name !== current()) return; // left meanwhile
  const there = document.getElementById(`call-${id}`);
  const [wasOpen, follows] = [there?.querySelector("details")?.open, isNearEnd()];
  if (there) swap(there, content, "outerHTML");
  else swap(document.getElementById("message-list"), content, "beforeend");
  if (wasOpen) document.querySelector(`#call-${id} details`).open = true;
  if (follows) toEnd();
}

/** Screen readers hear what is new, and only that. */
function speak(lines) {
  const texts = lines.map((line) => line.textContent.replace(/\s+/g, " ").trim());
  document.getElementById("spoken").textContent = texts.join(" ");
}

function lastId() {
  const last = [...document.querySelectorAll("#message-list > [data-message]")].at(-1);
  return Number(last?.dataset.message ?? 0);
}

function scroller() {
  return document.getElementById("messages");
}

function isNearEnd() {
  const box = scroller();
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

function toEnd() {
  const box = scroller();
  if (box) box.scrollTop = box.scrollHeight;
}

// A reply that is being written stays where it is as long as there is something to reply to.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const there = event.detail.target;
  const comes = event.detail.fragment.firstElementChild;
  const same = there.id === "composer" && there.dataset.mode === "reply" && comes?.dataset.mode === "reply";
  if (same) event.detail.shouldSwap = false;
});

pane.addEventListener("click", (event) => {
  if (event.target.closest("#to-latest")) toEnd();
  if (event.target.closest("[data-toggle-details]")) {
    const shown = document.getElementById("conversation").classList.toggle("shows-details");
    document.getElementById("show-details").setAttribute("aria-expanded", String(shown));
  }
});

// "scroll" does not bubble: it is caught on its way down.
pane.addEventListener(
  "scroll",
  () => {
    const button = document.getElementById("to-latest");
    if (!button || !isNearEnd()) return;
    button.hidden = true;
    markRead();
  },
  { capture: true, passive: true },
);

document.addEventListener("visibilitychange", markRead);
document.addEventListener("desk:swapped", markRead); // accepted just now: it is hers from here on
onchange(({ opened }) => opened && reopen());
if (current()) settle();
