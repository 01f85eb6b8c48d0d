// Signs of life from the other side: who is writing, and the answer as far as it has come. They are hints that may get
// lost, so each ends by itself.

const WRITING = 6_000; // ms; a writer says so again every three seconds
const ANSWERING = 20_000;

export class Signs {
  author = null;
  preview = "";
  #run = null;
  #timer;
  #onchange;

  constructor(onchange) {
    this.#onchange = onchange;
  }

  writing(author, patience = WRITING) {
    this.author = author;
    this.#endAfter(patience);
    this.#onchange();
  }

  /** After a question to the AI; an old one is not being answered any more. */
  expectAnswer(askedAt = new Date()) {
    if (Date.now() - askedAt < ANSWERING) this.writing({ kind: "ai", name: "" }, ANSWERING);
  }

  /** The next piece of an answer that is being written. After a lost piece the dots say enough until the answer is here. */
  answering({ run, position, text }) {
    const fits = position === 0 || (run === this.#run && position === [...this.preview].length);
    this.preview = fits ? (position ? this.preview : "") + text : "";
    this.#run = run;
    this.writing({ kind: "ai", name: "" }, ANSWERING);
  }

  clear() {
    clearTimeout(this.#timer);
    this.author = null;
    this.preview = "";
    this.#run = null;
  }

  #endAfter(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.clear();
      this.#onchange();
    }, ms);
  }
}
