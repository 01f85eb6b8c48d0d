// Where a draft appears: as it is written, with its sources, and with what can be done with it.

import { words } from "../../desk/js/words.js";

const NEAR = 40; // px from the end that still count as reading along
const ACTIONS = {
  writing: ["stop"],
  ready: ["copy", "use"],
  stopped: ["retry", "copy", "use"],
  failed: ["retry"],
  used: ["undo"],
  undone: ["copy", "use"],
};

/** One answer. `request` is { task, text, title, isForDraft } and whatever asking again needs. */
export class Panel {
  text = "";
  #element;

  constructor(element, request) {
    this.request = request;
    this.#element = element;
    this.#part("title").textContent = request.title;
    this.#part("note").textContent = "";
    this.#part("text").textContent = "";
    this.#showBefore();
    this.#showSources([]);
    this.#become("writing");
    element.hidden = false;
  }

  get isOpen() {
    return this.#element.isConnected && !this.#element.hidden;
  }

  holdsFocus() {
    return this.#element.contains(document.activeElement);
  }

  say(status) {
    this.#part("status").textContent = status;
  }

  write(text) {
    const box = this.#part("content");
    const follows = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    this.text = text;
    this.#part("text").textContent = text;
    if (follows) box.scrollTop = box.scrollHeight;
  }

  finish({ text, origin, sources }) {
    this.write(text);
    this.#showSources(sources);
    this.#part("note").textContent = words(`copilot-by-${origin}`);
    this.#become("ready");
    this.#part("content").scrollTop = 0;
    this.#offerFocus();
  }

  fail(said) {
    this.write("");
    this.#part("error").textContent = said;
    this.#become("failed");
  }

  stop() {
    this.#become("stopped");
  }

  used() {
    this.#become("used");
  }

  undone() {
    this.#become("undone");
  }

  /** The draft goes on from what was used: nothing is left to undo here. */
  settle() {
    if (this.#element.dataset.state === "used" && document.getElementById("reply-text").value !== this.text) this.close();
  }

  close() {
    this.#element.hidden = true;
  }

  /** Put the text on the clipboard; false if the browser lets nobody. */
  async copied() {
    try {
      await navigator.clipboard.writeText(this.text);
      return true;
    } catch {
      getSelection().selectAllChildren(this.#part("text")); // plain http has no clipboard
      return document.execCommand("copy");
    }
  }

  #part(name) {
    return this.#element.querySelector(`[data-part="${name}"]`);
  }

  #become(state) {
    this.#element.dataset.state = state;
    this.#element.setAttribute("aria-busy", String(state === "writing"));
    this.#part("error").hidden = state !== "failed";
    this.say(words(`copilot-${state}`));
    for (const button of this.#element.querySelectorAll("footer [data-copilot-do]")) button.hidden = !this.#offers(button.dataset.copilotDo, state);
  }

  #offers(act, state) {
    if (!ACTIONS[state].includes(act)) return false;
    if (act === "copy") return this.text !== "";
    return act !== "use" || (this.text !== "" && this.request.isForDraft && document.getElementById("reply-text") !== null);
  }

  #showBefore() {
    const box = this.#part("before");
    box.hidden = this.request.task !== "improve";
    box.querySelector("p").textContent = this.request.text;
  }

  #showSources(sources) {
    const list = this.#part("sources");
    list.hidden = !sources.length;
    list.replaceChildren(...sources.map(link));
  }

  /** Whoever waits with the keyboard goes on from here; whoever writes is left alone. */
  #offerFocus() {
    const free = document.activeElement === document.body || document.activeElement?.closest("#copilot");
    const offered = [...this.#element.querySelectorAll("footer .button:not([hidden])")];
    if (free) offered.at(-1)?.focus(); // Use, or else Copy
  }
}

function link({ title, heading, quote, url }) {
  const item = document.createElement("li");
  const anchor = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", title: quote });
  anchor.textContent = heading && heading !== title ? `${title} › ${heading}` : title;
  item.append(anchor);
  return item;
}
