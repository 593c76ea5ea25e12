/**
 * The icon and the word for a message that is not text, where only its beginning is shown.
 */
import type { PreviewMark } from '../../../backend/backend';
import type { IconName } from '../../../design';
import type { Word } from '../../../words';

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
