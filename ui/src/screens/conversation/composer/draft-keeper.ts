/**
 * Saves what stands in the composer on every pause and when the chat is left (UX section 1, "Nothing is ever lost
 * silently"): the text, and the message it answers. Sending empties the vault's draft together with recording the
 * message, so while something is being sent nothing is saved.
 */
import type { EventId } from '../../../backend/backend';

/** A pause in writing, in milliseconds. */
export const PAUSE = 500;

export class DraftKeeper {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #text: string;
  #replyTo: EventId | null;
  #saved: readonly [text: string, replyTo: EventId | null];
  #held = false;
  /** The last save, until it came to its end. */
  #saving: Promise<void> | null = null;

  /** `text` and `replyTo` are what the vault already has. */
  constructor(
    text: string,
    replyTo: EventId | null,
    private readonly save: (text: string, replyTo: EventId | null) => Promise<void>,
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
    this.#stop();
    if (this.#held) return;
    this.#timer = setTimeout(() => {
      this.flush();
    }, PAUSE);
  }

  /**
   * What stands there is about to be sent, once a save that is under way has come to its end: it must not come after.
   * {@link sent} or {@link kept} says what became of it.
   */
  async hold(): Promise<void> {
    this.#stop();
    this.#held = true;
    if (this.#saving) await this.#saving;
  }

  /** It was sent, and the vault's draft is empty. This is what stands there now. */
  sent(text: string, replyTo: EventId | null): void {
    this.#saved = ['', null];
    this.changed(text, replyTo);
    this.kept();
  }

  /** It was not sent. */
  kept(): void {
    this.#held = false;
    this.flush();
  }

  /** Save now, if something changed. */
  flush(): void {
    this.#stop();
    if (this.#held) return;
    const [text, replyTo] = this.#saved;
    if (this.#text === text && this.#replyTo === replyTo) return;
    this.#saved = [this.#text, this.#replyTo];
    const saving = this.save(this.#text, this.#replyTo).finally(() => {
      if (this.#saving === saving) this.#saving = null;
    });
    this.#saving = saving;
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
