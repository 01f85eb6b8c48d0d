import { $, el, icon } from "./dom.js";
import { messageElement } from "./messageview.js";

const NEAR_END = 80; // px from the end that still count as reading along

/** The thread on the screen. Each message keeps its element while it travels from the outbox to the server. */
export class ThreadView {
  #parts;
  #drawn = new Map(); // key -> { element, look }
  #scroll = $("scroll");
  #last = "";

  constructor(parts) {
    this.#parts = parts;
    $("newer").append(icon("down"), parts.text.t("new_messages"));
    $("newer").addEventListener("click", () => this.#toEnd(true));
    this.#scroll.addEventListener("scroll", () => this.#atEnd() && ($("newer").hidden = true), { passive: true });
    new ResizeObserver(() => this.#followed && this.#toEnd()).observe(this.#scroll);
    this.#welcome();
  }

  #followed = true;
  #height = 0;

  render() {
    const { conversation } = this.#parts;
    const items = conversation.items;
    const shrank = this.#shrank();
    this.#followed = this.#atEnd() || (this.#followed && shrank);
    $("welcome").hidden = conversation.begun && items.length > 0;
    this.#drawThread(items);
    this.#drawSigns();
    this.#drawSuggestions(items.at(-1));
    this.#keepPlace(items.at(-1));
  }

  #drawThread(items) {
    const thread = $("thread");
    const drawn = new Map();
    items.forEach((item, index) => {
      const look = JSON.stringify(item);
      const known = this.#drawn.get(item.key);
      const element = known?.look === look ? known.element : messageElement(item, this.#parts);
      if (known && known.element !== element) known.element.replaceWith(element);
      if (known || !this.#drawn.size) element.classList.add("still");
      if (thread.children[index] !== element) thread.insertBefore(element, thread.children[index] ?? null);
      drawn.set(item.key, { element, look });
    });
    while (thread.childElementCount > items.length) thread.lastElementChild.remove();
    this.#drawn = drawn;
  }

  #drawSigns() {
    const { conversation, text } = this.#parts;
    const { author, preview } = conversation.signs;
    const signs = $("signs");
    signs.hidden = !author;
    if (!author) return signs.replaceChildren();
    const label = text.t("typing", { name: text.authorName(author) });
    const dots = el("span", { class: "dots", role: "img", "aria-label": label }, el("i"), el("i"), el("i"));
    const shown = preview ? el("p", { class: "bubble preview", "aria-hidden": "true" }, preview) : el("p", { class: "bubble" }, dots);
    const name = el("p", { class: "signs-name" }, label);
    signs.dataset.kind = author.kind;
    if (signs.textContent !== label + preview) signs.replaceChildren(name, shown);
  }

  #drawSuggestions(last) {
    const suggestions = this.#isOffering(last) ? last.data.suggestions ?? [] : [];
    const box = $("suggestions");
    box.hidden = suggestions.length === 0;
    if (box.dataset.of === String(last?.id) && box.childElementCount === suggestions.length) return;
    box.dataset.of = last?.id ?? "";
    box.replaceChildren(...suggestions.map((question) => this.#chip(question)));
  }

  #isOffering(last) {
    const { status, signs } = this.#parts.conversation;
    return last?.author.kind === "ai" && status === "ai_active" && !signs.author;
  }

  #welcome() {
    const { text, config } = this.#parts;
    $("welcome-title").textContent = text.t("welcome_title");
    $("welcome-text").textContent = text.t("welcome_text");
    $("welcome-try").textContent = text.t("welcome_try");
    $("welcome-try").hidden = config.strings.starters.length === 0;
    $("starters").replaceChildren(...config.strings.starters.map((question) => this.#chip(question)));
  }

  #chip(question) {
    const send = () => this.#parts.conversation.send(question);
    return el("button", { class: "chip", type: "button", onclick: send }, question);
  }

  // --- staying where the reader is

  #keepPlace(last) {
    const isNew = (last?.key ?? "") !== this.#last;
    this.#last = last?.key ?? "";
    if (this.#followed || (isNew && last?.author.kind === "customer")) this.#toEnd();
    else if (isNew && last) $("newer").hidden = false;
  }

  /** A bar above has taken room since the last look: whoever stood at the end has not moved. */
  #shrank() {
    const height = this.#scroll.clientHeight;
    const shrank = height < this.#height;
    this.#height = height;
    return shrank;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  #toEnd(smoothly = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scroll.scrollTo({ top: this.#scroll.scrollHeight, behavior: smoothly && !calm ? "smooth" : "instant" });
    $("newer").hidden = true;
  }
}
