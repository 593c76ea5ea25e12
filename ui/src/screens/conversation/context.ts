/**
 * What the rows of a conversation may do. Given once by `Conversation.svelte`, so that a message does not pass eight
 * functions down to its smallest part.
 */
import { getContext, setContext } from 'svelte';

import type { EventId, Image, MediaRef, Message, Timestamp, TransactionId } from '../../backend/backend';

/** A link as a span carries it. */
export interface Link {
  readonly href: string;
  readonly host: string;
  readonly misleading: boolean;
}

export interface Reach {
  /** The address of a picture for `<img src>`. */
  mediaUrl(media: MediaRef): string;
  /** Open a link outside; asks first when its text pretends another target. */
  openLink(link: Link): void;
  /** Show a picture large. */
  openImage(image: Image, label: string): void;
  /** Save a file; returns the name it was given. */
  saveFile(media: MediaRef): Promise<string>;
  /** Go to a message, wherever it is. */
  goTo(event: EventId): void;
  /** Ask for a day to go to, beginning at the one of this moment. */
  pickDay(time: Timestamp, anchor: HTMLElement): void;
  /** Answer a message. */
  reply(message: Message): void;
  /** Put the text of a message on the clipboard. */
  copy(message: Message): void;
  /** Send a failed message again. */
  retry(transaction: TransactionId): void;
  /** Give up a failed message. */
  discard(transaction: TransactionId): void;
}

const KEY = Symbol('conversation');

export function provideReach(reach: Reach): void {
  setContext(KEY, reach);
}

export function useReach(): Reach {
  return getContext<Reach>(KEY);
}
