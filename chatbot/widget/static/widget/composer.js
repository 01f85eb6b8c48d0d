import { $, icon } from "./dom.js";

const NEAR = 500; // characters left when the counter appears

/** The field to write in, what it may hold, and the way to a person. */
export class Composer {
  #parts;
  #field = $("text");
  #button = "";

  constructor(parts) {
    this.#parts = parts;
    this.#field.value ||= parts.storage.get("draft", ""); // some write before the script is here
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    $("person").addEventListener("click", () => this.#person());
    this.#fit();
  }

  focus() {
    // Not on phones: the keyboard would cover what was said.
    if (matchMedia("(hover: hover)").matches) this.#field.focus();
  }

  render() {
    const { conversation, text } = this.#parts;
    const agent = conversation.session?.agent?.name || text.t("someone");
    const { status } = conversation;
    if (this.#button === status + agent) return;
    this.#button = status + agent;
    const [look, words, action] = {
      queued: ["clock", text.t("transfer_waiting"), text.t("transfer_cancel")],
      active: ["person", text.t("transfer_active", { agent }), ""],
    }[status] ?? ["person", text.t("transfer"), ""];
    const emphasis = document.createElement("b");
    emphasis.textContent = action;
    $("person").replaceChildren(icon(look), words, ...(action ? [emphasis] : []));
    $("person").disabled = status === "active";
    $("person").dataset.status = status;
  }

  #person() {
    const { conversation } = this.#parts;
    return conversation.status === "queued" ? conversation.cancelWaiting() : conversation.talkToPerson();
  }

  #typed() {
    this.#parts.storage.set("draft", this.#field.value);
    this.#fit();
    if (this.#field.value.trim()) this.#parts.conversation.typing();
  }

  #key(event) {
    // isComposing, and 229 in Safari: this Enter chooses a character, it does not send.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.#field.value;
    if (!text.trim() || this.#left() < 0) return;
    this.#field.value = "";
    this.#typed();
    this.#parts.conversation.send(text);
    this.#field.focus();
  }

  #left() {
    return this.#parts.config.limit - [...this.#field.value].length; // people count characters, not UTF-16
  }

  #fit() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
    const left = this.#left();
    const { text } = this.#parts;
    $("send").disabled = left < 0 || !this.#field.value.trim();
    $("counter").dataset.over = left < 0;
    $("counter").textContent =
      left < 0 ? text.t("too_long", { over: -left }) : left <= NEAR ? text.t("counter", { left }) : "";
    this.#field.setAttribute("aria-invalid", String(left < 0));
  }
}
