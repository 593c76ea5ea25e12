/**
 * What the rows of a conversation may do. Given once by `Conversation.svelte`, so that a message does not pass eight
 * functions down to its smallest part.
 */
import { getContext, setContext } from 'svelte';

import type { EventId, File, Image, MediaRef, Message, Timestamp, TransactionId, Video } from '../../backend/backend';
import type { Player } from './player.svelte';

/** A link as a span carries it. */
export interface Link {
  readonly href: string;
  readonly host: string;
  readonly misleading: boolean;
}

export interface Reach {
  /** The root of the thread that these rows stand in. */
  readonly thread: EventId | null;
  /** Open the thread that begins at a message; `null` where none is opened: in a thread, and where one only looks. */
  readonly openThread: ((root: EventId) => void) | null;
  /** Use the recovery key, for messages that cannot be read. */
  useKey(): void;
  /** The address of a picture for `<img src>`. */
  mediaUrl(media: MediaRef): string;
  /** Open a link outside; asks first when its text pretends another target. */
  openLink(link: Link): void;
  /** Show a picture large. */
  openImage(image: Image, label: string): void;
  /** Play a film large. */
  openVideo(video: Video, label: string): void;
  /** What is heard. */
  readonly player: Player;
  /** Save a file; returns the name it was given. */
  saveFile(media: MediaRef): Promise<string>;
  /** Save a file and say so; returns whether it worked. */
  saved(file: File): Promise<boolean>;
  /** Go to a message, wherever it is; in the thread it is a reply in, where that is named. */
  goTo(event: EventId, root?: EventId | null): void;
  /** Ask for a day to go to, beginning at the one of this moment. */
  pickDay(time: Timestamp, anchor: HTMLElement): void;
  /** Answer a message. */
  reply(message: Message): void;
  /** Put the text of a message on the clipboard. */
  copy(message: Message): void;
  /** Put a text on the clipboard. */
  copyText(text: string): void;
  /** Change an own message. */
  edit(message: Message): void;
  /** Delete a message for everyone, after asking. */
  remove(message: Message): void;
  /** React to a message, or take the reaction back. */
  react(message: Message, key: string, on: boolean): void;
  /** Choose a reaction; it is chosen near `anchor`. */
  pickReaction(message: Message, anchor: Element): void;
  /** What can be done with a message, in a menu at `at`. */
  openMenu(message: Message, at: { getBoundingClientRect(): DOMRect }): void;
  /** Star a message, or take the star away. */
  star(message: Message): void;
  /** Vote in a poll. */
  vote(message: Message, answers: string[]): void;
  /** Close a poll, after asking. */
  endPoll(message: Message): void;
  /** Go to the room where this chat goes on: at once if this person is in it, else after asking. */
  follow(here: boolean): void;
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
