/** The second line of a row, in words. */
import type { ChatRow, Delivery, Preview, PreviewMark } from '../../backend';
import type { IconName } from '../../design';
import { listTime, say } from '../../words';

export const MARK_ICONS: Record<PreviewMark, IconName> = {
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
  deleted: 'ban',
  undecryptable: 'lock',
  unsupported: 'help',
};

/** The mark that stands for how far an own message has come. */
export const DELIVERY_ICONS: Record<Delivery['kind'], IconName> = {
  sending: 'clock',
  waiting: 'clock',
  sent: 'check',
  read: 'checks',
  failed: 'alert',
};

/** Who is writing: names in a group, just that someone is one to one. */
export function typing(names: readonly string[], direct: boolean): string {
  const [first, second] = names;
  if (direct || first === undefined) return say('row.typing');
  return say('row.typing.some', { count: names.length, first, second: second ?? '' });
}

/** The words of a message: its kind, its text, or both. */
export function messageText(preview: Extract<Preview, { kind: 'message' }>): string {
  if (!preview.mark) return preview.text;
  const mark = say(`mark.${preview.mark}`);
  return preview.text ? say('mark.withText', { mark, text: preview.text }) : mark;
}

function spokenPreview(row: ChatRow): string {
  const { preview } = row;
  switch (preview.kind) {
    case 'empty':
      return say('row.empty');
    case 'notSent':
      return say('spoken.notSent', { text: preview.text });
    case 'draft':
      return say('spoken.draft', { text: preview.text });
    case 'typing':
      return typing(preview.names, row.direct);
    case 'invitation':
      return preview.by === null ? say('row.invitationUnknown') : say('row.invitation', { by: preview.by });
    case 'message': {
      const said = messageText(preview);
      const text = preview.doubtful ? say('row.doubtful', { text: said }) : said;
      if (preview.own) {
        const line = say('spoken.from', { sender: say('spoken.you'), text });
        return preview.delivery ? `${line}, ${say(`spoken.${preview.delivery.kind}`)}` : line;
      }
      return preview.sender === null ? text : say('spoken.from', { sender: preview.sender, text });
    }
  }
}

/** A row as one spoken line: name, group, unread, mentions, preview, time, muted, pinned. */
export function spokenRow(row: ChatRow): string {
  const parts: (string | false)[] = [
    row.name,
    !row.direct && say('spoken.group'),
    row.preview.kind === 'invitation' && say('spoken.invitation'),
    row.unread > 0 && say('spoken.unread', { count: row.unread }),
    row.markedUnread && row.unread === 0 && say('spoken.markedUnread'),
    row.mentions > 0 && say('spoken.mentions'),
    spokenPreview(row),
    row.time !== null && listTime(row.time),
    row.muted && say('spoken.muted'),
    row.pinned && say('spoken.pinned'),
  ];
  return parts.filter(Boolean).join(', ');
}
