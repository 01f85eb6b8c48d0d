// What scripts say, in the page's language: the server puts it there as templates.

/** The words of that name, with {places} filled. */
export function words(name, places = {}) {
  const text = document.querySelector(`template[data-words="${name}"]`).content.textContent;
  return text.replace(/\{(\w+)\}/g, (place, key) => places[key] ?? place);
}

const SHOWN = 9_000; // ms

/** Tell the agent something that happened; it leaves by itself. The element, for what else belongs to it. */
export function notice(text) {
  const element = document.getElementById("notice").content.firstElementChild.cloneNode(true);
  element.querySelector("p").textContent = text;
  element.querySelector("button").addEventListener("click", () => element.remove());
  document.getElementById("notices").append(element);
  setTimeout(() => element.remove(), SHOWN);
  return element;
}
