/**
 * Questions about the order of rows: where to open, what is new, what was not seen, what failed together.
 */
import type { Item, Landing, Timestamp, TransactionId } from '../../../backend/backend';
import type { Place } from './geometry';

/** The row that is seen first, and where it stands in the window; `null` is the end. */
export function opening(items: readonly Item[], landing: Landing): { key: string; place: Place } | null {
  switch (landing.kind) {
    case 'unread': {
      const line = items.find((item) => item.kind.kind === 'newMessages');
      return line ? { key: line.key, place: 'third' } : null;
    }
    case 'end':
      return null;
    case 'message':
      return { key: landing.key, place: 'centre' };
    case 'start':
      return { key: landing.key, place: 'top' };
  }
}

/** The rows of `next` that came after everything in `old`. */
export function newAtEnd(old: readonly Item[], next: readonly Item[]): readonly Item[] {
  if (old.length === 0) return [];
  const before = new Set(old.map((item) => item.key));
  let index = next.length;
  while (index > 0 && !before.has(next[index - 1]?.key ?? '')) index -= 1;
  // Nothing in common is a new list, not news.
  return index === 0 ? [] : next.slice(index);
}

/** The day of the row at `index`; `null` where the row itself says it, or nothing is known. */
export function dayBefore(items: readonly Item[], index: number): Timestamp | null {
  for (let at = index; at >= 0; at -= 1) {
    const kind = items[at]?.kind;
    if (kind?.kind === 'day') return at === index ? null : kind.time;
  }
  return null;
}

/** What lies below the newest row that was ever on screen. */
export interface Unseen {
  /** Others' messages. */
  readonly count: number;
  /** Those of them that mention this person. */
  readonly mentions: number;
  /** The first of those. */
  readonly mention: string | null;
}

export function unseenAfter(items: readonly Item[], frontier: string | null): Unseen {
  let count = 0;
  let mentions = 0;
  let mention: string | null = null;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (!item || item.key === frontier) break;
    if (item.kind.kind !== 'message' || item.kind.message.own) continue;
    count += 1;
    if (item.kind.message.mentionsMe) {
      mentions += 1;
      mention = item.key;
    }
  }
  return frontier === null ? { count: 0, mentions: 0, mention: null } : { count, mentions, mention };
}

/** For the last of several failed messages in a row: all of them. */
export function failedTogether(items: readonly Item[]): ReadonlyMap<string, readonly TransactionId[]> {
  const out = new Map<string, readonly TransactionId[]>();
  let run: TransactionId[] = [];
  let last: string | null = null;
  const close = (): void => {
    if (last !== null && run.length > 1) out.set(last, run);
    run = [];
    last = null;
  };
  for (const item of items) {
    if (item.kind.kind !== 'message') continue;
    const { delivery, transaction } = item.kind.message;
    const heals = delivery?.kind === 'failed' && (delivery.reason === 'refused' || delivery.reason === 'encryption');
    if (heals && transaction !== null) {
      run.push(transaction);
      last = item.key;
    } else close();
  }
  close();
  return out;
}
