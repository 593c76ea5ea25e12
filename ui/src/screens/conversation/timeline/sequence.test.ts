import { describe, expect, it } from 'vitest';

import type { Item, Message } from '../../../backend/backend';
import { message } from '../../../gallery/golden/conversations';
import { marta, priya } from '../../../gallery/golden/people';
import { text } from '../../../gallery/conversation-messages';
import { dayBefore, failedTogether, newAtEnd, opening, unseenAfter } from './sequence';

const from = (key: string, more: Partial<Message> = {}): Item => message(key, priya, 0, text(key), more);
const mine = (key: string, more: Partial<Message> = {}): Item => message(key, marta, 0, text(key), more);
const line: Item = { key: 'new', kind: { kind: 'newMessages', count: 1 } };

describe('where a chat opens', () => {
  it('is the line of new messages, else the end', () => {
    expect(opening([from('a'), line, from('b')], { kind: 'unread' })).toEqual({ key: 'new', place: 'third' });
    expect(opening([from('a')], { kind: 'unread' })).toBeNull();
    expect(opening([from('a'), line, from('b')], { kind: 'end' })).toBeNull();
  });

  it('is what was asked for: a message in the middle, the beginning of a day at the top', () => {
    expect(opening([from('a')], { kind: 'message', key: 'a' })).toEqual({ key: 'a', place: 'centre' });
    expect(opening([from('a')], { kind: 'start', key: 'a' })).toEqual({ key: 'a', place: 'top' });
  });
});

describe('the day over the window', () => {
  const day: Item = { key: 'day', kind: { kind: 'day', time: 77 } };

  it('is that of the row at the upper edge', () => {
    expect(dayBefore([from('a'), day, from('b'), from('c')], 3)).toBe(77);
  });

  it('is not said twice, and not guessed', () => {
    expect(dayBefore([day, from('b')], 0)).toBeNull();
    expect(dayBefore([from('a'), day], 0)).toBeNull();
    expect(dayBefore([], 0)).toBeNull();
  });
});

describe('what is new', () => {
  it('is what came after everything that was there', () => {
    expect(newAtEnd([from('a')], [from('0'), from('a'), from('b')]).map(({ key }) => key)).toEqual(['b']);
  });

  it('is nothing when a row only changed, or older pages came', () => {
    expect(newAtEnd([from('a')], [from('a', { edited: true })])).toEqual([]);
    expect(newAtEnd([from('b')], [from('a'), from('b')])).toEqual([]);
  });

  it('is nothing when the list is another one', () => {
    expect(newAtEnd([], [from('a')])).toEqual([]);
    expect(newAtEnd([from('x')], [from('a'), from('b')])).toEqual([]);
  });
});

describe('what was not seen', () => {
  const items = [from('a'), from('b'), mine('c'), from('d', { mentionsMe: true }), from('e', { mentionsMe: true })];

  it('counts what others wrote below the newest row that was on screen', () => {
    expect(unseenAfter(items, 'a')).toEqual({ count: 3, mentions: 2, mention: 'd' });
    expect(unseenAfter(items, 'd')).toEqual({ count: 1, mentions: 1, mention: 'e' });
    expect(unseenAfter(items, 'e')).toEqual({ count: 0, mentions: 0, mention: null });
  });

  it('is nothing before anything was on screen', () => {
    expect(unseenAfter(items, null).count).toBe(0);
  });
});

describe('what failed together', () => {
  const failed = (key: string, reason: 'refused' | 'notAllowed' = 'refused'): Item =>
    mine(key, { transaction: key, delivery: { kind: 'failed', reason } });

  it('is offered on the last of several in a row', () => {
    const together = failedTogether([failed('a'), failed('b'), from('c'), failed('d')]);
    expect([...together]).toEqual([['b', ['a', 'b']]]);
  });

  it('leaves out what cannot heal', () => {
    expect(failedTogether([failed('a'), failed('b', 'notAllowed')]).size).toBe(0);
  });
});
