/**
 * What time it is, for words like "Yesterday". A rune, so that a list left open overnight is right in the morning.
 */
class Clock {
  /** Milliseconds since the epoch, renewed every minute. */
  now = $state(Date.now());
  #fixed = false;

  constructor() {
    this.#tick();
  }

  /** Stand still at `now`: for pictures and tests. */
  fix(now: number): void {
    this.#fixed = true;
    this.now = now;
  }

  #tick(): void {
    setTimeout(
      () => {
        if (!this.#fixed) this.now = Date.now();
        this.#tick();
      },
      60_000 - (Date.now() % 60_000),
    );
  }
}

export const clock = new Clock();
