// The desk without a mouse.

import { perform } from "./actions.js";
import * as brief from "./brief.js";
import { goToApproval } from "./calls.js";

const rows = () => [...document.querySelectorAll("#rows [data-row]")];

function move(step) {
  // Not among rows that are about to go: among those that come.
  if (document.getElementById("inbox").ariaBusy === "true") return document.addEventListener("desk:swapped", () => move(step), { once: true });
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row === document.activeElement);
  const open = all.findIndex((row) => row.getAttribute("aria-current") === "true");
  const from = at >= 0 ? at : open;
  const to = from < 0 ? 0 : Math.min(Math.max(from + step, 0), all.length - 1);
  all[to].focus();
  all[to].scrollIntoView({ block: "nearest" });
}

function view(number) {
  document.querySelectorAll("#views [data-view]")[number - 1]?.click();
}

function focus(id) {
  document.getElementById(id)?.focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => perform("accept"),
  b: () => perform("return-to-ai"),
  e: () => perform("close"),
  r: () => focus("reply-text"),
  o: () => brief.toggle(),
  u: () => brief.use(),
  "/": () => focus("search"),
  "?": () => document.getElementById("help").showModal(),
  1: () => view(1),
  2: () => view(2),
  3: () => view(3),
  4: () => view(4),
  p: () => goToApproval(),
};

/** Let other parts of the console have keys of their own: { key: () => ... }. */
export function bind(keys) {
  Object.assign(KEYS, keys);
}

function isWriting(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

function leave() {
  document.getElementById("conversation")?.classList.remove("shows-details");
  document.activeElement?.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return leave();
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const inList = event.target.closest("#rows");
  const arrow = inList && { ArrowDown: KEYS.j, ArrowUp: KEYS.k }[event.key];
  const act = arrow || (Object.hasOwn(KEYS, event.key) && KEYS[event.key]);
  if (!act) return;
  event.preventDefault();
  act();
});
