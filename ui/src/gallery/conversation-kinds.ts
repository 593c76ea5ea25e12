/** Films, sounds, stickers, places, polls, calls, doubts, and lines about the room, as they sit in the timeline. */
import type { Body, Call, Item, Message, Person, Poll, PollAnswer, SystemLine } from '../backend/backend';
import { paragraph, text } from './conversation-messages';
import { at } from './golden/chats';
import { message, who } from './golden/conversations';
import { aoife, grace, helena, jonas, leila, marta, noah, priya, samir, tomasz, yuki } from './golden/people';

/** Loud and quiet as speech is; the same each time. */
const speech = Array.from({ length: 48 }, (_, index) =>
  Math.round(18 + 62 * Math.abs(Math.sin(index * 0.7) * Math.cos(index * 0.23))),
);

function sound(name: string, duration: number | null, waveform: number[] = []) {
  const extension = name.split('.').at(-1)?.toUpperCase() ?? '';
  return { file: { media: name, name, extension, size: 96_000 }, duration, waveform };
}
function video(poster: string | null, name: string, duration: number | null): Body {
  const file = { media: name, name, extension: 'MP4', size: 8_400_000 };
  return { kind: 'video', video: { file, poster, width: 840, height: 480, duration }, caption: [] };
}

interface PollLook {
  votes?: (number | null)[];
  chosen?: number[];
  people?: Person[][];
  more?: Partial<Poll>;
}
export function poll(look: PollLook = {}): Body {
  const { votes = [null, null, null], chosen = [], people = [], more = {} } = look;
  const most = Math.max(...votes.map((count) => count ?? 0));
  const answers = ['Thursday 06:00', 'Thursday 13:30', 'Friday 06:00'].map((answer, index): PollAnswer => ({
    id: `answer-${String(index)}`,
    text: answer,
    votes: votes[index] ?? null,
    people: people[index] ?? [],
    chosen: chosen.includes(index),
    wins: more.closed === true && most > 0 && votes[index] === most,
  }));
  const base: Poll = {
    question: 'When do we test the new boarding flow?',
    answers,
    choices: 1,
    voters: votes.reduce((sum: number, count) => sum + (count ?? 0), 0),
    secret: false,
    closed: false,
    canVote: true,
    canClose: false,
  };
  return { kind: 'poll', poll: { ...base, ...more } };
}
function call(state: Call['state'], pictures = false): Body {
  return { kind: 'call', call: { video: pictures, state } };
}

/** What is seen and heard, and where. */
export const media: Item[] = [
  message('v1', tomasz, at(9, 38), { kind: 'voice', sound: sound('Voice.ogg', 42_000, speech) }),
  message('v2', marta, at(9, 40), { kind: 'voice', sound: sound('Answer.ogg', 20_000, speech.toReversed()) }),
  message('v3', yuki, at(9, 41), { kind: 'voice', sound: sound('Plain.ogg', null) }),
  message('f1', priya, at(9, 50), video('ramp', 'Ramp 3 moves.mp4', 83_000)),
  message(
    'f2',
    marta,
    at(9, 51),
    video(null, 'Horn test, a name that is far too long for one line of a tile.mp4', null),
  ),
  message('a1', samir, at(10, 0), { kind: 'audio', sound: sound('Fog horn.flac', 95_000), caption: [] }),
  message('a2', marta, at(10, 1), {
    kind: 'audio',
    sound: sound('Radio check.wav', null),
    caption: [paragraph('Channel 12.')],
  }),
  message('t1', leila, at(10, 5), {
    kind: 'sticker',
    image: { media: 'seal', thumbnail: null, name: 'seal.png', width: 512, height: 512 },
    text: 'A seal, waving',
  }),
  message('t2', marta, at(10, 6), {
    kind: 'sticker',
    image: { media: 'ramp', thumbnail: null, name: 'ramp.png', width: 512, height: 384 },
    text: 'Ahoy',
  }),
  message('g1', leila, at(10, 12), {
    kind: 'location',
    location: {
      text: 'Pier 3, north ramp',
      coordinates: { latitude: 59_912_731, longitude: 10_746_090, uncertainty: 13 },
    },
  }),
  message('g2', marta, at(10, 13), {
    kind: 'location',
    location: { text: '', coordinates: { latitude: -33_856_784, longitude: -151_215_297, uncertainty: null } },
  }),
  message('g3', leila, at(10, 14), { kind: 'location', location: { text: 'Behind the blue shed', coordinates: null } }),
];

/** Every state of a poll. */
export const polls: Item[] = [
  message('o1', jonas, at(10, 10), poll({ more: { voters: 8 } })),
  message(
    'o2',
    jonas,
    at(10, 11),
    poll({ votes: [5, 3, 1], chosen: [0], people: [[tomasz, leila, noah], [samir, aoife, grace], [helena]] }),
  ),
  message(
    'o3',
    marta,
    at(10, 12),
    poll({ votes: [2, 1, 0], chosen: [0], people: [[priya, marta], [jonas]], more: { canClose: true } }),
  ),
  message('o4', aoife, at(10, 13), poll({ more: { secret: true, voters: 4 }, chosen: [1] })),
  message('o5', grace, at(10, 14), poll({ votes: [4, 4, 1], chosen: [0, 1], more: { choices: 2, voters: 5 } })),
  message(
    'o6',
    jonas,
    at(10, 15),
    poll({
      votes: [5, 3, 1],
      chosen: [1],
      people: [[tomasz, leila, noah], [marta]],
      more: { closed: true, canVote: false },
    }),
  ),
  message('o7', yuki, at(10, 16), poll({ votes: [0, 0, 0], more: { closed: true, canVote: false } })),
];

/** Every state of a call. */
export const calls: Item[] = [
  message('c1', priya, at(10, 20), call({ kind: 'missed' })),
  message('c2', priya, at(10, 21), call({ kind: 'missed' }, true)),
  message('c3', marta, at(10, 22), call({ kind: 'missed' })),
  message('c4', priya, at(10, 23), call({ kind: 'ended', seconds: 185 })),
  message('c5', marta, at(10, 24), call({ kind: 'ended', seconds: 3_905 }, true)),
  message('c6', priya, at(10, 25), call({ kind: 'declined' })),
  message('c7', marta, at(10, 26), call({ kind: 'answered' })),
  message('c8', priya, at(9, 46), call({ kind: 'ringing', until: at(23, 0) })),
  message('c9', samir, at(10, 28), call({ kind: 'started' }, true)),
];

const said = (id: string, sender: Person, minute: number, words: string, more: Partial<Message>): Item =>
  message(id, sender, at(10, minute), text(words), more);

/** How sure it is who wrote a message. */
export const doubts: Item[] = [
  said('q1', jonas, 50, 'Please send me the gate code again.', { trust: 'notEncrypted' }),
  said('q2', jonas, 51, 'It is me, from my new phone.', { trust: 'changedIdentity' }),
  said('q3', jonas, 52, 'The gate is open.', { trust: 'forged' }),
  said('q4', grace, 53, 'From the tablet at the desk.', { trust: 'unverifiedDevice' }),
  said('q5', grace, 54, 'From a telephone I no longer have.', { trust: 'unknownDevice' }),
  said('q6', priya, 55, 'Restored from the backup.', { trust: 'unproven' }),
  said('q7', priya, 56, 'You have confirmed this device.', { trust: 'verified' }),
  said('q8', marta, 57, 'Written on another device of mine, not confirmed.', { trust: 'unverifiedDevice' }),
];

const line = (id: string, one: SystemLine, time: number): Item => ({
  key: id,
  kind: { kind: 'system', line: one, time },
});
const me = who(marta);
const [a, n, s, h, y, p] = [aoife, noah, samir, helena, yuki, priya].map(who);
if (!a || !n || !s || !h || !y || !p) throw new Error('people');

const all: SystemLine[] = [
  { kind: 'created', who: a },
  { kind: 'encrypted', who: a },
  { kind: 'renamed', who: a, name: 'Harbour Ops' },
  { kind: 'topic', who: a, topic: 'Ramps, berths, tides' },
  { kind: 'topic', who: a, topic: '' },
  { kind: 'picture', who: s, removed: false },
  { kind: 'invited', who: a, whom: n },
  { kind: 'joined', who: n },
  { kind: 'removed', who: a, whom: h, reason: '' },
  { kind: 'left', who: y },
  { kind: 'invitationDeclined', who: y },
  { kind: 'invitationWithdrawn', who: a, whom: y },
  { kind: 'banned', who: a, whom: h, reason: 'sells boats' },
  { kind: 'unbanned', who: a, whom: h },
  { kind: 'knocked', who: y },
  { kind: 'knockRefused', who: a, whom: y },
  {
    kind: 'roles',
    who: a,
    changes: [
      { whom: me, role: 'admin' },
      { whom: n, role: 'moderator' },
      { whom: s, role: 'member' },
    ],
  },
  { kind: 'permissions', who: a },
  { kind: 'pinned', who: me, event: '$l1', thread: null },
  { kind: 'unpinned', who: a },
  {
    kind: 'several',
    names: 3,
    pictures: 1,
    calls: 0,
    lines: [
      { kind: 'nameChanged', who: n, name: 'Noah F.' },
      { kind: 'nameChanged', who: y, name: 'Yuki T.' },
      { kind: 'pictureChanged', who: p },
      { kind: 'nameChanged', who: me, name: 'Marta' },
    ],
  },
  { kind: 'visibility', who: a, visibility: 'sinceJoined' },
  { kind: 'guests', who: a, allowed: false },
  { kind: 'joinRule', who: a, rule: 'invited' },
  { kind: 'callJoined', who: s },
  { kind: 'encryptionKept', who: h },
  { kind: 'moved', who: h, room: '!new:elsewhere.example', here: false },
  { kind: 'moved', who: a, room: '!new:skerrylines.example', here: true },
];

/** System lines, dates, the line of new messages, a gap. */
export const lines: Item[] = [
  { key: 'day1', kind: { kind: 'day', time: at(9, 0, 40) } },
  ...all.map((one, index) => line(`line${String(index)}`, one, at(9, 0, 40))),
  { key: 'day2', kind: { kind: 'day', time: at(9, 0, 1) } },
  message('l1', priya, at(16, 48, 1), text('Before the gap.')),
  { key: 'gap', kind: { kind: 'gap' } },
  { key: 'day3', kind: { kind: 'day', time: at(9, 0) } },
  message('l2', priya, at(9, 10), text('After the gap.')),
  { key: 'new', kind: { kind: 'newMessages', count: 3 } },
  message('l3', aoife, at(9, 12), text('One.'), { run: 'first' }),
  message('l4', aoife, at(9, 12), text('Two.'), { run: 'middle' }),
  message('l5', aoife, at(9, 13), text('Three.'), { run: 'last' }),
];
