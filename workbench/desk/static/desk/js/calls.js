// What the assistant did and wants to do: lines in the thread, approved or rejected there.

import { query } from "./address.js";
import { tell as ring } from "./alerts.js";
import { post } from "./api.js";
import * as list from "./list.js";
import * as thread from "./thread.js";
import { notice, words } from "./words.js";

/** A call has changed. What waits for an agent is told wherever she is, if she may decide. */
export function hear({ session_name, call }) {
  const isOpen = session_name === thread.current();
  if (isOpen && (call.risk === "read" || document.getElementById(`call-${call.id}`))) thread.refreshCall(call.id).catch(() => {});
  if (call.risk === "money") list.refresh();
  if (call.status === "awaiting_approval" && document.getElementById("view-approvals")) tell(session_name, call, isOpen);
}

function tell(name, { title, tool }, isOpen) {
  const text = words("approval-wanted", { tool: title || tool });
  ring("approval", text);
  if (isOpen) return;
  const link = Object.assign(document.createElement("a"), { href: `/c/${name}/?view=approvals`, textContent: words("approval-open") });
  const told = notice(`${text} `);
  told.dataset.about = name;
  told.querySelector("p").append(link);
}

/** To what waits in this conversation; if nothing does, to the list of what waits elsewhere. */
export function goToApproval() {
  const button = document.querySelector("[data-approve]");
  if (button) button.focus();
  else document.getElementById("view-approvals")?.click();
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

// Who is there needs no notice; who comes from the list of approvals sees at once what it is about.
document.addEventListener("desk:opened", () => {
  for (const told of document.querySelectorAll(`[data-about="${thread.current()}"]`)) told.remove();
  if (query().get("view") === "approvals") document.querySelector("[data-approve]")?.scrollIntoView({ block: "center" });
});
