/**
 * Saves the composer's text on every pause and when the chat is left (UX section 1, "Nothing is ever lost silently").
 */

/** A pause in writing, in milliseconds. */
export const PAUSE = 500;

export class DraftKeeper {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #text: string;
  #saved: string;

  /** `saved` is the text the vault already has. */
  constructor(
    saved: string,
    private readonly save: (text: string) => void,
  ) {
    this.#text = saved;
    this.#saved = saved;
  }

  /** The text is now this. */
  changed(text: string): void {
    this.#text = text;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.flush();
    }, PAUSE);
  }

  /** Save now, if something changed. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#text === this.#saved) return;
    this.#saved = this.#text;
    this.save(this.#text);
  }
}
