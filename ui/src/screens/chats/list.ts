/** What the list shows of the rows it was given: filters, names, counts. Pure; the order is never changed. */
import type { ChatRow, RoomId } from '../../backend';

export type Filter = 'all' | 'unread' | 'mentions';

/** Something waits in it: messages not read, or an invitation not answered. */
export function isUnread(row: ChatRow): boolean {
  return row.unread > 0 || row.markedUnread || row.preview.kind === 'invitation';
}

/** How a name is compared: without case and marks, so that "wisniewski" finds "Wiśniewski". */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('đ', 'd');
}

/**
 * The rows that pass. `kept` stay although they no longer pass: a row that was just read stays in "Unread". A name is
 * looked for among all chats, whatever the filter.
 */
export function shownRows(
  rows: readonly ChatRow[],
  filter: Filter,
  query: string,
  kept: ReadonlySet<RoomId>,
): readonly ChatRow[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  if (filter === 'all' && words.length === 0) return rows;
  if (words.length > 0) {
    return rows.filter((row) => {
      const name = folded(row.name);
      return words.every((word) => name.includes(word));
    });
  }
  return rows.filter((row) => kept.has(row.room) || (filter === 'unread' ? isUnread(row) : row.mentions > 0));
}

/** The numbers on the filters. Muted chats can wait: they count only when they mention the person. */
export function counts(rows: readonly ChatRow[]): { unread: number; mentions: number } {
  let unread = 0;
  let mentions = 0;
  for (const row of rows) {
    if (isUnread(row) && !row.muted) unread += 1;
    if (row.mentions > 0) mentions += 1;
  }
  return { unread, mentions };
}

/** Where typing leads: the next row after `from` whose name begins with `typed`, going round; -1 if none does. */
export function typedTo(rows: readonly ChatRow[], typed: string, from: number): number {
  const wanted = folded(typed);
  for (let step = 0; step < rows.length; step += 1) {
    const index = (from + step + rows.length) % rows.length;
    const row = rows[index];
    if (row && folded(row.name).startsWith(wanted)) return index;
  }
  return -1;
}

/** The chat before (-1) or after (1) `room`; the first or last when none is open. */
export function neighbour(rows: readonly ChatRow[], room: RoomId | null, step: 1 | -1): RoomId | null {
  const at = rows.findIndex((row) => row.room === room);
  if (at < 0) return (step === 1 ? rows[0] : rows.at(-1))?.room ?? null;
  return rows[at + step]?.room ?? null;
}

/** The next unread chat in that direction, going round; chats that mention the person first. */
export function unreadNeighbour(rows: readonly ChatRow[], room: RoomId | null, step: 1 | -1): RoomId | null {
  const at = rows.findIndex((row) => row.room === room);
  const around: ChatRow[] = [];
  for (let distance = 1; distance <= rows.length; distance += 1) {
    const start = at < 0 ? (step === 1 ? -1 : rows.length) : at;
    const row = rows[(((start + step * distance) % rows.length) + rows.length) % rows.length];
    if (row && row.room !== room) around.push(row);
  }
  return (around.find((row) => row.mentions > 0) ?? around.find((row) => isUnread(row) && !row.muted))?.room ?? null;
}

/** The parts of `name` that `query` hit, for marking: pairs of text and whether it is a hit. */
export function marked(name: string, query: string): { text: string; hit: boolean }[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const chars = Array.from(name);
  const flat = chars.map((char) => folded(char));
  const text = flat.join('');
  const hits = new Set<number>();
  for (const word of words) {
    const found = text.indexOf(word);
    if (found < 0) continue;
    let offset = 0;
    flat.forEach((char, index) => {
      if (offset >= found && offset < found + word.length) hits.add(index);
      offset += char.length;
    });
  }
  const parts: { text: string; hit: boolean }[] = [];
  chars.forEach((char, index) => {
    const hit = hits.has(index);
    const last = parts.at(-1);
    if (last && last.hit === hit) last.text += char;
    else parts.push({ text: char, hit });
  });
  return parts;
}
