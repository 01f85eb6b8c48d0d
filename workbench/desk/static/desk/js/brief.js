// The brief above the messages: opened and closed, and its suggested reply put into the composer.

import { suggest } from "./composer.js";

const PHONE = "(width < 720px)"; // there the messages need the room; the closed line says what it is about
const place = () => document.getElementById("brief");
const panel = (within = place()) => within?.querySelector("details");
const key = (details) => `desk:brief:${details.dataset.brief}`;

/** Open it or close it; the tab remembers that. */
export function toggle() {
  const details = panel();
  if (!details) return;
  details.querySelector("summary").click(); // as by hand: it is remembered there
}

/** Put the suggested reply into the composer, if there is one to put it into. */
export function use() {
  const button = document.getElementById("use-reply");
  if (button) suggest(document.getElementById(button.dataset.use).textContent);
}

function settle(details) {
  if (!details) return;
  const closed = sessionStorage.getItem(key(details)) ?? (matchMedia(PHONE).matches ? "closed" : "");
  details.open = closed !== "closed";
}

/** The same but for being open: then the page's own stays, with its place in it. */
function looks(element) {
  const copy = element.cloneNode(true);
  for (const details of copy.querySelectorAll("details")) details.removeAttribute("open");
  return copy.innerHTML.replace(/\s+/g, " ").trim();
}

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.id !== "brief") return;
  const comes = detail.fragment.firstElementChild;
  if (comes && looks(detail.target) === looks(comes)) detail.shouldSwap = false;
});

document.addEventListener("click", (event) => {
  const summary = event.target.closest(".brief > summary");
  // Told before it toggles: open now is closed then.
  if (summary) sessionStorage.setItem(key(summary.parentElement), summary.parentElement.open ? "closed" : "open");
  if (event.target.closest("[data-use]")) use();
});

document.addEventListener("desk:swapped", () => settle(panel()));
settle(panel());
