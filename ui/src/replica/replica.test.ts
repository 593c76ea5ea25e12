import { describe, expect, it } from 'vitest';

import type { ChatRow, Op } from '../backend';
import { HARBOUR, chats } from '../gallery/golden/chats';
import { conversations } from '../gallery/golden/conversations';
import { applied } from './apply';
import { ChatsReplica } from './chats.svelte';
import { ConversationReplica } from './conversation.svelte';

/** The twin of `diff` in crates/model/src/patch.rs, as plain as it can be: used to make changes that must apply. */
function diff(old: readonly number[], wanted: readonly number[]): Op<number>[] {
  const ops: Op<number>[] = [];
  const current = [...old];
  wanted.forEach((item, index) => {
    const at = current.indexOf(item, index);
    if (at === index) return;
    if (at > index) {
      ops.push({ op: 'remove', index: at });
      current.splice(at, 1);
    }
    ops.push({ op: 'insert', index, item });
    current.splice(index, 0, item);
  });
  for (let index = current.length - 1; index >= wanted.length; index -= 1) ops.push({ op: 'remove', index });
  return ops;
}

describe('applied', () => {
  it('turns any list into any other, change by change', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const list = (): number[] => [...new Set(Array.from({ length: random(30) }, () => random(40)))];
    for (let round = 0; round < 200; round += 1) {
      const old = list();
      const wanted = list();
      expect(applied(old, diff(old, wanted))).toEqual(wanted);
    }
  });

  it('takes an index as that of the list at that moment', () => {
    const ops: Op<string>[] = [
      { op: 'remove', index: 2 },
      { op: 'insert', index: 0, item: 'c' },
      { op: 'set', index: 1, item: 'A' },
    ];
    expect(applied(['a', 'b', 'c'], ops)).toEqual(['c', 'A', 'b']);
  });

  it('ignores changes that are out of range', () => {
    const ops: Op<string>[] = [
      { op: 'insert', index: 5, item: 'x' },
      { op: 'set', index: 2, item: 'x' },
      { op: 'remove', index: 2 },
    ];
    expect(applied(['a', 'b'], ops)).toEqual(['a', 'b']);
  });

  it('inserts at the very end', () => {
    expect(applied(['a'], [{ op: 'insert', index: 1, item: 'b' }])).toEqual(['a', 'b']);
  });

  it('leaves the old list as it was', () => {
    const old = ['a'];
    applied(old, [{ op: 'remove', index: 0 }]);
    expect(old).toEqual(['a']);
  });
});

describe('the chat list', () => {
  it('is not known before the first reset, and empty is something else', () => {
    const replica = new ChatsReplica();
    expect(replica.rows).toBeNull();
    replica.apply({ kind: 'reset', rows: [] });
    expect(replica.rows).toEqual([]);
  });

  it('starts over with a reset', () => {
    const replica = new ChatsReplica();
    replica.apply({ kind: 'reset', rows: chats });
    const [first] = chats as [ChatRow];
    replica.apply({ kind: 'reset', rows: [first] });
    expect(replica.rows).toEqual([first]);
  });

  it('keeps rows that did not change as they are, so that they are not drawn again', () => {
    const replica = new ChatsReplica();
    replica.apply({ kind: 'reset', rows: chats });
    const item = { ...(chats[1] as ChatRow), unread: 9 };
    replica.apply({ kind: 'patch', ops: [{ op: 'set', index: 1, item }] });
    expect(replica.rows?.[0]).toBe(chats[0]);
    expect(replica.rows?.[1]).toEqual(item);
  });
});

describe('a conversation', () => {
  it('takes header, items, history and draft from a reset and each of them from its own update', () => {
    const golden = conversations.get(HARBOUR);
    if (!golden) throw new Error('no golden conversation');
    const replica = new ConversationReplica();
    replica.apply({ kind: 'reset', newer: 'more', landing: { kind: 'end' }, ...golden });
    replica.apply({ kind: 'header', header: { ...golden.header, typing: [] } });
    replica.apply({ kind: 'history', history: 'loading' });
    expect(replica.newer).toBe('more');
    replica.apply({ kind: 'newer', newer: 'complete' });
    expect(replica.newer).toBe('complete');
    replica.apply({ kind: 'patch', ops: [{ op: 'remove', index: 0 }] });
    expect(replica.header?.typing).toEqual([]);
    expect(replica.history).toBe('loading');
    expect(replica.items).toEqual(golden.items.slice(1));
    expect(replica.resets).toBe(1);
  });
});
