// The console, live: every event fetches again what it touches, so each tab shows what the server knows.

import { openEventStream } from "../../realtime/eventstream.js";
import { onchange } from "./address.js";
import { alarm, call } from "./alerts.js";
import * as availability from "./availability.js";
import * as calls from "./calls.js";
import "./clock.js";
import "./composer.js";
import { showStream } from "./health.js";
import "./keyboard.js";
import * as list from "./list.js";
import "./menus.js";
import * as thread from "./thread.js";
import { words } from "./words.js";

const { user, position } = document.body.dataset;
export const stream = openEventStream({ url: "/api/v1/events", position, share: `console-${user}` });
const isOpen = (payload) => payload.session_name === thread.current();

stream.on("new_message", ({ payload }) => {
  if (isOpen(payload)) thread.refreshMessages();
  if (payload.author.kind === "customer" && list.mine().has(payload.session_name)) call("new-message", payload.author.name);
  list.refresh();
});

stream.on("transfer_request", ({ payload }) => {
  call("new-work", payload.customer.name);
  list.refresh();
});

stream.on("status_change", ({ payload }) => {
  if (isOpen(payload)) thread.refreshState();
  list.refresh();
});

stream.on("handoff_brief", ({ payload }) => {
  if (isOpen(payload)) thread.refreshState();
  list.refresh();
});

stream.on("department_change", ({ payload }) => {
  if (isOpen(payload)) thread.reopen(); // or it is beyond her sight now
  const listed = document.querySelector(`[data-row="${payload.session_name}"]`);
  if (payload.status === "queued" && !listed) call("new-work", "");
  list.refresh();
});

for (const type of ["new_session", "queue_change", "conversation_read"]) stream.on(type, () => list.refresh());

stream.on("tool_call_change", ({ payload }) => calls.hear(payload));

stream.on("typing", ({ payload }) => {
  if (isOpen(payload) && payload.author.kind === "customer") thread.showTyping(payload.author.name || words("customer"));
});

stream.on("answer_delta", ({ payload }) => {
  if (isOpen(payload)) thread.showTyping(words("ai"));
});

stream.on("moderation_alert", ({ payload }) => alarm(payload));
stream.on("availability_change", availability.hear);

// Rights have changed, or the stream was closed to have them asked for anew: the lists may hold other sessions.
stream.on("person_change", () => list.refresh());
let wasLive = true;
stream.onstate((state) => {
  showStream(state);
  if (state === "live" && !wasLive) list.refresh();
  wasLive = state === "live";
});
stream.onreset(() => {
  list.refresh();
  thread.refreshMessages();
  thread.refreshState();
});
// Signed out elsewhere: the page knows where to go.
stream.onrefused(({ status }) => status === 401 && location.reload());
onchange(() => thread.hideTyping());
addEventListener("DOMContentLoaded", endEarly); // once the modules of other rooms listen too
