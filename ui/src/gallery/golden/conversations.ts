/** What is said in the chats of the golden organisation. */
import type {
  Block,
  Body,
  ConversationHeader,
  History,
  Item,
  Message,
  Person,
  RoomId,
  SavedDraft,
  Span,
  SystemLine,
  Who,
} from '../../backend/backend';
import { DECK, HARBOUR, NOW, PRIYA, at } from './chats';
import { aoife, jonas, leila, marta, noah, priya, samir, tomasz } from './people';

/** Nothing was left in the composer. */
export const NO_DRAFT: SavedDraft = { text: '', replyTo: null };

/** A conversation as the engine would open it. */
export interface Golden {
  header: ConversationHeader;
  items: Item[];
  history: History;
  draft: SavedDraft;
}

function spans(parts: (string | Span)[]): Span[] {
  return parts.map((part) => (typeof part === 'string' ? { kind: 'text', text: part } : part));
}

function paragraph(...parts: (string | Span)[]): Block[] {
  return [{ kind: 'paragraph', spans: spans(parts) }];
}

export function text(...parts: (string | Span)[]): Body {
  return { kind: 'text', blocks: paragraph(...parts), notice: false, emote: false, jumbo: false };
}

/** A message; its event and key come from `id`. */
export function message(id: string, sender: Person, time: number, body: Body, more: Partial<Message> = {}): Item {
  const own = sender.user === marta.user;
  return {
    key: id,
    kind: {
      kind: 'message',
      message: {
        event: `$${id}`,
        transaction: null,
        sender,
        own,
        time,
        run: 'only',
        body,
        reply: null,
        reactions: [],
        thread: null,
        edited: false,
        mentionsMe: false,
        delivery: own ? { kind: 'read' } : null,
        trust: 'usual',
        editable: own && (body.kind === 'text' || 'caption' in body),
        deletable: own && body.kind !== 'deleted',
        starred: false,
        pinned: false,
        ...more,
      },
    },
  };
}

/** Somebody in a line about the room. */
export function who(person: Person): Who {
  return { name: person.name, me: person.user === marta.user };
}

export function day(time: number): Item {
  return { key: `day-${time}`, kind: { kind: 'day', time } };
}

function system(id: string, line: SystemLine, time: number): Item {
  return { key: id, kind: { kind: 'system', line, time } };
}

const harbour: Golden = {
  header: {
    room: HARBOUR,
    name: 'Harbour Ops',
    avatar: { shape: 'group', initials: 'HO', tint: 6, image: null },
    direct: false,
    members: 14,
    encrypted: true,
    unread: 0,
    mentions: 0,
    unreadThread: null,
    typing: ['Leila'],
    canWrite: true,
    invitation: false,
    departure: null,
    reach: { since: NOW - 60 * 86_400_000, fetching: 'off' },
    thread: null,
  },
  history: 'more',
  draft: NO_DRAFT,
  items: [
    day(at(9, 0)),
    system('h0', { kind: 'invited', who: who(aoife), whom: who(noah) }, at(9, 1)),
    message(
      'h1',
      priya,
      at(9, 12),
      {
        kind: 'image',
        image: { media: 'ramp', thumbnail: null, name: 'ramp 3.jpg', width: 840, height: 720 },
        caption: paragraph('Ramp 3 is down and holding. Wet steel, 5 km/h.'),
      },
      {
        reactions: [
          {
            key: '👍',
            count: 5,
            own: true,
            names: ['You', 'Jonas Halvorsen', 'Leila Farouk', 'Noah Fischer', 'Samir Haddad'],
          },
          { key: '🎉', count: 2, own: false, names: ['Aoife Brennan', 'Leila Farouk'] },
        ],
        thread: { replies: 4, people: [samir, leila, noah], latest: at(9, 26), unread: 2 },
      },
    ),
    message('h2', jonas, at(9, 14), text('Good news. Can the 11:40 leave from berth 3, then?'), {
      reply: { event: '$h1', sender: priya, text: 'Ramp 3 is down and holding. Wet steel, 5 km/h.', mark: 'image' },
    }),
    message('h3', marta, at(9, 16), text('Yes. The 11:40 moves to berth 3, gates open at 11:05.'), {
      run: 'first',
      edited: true,
    }),
    message('h4', marta, at(9, 16), text('I am telling the bridge now and changing the boards.'), {
      event: null,
      transaction: 'h4',
      run: 'last',
      delivery: { kind: 'failed', reason: 'refused' },
    }),
    { key: 'new', kind: { kind: 'newMessages', count: 3 } },
    message(
      'h5',
      tomasz,
      at(9, 38),
      text(
        'Tug ',
        { kind: 'bold', spans: spans(['Skarv']) },
        ' is booked until 13:00. The plan is at ',
        {
          kind: 'link',
          href: 'https://berths.skerrylines.example/week-21',
          host: 'berths.skerrylines.example',
          misleading: false,
          spans: spans(['berths.skerrylines.example/week-21']),
        },
        '.',
      ),
      { run: 'first' },
    ),
    message(
      'h6',
      tomasz,
      at(9, 39),
      {
        kind: 'file',
        file: { media: 'plan', name: 'Berth plan, week 21.pdf', extension: 'PDF', size: 2_400_000 },
        caption: [],
      },
      { run: 'last' },
    ),
    message(
      'h7',
      aoife,
      at(9, 41),
      text(
        { kind: 'mention', user: marta.user, name: 'Marta', me: true },
        ' please look at berth 5 before noon, the tug is booked until 13:00.',
      ),
      { mentionsMe: true },
    ),
  ],
};

const direct: Golden = {
  header: {
    room: PRIYA,
    name: 'Priya Raman',
    avatar: priya.avatar,
    direct: true,
    members: 2,
    encrypted: true,
    unread: 0,
    mentions: 0,
    unreadThread: null,
    typing: [],
    canWrite: true,
    invitation: false,
    departure: null,
    reach: { since: null, fetching: 'off' },
    thread: null,
  },
  history: 'complete',
  draft: NO_DRAFT,
  items: [
    day(at(16, 0, 1)),
    message('p1', marta, at(16, 48, 1), text('Did the seal arrive?')),
    message('p2', priya, at(16, 55, 1), text('It did, with the evening freight. We start at five.'), {
      reactions: [{ key: '💪', count: 1, own: true, names: ['You'] }],
    }),
    day(at(9, 0)),
    message(
      'p3',
      priya,
      at(9, 2),
      text('Good morning. For the seal order I need one number: lifts of ramp 3 in week 19.'),
    ),
    message('p4', marta, at(9, 15), text('412 lifts, without the tests on Sunday.')),
    message('p5', priya, at(9, 36), { kind: 'undecryptable', cause: 'waiting' }),
    message('p6', priya, at(9, 38), { kind: 'undecryptable', cause: 'beforeSignIn' }),
    message('p7', marta, at(9, 44), text('The log is on its way to you as well.'), {
      event: null,
      transaction: 'p7',
      run: 'first',
      delivery: { kind: 'waiting' },
    }),
    message(
      'p8',
      marta,
      at(9, 46),
      {
        kind: 'file',
        file: { media: 'log', name: 'Lift log, week 19.xlsx', extension: 'XLSX', size: 88_000 },
        caption: [],
      },
      { event: null, transaction: 'p8', run: 'last', delivery: { kind: 'waiting' } },
    ),
  ],
};

const invitation: Golden = {
  header: {
    room: DECK,
    name: 'Deck crew, MS Tern',
    avatar: { shape: 'group', initials: 'DC', tint: 7, image: null },
    direct: false,
    members: 9,
    encrypted: true,
    unread: 0,
    mentions: 0,
    unreadThread: null,
    typing: [],
    canWrite: false,
    invitation: true,
    departure: null,
    reach: { since: null, fetching: 'off' },
    thread: null,
  },
  history: 'complete',
  draft: NO_DRAFT,
  items: [],
};

/** The conversations that are written out; every other chat is made from its row. */
export const conversations = new Map<RoomId, Golden>([
  [HARBOUR, harbour],
  [PRIYA, direct],
  [DECK, invitation],
]);
