/** Every kind of message and every state of one, as it sits in the timeline. */
import type { Block, Body, Image, Item, Message, Person, Span } from '../backend/backend';
import { at } from './golden/chats';
import { message } from './golden/conversations';
import { aoife, grace, jonas, leila, marta, noah, priya, samir, tomasz } from './golden/people';

type Part = string | Span;

export function spans(...parts: Part[]): Span[] {
  return parts.map((part) => (typeof part === 'string' ? { kind: 'text', text: part } : part));
}
export function paragraph(...parts: Part[]): Block {
  return { kind: 'paragraph', spans: spans(...parts) };
}
export function blocks(...all: Block[]): Body {
  return { kind: 'text', blocks: all, notice: false, emote: false, jumbo: false };
}
export function text(...parts: Part[]): Body {
  return blocks(paragraph(...parts));
}
export function link(shown: string, href: string, misleading = false): Span {
  return { kind: 'link', href, host: href.split('/')[2] ?? '', misleading, spans: spans(shown) };
}
export function mention(name: string, me: boolean): Span {
  return { kind: 'mention', user: `@${name.toLowerCase()}:skerrylines.example`, name, me };
}
function picture(media: string, width: number, height: number, caption: Block[] = []): Body {
  const image: Image = { media, thumbnail: null, name: `${media}.jpg`, width, height };
  return { kind: 'image', image, caption };
}
function file(name: string, extension: string, size: number | null, caption: Block[] = []): Body {
  return { kind: 'file', file: { media: name, name, extension, size }, caption };
}

const own = (id: string, body: Body, delivery: Message['delivery'], more: Partial<Message> = {}): Item =>
  message(id, marta, at(8, 52), body, { transaction: id, delivery, ...more });

/** Runs, delivery, failing, mentions, quotes, reactions, threads. */
export const talk: Item[] = [
  { key: 'day', kind: { kind: 'day', time: at(9, 0, 9) } },
  message('m1', samir, at(8, 50), text('Morning all.'), { run: 'first' }),
  message('m2', samir, at(8, 50), text('Wind is 9 m/s from the west, easing after ten. Nothing that stops us.'), {
    run: 'middle',
  }),
  message('m3', samir, at(8, 51), text('Full notes are on the board.'), { run: 'last', starred: true, pinned: true }),
  own('o1', text('Thank you Samir'), { kind: 'sending' }, { run: 'first', event: null }),
  own('o2', text('Thank you Samir'), { kind: 'sent' }, { run: 'middle' }),
  own('o3', text('Thank you Samir'), { kind: 'read' }, { run: 'last' }),
  own('f1', text('Gate 2 is clear.'), { kind: 'failed', reason: 'refused' }, { event: null, run: 'first' }),
  own('f2', text('And gate 3.'), { kind: 'failed', reason: 'encryption' }, { event: null, run: 'last' }),
  own('f3', text('Anyone at the desk?'), { kind: 'failed', reason: 'notAllowed' }, { event: null }),
  own('f4', text('A very long list.'), { kind: 'failed', reason: 'tooLarge' }, { event: null, run: 'first' }),
  own('f5', text('Hello?'), { kind: 'failed', reason: 'gone' }, { event: null, run: 'last' }),
  own('w1', text('Moving the cones now.'), { kind: 'waiting' }, { event: null }),
  message(
    'm4',
    aoife,
    at(9, 41),
    text(
      mention('Marta', true),
      ' please look at berth 5 before noon. ',
      mention('Noah', false),
      ' has the form, it is ',
      {
        kind: 'code',
        text: 'HS-114',
      },
      '.',
    ),
    { edited: true, mentionsMe: true },
  ),
  message('m5', jonas, at(9, 14), text('Can the 11:40 leave from berth 3 then?'), {
    reply: { event: '$m3', sender: priya, text: 'Pier 3 ramp is down and holding.', mark: 'image' },
    reactions: [
      { key: '👍', count: 5, own: true, names: ['You', 'Leila Farouk', 'Noah Fischer', 'Samir Haddad', 'Yuki Tanabe'] },
      { key: '🙏', count: 2, own: false, names: ['Aoife Brennan', 'Leila Farouk'] },
    ],
    thread: { replies: 4, people: [samir, leila, noah], latest: at(9, 26), unread: 0 },
  }),
  message('m6', leila, at(9, 20), text('I can take the 06:10 if that helps.'), {
    reply: { event: '$gone', sender: null, text: '', mark: null },
    reactions: ['👍', '🎉', '❤️', '👀', '✅', '🙏', '💪', '🚢'].map((key, index) => ({
      key,
      count: index + 1,
      own: false,
      names: ['Leila Farouk'],
    })),
  }),
  own(
    'm7',
    text('Yes. The 11:40 moves to berth 3, gates open at 11:05.'),
    { kind: 'read' },
    {
      edited: true,
      reply: { event: '$m5', sender: jonas, text: 'Can the 11:40 leave from berth 3 then?', mark: null },
    },
  ),
];

/** Pictures, files, and what cannot be shown. */
export const kinds: Item[] = [
  message('p1', priya, at(9, 12), picture('ramp', 840, 720, [paragraph('Ramp is down and holding.')])),
  message('p2', marta, at(9, 13), picture('seal', 592, 340)),
  message('p3', priya, at(9, 14), picture('missing', 800, 600)),
  message('k1', grace, at(10, 2), file('Closing figures May.xlsx', 'XLSX', 184_000), { run: 'first' }),
  message('k2', grace, at(10, 2), file('Berth plan, week 21.pdf', 'PDF', 2_400_000, [paragraph('The new one.')]), {
    run: 'middle',
  }),
  message('k3', grace, at(10, 2), file('setup-tool.exe', 'EXE', null), { run: 'last' }),
  message('k4', marta, at(10, 4), file('Lift log.csv', 'CSV', 88_000)),
  message('u1', grace, at(10, 20), { kind: 'undecryptable', cause: 'waiting' }),
  message('u2', priya, at(10, 21), { kind: 'undecryptable', cause: 'beforeSignIn' }),
  message('u3', priya, at(10, 22), { kind: 'undecryptable', cause: 'withheld' }, { run: 'first' }),
  message('u4', priya, at(10, 22), { kind: 'undecryptable', cause: 'unknown' }, { run: 'last' }),
  message('u5', marta, at(10, 23), { kind: 'undecryptable', cause: 'beforeSignIn' }),
  message('d1', noah, at(10, 30), { kind: 'deleted' }),
  message('d2', marta, at(10, 31), { kind: 'deleted' }),
  message('x1', jonas, at(10, 32), { kind: 'unsupported', what: 'org.example.whiteboard' }),
  message('j1', leila, at(10, 40), { ...text('🎉🚢'), jumbo: true } as Body),
  message('j2', marta, at(10, 41), { ...text('👍'), jumbo: true } as Body),
  message('e1', tomasz, at(10, 42), { ...text('waves from the tug'), emote: true } as Body),
  message('n1', samir, at(10, 43), { ...text('Tide at berth 3: 2.4 m, falling.'), notice: true } as Body),
  message('s1', jonas, at(10, 50), text('Please send me the gate code again.'), { trust: 'notEncrypted' }),
];

const bold = (...parts: Part[]): Span => ({ kind: 'bold', spans: spans(...parts) });
const italic = (...parts: Part[]): Span => ({ kind: 'italic', spans: spans(...parts) });

/** Every block and every span, strings that mean harm, and long words. */
export const rich: Item[] = [
  message(
    'r1',
    priya,
    at(9, 0),
    blocks(
      { kind: 'heading', level: 1, spans: spans('Ramp 3, week 21') },
      paragraph(
        'Plain, ',
        bold('bold ', italic('and both')),
        ', ',
        italic('italic'),
        ', ',
        { kind: 'strike', spans: spans('gone') },
        ', ',
        {
          kind: 'underline',
          spans: spans('under'),
        },
        ', ',
        { kind: 'code', text: 'let x = 1;' },
        ' and',
        { kind: 'break' },
        'a second line with ',
        link('a link', 'https://tides.example/skerry'),
        '.',
      ),
      { kind: 'heading', level: 3, spans: spans('What is left') },
      {
        kind: 'list',
        start: null,
        items: [
          [paragraph('Grease')],
          [paragraph('Bolts'), { kind: 'list', start: 3, items: [[paragraph('M16')], [paragraph('M20')]] }],
        ],
      },
      { kind: 'list', start: 8, items: [[paragraph('Lower')], [paragraph('Lock')], [paragraph('Sign')]] },
      { kind: 'quote', blocks: [paragraph('Wet steel, 5 km/h.'), { kind: 'quote', blocks: [paragraph('Says who?')] }] },
      {
        kind: 'code',
        language: 'sh',
        text: 'ramp --lower --berth 3 --speed slow --and-a-flag-that-is-far-too-long-for-one-line --sign "HS-114"\nexit 0',
      },
      { kind: 'rule' },
      paragraph('Done.'),
    ),
  ),
  message(
    'r2',
    marta,
    at(9, 5),
    blocks(
      { kind: 'quote', blocks: [paragraph('Wet steel, 5 km/h.')] },
      paragraph(
        'Agreed, see ',
        link('the board', 'https://board.skerrylines.example/'),
        ' and ',
        { kind: 'code', text: 'HS-114' },
        '.',
      ),
      { kind: 'code', language: null, text: 'ok' },
    ),
  ),
  message(
    'r3',
    jonas,
    at(9, 10),
    text('<img src=x onerror=alert(1)> <script>alert(1)</script> &amp; {@html "x"} ${1+1}'),
    { run: 'first' },
  ),
  message(
    'r4',
    jonas,
    at(9, 10),
    text(
      'Your account: ',
      link('https://skerrylines.example/sign-in', 'https://xn--skerryines-test.evil.example/', true),
    ),
    { run: 'middle' },
  ),
  message('r5', jonas, at(9, 11), text(`${'Donaudampfschifffahrtsgesellschaft'.repeat(6)} ends.`), { run: 'last' }),
  message('r6', leila, at(9, 12), text('صباح الخير، الرصيف 3 جاهز للعبارة 11:40.'), { run: 'first' }),
  message('r7', leila, at(9, 12), text('בוקר טוב'), { run: 'last' }),
  message(
    'r8',
    { ...noah, name: 'Aoife Brennan', disambiguation: '@aoife2:elsewhere.example' } as Person,
    at(9, 14),
    text('I have the same name as somebody else.'),
  ),
  message(
    'r9',
    marta,
    at(9, 15),
    text('First line', { kind: 'break' }, '', { kind: 'break' }, 'third   line, spaces kept'),
  ),
];

/** Thousands of messages, the same each time. */
export function long(count: number, unread: number): Item[] {
  const people = [priya, jonas, aoife, samir, leila];
  const said = [
    'Ramp 3 is down.',
    'The 11:40 moves to berth 3, gates open at 11:05. Please tell the desk and change the boards before ten.',
    'Good.',
    'Wind is 9 m/s from the west, easing after ten. Nothing that stops us, but keep the cones in and watch the north gate until the tug is clear of the pier.',
    'On my way',
  ];
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) {
    const sender = index % 7 === 3 ? marta : (people[Math.floor(index / 3) % people.length] ?? priya);
    const time = at(9, 40) - (count - index) * 60_000 * 4;
    if (index % 60 === 0) items.push({ key: `d${String(index)}`, kind: { kind: 'day', time } });
    if (index === count - unread) items.push({ key: 'new', kind: { kind: 'newMessages', count: unread } });
    const body =
      index % 45 === 20 ? picture('ramp', 840, 720) : text(`${said[index % said.length] ?? ''} (${String(index)})`);
    items.push(
      message(`n${String(index)}`, sender, time, body, { mentionsMe: index === count - 5 && sender !== marta }),
    );
  }
  return items;
}
