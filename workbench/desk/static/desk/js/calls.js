// What the assistant did and wants to do: lines in the thread, approved or rejected there.

import { post } from "./api.js";
import * as thread from "./thread.js";
import { notice, words } from "./words.js";

/** A call has changed. What waits for an agent is told wherever she is. */
export function hear({ session_name, call }) {
  const isOpen = session_name === thread.current();
  if (isOpen && (call.risk === "read" || document.getElementById(`call-${call.id}`))) thread.refreshCall(call.id).catch(() => {});
  if (!isOpen && call.status === "awaiting_approval") tell(session_name, call);
}

function tell(name, { title, tool }) {
  const link = Object.assign(document.createElement("a"), { href: `/c/${name}/?view=all`, textContent: words("approval-open") });
  notice(`${words("approval-wanted", { tool: title || tool })} `).querySelector("p").append(link);
}

async function decide(id, verb, body) {
  const answer = await post(`/tool-calls/${id}/${verb}`, body).catch(() => null);
  if (!answer?.ok) notice(answer?.data?.detail ?? words("failed"));
  thread.refreshCall(id).catch(() => {});
}

function reject(id) {
  const dialog = document.getElementById("reject-call");
  const form = dialog.querySelector("form");
  form.reset();
  dialog.returnValue = "";
  dialog.showModal();
  const decided = () => dialog.returnValue && decide(id, "reject", { reason: form.elements.reason.value });
  dialog.addEventListener("close", decided, { once: true });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-approve], [data-reject]");
  if (!button) return;
  const { approve, reject: rejected } = button.dataset;
  if (rejected) return reject(rejected);
  for (const each of button.parentElement.querySelectorAll("button")) each.disabled = true;
  decide(approve, "approve", {});
});
