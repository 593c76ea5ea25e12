/** What a search finds in the golden organisation: a few messages, looked through as the engine would. */
import type {
  EventId,
  FilterKind,
  FilterOffer,
  FilterState,
  Fragment,
  Item,
  Person,
  RoomId,
  SearchFilter,
  SearchGroup,
  SearchHit,
  SearchRequest,
  SearchResults,
} from '../../backend/backend';
import { isoDay } from '../../words';
import { at, chats, HARBOUR, PRIYA } from './chats';
import { conversations, day, message, NO_DRAFT, text, type Golden } from './conversations';
import { aoife, helena, jonas, leila, marta, noah, priya, samir, tomasz, yuki } from './people';

interface Said {
  id: string;
  room: RoomId;
  sender: Person;
  time: number;
  text: string;
  file?: { name: string; extension: string; size: number };
  /** The root of its thread. */
  thread?: EventId;
  starred?: boolean;
}

const BRIDGE = '!bridge:skerrylines.example';
const people = [tomasz, priya, jonas, aoife, noah, leila, helena, yuki, samir];

const pdf = (name: string, size: number) => ({ name, extension: 'PDF', size });

const said: Said[] = [
  {
    id: 's1',
    room: HARBOUR,
    sender: tomasz,
    time: at(9, 39),
    text: '',
    file: pdf('Berth plan, week 21.pdf', 2_400_000),
  },
  {
    id: 's2',
    room: HARBOUR,
    sender: tomasz,
    time: at(16, 20, 14),
    text: 'Sorry for the wait, here is the berth plan with the tug windows marked in blue, please shout if the 13:00 is wrong',
    file: pdf('Berth plan, week 20, rev B.pdf', 2_200_000),
  },
  {
    id: 's3',
    room: HARBOUR,
    sender: tomasz,
    time: at(16, 2, 14),
    text: 'Photo of the whiteboard berth plan until the file is fixed',
    file: { name: 'IMG_2041.jpg', extension: 'JPG', size: 1_100_000 },
    thread: '$w3',
  },
  {
    id: 's4',
    room: HARBOUR,
    sender: leila,
    time: at(7, 50, 22),
    text: 'The berth plan says 5, the board says 3. Which?',
  },
  {
    id: 's5',
    room: HARBOUR,
    sender: marta,
    time: at(7, 55, 22),
    text: 'The plan. I have asked for the board to be changed, berth 5 it is.',
    starred: true,
  },
  { id: 's6', room: HARBOUR, sender: yuki, time: at(16, 44, 14), text: 'Can berth 2 be free on the Thursday evening?' },
  {
    id: 's7',
    room: BRIDGE,
    sender: tomasz,
    time: at(11, 48, 19),
    text: "Pilots want the berth plan by Thursday, in last year's layout",
    file: pdf('Layout 2023.pdf', 640_000),
  },
  {
    id: 's8',
    room: BRIDGE,
    sender: tomasz,
    time: at(7, 31, 25),
    text: '',
    file: { name: 'Berth plan source, all terminals.xlsx', extension: 'XLSX', size: 96_000 },
  },
  { id: 's9', room: BRIDGE, sender: samir, time: at(10, 2, 400), text: 'خطة الرصيف berth plan جاهزة للأسبوع القادم' },
  {
    id: 's10',
    room: PRIYA,
    sender: priya,
    time: at(14, 2, 33),
    text: `${'A very long sentence that goes on and on before it comes to the point, as such sentences do. '.repeat(3)}The berth plan is wrong.`,
    file: pdf(`${'Draft plan '.repeat(20)}week 17.pdf`, 2_000_000),
  },
  { id: 's11', room: PRIYA, sender: priya, time: at(8, 12, 34), text: '泊位计划 berth plan 在附件里' },
].toSorted((one, other) => other.time - one.time);

/** Harbour Ops around the hit that the design previews. */
export const asItWas: Item[] = [
  day(at(14, 10, 14)),
  message(
    'w1',
    priya,
    at(14, 10, 14),
    text('The seal for the port cylinder ships on Friday, so ramp 3 stays up until then.'),
  ),
  message('w2', marta, at(14, 22, 14), text('Understood. Berth 2 and 5 until Friday.')),
  message('w3', samir, at(15, 58, 14), text('Do we have the windows for week 20 yet? The pilots are asking.'), {
    thread: { replies: 3, people: [tomasz, samir], latest: at(16, 9, 14), unread: 0 },
  }),
  message('w4', marta, at(16, 4, 14), text('Tomasz is finishing it now. Before five, I think.')),
  message('s2', tomasz, at(16, 20, 14), {
    kind: 'file',
    file: { media: 'plan20', ...pdf('Berth plan, week 20, rev B.pdf', 2_200_000) },
    caption: [
      {
        kind: 'paragraph',
        spans: [
          {
            kind: 'text',
            text: 'Sorry for the wait, here is the berth plan with the tug windows marked in blue, please shout if the 13:00 is wrong',
          },
        ],
      },
    ],
  }),
  message('w5', samir, at(16, 31, 14), text('The 13:00 is fine. Sending it on, thank you.')),
  message('s6', yuki, at(16, 44, 14), text('Can berth 2 be free on the Thursday evening? The choir sails at 19:00.')),
  ...(conversations.get(HARBOUR)?.items ?? []),
];

const asked = asItWas.find(({ key }) => key === 'w3');
const harbour = conversations.get(HARBOUR);
if (!asked || !harbour) throw new Error('the gallery has no Harbour Ops');

/** The thread in which a hit stands. */
export const asItWasAnswered: Golden = {
  header: { ...harbour.header, thread: '$w3', typing: [] },
  history: 'complete',
  draft: NO_DRAFT,
  items: [
    asked,
    message('r1', samir, at(16, 0, 14), text('Only the afternoon matters to them.')),
    message('s3', tomasz, at(16, 2, 14), {
      kind: 'image',
      image: { media: 'ramp', thumbnail: null, name: 'IMG_2041.jpg', width: 840, height: 720 },
      caption: [
        {
          kind: 'paragraph',
          spans: [{ kind: 'text', text: 'Photo of the whiteboard berth plan until the file is fixed' }],
        },
      ],
    }),
    message('r3', samir, at(16, 9, 14), text('That is enough for today, thank you.')),
  ],
};

function pieces(whole: string, words: readonly string[]): Fragment[] {
  if (whole === '') return [];
  if (words.length === 0) return [{ text: whole, hit: false }];
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')).join('|');
  return whole
    .split(new RegExp(`(${pattern})`, 'iu'))
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

function offer(
  value: string,
  label: string,
  avatar: FilterOffer['avatar'],
  disambiguation: string | null,
): FilterOffer {
  return { value, label, avatar, disambiguation };
}

function offersOf(kind: FilterKind, value: string): FilterOffer[] {
  const wanted = value.toLowerCase();
  const fits = (name: string, id: string) => name.toLowerCase().includes(wanted) || id === value;
  if (kind === 'from') {
    return people
      .filter(({ name, user }) => fits(name, user))
      .map(({ name, user, avatar }) => offer(user, name, avatar, user));
  }
  if (kind !== 'in') return [];
  return chats.filter(({ name, room }) => fits(name, room)).map((row) => offer(row.room, row.name, row.avatar, null));
}

const FIXED: Partial<Record<FilterKind, string[]>> = {
  has: ['file', 'image', 'link', 'voice', 'video', 'poll'],
  is: ['unread', 'starred', 'pinned'],
  mentions: ['me'],
};

function filtersOf(whole: string): SearchFilter[] {
  return Array.from(whole.matchAll(/(?<=^|\s)(from|in|has|is|before|after|mentions):("[^"]*"?|\S*)/giu)).map(
    (match) => {
      const kind = (match[1] ?? '').toLowerCase() as FilterKind;
      const raw = (match[2] ?? '').replaceAll('"', '');
      const offers = offersOf(kind, raw).slice(0, 8);
      const [only] = offers;
      const fixed =
        FIXED[kind]?.includes(raw) ?? ((kind === 'before' || kind === 'after') && /^\d{4}-\d\d-\d\d$/u.test(raw));
      const found = fixed || offers.length > 0;
      const state: FilterState = raw === '' ? 'empty' : !found ? 'unknown' : offers.length > 1 ? 'several' : 'resolved';
      const settled = state === 'resolved' && only !== undefined;
      return {
        kind,
        start: match.index,
        end: match.index + match[0].length,
        value: settled ? only.value : raw,
        label: settled ? only.label : raw,
        state,
        offers,
      };
    },
  );
}

function passes(one: Said, { kind, value, state, offers }: SearchFilter): boolean {
  if (state === 'empty') return true;
  if (state === 'unknown') return false;
  const any = state === 'resolved' ? [value] : offers.map((offered) => offered.value);
  switch (kind) {
    case 'from':
      return any.includes(one.sender.user);
    case 'in':
      return any.includes(one.room);
    case 'has':
      return value === 'file' ? one.file !== undefined : value === 'image' ? one.file?.extension === 'JPG' : false;
    case 'is':
      return value === 'starred' && one.starred === true;
    case 'before':
      return isoDay(one.time) < value;
    case 'after':
      return isoDay(one.time) >= value;
    case 'mentions':
      return false;
  }
}

/** The answer of the golden organisation. */
export function find(request: SearchRequest): SearchResults {
  const filters = filtersOf(request.text);
  const rest = filters
    .toReversed()
    .reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), request.text);
  const words = rest.toLowerCase().replaceAll('"', '').split(/\s+/u).filter(Boolean).slice(0, 20);
  const all = said.filter((one) => {
    const whole = `${one.text} ${one.file?.name ?? ''}`.toLowerCase();
    const narrowed = words.length > 0 || filters.some((filter) => filter.state !== 'empty');
    const here = request.room === null || request.room === one.room;
    return (
      narrowed && here && filters.every((filter) => passes(one, filter)) && words.every((word) => whole.includes(word))
    );
  });
  const files = all.filter((one) => one.file);
  const wanted =
    request.scope === 'all' ? all : all.filter((one) => (request.scope === 'files') === (one.file !== undefined));
  const groups: SearchGroup[] = [];
  for (const one of wanted) {
    let group = groups.find(({ room }) => room === one.room);
    if (!group) {
      const row = chats.find(({ room }) => room === one.room);
      if (!row) continue;
      group = { room: row.room, name: row.name, avatar: row.avatar, hits: [], total: 0 };
      groups.push(group);
    }
    group.total += 1;
    if (request.room !== null || group.hits.length < 3) group.hits.push(hitOf(one, words));
  }
  const named =
    words.length > 0 && filters.length === 0
      ? chats.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
      : [];
  return {
    filters,
    groups,
    chats: named.map(({ room, name, avatar, direct }) => ({ room, name: pieces(name, words), avatar, direct })),
    counts: { messages: all.length - files.length, files: files.length, more: false },
    next: null,
    indexed: { kind: 'backTo', time: at(0, 0, 79) },
    suggestion: wanted.length === 0 && words.includes('berht') ? request.text.replace('berht', 'berth') : null,
    tookMs: 7,
  };
}

function hitOf(one: Said, words: readonly string[]): SearchHit {
  const first = words.length === 0 ? -1 : one.text.toLowerCase().indexOf(words[0] ?? '');
  const cut = first > 60 ? first - 40 : 0;
  const shown = pieces(one.text.slice(cut), words);
  return {
    event: `$${one.id}`,
    time: one.time,
    sender: one.sender,
    own: one.sender === marta,
    thread: one.thread ?? null,
    starred: one.starred ?? false,
    text: cut > 0 ? [{ text: '…', hit: false }, ...shown] : shown,
    file: one.file ? { ...one.file, name: pieces(one.file.name, words) } : null,
    mark: null,
  };
}
