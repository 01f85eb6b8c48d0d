const LONGEST = 30_000; // ms

/** How long to wait before trying again: longer with every failure, not at all once there is reason for hope. */
export class Patience {
  #failures = 0;
  #waiting = new Set();

  wait() {
    const delay = Math.min(LONGEST, 1000 * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      setTimeout(resolve, delay);
    });
  }

  succeeded() {
    this.#failures = 0;
  }

  hurry() {
    this.#failures = 0;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
