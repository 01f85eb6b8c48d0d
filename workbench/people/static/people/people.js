// The pages of people, live: what happens to somebody fetches again what shows her.

import { openEventStream } from "../realtime/eventstream.js";
import { call } from "../desk/js/alerts.js";
import * as availability from "../desk/js/availability.js";
import "../desk/js/clock.js";
import "../desk/js/copy.js";
import { Fragment, swap } from "../desk/js/fragments.js";
import { showStream } from "../desk/js/health.js";
import "../desk/js/menus.js";

const PRESENCE = 15_000; // ms; who comes and goes sends no event: looking now and then is enough
const { user, position } = document.body.dataset;
const list = document.getElementById("people");
const person = document.getElementById("person");
const views = document.getElementById("views");
const error = document.getElementById("room-error");
let shown = "";

const room = new Fragment({
  url: () => (list || person ? location.pathname + location.search : ""),
  put(content) {
    if (content === shown) return;
    shown = content;
    keepFocus(() => swap(list ?? person, content));
  },
  onstate: (state) => (error.hidden = state === "well"),
});

const counts = new Fragment({
  url: () => (views.querySelector("[data-view]") ? "/fragments/views/" : ""),
  put(content) {
    swap(views, content);
    views.querySelector("[aria-current]")?.removeAttribute("aria-current"); // this page is none of them
  },
});

/** A link that has the focus keeps it when its row comes anew. */
function keepFocus(change) {
  const id = document.activeElement?.id;
  change();
  if (id && document.activeElement?.id !== id) document.getElementById(id)?.focus();
}

const stream = openEventStream({ url: "/api/v1/events", position, share: `console-${user}` });

stream.on("availability_change", (event) => {
  availability.hear(event);
  room.refresh();
});
stream.on("person_change", () => room.refresh());
stream.on("status_change", () => {
  room.refresh();
  counts.refresh();
});
stream.on("transfer_request", ({ payload }) => {
  call("new-work", payload.customer.name);
  counts.refresh();
});
for (const type of ["new_message", "conversation_read", "new_session", "department_change"]) stream.on(type, () => counts.refresh());

let wasLive = true;
stream.onstate((state) => {
  showStream(state);
  if (state === "live" && !wasLive) room.refresh(); // the reader's own rights may be others now
  wasLive = state === "live";
});
stream.onreset(() => {
  room.refresh();
  counts.refresh();
});
stream.onrefused(({ status }) => status === 401 && location.reload());

setInterval(() => document.hidden || room.refresh(), PRESENCE);
document.addEventListener("visibilitychange", () => document.hidden || room.refresh());

// What htmx fetches when somebody types or chooses.
document.addEventListener("htmx:afterSwap", () => {
  shown = "";
  error.hidden = true;
  document.dispatchEvent(new CustomEvent("desk:swapped"));
});
for (const fault of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(fault, (event) => {
    if (event.detail.xhr?.status === 401) location.reload();
    error.hidden = false;
    room.refresh();
  });
}

// What was typed while the page was still loading.
addEventListener("load", () => {
  const search = document.getElementById("search");
  const asked = new URLSearchParams(location.search).get("search") ?? "";
  if (search && search.value !== asked) htmx.trigger(search.form, "submit");
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("[data-dialog]")?.dataset.dialog;
  if (dialog) document.getElementById(dialog).showModal();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
});
