/**
 * How high a row probably is before it has been drawn. Only the scroll bar depends on it being close.
 */
import type { Item, Message } from '../../../backend/backend';
import { pictureSize } from '../message/picture-size';

/** Pixels. */
export function estimate(item: Item): number {
  switch (item.kind.kind) {
    case 'day':
      return 52;
    case 'newMessages':
      return 36;
    case 'gap':
      return 36;
    case 'system':
      return 30;
    case 'message':
      return estimateMessage(item.kind.message);
  }
}

function estimateMessage(message: Message): number {
  const begins = message.run === 'only' || message.run === 'first';
  const extra =
    (begins ? 12 : 3) +
    (begins && !message.own ? 19 : 0) +
    (message.reply ? 55 : 0) +
    (message.reactions.length > 0 ? 22 : 0) +
    (message.thread ? 36 : 0);
  const { body } = message;
  switch (body.kind) {
    case 'text':
      return extra + (body.jumbo ? 63 : 15 + 22 * Math.max(1, body.blocks.length));
    case 'image':
      return extra + pictureSize(body.image.width, body.image.height).height + (body.caption.length > 0 ? 37 : 8);
    case 'video':
      return extra + pictureSize(body.video.width, body.video.height).height + (body.caption.length > 0 ? 37 : 8);
    case 'sticker':
      return extra + 176;
    case 'file':
    case 'audio':
    case 'location':
      return extra + 95;
    case 'voice':
    case 'call':
      return extra + 66;
    case 'poll':
      return extra + 80 + 38 * body.poll.answers.length + (body.poll.canClose ? 34 : 0);
    case 'undecryptable':
    case 'unsupported':
      return extra + 70;
    default:
      return extra + 35;
  }
}
