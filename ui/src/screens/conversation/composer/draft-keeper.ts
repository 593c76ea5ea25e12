/**
 * Saves what stands in the composer on every pause and when the chat is left (UX section 1, "Nothing is ever lost
 * silently"): the text, and the message it answers.
 */
import type { EventId } from '../../../backend/backend';

/** A pause in writing, in milliseconds. */
export const PAUSE = 500;

export class DraftKeeper {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #text: string;
  #replyTo: EventId | null;
  #saved: readonly [text: string, replyTo: EventId | null];

  /** `text` and `replyTo` are what the vault already has. */
  constructor(
    text: string,
    replyTo: EventId | null,
    private readonly save: (text: string, replyTo: EventId | null) => void,
  ) {
    this.#text = text;
    this.#replyTo = replyTo;
    this.#saved = [text, replyTo];
  }

  /** This is what stands there now. */
  changed(text: string, replyTo: EventId | null): void {
    if (text === this.#text && replyTo === this.#replyTo) return;
    this.#text = text;
    this.#replyTo = replyTo;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.flush();
    }, PAUSE);
  }

  /** Save now, if something changed. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const [text, replyTo] = this.#saved;
    if (this.#text === text && this.#replyTo === replyTo) return;
    this.#saved = [this.#text, this.#replyTo];
    this.save(this.#text, this.#replyTo);
  }
}
