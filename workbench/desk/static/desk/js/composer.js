// Writing an answer: kept while it is not sent, sent once however often it is tried.

import { post } from "./api.js";
import * as list from "./list.js";
import { current, refreshMessages, refreshState } from "./thread.js";
import { words } from "./words.js";

const TYPING = 3_000; // ms between two signs that the agent is writing
const NEARLY = 0.9; // of the longest text: from here on the length is shown
let toldTyping = 0;

const field = () => document.getElementById("reply-text");
const key = (name) => `desk:draft:${name}`;

/** What was written last and not sent; `clientId` belongs to exactly this text. */
function draft(name) {
  return JSON.parse(sessionStorage.getItem(key(name)) ?? "{}");
}

function keep(name, text) {
  const known = draft(name);
  const clientId = known.text === text ? known.clientId : undefined;
  if (text) sessionStorage.setItem(key(name), JSON.stringify({ text, clientId }));
  else sessionStorage.removeItem(key(name));
}

/** The id under which this text goes out: the same for every try. */
function clientIdOf(name, text) {
  const known = draft(name);
  const clientId = (known.text === text && known.clientId) || randomId();
  sessionStorage.setItem(key(name), JSON.stringify({ text, clientId }));
  return clientId;
}

function randomId() {
  // crypto.randomUUID exists on https only; a company's own network often has none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function send() {
  const box = field();
  const name = current();
  if (!box || box.readOnly) return;
  const text = box.value;
  const fault = faultOf(text);
  if (fault) return fail(words(fault));
  busy(true);
  try {
    const answer = await post(`/sessions/${name}/messages`, { text, client_id: clientIdOf(name, text) });
    if (answer.ok) sent(name, box);
    else if (current() === name) refused(answer);
  } catch {
    if (current() === name) fail(words("not-sent"));
  } finally {
    busy(false);
  }
}

function faultOf(text) {
  if (!text.trim()) return "empty";
  return Array.from(text).length > limit() ? "too-long" : "";
}

function sent(name, box) {
  sessionStorage.removeItem(key(name));
  box.value = "";
  fail("");
  showLength();
  refreshMessages();
  list.refresh();
}

function refused(answer) {
  fail(answer.data?.errors?.[0]?.message ?? answer.data?.detail ?? words("failed"));
  if (answer.status === 409) {
    refreshState();
    list.refresh();
  }
}

function fail(text) {
  const box = document.getElementById("reply-error");
  if (!box) return;
  box.hidden = !text;
  box.querySelector("span").textContent = text;
}

function busy(is) {
  const box = field();
  if (!box) return;
  box.readOnly = is;
  document.getElementById("send").disabled = is;
  if (!is) box.focus();
}

function limit() {
  return Number(document.getElementById("reply-length").dataset.limit);
}

function showLength() {
  const length = Array.from(field().value).length;
  const label = document.getElementById("reply-length");
  label.hidden = length < limit() * NEARLY;
  label.textContent = `${length} / ${limit()}`;
  label.classList.toggle("over", length > limit());
}

function tellTyping() {
  if (Date.now() - toldTyping < TYPING || !field().value) return;
  toldTyping = Date.now();
  post(`/sessions/${current()}/typing`).catch(() => {}); // a sign of life, not a message
}

/** Put a text into the answer; what is written there already stays, above it. */
export function suggest(text) {
  const box = field();
  if (!box || box.readOnly) return;
  const kept = box.value.trimEnd();
  box.value = kept && !kept.endsWith(text) ? `${kept}\n${text}` : kept || text;
  keep(current(), box.value);
  showLength();
  box.focus();
}

/** Bring back what was being written here. */
export function restore() {
  const box = field();
  if (!box) return;
  if (!box.value) box.value = draft(current()).text ?? "";
  showLength();
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "reply-text") return;
  keep(current(), event.target.value);
  fail("");
  showLength();
  tellTyping();
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "reply-text" || event.key !== "Enter" || event.shiftKey) return;
  if (event.isComposing || event.keyCode === 229) return; // Enter that picks a Chinese word
  event.preventDefault();
  send();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "reply-form") return;
  event.preventDefault();
  send();
});

document.addEventListener("desk:swapped", restore);
restore();
