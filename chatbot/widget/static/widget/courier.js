import { ApiError } from "./api.js";

/** Carries what is in the outbox to the server, one after the other, until it is there or refused. */
export class Courier {
  #outbox;
  #patience;
  #post;
  #movedOn;
  #onchange;
  #busy = false;

  /** post(entry): tries once, throws ApiError; movedOn(error): whether there is a new session to try instead. */
  constructor({ outbox, patience, post, movedOn, onchange }) {
    this.#outbox = outbox;
    this.#patience = patience;
    this.#post = post;
    this.#movedOn = movedOn;
    this.#onchange = onchange;
  }

  async carry() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let entry = this.#outbox.next(); entry; entry = this.#outbox.next()) await this.#try(entry);
    } finally {
      this.#busy = false;
    }
  }

  async #try(entry) {
    try {
      await this.#post(entry);
      this.#patience.succeeded();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.#failed(entry, error);
    }
    this.#onchange();
  }

  async #failed({ client_id, movedOn }, error) {
    if (error.passing) {
      this.#outbox.mark(client_id, { delivery: "waiting" });
      this.#onchange();
      await this.#patience.wait();
    } else if (!movedOn && this.#movedOn(error)) this.#outbox.mark(client_id, { movedOn: true }); // once: then it is shown
    else this.#outbox.mark(client_id, { delivery: "failed", reason: error.message });
  }
}
