/**
 * The icon and the word for a message that is not text, where only its beginning is shown.
 */
import type { PreviewMark, Quote } from '../../../backend/backend';
import type { IconName } from '../../../design';
import { say, type Word } from '../../../words';

const ICONS: Record<PreviewMark, IconName> = {
  image: 'image',
  video: 'video',
  audio: 'volume',
  voice: 'mic',
  file: 'file',
  location: 'flag',
  poll: 'poll',
  sticker: 'smile',
  call: 'phone',
  missedCall: 'phone-missed',
  deleted: 'trash',
  undecryptable: 'lock',
  unsupported: 'info',
};

export function markIcon(mark: PreviewMark): IconName {
  return ICONS[mark];
}

export function markWord(mark: PreviewMark): Word {
  return `mark.${mark}`;
}

/** What a quote says, in one line. */
export function quoteText(quote: Quote): string {
  if (quote.text !== '') return quote.text;
  if (quote.mark) return say(markWord(quote.mark));
  return quote.sender ? '' : say('message.quoteMissing');
}
