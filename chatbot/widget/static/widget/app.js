// The page inside the iframe: wires the conversation to what is on the screen.

import { openEventStream } from "../realtime/eventstream.js";
import { Announcer } from "./announcer.js";
import { createApi } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { $ } from "./dom.js";
import { Header } from "./header.js";
import { Host } from "./host.js";
import { followLanguage, Menu } from "./menu.js";
import { StatusBars } from "./statusbars.js";
import { createStorage } from "./storage.js";
import { createText } from "./text.js";
import { applyAccent } from "./theme.js";
import { ThreadView } from "./threadview.js";

const config = JSON.parse($("widget-config").textContent);
const text = createText(config.strings, config.language);
const storage = createStorage(config.tenant);
const conversation = new Conversation({
  tenant: config.tenant,
  api: createApi({ language: config.language }),
  storage,
  openStream: openEventStream,
});

const parts = { config, text, storage, conversation };
const composer = new Composer(parts);
const views = [new Header(parts), new StatusBars(parts), new ThreadView(parts), composer];
const announcer = new Announcer(parts);
const host = new Host({
  onshown(visible) {
    if (visible && host.shown) composer.focus();
    tellHost();
  },
  onask: (question) => conversation.send(question),
});
new Menu({ ...parts, host });

let drawing = false;
function changed() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    for (const view of views) view.render();
    announcer.announce();
    tellHost();
  });
}

/** What is seen counts as read; the rest is the number on the launcher. */
function tellHost() {
  const seen = storage.get("seen", 0);
  if (host.visible && conversation.thread.lastId > seen) storage.set("seen", conversation.thread.lastId);
  host.tell("unread", host.visible ? 0 : conversation.thread.countAfter(seen));
  host.tell("begun", conversation.begun);
}

function start() {
  applyAccent(new URLSearchParams(location.search).get("color") || config.color);
  document.body.classList.toggle("alone", !host.embedded);
  $("close").hidden = !host.embedded;
  $("close").addEventListener("click", () => host.tell("close"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) host.tell("close");
  });
  conversation.onchange(changed);
  changed();
  host.tell("ready");
  if (host.visible) composer.focus();
  conversation.restore().then(() => announcer.begin());
}

if (!followLanguage(storage, config.language)) start();
