import { describe, expect, it } from 'vitest';

import {
  atEnd,
  correction,
  offsets,
  onScreen,
  rangeAround,
  rangeNear,
  rowAt,
  shiftFor,
  showsJump,
  total,
  wantsMore,
} from './geometry';

/** A hundred rows of fifty pixels. */
const tops = offsets(100, () => 50);

describe('where rows are', () => {
  it('adds heights up, and finds the row at a height', () => {
    expect(total(tops)).toBe(5000);
    expect(rowAt(tops, 0)).toBe(0);
    expect(rowAt(tops, 49)).toBe(0);
    expect(rowAt(tops, 50)).toBe(1);
    expect(rowAt(tops, 4999)).toBe(99);
  });

  it('stays inside the list for heights outside of it', () => {
    expect(rowAt(tops, -10)).toBe(0);
    expect(rowAt(tops, 9999)).toBe(99);
    expect(
      rowAt(
        offsets(0, () => 50),
        10,
      ),
    ).toBe(0);
    expect(total(offsets(0, () => 50))).toBe(0);
  });
});

describe('the rows that are drawn', () => {
  it('are the last ones at the end', () => {
    expect(rangeNear(tops, 0, 200, 100)).toEqual({ start: 94, end: 100 });
  });

  it('surround the window in the middle, with a margin on both sides', () => {
    const { start, end } = rangeNear(tops, 2400, 200, 100);
    // The window covers 2400 to 2600 from the top.
    expect(start).toBeLessThanOrEqual(46);
    expect(end).toBeGreaterThanOrEqual(54);
    expect(end - start).toBeLessThan(12);
  });

  it('are all rows of a short list, and none of an empty one', () => {
    expect(
      rangeNear(
        offsets(3, () => 50),
        0,
        800,
        800,
      ),
    ).toEqual({ start: 0, end: 3 });
    expect(
      rangeNear(
        offsets(0, () => 50),
        0,
        800,
        800,
      ),
    ).toEqual({ start: 0, end: 0 });
  });

  it('include a row that is jumped to, wherever it is', () => {
    for (const index of [0, 17, 50, 99]) {
      const { start, end } = rangeAround(tops, index, 300);
      expect(start).toBeLessThanOrEqual(index);
      expect(end).toBeGreaterThan(index);
    }
  });

  it('stay few in a list of a hundred thousand', () => {
    const long = offsets(100_000, (index) => 30 + (index % 90));
    const { start, end } = rangeNear(long, 3_000_000, 700, 700);
    expect(end - start).toBeLessThan(80);
  });
});

describe('the reading place', () => {
  it('needs no correction when nothing below it changed', () => {
    expect(correction(120, 120)).toBe(0);
    expect(correction(120, 120.3)).toBe(0);
  });

  it('goes up when messages came below, and down when some went', () => {
    expect(correction(120, 180)).toBe(-60);
    expect(correction(120, 90)).toBe(30);
  });

  it('puts the line of new messages one third from the top', () => {
    expect(shiftFor('third', 500, 530, 600)).toBe(300);
    expect(shiftFor('third', 200, 230, 600)).toBe(0);
  });

  it('centres what is jumped to, and shows the beginning of what is taller than the window', () => {
    expect(shiftFor('centre', 500, 600, 600)).toBe(250);
    expect(shiftFor('centre', 500, 1500, 600)).toBe(500);
  });

  it('moves only as far as needed for the arrow keys', () => {
    expect(shiftFor('nearest', 100, 200, 600)).toBe(0);
    expect(shiftFor('nearest', -40, 60, 600)).toBe(-40);
    expect(shiftFor('nearest', 580, 640, 600)).toBe(48);
    expect(shiftFor('nearest', 580, 1640, 600)).toBe(580);
  });
});

describe('the ends', () => {
  it('holds on to the end only near it', () => {
    expect(atEnd(0)).toBe(true);
    expect(atEnd(200)).toBe(false);
  });

  it('offers to jump from 400 pixels on', () => {
    expect(showsJump(400)).toBe(false);
    expect(showsJump(401)).toBe(true);
  });

  it('asks for older messages one and a half windows before the oldest', () => {
    expect(wantsMore(899, 600)).toBe(true);
    expect(wantsMore(900, 600)).toBe(false);
  });
});

describe('what counts as on screen', () => {
  it('is a message whose end is shown', () => {
    expect(onScreen({ top: 500, bottom: 600 }, 600)).toBe(true);
    expect(onScreen({ top: -50, bottom: 10 }, 600)).toBe(true);
  });

  it('is not one whose end is below the window, nor one that is gone above', () => {
    expect(onScreen({ top: 500, bottom: 700 }, 600)).toBe(false);
    expect(onScreen({ top: -100, bottom: 0 }, 600)).toBe(false);
  });

  it('is one that fills the window', () => {
    expect(onScreen({ top: -100, bottom: 900 }, 600)).toBe(true);
  });
});
