/**
 * Changes of messages that were begun and not finished (UX section 1, "Nothing is ever lost silently"). They live as long
 * as the window does and are written nowhere: a change is no draft.
 */
import type { EventId, Message } from '../../backend/backend';

export class Edits {
  #texts = new Map<EventId, string>();
  /** What is being changed, by chat or thread. */
  #open = new Map<string, Message>();

  /** What a change of this message said last; `null` if there is none. */
  text(event: EventId | null): string | null {
    return event === null ? null : (this.#texts.get(event) ?? null);
  }

  /** What the change of a message says now, and what it says without. */
  keep(place: string, message: Message, text: string, was: string): void {
    const { event } = message;
    if (event === null) return;
    if (text === was) this.done(place, event);
    else {
      this.#texts.set(event, text);
      this.#open.set(place, message);
    }
  }

  /** The change was made, or is none. */
  done(place: string, event: EventId): void {
    this.#texts.delete(event);
    if (this.#open.get(place)?.event === event) this.#open.delete(place);
  }

  /** The person left it: it waits with its message. */
  left(place: string): void {
    this.#open.delete(place);
  }

  /** What was being changed when this chat or thread was left. */
  begun(place: string): Message | null {
    return this.#open.get(place) ?? null;
  }
}
