// A position is "epoch-offset": a place in one ordered log. A restored database starts a new epoch.

export function parsePosition(text) {
  const dash = String(text ?? "").lastIndexOf("-");
  const offset = dash < 0 ? NaN : Number(text.slice(dash + 1));
  return Number.isSafeInteger(offset) && offset >= 0 ? { epoch: text.slice(0, dash), offset } : null;
}

/** The last position a page has applied; it only goes forward, except when told to jump. */
export class Cursor {
  #value;

  constructor(position) {
    this.#value = position || "";
  }

  get value() {
    return this.#value;
  }

  /** Whether everything up to `position` has been applied here. Without a position of our own we join as of now. */
  reaches(position) {
    const [own, other] = [parsePosition(this.#value), parsePosition(position)];
    if (!own || !other) return true;
    return own.epoch === other.epoch && own.offset >= other.offset;
  }

  /** Whether an event with this id is new; if so, moves there. Events without an id are always new. */
  take(id) {
    if (!id) return true;
    const [own, other] = [parsePosition(this.#value), parsePosition(id)];
    if (own && other && own.epoch === other.epoch && other.offset <= own.offset) return false;
    this.#value = id;
    return true;
  }

  jump(position) {
    if (position) this.#value = position;
  }
}
