// The left and the middle pane: views with their counts, and the list of conversations.

import { go, onchange, openName, query, withQuery } from "./address.js";
import { Fragment, swap } from "./fragments.js";

const TYPING = 200; // ms without a key until a search is worth a request
const panes = document.getElementById("panes");
const inbox = document.getElementById("inbox");
const search = document.getElementById("search");
let limit = "";
let shown = "";

const rows = new Fragment({
  url: () => `/fragments/inbox/${parameters(query())}`,
  put(content) {
    inbox.ariaBusy = "false";
    if (content === shown) return;
    shown = content;
    swap(inbox, content);
    tellTitle();
  },
  onstate: (state) => (document.getElementById("list-error").hidden = state === "well"),
});

const views = new Fragment({
  url: () => `/fragments/views/?view=${query().get("view") ?? "queue"}`,
  put(content) {
    swap(document.getElementById("views"), content);
    tellTitle();
  },
});

/** Something changed that the lists show. */
export function refresh() {
  views.refresh();
  rows.refresh();
}

/** The names of the conversations that the agent serves. */
export function mine() {
  return new Set(tally().mine?.split(" ").filter(Boolean));
}

function tally() {
  return document.querySelector("#views .views").dataset;
}

function parameters(asked) {
  if (openName()) asked.set("open", openName());
  if (limit) asked.set("limit", limit);
  const text = asked.toString();
  return text ? `?${text}` : "";
}

/** The tab says what waits: customers in the queue, messages not read yet, what is to be approved. */
function tellTitle() {
  const waiting = Number(tally().queue) + Number(tally().unread) + Number(tally().approvals);
  const title = document.getElementById("inbox-title").textContent;
  document.title = `${waiting ? `(${waiting}) ` : ""}${title} · Chatplatform`;
}

function showOpen() {
  const name = openName();
  if (name) panes.dataset.open = name;
  else delete panes.dataset.open;
  for (const row of inbox.querySelectorAll("[data-row]")) {
    if (row.dataset.row === name) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

let looked = query().get("view");
onchange(() => {
  if (looked !== (looked = query().get("view"))) inbox.ariaBusy = "true"; // what stands there is another view's
  showOpen();
  shown = "";
  refresh();
});

inbox.addEventListener("click", (event) => {
  const more = event.target.closest("#more-rows");
  if (!more) return;
  limit = more.dataset.limit;
  rows.refresh();
});

let typed;
search.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => go(withQuery({ q: search.value.trim() }), { replace: true }), TYPING);
});

// Links inside the console change the address, not the page; with a modifier they stay ordinary links.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-row], a[data-view], a[data-filter], #back-to-list");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!link.dataset.row) limit = "";
  if (link.dataset.view || link.dataset.filter !== undefined) search.value = "";
  if (link.href !== location.href) go(link.href);
});

tellTitle();
