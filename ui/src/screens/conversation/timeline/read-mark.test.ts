import { describe, expect, it } from 'vitest';

import { ReadMark } from './read-mark';

const places = new Map(['$a', '$b', '$c', '$d'].map((event, index) => [event, index]));
const indexOf = (event: string): number | undefined => places.get(event);
const on = (...events: string[]) => events.map((event) => ({ event, index: places.get(event) ?? -1 }));

describe('the read mark', () => {
  it('moves once a message was on screen for a second', () => {
    const mark = new ReadMark();
    expect(mark.see(on('$a'), true, 0, indexOf)).toEqual({ mark: null, again: 1000 });
    expect(mark.see(on('$a'), true, 999, indexOf)).toEqual({ mark: null, again: 1 });
    expect(mark.see(on('$a'), true, 1000, indexOf)).toEqual({ mark: '$a', again: null });
  });

  it('takes the newest of several', () => {
    const mark = new ReadMark();
    mark.see(on('$a', '$b'), true, 0, indexOf);
    expect(mark.see(on('$a', '$b'), true, 1000, indexOf).mark).toBe('$b');
  });

  it('tells each place once', () => {
    const mark = new ReadMark();
    mark.see(on('$a'), true, 0, indexOf);
    expect(mark.see(on('$a'), true, 1000, indexOf).mark).toBe('$a');
    expect(mark.see(on('$a'), true, 5000, indexOf)).toEqual({ mark: null, again: null });
  });

  it('never goes back', () => {
    const mark = new ReadMark();
    mark.see(on('$c'), true, 0, indexOf);
    expect(mark.see(on('$c'), true, 1000, indexOf).mark).toBe('$c');
    mark.see(on('$a', '$b'), true, 2000, indexOf);
    expect(mark.see(on('$a', '$b'), true, 9000, indexOf).mark).toBeNull();
  });

  it('starts the second anew for a message that left the screen', () => {
    const mark = new ReadMark();
    mark.see(on('$a'), true, 0, indexOf);
    mark.see([], true, 500, indexOf);
    mark.see(on('$a'), true, 600, indexOf);
    expect(mark.see(on('$a'), true, 1100, indexOf)).toEqual({ mark: null, again: 500 });
  });

  it('stands still while the window is not looked at', () => {
    const mark = new ReadMark();
    mark.see(on('$a'), true, 0, indexOf);
    expect(mark.see(on('$a'), false, 2000, indexOf)).toEqual({ mark: null, again: null });
    expect(mark.see(on('$a'), true, 3000, indexOf)).toEqual({ mark: null, again: 1000 });
  });

  it('does not wait for a newer message to mark one that had its second', () => {
    const mark = new ReadMark();
    mark.see(on('$a'), true, 0, indexOf);
    expect(mark.see(on('$a', '$b'), true, 1000, indexOf)).toEqual({ mark: '$a', again: 1000 });
  });
});
