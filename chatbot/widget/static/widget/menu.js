import { $ } from "./dom.js";

/** Language, a new conversation, the end of this one. */
export class Menu {
  #button = $("menu-button");
  #menu = $("menu");

  constructor({ conversation, storage, host }) {
    this.#button.addEventListener("click", () => this.#toggle(this.#menu.hidden));
    this.#menu.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".menu-holder")) this.#toggle(false);
    });
    for (const item of this.#menu.querySelectorAll("[data-language]"))
      item.addEventListener("click", () => switchLanguage(item.dataset.language, storage, host));
    this.#on("menu-anew", () => conversation.startAnew());
    this.#on("menu-end", () => conversation.end());
    conversation.onchange(() => {
      $("menu-anew").disabled = !conversation.begun;
      $("menu-end").disabled = !conversation.session || conversation.status === "resolved";
    });
  }

  #on(id, act) {
    $(id).addEventListener("click", () => {
      this.#toggle(false);
      this.#button.focus();
      act();
    });
  }

  #toggle(shown) {
    this.#menu.hidden = !shown;
    this.#button.setAttribute("aria-expanded", String(shown));
    if (shown) this.#items()[0].focus();
  }

  #key(event) {
    const items = this.#items();
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === "Escape") {
      this.#toggle(false);
      this.#button.focus();
    } else return;
    event.preventDefault();
  }

  #items() {
    return [...this.#menu.querySelectorAll("button:not(:disabled)")];
  }
}

function switchLanguage(language, storage, host) {
  storage.set("language", language);
  host.tell("language", language);
  goTo(language);
}

/** Opened by itself, the page keeps to the language chosen earlier; whether it is on its way there. */
export function followLanguage(storage, language) {
  const chosen = storage.get("language");
  const isTold = new URLSearchParams(location.search).has("lang");
  if (isTold || !chosen || chosen === language) return false;
  goTo(chosen);
  return true;
}

function goTo(language) {
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  location.replace(address);
}
