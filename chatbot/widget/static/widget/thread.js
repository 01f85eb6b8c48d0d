// The messages of one conversation: whatever way and however often one arrives, it stands here once, in the order of ids.

const SAME_BREATH = 5 * 60_000; // ms between two messages that stand under one name

export class Thread {
  #messages = new Map();

  get last() {
    return this.sorted().at(-1);
  }

  get lastId() {
    return this.last?.id ?? 0;
  }

  /** Adds a message the server has; whether it was new here. */
  merge(message) {
    const isNew = !this.#messages.has(message.id);
    this.#messages.set(message.id, message);
    return isNew;
  }

  clear() {
    this.#messages.clear();
  }

  sorted() {
    return [...this.#messages.values()].sort((a, b) => a.id - b.id);
  }

  has(client_id) {
    return this.sorted().some((message) => message.client_id === client_id);
  }

  countAfter(id) {
    return this.sorted().filter((message) => message.id > id && message.author.kind !== "customer").length;
  }

  /**
   * What the screen shows: the server's messages, then those of the outbox it does not have yet. Each has a `key` that stays
   * the same while it travels, `delivery` if it is the customer's, and says whether a day or a new speaker starts with it.
   */
  items(outbox = []) {
    const stored = this.sorted();
    const arrived = new Set(stored.map((message) => message.client_id));
    const pending = outbox.filter((entry) => !arrived.has(entry.client_id)).map(asMessage);
    return [...stored, ...pending].map(placed);
  }
}

function asMessage(entry) {
  return { id: null, author: { kind: "customer", name: "" }, code: "", data: {}, ...entry };
}

function placed(message, index, all) {
  const own = message.author.kind === "customer";
  const [before, after] = [all[index - 1], all[index + 1]];
  return {
    ...message,
    key: (own && message.client_id) || `id-${message.id}`,
    delivery: own ? message.delivery ?? "delivered" : null,
    startsDay: !before || dayOf(before) !== dayOf(message),
    startsGroup: !before || !sameBreath(before, message),
    endsGroup: !after || !sameBreath(message, after),
  };
}

function sameBreath(a, b) {
  return (
    a.author.kind === b.author.kind &&
    a.author.name === b.author.name &&
    dayOf(a) === dayOf(b) &&
    new Date(b.created_at) - new Date(a.created_at) < SAME_BREATH
  );
}

function dayOf({ created_at }) {
  return new Date(created_at).toDateString();
}
