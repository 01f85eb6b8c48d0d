// A position is "epoch-offset": a place in one ordered log. A restored database starts a new epoch.

export function parsePosition(text) {
  const [, epoch, offset] = /^(.*)-(\d+)$/.exec(text ?? "") ?? [];
  return offset === undefined ? null : { epoch, offset: Number(offset) };
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
