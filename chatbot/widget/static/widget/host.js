// The page that embeds us, spoken to through its loader. Opened by itself, the page has no host and is always shown.

export class Host {
  shown = window.parent === window;
  embedded = window.parent !== window;
  #onshown;
  #onask;

  constructor({ onshown, onask }) {
    this.#onshown = onshown;
    this.#onask = onask;
    window.addEventListener("message", (event) => event.source === window.parent && this.#hear(event.data ?? {}));
    document.addEventListener("visibilitychange", () => this.#onshown(this.visible));
  }

  /** Whether the customer can see the conversation right now. */
  get visible() {
    return this.shown && document.visibilityState === "visible";
  }

  /** "ready", "unread" (a count), "begun" (is there a conversation to watch?), "language" (a code), "close". */
  tell(chatplatform, value) {
    // Any site may embed us, so the target is open; nothing said here is a secret.
    if (this.embedded) window.parent.postMessage({ chatplatform, value }, "*");
  }

  #hear({ chatplatform, value }) {
    if (chatplatform === "shown" || chatplatform === "hidden") {
      this.shown = chatplatform === "shown";
      this.#onshown(this.visible);
    } else if (chatplatform === "ask" && typeof value === "string") this.#onask(value);
  }
}
