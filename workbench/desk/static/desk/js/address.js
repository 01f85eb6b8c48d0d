// The address is the state: the path names the open conversation, the query what the list shows.

const listeners = new Set();
let before = openName();

export function openName() {
  return location.pathname.match(/^\/c\/([\w-]+)\/$/)?.[1] ?? "";
}

export function query() {
  return new URLSearchParams(location.search);
}

/** Go to an address of the console; `replace` leaves no step to go back to. */
export function go(url, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", url);
  announce();
}

/** The same address with other parameters; an empty value takes one away. */
export function withQuery(changes, path = location.pathname) {
  const asked = query();
  for (const [key, value] of Object.entries(changes)) {
    if (value) asked.set(key, value);
    else asked.delete(key);
  }
  const text = asked.toString();
  return text ? `${path}?${text}` : path;
}

/** listener({ opened }) after every change; `opened` is true if it is another conversation now. */
export function onchange(listener) {
  listeners.add(listener);
}

function announce() {
  const opened = openName() !== before;
  before = openName();
  for (const listener of listeners) listener({ opened });
}

addEventListener("popstate", announce);
