// Accept, return to the AI, close: one request each, and the truth if somebody was faster.

import { post } from "./api.js";
import * as list from "./list.js";
import { current, refreshMessages, refreshState } from "./thread.js";
import { notice, words } from "./words.js";

let running = false;

/** Do `accept`, `return-to-ai` or `close` in the open conversation, if it offers that. */
export async function perform(action) {
  const name = current();
  if (running || !document.querySelector(`[data-do="${action}"]`)) return;
  let body;
  if (action === "close") {
    if (!(await confirmed("confirm-close"))) return;
    body = chosen("confirm-close");
  }
  running = true;
  disable(true);
  try {
    const answer = await post(`/sessions/${name}/${action}`, body);
    if (!answer.ok) notice(explained(answer));
  } catch {
    notice(words("failed"));
  } finally {
    running = false;
    disable(false);
  }
  list.refresh();
  refreshMessages();
  await refreshState();
  if (action === "accept") document.getElementById("reply-text")?.focus();
}

function explained({ status, data }) {
  const session = status === 409 ? data?.session : null;
  if (session?.status === "active" && session.agent) return words("taken", { agent: session.agent.name });
  return data?.detail ?? words("failed");
}

function disable(is) {
  for (const button of document.querySelectorAll("[data-do]")) button.disabled = is;
}

/** What the dialog asks for besides yes or no. */
function chosen(id) {
  return Object.fromEntries(new FormData(document.getElementById(id).querySelector("form")));
}

function confirmed(id) {
  const dialog = document.getElementById(id);
  dialog.querySelector("form").reset(); // what was chosen for the last one is no reason for this one
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) =>
    dialog.addEventListener("close", () => answer(dialog.returnValue !== ""), { once: true }),
  );
}

document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-do]")?.dataset.do;
  if (action) perform(action);
  const dialog = event.target.closest("[data-dialog]")?.dataset.dialog;
  if (dialog) document.getElementById(dialog).showModal();
});
