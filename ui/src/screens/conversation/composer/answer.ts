/** The message that is answered, as the composer shows it and as a draft keeps it. */
import type { Item, Message, Quote } from '../../../backend/backend';
import { bodyText } from '../message/spoken';
import { messageOf } from '../own';

export interface Answer {
  readonly quote: Quote;
  /** It answers this person. */
  readonly own: boolean;
}

/** Answering a message that is here; `null` for one that cannot be answered. */
export function answerTo(message: Message): Answer | null {
  const { event, sender, body, own } = message;
  if (event === null || body.kind === 'deleted') return null;
  return { quote: { event, sender, text: bodyText(body, own), mark: null }, own };
}

/** What a draft answered, when it is opened again. */
export function restored(quote: Quote | null, items: readonly Item[]): Answer | null {
  if (quote === null) return null;
  const message = items.map(messageOf).find((one) => one?.event === quote.event);
  return { quote, own: message?.own ?? false };
}
