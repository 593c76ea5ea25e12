/**
 * Gathers what the polite live region says of new messages: at most one sentence in two seconds, and more than three
 * messages become one count (UX section 8).
 */

/** The shortest time between two sentences, in milliseconds. */
export const SPEAK_EVERY = 2000;

export class Announcer {
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last = Number.NEGATIVE_INFINITY;

  /** `say` puts a sentence into the live region; `summary` words a count. */
  constructor(
    private readonly say: (sentence: string) => void,
    private readonly summary: (count: number) => string,
    private readonly clock: () => number = () => Date.now(),
  ) {}

  /** A message came: "Priya: Ramp 3 is down". */
  add(sentence: string): void {
    this.#waiting.push(sentence);
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#last + SPEAK_EVERY - this.clock());
    this.#timer = setTimeout(() => {
      this.#speak();
    }, wait);
  }

  /** Forget what waits. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = [];
  }

  #speak(): void {
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#last = this.clock();
    this.say(waiting.length > 3 ? this.summary(waiting.length) : waiting.join('. '));
  }
}
