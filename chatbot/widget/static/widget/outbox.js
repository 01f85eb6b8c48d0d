// Messages on their way. They are written down before they are sent and taken out when the server has them, so a
// reload or a dead network cannot lose one; the server knows them by client_id, so sending again cannot double one.

export class Outbox {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  /** [{ client_id, text, created_at, delivery: "sending" | "waiting" | "failed", reason? }], oldest first. */
  get entries() {
    return this.#storage.get("outbox", []);
  }

  add(text) {
    const entry = { client_id: newClientId(), text, created_at: new Date().toISOString(), delivery: "sending" };
    this.#write([...this.entries, entry]);
    return entry;
  }

  /** The next one to send; refused ones wait for the customer. */
  next() {
    return this.entries.find((entry) => entry.delivery !== "failed");
  }

  mark(client_id, change) {
    this.#write(this.entries.map((entry) => (entry.client_id === client_id ? { ...entry, ...change } : entry)));
  }

  remove(client_id) {
    if (this.entries.some((entry) => entry.client_id === client_id))
      this.#write(this.entries.filter((entry) => entry.client_id !== client_id));
  }

  #write(entries) {
    this.#storage.set("outbox", entries);
  }
}

/** A UUID; crypto.randomUUID exists only on https and localhost. */
export function newClientId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
