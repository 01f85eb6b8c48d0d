// A bad answer of the AI becomes a question of the evaluations, with what should have answered it.

import { post } from "../../desk/js/api.js";
import { current } from "../../desk/js/thread.js";
import { notice, words } from "../../desk/js/words.js";

const PAUSE = 250; // ms without a key before the words are searched
const dialog = document.getElementById("wrong-answer");
const part = (name) => document.getElementById(`wrong-answer-${name}`);
let message = null; // the button of the answer that is meant
let asking = null;
let pause;

function open(button) {
  message = button;
  dialog.querySelector("form").reset();
  dialog.returnValue = "";
  fail("");
  show([]);
  part("search").value = question(button);
  dialog.showModal();
  part("search").select();
  find();
}

/** What the customer said before that answer. */
function question(button) {
  let line = button.closest(".message");
  while (line && !line.matches(".by-customer")) line = line.previousElementSibling;
  return line?.querySelector(".bubble").textContent.slice(0, 500) ?? "";
}

async function find() {
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams({ search: part("search").value });
  try {
    const response = await fetch(`/api/v1/copilot/articles?${query}`, { signal: asking.signal });
    if (!response.ok) return fail((await response.json().catch(() => null))?.detail ?? words("failed"));
    fail("");
    show((await response.json()).results);
  } catch (error) {
    if (error.name !== "AbortError") fail(words("failed"));
  }
}

function show(articles) {
  const empty = Object.assign(document.createElement("p"), { textContent: words("no-articles") });
  const nothing = part("search").value.trim() ? [empty] : [];
  part("articles").replaceChildren(...(articles.length ? articles.map(choice) : nothing));
  settle();
}

function choice({ slug, title, category }) {
  const label = document.createElement("label");
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "article", value: slug });
  const where = Object.assign(document.createElement("small"), { textContent: category });
  label.append(radio, title, where);
  return label;
}

function chosen() {
  return dialog.querySelector("input[name=article]:checked");
}

function settle() {
  part("save").disabled = !chosen();
}

function fail(said) {
  part("error").hidden = !said;
  part("error").textContent = said;
}

async function save() {
  part("save").disabled = true;
  const body = { session: current(), message: Number(message.dataset.wrongAnswer), article: chosen().value || null };
  try {
    const answer = await post("/evaluation/cases", body);
    if (!answer.ok) return fail(answer.data?.errors?.[0]?.message ?? answer.data?.detail ?? words("failed"));
    dialog.close();
    message.disabled = true;
    notice(words("case-kept"));
  } catch {
    fail(words("failed"));
  } finally {
    settle();
  }
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-wrong-answer]");
    if (button) open(button);
  });
  dialog.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "save") return;
    event.preventDefault();
    save();
  });
  dialog.addEventListener("change", settle);
  part("search").addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(find, PAUSE);
  });
  // Enter searches at once: the first button of a form would close the dialog.
  part("search").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    clearTimeout(pause);
    find();
  });
}
