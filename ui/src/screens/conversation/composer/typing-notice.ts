/**
 * Tells the others that this person is writing: at most every four seconds while text changes, and once when it stops.
 */

/** The shortest time between two notices, in milliseconds. */
export const NOTICE_EVERY = 4000;

export class TypingNotice {
  #last = Number.NEGATIVE_INFINITY;
  #on = false;

  constructor(
    private readonly tell: (typing: boolean) => void,
    private readonly clock: () => number = () => Date.now(),
  ) {}

  /** The person changed the text to `text`. */
  changed(text: string): void {
    if (text.trim() === '') {
      this.stop();
      return;
    }
    const now = this.clock();
    if (now - this.#last < NOTICE_EVERY) return;
    this.#last = now;
    this.#on = true;
    this.tell(true);
  }

  /** The text was sent, cleared or left. */
  stop(): void {
    if (!this.#on) return;
    this.#on = false;
    this.#last = Number.NEGATIVE_INFINITY;
    this.tell(false);
  }
}
