// Pieces of the page that the server renders.

const PAUSE = 120; // ms between two requests of one fragment, so that a burst of events costs a few, not hundreds
const RETRY = 2_000; // ms

/** The HTML at an address of ours; throws if it can't be had. Without a session the page goes to the login. */
export async function html(url, { signal } = {}) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, signal, cache: "no-store" });
  if (response.status === 401) location.reload();
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response.text();
}

/** Put the server's HTML into the page; htmx keeps the focus and places what belongs elsewhere. */
export function swap(target, content, swapStyle = "innerHTML") {
  htmx.swap(target, content, { swapStyle, swapDelay: 0, settleDelay: 0 });
  document.dispatchEvent(new CustomEvent("desk:swapped"));
}

/**
 * A piece that is fetched again whenever something happens: one request at a time, and however often it was asked for
 * meanwhile, one more afterwards. `url()` may return "" for nothing to fetch; `put(content)` shows the answer.
 */
export class Fragment {
  #url;
  #put;
  #onstate;
  #running = null;
  #again = false;

  constructor({ url, put, onstate = () => {} }) {
    this.#url = url;
    this.#put = put;
    this.#onstate = onstate;
  }

  refresh() {
    if (this.#running) this.#again = true;
    else this.#running = this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run() {
    do {
      this.#again = false;
      const well = await this.#fetch();
      if (!well) this.#again = true;
      await new Promise((done) => setTimeout(done, well ? PAUSE : RETRY));
    } while (this.#again);
  }

  async #fetch() {
    const url = this.#url();
    if (!url) return true;
    try {
      const content = await html(url);
      this.#onstate("well");
      this.#show(url, content);
      return true;
    } catch (error) {
      this.#onstate("failed");
      return refused(error);
    }
  }

  #show(url, content) {
    if (url !== this.#url()) {
      this.#again = true; // the address has changed meanwhile: the answer is yesterday's
      return;
    }
    try {
      this.#put(content);
    } catch (error) {
      reportError(error); // a fault of ours, which asking again would not mend
    }
  }
}

/** A refusal stays one however often one asks; everything else may heal. */
function refused(error) {
  return /^4\d\d /.test(error.message);
}
