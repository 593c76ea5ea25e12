import { describe, expect, it } from 'vitest';

import type { ChatRow } from '../../backend';
import { chats, kinds, row, said } from '../../gallery/golden/chats';
import { counts, folded, marked, neighbour, shownRows, typedTo, unreadNeighbour } from './list';
import { spokenRow } from './preview';

const none = new Set<string>();

function named(...names: string[]): ChatRow[] {
  return names.map((name, index) =>
    row(`r${index}`, name, { shape: 'group', initials: 'X', tint: 1, image: null }, said('')),
  );
}

function names(rows: readonly ChatRow[]): string[] {
  return rows.map((one) => one.name);
}

describe('filters', () => {
  it('never change the order', () => {
    expect(shownRows(chats, 'all', '', none)).toBe(chats);
    expect(names(shownRows(chats, 'unread', '', none))).toEqual([
      'Harbour Ops',
      'Helena Strand',
      'Bridge and fleet',
      'Safety reps',
    ]);
    expect(names(shownRows(chats, 'mentions', '', none))).toEqual(['Harbour Ops', 'Bridge and fleet']);
  });

  it('keep a row that was just read', () => {
    const kept = new Set([chats[4]?.room ?? '']);
    expect(names(shownRows(chats, 'unread', '', kept))).toContain('Priya Raman');
  });

  it('count what is unread and not muted', () => {
    expect(counts(chats)).toEqual({ unread: 3, mentions: 2 });
  });

  it('count an invitation as something unread', () => {
    expect(counts(kinds.slice(0, 1)).unread).toBe(1);
  });
});

describe('looking for a name', () => {
  const rows = named('Tomasz Wiśniewski', 'Søren Ålund', 'Crew rota, week 21', 'Week end crew');

  it('does not mind case and marks', () => {
    expect(names(shownRows(rows, 'all', 'WISN', none))).toEqual(['Tomasz Wiśniewski']);
    expect(names(shownRows(rows, 'all', 'soren al', none))).toEqual(['Søren Ålund']);
    expect(folded('Łódź')).toBe('lodz');
  });

  it('finds words in any order', () => {
    expect(names(shownRows(rows, 'all', 'week crew', none))).toEqual(['Crew rota, week 21', 'Week end crew']);
  });

  it('looks among all chats, whatever the filter', () => {
    expect(names(shownRows(rows, 'unread', 'week crew', none))).toEqual(['Crew rota, week 21', 'Week end crew']);
    expect(shownRows(rows, 'mentions', '', none)).toEqual([]);
  });

  it('marks what it found', () => {
    expect(marked('Tomasz Wiśniewski', 'wis')).toEqual([
      { text: 'Tomasz ', hit: false },
      { text: 'Wiś', hit: true },
      { text: 'niewski', hit: false },
    ]);
  });
});

describe('moving', () => {
  it('by typing goes on from here and round', () => {
    const rows = named('Berth', 'Bridge', 'Crew');
    expect(typedTo(rows, 'b', 1)).toBe(1);
    expect(typedTo(rows, 'b', 2)).toBe(0);
    expect(typedTo(rows, 'br', 0)).toBe(1);
    expect(typedTo(rows, 'x', 0)).toBe(-1);
  });

  it('to the next chat stops at the ends', () => {
    expect(neighbour(chats, null, 1)).toBe(chats[0]?.room);
    expect(neighbour(chats, chats[0]?.room ?? '', 1)).toBe(chats[1]?.room);
    expect(neighbour(chats, chats[0]?.room ?? '', -1)).toBeNull();
  });

  it('to the next unread chat prefers mentions and leaves out muted ones', () => {
    const at = (name: string) => chats.find((one) => one.name === name)?.room ?? '';
    expect(unreadNeighbour(chats, at('Harbour Ops'), 1)).toBe(at('Bridge and fleet'));
    const read = chats.map((one) => ({ ...one, mentions: 0 }));
    expect(unreadNeighbour(read, at('Harbour Ops'), 1)).toBe(at('Helena Strand'));
    expect(unreadNeighbour(read, at('Bridge and fleet'), 1)).toBe(at('Harbour Ops'));
    expect(
      unreadNeighbour(
        read.map((one) => ({ ...one, unread: 0 })),
        null,
        1,
      ),
    ).toBeNull();
  });
});

describe('a row in one spoken line', () => {
  const spoken = (name: string) => spokenRow([...chats, ...kinds].find((one) => one.name === name) as ChatRow);

  it('says name, kind, numbers, who said what, when, and its marks', () => {
    expect(spoken('Harbour Ops')).toMatch(
      /^Harbour Ops, group, 3 unread, mentions you, Aoife: @Marta please look at berth 5 before noon, .+, pinned$/,
    );
    expect(spoken('Safety reps')).toMatch(/, muted$/);
  });

  it('says what did not go out and what is only a draft', () => {
    expect(spoken('Leila Farouk')).toContain('not sent: I can take the 06:10');
    expect(spoken('Crew rota, week 21')).toContain('draft: Swap Noah and Yuki on the late');
  });

  it('says how far an own message has come', () => {
    expect(spoken('Priya Raman')).toContain('you: Thank you, that is all I needed, read');
  });
});
