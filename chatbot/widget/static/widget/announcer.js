import { $ } from "./dom.js";

const KEPT = 5; // lines; screen readers only speak what is added

/** Reads each new message of the other side out once, to those who listen instead of look. */
export class Announcer {
  #parts;
  #spokenUpTo = Infinity; // nothing until the history is here: nobody wants it read out

  constructor(parts) {
    this.#parts = parts;
  }

  begin() {
    this.#spokenUpTo = this.#parts.conversation.thread.lastId;
  }

  announce() {
    const { conversation, text } = this.#parts;
    for (const message of conversation.thread.sorted()) {
      if (message.id <= this.#spokenUpTo) continue;
      this.#spokenUpTo = message.id;
      if (message.author.kind === "system") this.#say(text.notice(message));
      else if (message.author.kind !== "customer")
        this.#say(text.t("says", { name: text.authorName(message.author), text: message.text }));
    }
  }

  #say(sentence) {
    const line = document.createElement("p");
    line.textContent = sentence;
    $("announcer").append(line);
    while ($("announcer").childElementCount > KEPT) $("announcer").firstElementChild.remove();
  }
}
