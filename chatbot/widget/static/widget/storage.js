// What this browser remembers for one tenant. Without localStorage (blocked, full) it remembers until reload.

export function createStorage(tenant, area = safeArea()) {
  const address = (key) => `chatplatform.widget.${tenant}.${key}`;
  const memory = new Map();

  return {
    get(key, fallback = null) {
      try {
        const text = area ? area.getItem(address(key)) : memory.get(key);
        return text == null ? fallback : JSON.parse(text);
      } catch {
        return fallback;
      }
    },
    set(key, value) {
      const text = JSON.stringify(value);
      memory.set(key, text);
      try {
        area?.setItem(address(key), text);
      } catch {
        area = null; // full or forbidden: go on in memory
      }
    },
    remove(key) {
      memory.delete(key);
      area?.removeItem(address(key));
    },
    /** Calls listener(key) when another tab changed something. */
    onchange(listener) {
      const prefix = address("");
      globalThis.addEventListener?.("storage", ({ key }) => key?.startsWith(prefix) && listener(key.slice(prefix.length)));
    },
  };
}

function safeArea() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
