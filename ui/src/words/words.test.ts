import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';

import { app } from './en/app';
import { beside } from './en/beside';
import { chats } from './en/chats';
import { conversation } from './en/conversation';
import { search } from './en/search';
import { signIn } from './en/sign_in';
import { storage } from './en/storage';
import { clockTime, dayName, listTime, moment, say, words } from './index';

/** Wednesday. */
const NOW = Date.UTC(2025, 4, 21, 9, 46);
const DAY = 86_400_000;

describe('sentences', () => {
  it('have one place each', () => {
    const all = [app, signIn, chats, conversation, beside, storage, search].flatMap((part) => Object.keys(part));
    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
  });

  it.each(Object.entries(words))('%s is well formed', (_key, text) => {
    expect(() => new IntlMessageFormat(text, 'en-GB', undefined, { ignoreTag: true })).not.toThrow();
  });

  it.each(Object.entries(words))('%s has no exclamation mark, no "please", no "oops"', (_key, text) => {
    expect(text).not.toMatch(/!|\bplease\b|\boops\b|\bOK\b/i);
  });

  it('count with plurals', () => {
    expect(say('chats.found', { count: 0 })).toBe('No chats');
    expect(say('chats.found', { count: 1 })).toBe('1 chat');
    expect(say('chats.found', { count: 2000 })).toBe('2,000 chats');
  });

  it('name who is typing as far as that is readable', () => {
    const names = (count: number) => say('row.typing.some', { count, first: 'Leila', second: 'Noah' });
    expect(names(1)).toBe('Leila is typing…');
    expect(names(2)).toBe('Leila and Noah are typing…');
    expect(names(3)).toBe('3 people are typing…');
  });

  it('leave what people wrote as it is, braces and brackets too', () => {
    expect(say('chats.nothing', { query: '{x} <b>' })).toBe('Nothing for “{x} <b>”.');
  });

  it('are those of the design', () => {
    expect(`${say('fail.unknownServer')} ${say('fail.unknownServer.rest')}`).toBe(
      'No organisation answers at this address. Check the spelling, or ask IT help.',
    );
    expect(`${say('offline.lead')} ${say('offline.rest')} ${say('offline.asOf', { time: '09:44' })}`).toBe(
      'You are offline. You can read and write; messages go out by themselves when the connection is back. Up to date as of 09:44.',
    );
    expect(`${say('silent.lead', { organisation: 'Skerry Lines' })} ${say('silent.rest')}`).toBe(
      'Skerry Lines does not answer. Your own connection works. What you write is kept and goes out later.',
    );
    expect(`${say('keys.recover.wrong')} ${say('keys.recover.wrong.rest')}`).toBe(
      'This key does not fit. Your messages are untouched. Look for mixed up 0 and O, 1 and l.',
    );
    expect(say('fail.wrongPassword')).toBe('User name and password do not match.');
    expect(`${say('departure.removed', { name: 'Aoife', chat: 'Harbour Ops' })} ${say('departure.rest')}`).toBe(
      'Aoife removed you from Harbour Ops. You can read what was written before.',
    );
    expect(say('fail.notAllowed')).toBe('You are not allowed to do this.');
  });
});

describe('moments', () => {
  it('in the list are a time today, then a day, then a date', () => {
    expect(listTime(NOW, NOW)).toBe('09:46');
    expect(listTime(NOW - DAY, NOW)).toBe('Yesterday');
    expect(listTime(NOW - 2 * DAY, NOW)).toBe('Mon');
    expect(listTime(NOW - 6 * DAY, NOW)).toBe('Thu');
    expect(listTime(NOW - 7 * DAY, NOW)).toBe('14 May');
    expect(listTime(NOW - 365 * DAY, NOW)).toBe('21 May 2024');
  });

  it('count days by the calendar, not by hours', () => {
    const midnight = Date.UTC(2025, 4, 21);
    expect(listTime(midnight - 60_000, NOW)).toBe('Yesterday');
    expect(listTime(midnight, NOW)).toBe('00:00');
  });

  it('from a clock that runs ahead are shown as today', () => {
    expect(listTime(NOW + 3 * 60_000, NOW)).toBe('09:49');
  });

  it('over a day are its name', () => {
    expect(dayName(NOW, NOW)).toBe('Today');
    expect(dayName(NOW - DAY, NOW)).toBe('Yesterday');
    expect(dayName(NOW - 3 * DAY, NOW)).toBe('Sunday');
    expect(dayName(NOW - 400 * DAY, NOW)).toBe('16 April 2024');
  });

  it('in a sentence carry their day when it was not today', () => {
    expect(moment(NOW, NOW)).toBe('09:46');
    expect(moment(NOW - DAY, NOW)).toBe('yesterday, 09:46');
    expect(clockTime(Date.UTC(2025, 0, 1, 7, 5))).toBe('07:05');
  });
});
