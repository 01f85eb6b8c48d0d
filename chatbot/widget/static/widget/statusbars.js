import { $ } from "./dom.js";

const SHOWN_AFTER = 1_500; // ms; shorter interruptions are nobody's business
const BACK_FOR = 2_500;

/** The connection, the queue, trouble, and the end of the conversation. */
export class StatusBars {
  #parts;
  #state = "idle";
  #timer;
  #complained = false;

  constructor(parts) {
    this.#parts = parts;
    $("anew").addEventListener("click", () => parts.conversation.startAnew());
    const { text } = parts;
    $("queue-hint").textContent = text.t("queue_hint");
  }

  render() {
    const { conversation, text } = this.#parts;
    this.#connection(conversation.connection);
    this.#queue(conversation, text);
    $("anew-note").hidden = !conversation.startedAnew;
    $("anew-note").textContent = conversation.startedAnew ? text.t("started_anew") : "";
    $("over").hidden = conversation.status !== "resolved";
    $("trouble").hidden = !conversation.trouble;
    $("trouble").textContent = conversation.trouble ? text.t(conversation.trouble) : "";
  }

  #connection(state) {
    if (state === this.#state) return;
    this.#state = state;
    clearTimeout(this.#timer);
    const word = { connecting: "connecting", retrying: "reconnecting", offline: "offline" }[state];
    if (word) this.#timer = setTimeout(() => this.#complain(word), word === "offline" ? 0 : SHOWN_AFTER);
    else if (this.#complained) this.#recover();
  }

  #complain(word) {
    this.#complained = true;
    this.#show(word, word === "offline" ? "bad" : "busy");
  }

  #recover() {
    this.#complained = false;
    this.#show("back", "good");
    this.#timer = setTimeout(() => ($("connection").hidden = true), BACK_FOR);
  }

  #show(word, mood) {
    const bar = $("connection");
    bar.textContent = this.#parts.text.t(word);
    bar.dataset.mood = mood;
    bar.hidden = false;
  }

  #queue({ status, session }, text) {
    const queue = $("queue");
    queue.hidden = status !== "queued";
    const position = session?.queue_position;
    const sentence = !position ? "queue_waiting" : position === 1 ? "queue_next" : "queue_position";
    const words = text.t(sentence, { position });
    if ($("queue-text").textContent !== words) $("queue-text").textContent = words;
    $("queue-place").textContent = position ?? "…";
  }
}
