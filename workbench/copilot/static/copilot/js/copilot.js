// The copilot beside the composer: asks, listens, and gives what it gets to the agent. It never sends anything.

import { post, send } from "../../desk/js/api.js";
import { stream } from "../../desk/js/console.js";
import { bind } from "../../desk/js/keyboard.js";
import { current } from "../../desk/js/thread.js";
import { notice, words } from "../../desk/js/words.js";
import * as draft from "./draft.js";
import { Panel } from "./panel.js";
import "./wrong_answer.js";

const SECOND = 1_000;
const FOR_THE_DRAFT = ["suggest", "improve"];
const root = () => document.getElementById("copilot");
let panel = null; // of what was asked for last
let asked = null; // { id, task, text, language, early, shown, timer } while an answer is awaited

/** Have a task done, if it can be done here; `of` is what is translated if it is not the agent's draft. */
export function ask(task, of = null) {
  const button = document.querySelector(`[data-copilot="${task}"]`);
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") return notice(button.dataset.says);
  const text = of?.text ?? (task === "improve" || task === "translate" ? draft.text() : "");
  if (task === "improve" && !text.trim()) return nothingToImprove();
  begin({ task, text, language: of?.language, title: button.textContent, isForDraft: !of && isForDraft(task, text) });
}

/** What the customer wrote, for the agent. */
function translate(text) {
  ask("translate", { text, language: root().dataset.language });
}

function isForDraft(task, text) {
  return FOR_THE_DRAFT.includes(task) || (task === "translate" && text.trim() !== "");
}

function nothingToImprove() {
  notice(words("copilot-no-draft"));
  draft.focus();
}

async function begin(request) {
  stop();
  panel = new Panel(document.getElementById("copilot-panel"), request);
  const mine = (asked = { ...request, id: null, early: [], shown: "", name: current() });
  mine.timer = setTimeout(() => mine === asked && fail(words("copilot-lost")), root().dataset.patience * SECOND);
  try {
    const { task, text, language } = request;
    const answer = await post(`/sessions/${mine.name}/copilot`, { task, text, ...(language && { language }) });
    if (!answer.ok) return mine === asked && fail(reason(answer));
    known(mine, answer.data.request);
  } catch {
    if (mine === asked) fail(words("failed"));
  }
}

function reason({ data }) {
  return data?.errors?.[0]?.message ?? data?.detail ?? words("failed");
}

/** The request has its id: what was heard of it before the answer said so counts too. */
function known(mine, id) {
  mine.id = id;
  if (mine !== asked) return tellStopped(mine); // dismissed meanwhile
  for (const [hear, payload] of mine.early) if (payload.request === id && mine === asked) hear(payload);
}

function heard(hear) {
  return ({ payload }) => {
    if (asked?.id === null) asked.early.push([hear, payload]);
    else if (asked?.id === payload.request) hear(payload);
  };
}

function grow({ position, text }) {
  if (position === 0) asked.shown = text;
  else if (position === Array.from(asked.shown).length) asked.shown += text;
  else return; // a piece was lost: the whole answer brings it
  panel.write(asked.shown);
}

function finish({ text, origin, sources, error }) {
  if (error) return fail(error.detail);
  end();
  panel.finish({ text, origin, sources });
}

function fail(said) {
  const given = end();
  if (given?.id) tellStopped(given);
  panel.fail(said);
}

function end() {
  const ended = asked;
  clearTimeout(ended?.timer);
  asked = null;
  return ended;
}

/** Give up what is being written, if anything is. */
function stop() {
  const given = end();
  if (given?.id) tellStopped(given);
}

function tellStopped({ name, id }) {
  send("DELETE", `/sessions/${name}/copilot/${id}`).catch(() => {}); // it ends by itself as well
}

const ACTS = {
  stop() {
    stop();
    panel.stop();
  },
  retry() {
    begin(panel.request);
  },
  dismiss() {
    stop();
    if (panel.holdsFocus()) draft.focus();
    panel.close();
  },
  async copy() {
    panel.say(words((await panel.copied()) ? "copilot-copied" : "failed"));
  },
  use() {
    draft.replace(panel.text);
    panel.used();
  },
  undo() {
    panel.undone();
    draft.undo();
  },
};

document.addEventListener("click", (event) => {
  const task = event.target.closest("[data-copilot]")?.dataset.copilot;
  if (task) ask(task);
  const message = event.target.closest("[data-translate-message]");
  if (message) translate(message.closest(".message").querySelector(".bubble").textContent);
  const act = event.target.closest("[data-copilot-do]")?.dataset.copilotDo;
  if (act) ACTS[act]();
});

// Before the desk hears it: Escape closes the panel first, and leaves a field the next time.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing || !panel?.isOpen) return;
    if (document.querySelector("dialog[open], details.account[open]")) return;
    event.stopImmediatePropagation();
    ACTS.dismiss();
  },
  { capture: true },
);

document.addEventListener("input", (event) => event.target.id === "reply-text" && panel?.settle());
document.addEventListener("desk:opened", stop); // another conversation: its panel is a new one
bind({ s: () => ask("suggest"), m: () => ask("summarise"), t: () => ask("translate"), i: () => ask("improve") });
stream.on("copilot_delta", heard(grow));
stream.on("copilot_answer", heard(finish));
