// Bytes of an event stream in, blocks out, as the HTML standard interprets them. One thing more: a block says
// whether it carried an id of its own, because an event without one is ephemeral and has no position.

const LINE_END = /\r\n|\r|\n/;

export class SSEParser {
  #decoder = new TextDecoder(); // drops one leading BOM, holds back half a character until its rest arrives
  #rest = "";
  #endedWithCR = false;
  #block = emptyBlock();
  #onblock;
  #onretry;

  /** onblock({id: string|null, event: string, data: string|null}); data is null when the block only moves the position. */
  constructor({ onblock, onretry = () => {} }) {
    this.#onblock = onblock;
    this.#onretry = onretry;
  }

  push(bytes) {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (!text) return;
    if (this.#endedWithCR && text.startsWith("\n")) text = text.slice(1); // a CRLF cut in two is one line end
    this.#endedWithCR = text ? text.endsWith("\r") : false;
    const lines = (this.#rest + text).split(LINE_END);
    this.#rest = lines.pop();
    for (const line of lines) this.#read(line);
  }

  #read(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") this.#block.data.push(value);
    else if (field === "event") this.#block.event = value;
    else if (field === "id" && !value.includes("\0")) this.#block.id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.#onretry(Number(value));
  }

  #dispatch() {
    const { id, event, data } = this.#block;
    this.#block = emptyBlock();
    if (id === null && data.length === 0) return;
    this.#onblock({ id, event: event || "message", data: data.length ? data.join("\n") : null });
  }
}

function emptyBlock() {
  return { id: null, event: "", data: [] };
}
