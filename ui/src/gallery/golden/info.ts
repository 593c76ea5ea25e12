/** What is in Harbour Ops: people, pictures, films, files, links. */
import type { Body, ChatInfo, PartItem, PartKind, Parts, Person, Role, RoomId } from '../../backend/backend';
import { at, HARBOUR, NOW } from './chats';
import { text } from './conversations';
import { aoife, grace, helena, jonas, leila, marta, noah, priya, samir, tomasz, yuki } from './people';

const roles: [Person, Role][] = [
  [marta, 'admin'],
  [aoife, 'moderator'],
  [priya, 'moderator'],
  [grace, 'member'],
  [helena, 'member'],
  [jonas, 'member'],
  [leila, 'member'],
  [noah, 'member'],
  [samir, 'member'],
  [tomasz, 'member'],
  [yuki, 'member'],
];

const harbour: Partial<ChatInfo> = {
  topic: 'Berths, ramps and gates, day by day',
  people: roles.map(([person, role]) => ({ person, role, me: person === marta })),
  members: 14,
  starred: 1,
  pinned: 0,
  media: 84,
  files: 31,
  links: 13,
  kept: { since: NOW - 60 * 86_400_000, fetching: 'off' },
};

export function info(room: RoomId): Partial<ChatInfo> {
  return room === HARBOUR ? harbour : {};
}

const part = (id: string, sender: Person, time: number, body: Body, link: PartItem['link'] = null): PartItem => ({
  event: `$${id}`,
  thread: null,
  sender,
  own: sender === marta,
  time,
  body,
  link,
});
function picture(media: string): Body {
  return {
    kind: 'image',
    image: { media, thumbnail: null, name: `${media}.jpg`, width: 840, height: 720 },
    caption: [],
  };
}
function film(poster: string | null, duration: number | null): Body {
  const file = { media: 'film', name: 'Ramp 3 moves.mp4', extension: 'MP4', size: 8_400_000 };
  return { kind: 'video', video: { file, poster, width: 840, height: 480, duration }, caption: [] };
}
function file(name: string, extension: string, size: number | null): Body {
  return { kind: 'file', file: { media: name, name, extension, size }, caption: [] };
}

const media: PartItem[] = [
  part('h1', priya, at(9, 12), picture('ramp')),
  part('i2', priya, at(8, 3, 1), picture('seal')),
  part('i3', tomasz, at(5, 40, 3), picture('cranes')),
  part('i4', jonas, at(15, 20, 9), film('ramp', 83_000)),
  part('i5', marta, at(15, 2, 12), picture('seal')),
  part('i6', leila, at(11, 44, 20), picture('missing')),
  part('i7', noah, at(10, 9, 31), film(null, null)),
  part('i8', samir, at(9, 10, 50), picture('cranes')),
];
const sound = { file: { media: 'horn', name: 'Fog horn.flac', extension: 'FLAC', size: 4_100_000 }, duration: 95_000 };
const files: PartItem[] = [
  part('h6', tomasz, at(9, 39), file('Berth plan, week 21.pdf', 'PDF', 2_400_000)),
  part('j2', marta, at(14, 20, 2), file('Gate codes.xlsx', 'XLSX', 44_000)),
  part('j3', samir, at(8, 2, 6), { kind: 'audio', sound: { ...sound, waveform: [] }, caption: [] }),
  part('j4', yuki, at(7, 30, 8), { kind: 'voice', sound: { ...sound, duration: 42_000, waveform: [] } }),
  part(
    'j5',
    grace,
    at(17, 5, 15),
    file('Inventory of everything that floats, all terminals, final (2).csv', 'CSV', 1_200),
  ),
  part('j6', noah, at(12, 0, 40), file('setup-tool.exe', 'EXE', null)),
];
const links: PartItem[] = [
  part('h5', tomasz, at(9, 38), text('The plan'), {
    href: 'https://berths.skerrylines.example/week-21',
    text: 'berths.skerrylines.example/week-21',
  }),
  part('k2', marta, at(10, 1, 3), text('Tides'), {
    href: 'https://tides.example/skerry',
    text: 'tides.example/skerry',
  }),
  part('k3', priya, at(16, 0, 30), text('Seals'), {
    href: 'https://parts.example/seals/hydraulic/cylinder/port-side/2024/catalogue?page=12',
    text: 'parts.example/seals/hydraulic/cylinder/port-side/2024/catalogue',
  }),
];

const pages: Record<PartKind, PartItem[]> = { media, files, links };

/** Two pages of pictures, one of everything else. */
export function parts(room: RoomId, kind: PartKind, cursor: string | null): Parts {
  if (room !== HARBOUR) return { items: [], next: null };
  const all = pages[kind];
  if (kind !== 'media') return { items: all, next: null };
  return cursor === null ? { items: all.slice(0, 6), next: 'six' } : { items: all.slice(6), next: null };
}
