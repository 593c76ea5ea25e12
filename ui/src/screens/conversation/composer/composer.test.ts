import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { DraftKeeper } from './draft-keeper';
import { arrow, findEmoji, loadEmoji } from './emoji';
import { pasted, remaining, wrapped } from './text';
import { TypingNotice } from './typing-notice';

describe('the draft', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is saved on a pause of half a second, not before', () => {
    const save = vi.fn(() => Promise.resolve());
    const keeper = new DraftKeeper('', null, save);
    keeper.changed('a', null);
    vi.advanceTimersByTime(400);
    keeper.changed('ab', null);
    vi.advanceTimersByTime(499);
    expect(save).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(save.mock.calls).toEqual([['ab', null]]);
  });

  it('is saved at once when the chat is left, and only if it changed', () => {
    const save = vi.fn(() => Promise.resolve());
    const keeper = new DraftKeeper('as it was', null, save);
    keeper.flush();
    expect(save).not.toHaveBeenCalled();
    keeper.changed('as it is', null);
    keeper.flush();
    expect(save.mock.calls).toEqual([['as it is', null]]);
    vi.advanceTimersByTime(1000);
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('is another one when it answers another message', () => {
    const save = vi.fn(() => Promise.resolve());
    const keeper = new DraftKeeper('', null, save);
    keeper.changed('', '$one');
    keeper.changed('', '$one');
    vi.advanceTimersByTime(500);
    keeper.changed('', null);
    keeper.flush();
    expect(save.mock.calls).toEqual([
      ['', '$one'],
      ['', null],
    ]);
  });
});

describe('the draft of what is being sent', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function sending(): { keeper: DraftKeeper; save: ReturnType<typeof vi.fn> } {
    const save = vi.fn(() => Promise.resolve());
    const keeper = new DraftKeeper('', '$one', save);
    keeper.changed('on my way', '$one');
    void keeper.hold();
    vi.advanceTimersByTime(1000);
    return { keeper, save };
  }

  it('waits for a save that is under way', async () => {
    let end = (): void => undefined;
    const keeper = new DraftKeeper('', null, () => new Promise((done) => (end = done)));
    keeper.changed('on my way', null);
    vi.advanceTimersByTime(500);
    let held = false;
    const holding = keeper.hold().then(() => (held = true));
    await vi.advanceTimersByTimeAsync(1000);
    expect(held).toBe(false);
    end();
    await holding;
    expect(held).toBe(true);
  });

  it('is not saved, and is empty when it was sent', () => {
    const { keeper, save } = sending();
    keeper.flush();
    keeper.sent('', null);
    vi.advanceTimersByTime(1000);
    expect(save).not.toHaveBeenCalled();
  });

  it('is what was written meanwhile', () => {
    const { keeper, save } = sending();
    keeper.changed('on my way and', '$one');
    vi.advanceTimersByTime(1000);
    expect(save).not.toHaveBeenCalled();
    keeper.sent(' and', null);
    expect(save.mock.calls).toEqual([[' and', null]]);
  });

  it('is saved when it was not sent', () => {
    const { keeper, save } = sending();
    keeper.kept();
    expect(save.mock.calls).toEqual([['on my way', '$one']]);
    keeper.changed('on my way!', '$one');
    vi.advanceTimersByTime(500);
    expect(save).toHaveBeenCalledTimes(2);
  });
});

describe('the typing notice', () => {
  function notice(): { told: boolean[]; it: TypingNotice; wait: (ms: number) => void } {
    const told: boolean[] = [];
    let now = 0;
    const it = new TypingNotice(
      (typing) => told.push(typing),
      () => now,
    );
    return { told, it, wait: (ms) => (now += ms) };
  }

  it('goes out at most every four seconds', () => {
    const { told, it, wait } = notice();
    it.changed('a');
    wait(3999);
    it.changed('ab');
    expect(told).toEqual([true]);
    wait(1);
    it.changed('abc');
    expect(told).toEqual([true, true]);
  });

  it('ends when the text is sent or cleared, once', () => {
    const { told, it } = notice();
    it.changed('a');
    it.changed(' ');
    it.stop();
    expect(told).toEqual([true, false]);
  });

  it('says nothing of an empty field', () => {
    const { told, it } = notice();
    it.changed('');
    it.stop();
    expect(told).toEqual([]);
  });
});

describe('the text', () => {
  it('pasted has one kind of line end and nothing unseen', () => {
    expect(pasted('a\r\nb\rc\u0000\u0007\td')).toBe('a\nb\nc\td');
  });

  it('written while a message went out stays', () => {
    expect(remaining('hello', 'hello')).toBe('');
    expect(remaining('hello\nand more', 'hello')).toBe('and more');
    expect(remaining('something else', 'hello')).toBe('something else');
  });

  it('is marked and unmarked by the same keys', () => {
    const bold = wrapped('say it now', 4, 6, '**');
    expect(bold).toEqual({ text: 'say **it** now', start: 6, end: 8 });
    expect(wrapped(bold.text, bold.start, bold.end, '**')).toEqual({ text: 'say it now', start: 4, end: 6 });
  });
});

describe('emoji', () => {
  it('are found by name, short name and what they are about', async () => {
    const all = await loadEmoji();
    expect(all.length).toBeGreaterThan(1500);
    expect(findEmoji(all, ':+1:')[0]?.emoji).toBe('👍️');
    expect(findEmoji(all, 'ferry').map(({ emoji }) => emoji)).toContain('⛴️');
    expect(findEmoji(all, 'thumbs u')[0]?.emoji).toBe('👍️');
    expect(findEmoji(all, 'no such thing')).toEqual([]);
    expect(findEmoji(all, '(')).toEqual(findEmoji(all, '('));
  });

  it('have a place for every arrow key', () => {
    // Two rows of nine and seven, then a section of three.
    const sizes = [16, 3];
    expect(arrow(sizes, 0, 'ArrowLeft')).toBe(0);
    expect(arrow(sizes, 0, 'ArrowRight')).toBe(1);
    expect(arrow(sizes, 4, 'ArrowDown')).toBe(13);
    expect(arrow(sizes, 8, 'ArrowDown')).toBe(15);
    expect(arrow(sizes, 10, 'ArrowDown')).toBe(17);
    expect(arrow(sizes, 15, 'ArrowDown')).toBe(18);
    expect(arrow(sizes, 18, 'ArrowDown')).toBe(18);
    expect(arrow(sizes, 17, 'ArrowUp')).toBe(10);
    expect(arrow(sizes, 3, 'ArrowUp')).toBe(3);
    expect(arrow([], 0, 'ArrowDown')).toBe(0);
  });
});
