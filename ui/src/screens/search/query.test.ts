import { describe, expect, it } from 'vitest';

import type { SearchFilter } from '../../backend';
import { asked, isBegun, offers, settled, typedAt, without, type Chip } from './query';

const chip = (kind: Chip['kind'], value: string, label = value): Chip => ({ kind, value, label, unknown: false });

function filter(text: string, part: string, more: Partial<SearchFilter> = {}): SearchFilter {
  const start = text.indexOf(part);
  const [kind, value] = part.split(':');
  return {
    kind: kind as SearchFilter['kind'],
    start,
    end: start + part.length,
    value: value ?? '',
    label: value ?? '',
    state: 'resolved',
    offers: [],
    ...more,
  };
}

describe('the filter at the caret', () => {
  it.each([
    ['from:', 5, { kind: 'from', value: '', start: 0, end: 5 }],
    ['plan from:to', 12, { kind: 'from', value: 'to', start: 5, end: 12 }],
    ['FROM:to', 7, { kind: 'from', value: 'to', start: 0, end: 7 }],
    ['from:tomasz plan', 7, { kind: 'from', value: 'to', start: 0, end: 11 }],
    ['in:"Harbour O', 13, { kind: 'in', value: 'Harbour O', start: 0, end: 13 }],
    ['has:file plan', 13, null],
    ['therefrom:x', 11, null],
    ['plan', 2, null],
    ['', 0, null],
  ])('%s at %i', (text, caret, expected) => {
    expect(typedAt(text, caret)).toEqual(expected);
  });

  it('is found at the end of a very long text at once', () => {
    const text = `${'quay '.repeat(2000)}has:`;
    expect(typedAt(text, text.length)).toMatchObject({ kind: 'has', value: '', start: text.length - 4 });
  });
});

describe('a text without a filter', () => {
  it.each([
    ['from:me plan', 0, 7, 'plan'],
    ['plan from:me', 5, 12, 'plan '],
    ['a from:me b', 2, 9, 'a b'],
  ])('%s', (text, start, end, expected) => {
    expect(without(text, start, end)).toBe(expected);
  });
});

describe('an answer', () => {
  it('makes chips of filters that the caret has left', () => {
    const text = 'from:tomasz plan';
    const next = settled([], text, 16, [filter(text, 'from:tomasz', { value: '@tomasz:x', label: 'Tomasz' })]);
    expect(next).toEqual({ chips: [chip('from', '@tomasz:x', 'Tomasz')], text: 'plan', caret: 4 });
  });

  it('leaves a filter alone that is still being typed, is ambiguous, or has nothing after it', () => {
    const text = 'from:to plan';
    expect(settled([], text, 7, [filter(text, 'from:to')])).toBeNull();
    expect(settled([], text, 12, [filter(text, 'from:to', { state: 'several' })])).toBeNull();
    expect(settled([], 'from:to', 7, [filter('from:to', 'from:to')])).toBeNull();
  });

  it('keeps the caret where it was in what remains, in the middle of the text too', () => {
    const text = 'a has:file b is:unread c';
    const next = settled([], text, 12, [filter(text, 'has:file'), filter(text, 'is:unread')]);
    expect(next).toMatchObject({ text: 'a b c', caret: 3 });
    expect(next?.chips.map(({ kind }) => kind)).toEqual(['has', 'is']);
  });

  it('tells a chip its name, and that nobody is called that', () => {
    const chips = [chip('from', '@tomasz:x')];
    const text = asked(chips, 'plan');
    const named = settled(chips, 'plan', 4, [
      filter(text, 'from:@tomasz', { end: 14, value: '@tomasz:x', label: 'Tomasz' }),
    ]);
    expect(named?.chips).toEqual([chip('from', '@tomasz:x', 'Tomasz')]);
    const unknown = settled(chips, 'plan', 4, [
      filter(text, 'from:@tomasz', { end: 14, value: '@tomasz:x', label: '@tomasz:x', state: 'unknown' }),
    ]);
    expect(unknown?.chips[0]?.unknown).toBe(true);
  });
});

describe('suggestions', () => {
  const now = new Date(2025, 4, 21, 9, 46).getTime();
  const typed = (text: string) => {
    const at = typedAt(text, text.length);
    if (!at) throw new Error(text);
    return at;
  };

  it('are kinds for has:, days for after:, and whom the engine offers for from:', () => {
    expect(offers(typed('has:v'), [], 0, now).map(({ value }) => value)).toEqual(['voice', 'video']);
    expect(offers(typed('is:'), [], 0, now).map(({ value }) => value)).toEqual(['unread', 'starred', 'pinned']);
    expect(offers(typed('after:'), [], 0, now).map(({ value }) => value)).toEqual([
      '2025-05-21',
      '2025-05-20',
      '2025-05-14',
      '2025-05-01',
      '2025-01-01',
    ]);
    const avatar = { shape: 'person' as const, initials: 'T', tint: 1, image: null };
    const offered = { value: '@t:x', label: 'Tomasz', disambiguation: '@t:x', avatar };
    const text = 'from:to';
    const answer = [filter(text, text, { state: 'several', offers: [offered] })];
    expect(offers(typed(text), answer, 0, now).map(({ label }) => label)).toEqual(['Tomasz']);
  });
});

describe('a search that is only begun', () => {
  it('has filters without a value, and nothing else', () => {
    for (const text of ['has:', ' from: ', 'Before: AFTER:']) expect(isBegun([], text)).toBe(true);
    for (const text of ['', 'has', 'has:f', 'note:', 'in:has:', 'has: plan']) expect(isBegun([], text)).toBe(false);
    expect(isBegun([chip('has', 'file')], 'from:')).toBe(false);
  });
});
