/** The chat list of the design's main picture, and a very long one. */
import type { Avatar, ChatRow, Preview } from '../../backend/backend';
import { aoife, helena, jonas, leila, priya, tomasz, yuki } from './people';

/** Wednesday 21 May 2025, 09:46 UTC: the moment all pictures are taken. */
export const NOW = Date.UTC(2025, 4, 21, 9, 46);

/** A moment `days` before that Wednesday. */
export function at(hour: number, minute: number, days = 0): number {
  return Date.UTC(2025, 4, 21 - days, hour, minute);
}

function group(initials: string, tint: number): Avatar {
  return { shape: 'group', initials, tint, image: null };
}

/** A row with nothing special about it. */
export function row(
  room: string,
  name: string,
  avatar: Avatar,
  preview: Preview,
  more: Partial<ChatRow> = {},
): ChatRow {
  return {
    room: `!${room}:skerrylines.example`,
    name,
    avatar,
    preview,
    time: at(9, 0),
    unread: 0,
    mentions: 0,
    markedUnread: false,
    muted: false,
    pinned: false,
    direct: avatar.shape === 'person',
    ...more,
  };
}

/** A text message as a second line. */
export function said(text: string, more: Partial<Extract<Preview, { kind: 'message' }>> = {}): Preview {
  return { kind: 'message', sender: null, own: false, text, mark: null, delivery: null, doubtful: false, ...more };
}

export const HARBOUR = '!harbour:skerrylines.example';
export const PRIYA = '!priya:skerrylines.example';
export const DECK = '!deck:skerrylines.example';

export const chats: ChatRow[] = [
  row(
    'harbour',
    'Harbour Ops',
    group('HO', 6),
    said('@Marta please look at berth 5 before noon', { sender: 'Aoife' }),
    {
      time: at(9, 41),
      unread: 3,
      mentions: 1,
      pinned: true,
    },
  ),
  row(
    'rota',
    'Crew rota, week 21',
    group('CR', 3),
    { kind: 'draft', text: 'Swap Noah and Yuki on the late' },
    {
      time: at(9, 20),
      pinned: true,
    },
  ),
  row('helena', 'Helena Strand', helena.avatar, said('Could you join at 14:00 instead?'), {
    time: at(9, 38),
    unread: 1,
  }),
  row('bridge', 'Bridge and fleet', group('BF', 7), said('@Marta berth 3 or 5 tonight?', { sender: 'Samir' }), {
    time: at(9, 31),
    unread: 4,
    mentions: 1,
  }),
  row(
    'priya',
    'Priya Raman',
    priya.avatar,
    said('Thank you, that is all I needed', { own: true, delivery: { kind: 'read' } }),
    {
      time: at(9, 2),
    },
  ),
  row('safety', 'Safety reps', group('SR', 1), said('Minutes from Friday are up', { sender: 'Aoife' }), {
    time: at(8, 47),
    unread: 12,
    muted: true,
  }),
  row('jonas', 'Jonas Halvorsen', jonas.avatar, said('the new boards at gate 2', { mark: 'image' }), {
    time: at(16, 2, 1),
  }),
  row('finance', 'Finance close, May', group('FC', 8), said('Closing figures are in the folder', { sender: 'Grace' }), {
    time: at(15, 40, 1),
  }),
  row(
    'leila',
    'Leila Farouk',
    leila.avatar,
    { kind: 'notSent', text: 'I can take the 06:10' },
    { time: at(14, 12, 1) },
  ),
  row('yuki', 'Yuki Tanabe', yuki.avatar, said('', { mark: 'voice' }), { time: at(17, 20, 2) }),
  row(
    'bikes',
    'Terminal bikes',
    group('TB', 5),
    said('Lock code changed, see the board', { own: true, delivery: { kind: 'sent' } }),
    {
      time: at(11, 5, 2),
    },
  ),
  row(
    'quay',
    'Quay works',
    group('QW', 2),
    said('Concrete on Thursday, then two days of nothing', { sender: 'Jonas' }),
    {
      time: at(9, 12, 5),
    },
  ),
  row('dry-dock', 'Dry dock, MS Fulmar', group('DD', 7), said('', { own: true, mark: 'deleted' }), {
    time: at(9, 12, 12),
  }),
  row('summer', 'Summer party', group('SP', 4), said('Boat or barbecue?', { mark: 'poll', sender: 'Grace' }), {
    time: Date.UTC(2024, 7, 3, 12, 0),
  }),
];

/** Everything a row can be, one under the other. */
export const kinds: ChatRow[] = [
  row(
    'invitation',
    'Deck crew, MS Tern',
    group('DC', 7),
    { kind: 'invitation', by: 'Samir Haddad' },
    { time: at(9, 44) },
  ),
  row(
    'typing-1',
    'Harbour Ops',
    group('HO', 6),
    { kind: 'typing', names: ['Leila'] },
    {
      time: at(9, 41),
      unread: 3,
      mentions: 1,
      pinned: true,
    },
  ),
  row(
    'typing-2',
    'Bridge and fleet',
    group('BF', 7),
    { kind: 'typing', names: ['Samir', 'Noah'] },
    { time: at(9, 40) },
  ),
  row(
    'typing-3',
    'Helena Strand',
    helena.avatar,
    { kind: 'typing', names: ['Helena'] },
    { time: at(9, 38), unread: 1 },
  ),
  row('sending', 'Priya Raman', priya.avatar, said('On its way out', { own: true, delivery: { kind: 'sending' } }), {
    time: at(9, 37),
  }),
  row(
    'waiting',
    'Jonas Halvorsen',
    jonas.avatar,
    said('Waiting for a connection', { own: true, delivery: { kind: 'waiting' } }),
    {
      time: at(9, 36),
    },
  ),
  row('many', 'Safety reps', group('SR', 1), said('More than anyone reads', { sender: 'Aoife' }), {
    time: at(9, 35),
    unread: 120,
  }),
  row('muted', 'Terminal bikes, all sites, all colours', group('TB', 5), said('Muted and quiet', { sender: 'Noah' }), {
    time: at(9, 34),
    unread: 130,
    muted: true,
    pinned: true,
  }),
  row('undec', 'Leila Farouk', leila.avatar, said('', { mark: 'undecryptable' }), { time: at(9, 33), unread: 1 }),
  row('missed', 'Tomasz Wiśniewski', tomasz.avatar, said('', { mark: 'missedCall' }), { time: at(9, 33), unread: 1 }),
  row('voice', 'Aoife Brennan', aoife.avatar, said('', { mark: 'voice' }), { time: at(9, 33), unread: 1 }),
  row('doubt', 'Jonas Halvorsen', jonas.avatar, said('Please send me the gate code again.', { doubtful: true }), {
    time: at(9, 33),
    unread: 1,
  }),
  row('file', 'Crew rota', group('CR', 3), said('Rota week 22.pdf', { sender: 'Yuki', mark: 'file' }), {
    time: at(9, 32),
  }),
  row('rtl', 'عمليات الميناء', group('عم', 2), said('الرصيف ٣ جاهز', { sender: 'سمير' }), {
    time: at(9, 31),
    unread: 2,
  }),
  row('new', 'Yuki Tanabe', yuki.avatar, { kind: 'empty' }, { time: null }),
];

const places = ['Berth', 'Gate', 'Pier', 'Shift', 'Crew', 'Yard', 'Route', 'Deck'];

/** As many rooms as the largest organisation has. */
export function many(count: number): ChatRow[] {
  return Array.from({ length: count }, (_, index) => {
    const place = places[index % places.length] ?? 'Berth';
    return row(
      `many-${index}`,
      `${place} ${index + 1}`,
      group(`${place.charAt(0)}${(index + 1) % 10}`, (index % 8) + 1),
      said(`Message ${index + 1} of a long day`, { sender: 'Noah' }),
      { time: NOW - index * 600_000, unread: index % 7 === 0 ? (index % 5) + 1 : 0 },
    );
  });
}
