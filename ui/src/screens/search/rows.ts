/** What the arrows walk through: people and chats, hits, and the lines that show more of a chat. Pure. */
import type { ChatHit, RoomId, SearchHit } from '../../backend';
import type { Group } from './asking.svelte';

/** Which results are shown. */
export type Tab = 'all' | 'messages' | 'files' | 'people';

export type Row =
  | { kind: 'chat'; key: string; chat: ChatHit }
  | { kind: 'people'; key: string; count: number }
  | { kind: 'hit'; key: string; room: RoomId; hit: SearchHit }
  | { kind: 'more'; key: string; group: Group; count: number };

/** A headed part of the list. */
export interface Section {
  key: string;
  /** `null` for people and chats. */
  group: Group | null;
  rows: Row[];
}

/** People and chats that are shown among everything else. */
const FEW = 3;

export function sections(tab: Tab, chats: readonly ChatHit[], groups: readonly Group[]): Section[] {
  const shown: Section[] = [];
  if (chats.length > 0 && (tab === 'all' || tab === 'people')) {
    const few = tab === 'people' || chats.length === FEW + 1 ? chats : chats.slice(0, FEW);
    const rows: Row[] = few.map((chat) => ({ kind: 'chat', key: `chat ${chat.room}`, chat }));
    if (few.length < chats.length) rows.push({ kind: 'people', key: 'people', count: chats.length - few.length });
    shown.push({ key: 'people', group: null, rows });
  }
  if (tab === 'people') return shown;
  for (const group of groups) {
    const rows: Row[] = group.hits.map((hit) => ({ kind: 'hit', key: `hit ${hit.event}`, room: group.room, hit }));
    const hidden = group.total - group.hits.length;
    if (hidden > 0 && group.next !== null) rows.push({ kind: 'more', key: `more ${group.key}`, group, count: hidden });
    shown.push({ key: group.key, group, rows });
  }
  return shown;
}

/** The row `by` steps from `key`; the first or last when none is current. */
export function stepped(rows: readonly Row[], key: string | null, by: number): Row | null {
  const at = rows.findIndex((row) => row.key === key);
  if (at < 0) return (by > 0 ? rows[0] : rows.at(-1)) ?? null;
  return rows[Math.max(0, Math.min(rows.length - 1, at + by))] ?? null;
}
