// What the assistant asked to do: which confirmations are still open, from the thread and from events.

const DONE = new Set(["tool_done", "tool_failed", "tool_uncertain", "tool_declined", "tool_confirmation_expired"]);

export class ToolCalls {
  #statuses = new Map(); // call id -> status, the latest heard

  heard({ id, status }) {
    this.#statuses.set(id, status);
  }

  clear() {
    this.#statuses.clear();
  }

  /** The items with `card` {call, status} on those that ask for a confirmation nobody has given yet. */
  marked(items) {
    const ended = new Set(items.filter(({ code }) => DONE.has(code)).map(({ data }) => data.call));
    return items.map((item) => (item.code === "tool_confirmation" ? { ...item, card: this.#card(item.data.confirmation, ended) } : item));
  }

  #card(asked, ended) {
    if (!asked || ended.has(asked.call)) return null;
    return { call: asked.call, status: this.#statuses.get(asked.call) ?? "awaiting_confirmation" };
  }
}
