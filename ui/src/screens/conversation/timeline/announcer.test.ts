import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Announcer } from './announcer';

describe('what is said of new messages', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function announcer(): { said: string[]; it: Announcer } {
    const said: string[] = [];
    const it = new Announcer(
      (sentence) => said.push(sentence),
      (count) => `${String(count)} new messages`,
    );
    return { said, it };
  }

  it('comes at once, then at most every two seconds', () => {
    const { said, it } = announcer();
    it.add('Priya: one');
    vi.advanceTimersByTime(0);
    expect(said).toEqual(['Priya: one']);
    it.add('Priya: two');
    vi.advanceTimersByTime(1999);
    expect(said).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['Priya: one', 'Priya: two']);
  });

  it('counts more than three instead of reading them', () => {
    const { said, it } = announcer();
    for (const name of ['a', 'b', 'c', 'd']) it.add(name);
    vi.advanceTimersByTime(0);
    expect(said).toEqual(['4 new messages']);
  });

  it('stops with the chat', () => {
    const { said, it } = announcer();
    it.add('a');
    it.stop();
    vi.advanceTimersByTime(5000);
    expect(said).toEqual([]);
  });
});
