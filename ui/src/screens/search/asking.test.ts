import { describe, expect, it, vi } from 'vitest';

import type { Backend, SearchGroup, SearchHit, SearchRequest, SearchResults } from '../../backend';
import { failure } from '../../backend/fake';
import { priya } from '../../gallery/golden/people';
import { Asking } from './asking.svelte';

function hit(event: string): SearchHit {
  const plain = { own: false, thread: null, starred: false, text: [], file: null, mark: null };
  return { event, time: 0, sender: priya, ...plain };
}
function group(room: string, events: string[], total = events.length): SearchGroup {
  return { room, name: room, avatar: priya.avatar, hits: events.map(hit), total };
}
function answer(change: Partial<SearchResults>): SearchResults {
  const counts = { messages: 0, files: 0, more: false };
  const rest = { filters: [], groups: [], chats: [], next: null, suggestion: null, tookMs: 1 };
  return { ...rest, counts, indexed: { kind: 'complete' }, ...change };
}

type Answer = SearchResults | Promise<SearchResults>;

/** An engine whose answers the test gives. */
function engine(answers: (request: SearchRequest) => Answer): { asking: Asking; asked: SearchRequest[] } {
  const asked: SearchRequest[] = [];
  const search = (_: string, request: SearchRequest) => {
    asked.push(request);
    return Promise.resolve(answers(request));
  };
  return { asking: new Asking({ search } as unknown as Backend, 'a'), asked };
}
const question = (text: string) => ({ text, room: null, scope: 'all' as const });
const shown = (asking: Asking) => asking.groups.map(({ room, hits }) => [room, ...hits.map(({ event }) => event)]);

describe('asking', () => {
  it('has one question on its way, and drops the answer to a text that is gone', async () => {
    const waiting: (() => void)[] = [];
    const { asking, asked } = engine(
      ({ text }) => new Promise((done) => waiting.push(() => done(answer({ groups: [group('!a', [text])] })))),
    );
    asking.ask(question('b'));
    asking.ask(question('be'));
    asking.ask(question('ber'));
    expect(asked.map(({ text }) => text)).toEqual(['b']);
    waiting.shift()?.();
    await vi.waitFor(() => expect(asked.map(({ text }) => text)).toEqual(['b', 'ber']));
    expect(asking.results).toBeNull();
    waiting.shift()?.();
    await vi.waitFor(() => expect(shown(asking)).toEqual([['!a', 'ber']]));
  });

  it('does what was wanted of an answer when it comes, and nothing once something else was asked', async () => {
    const waiting: (() => void)[] = [];
    const { asking } = engine(
      ({ text }) => new Promise((done) => waiting.push(() => done(answer({ groups: [group('!a', [text])] })))),
    );
    const done: string[] = [];
    const then = (name: string) => asking.whenAnswered(() => done.push(`${name}: ${shown(asking).flat().join(' ')}`));
    then('before any question');
    asking.ask(question('b'));
    then('for a text that is gone');
    asking.ask(question('be'));
    then('first');
    then('second');
    waiting.shift()?.();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    expect(done).toEqual(['before any question: ']);
    waiting.shift()?.();
    await vi.waitFor(() => expect(done.slice(1)).toEqual(['first: !a be', 'second: !a be']));
    then('at once');
    expect(done.at(-1)).toBe('at once: !a be');
  });

  it('does nothing for whoever went elsewhere meanwhile', async () => {
    const { asking } = engine(() => answer({ groups: [group('!a', ['1'])] }));
    const act = vi.fn();
    asking.ask(question('b'));
    asking.whenAnswered(act);
    asking.dismiss();
    await vi.waitFor(() => expect(shown(asking)).toEqual([['!a', '1']]));
    await Promise.resolve();
    expect(act).not.toHaveBeenCalled();
  });

  it('goes on where what takes long was looked through in vain, until something else is asked', async () => {
    const waiting: (() => void)[] = [];
    const { asking, asked } = engine(({ text, cursor }) => {
      if (cursor === 'b2')
        return answer({ groups: [group('!a', ['1'])], counts: { messages: 0, files: 0, more: true } });
      if (text === 'b')
        return answer({ next: cursor === null ? 'b1' : 'b2', counts: { messages: 1, files: 0, more: true } });
      if (text === 'd') return answer({ groups: [group('!d', ['4'])] });
      if (cursor === null) return answer({ next: 'c1' });
      return new Promise((done) => waiting.push(() => done(answer({ next: 'c2' }))));
    });
    asking.ask(question('b'));
    await vi.waitFor(() => expect(shown(asking)).toEqual([['!a', '1']]));
    expect(asked.map(({ cursor }) => cursor)).toEqual([null, 'b1', 'b2']);
    expect(asking.results?.counts.messages).toBe(1);
    expect(asking.more).toBe(false);
    asking.ask(question('c'));
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    asking.ask(question('d'));
    waiting.shift()?.();
    await vi.waitFor(() => expect(asked.at(-1)?.text).toBe('d'));
    expect(asked.some(({ cursor }) => cursor === 'c2')).toBe(false);
  });

  it('does nothing with an answer that failed', async () => {
    const { asking } = engine(() => Promise.reject(failure('internal')));
    const act = vi.fn();
    asking.ask(question('b'));
    asking.whenAnswered(act);
    await vi.waitFor(() => expect(asking.failure).not.toBeNull());
    asking.whenAnswered(act);
    expect(act).not.toHaveBeenCalled();
  });

  it('asks again, and keeps what is shown until something else comes', async () => {
    let there = [group('!a', ['1'])];
    let fails = false;
    const { asking, asked } = engine(({ cursor }) => {
      if (fails) throw failure('internal');
      return cursor === null ? answer({ groups: there, next: 'more' }) : answer({ groups: [group('!b', ['2'])] });
    });
    asking.ask(question('b'));
    await vi.waitFor(() => expect(asking.more).toBe(true));
    await asking.loadMore();
    const question1 = asking.answered;
    await asking.refresh();
    expect(asked).toHaveLength(3);
    expect(shown(asking)).toEqual([
      ['!a', '1'],
      ['!b', '2'],
    ]);
    there = [group('!c', ['3']), group('!a', ['1'])];
    const again = asking.refresh();
    expect(shown(asking)).toHaveLength(2);
    await again;
    expect(shown(asking)).toEqual([
      ['!c', '3'],
      ['!a', '1'],
    ]);
    expect(asking.more).toBe(true);
    expect(asking.answered).toBe(question1);
    fails = true;
    await asking.refresh();
    expect(asking.failure).toBeNull();
    expect(shown(asking)).toHaveLength(2);
  });

  it('forgets everything when nothing is asked, and a late answer changes nothing', async () => {
    const waiting: (() => void)[] = [];
    const { asking } = engine(
      () => new Promise((done) => waiting.push(() => done(answer({ groups: [group('!a', ['1'])] })))),
    );
    asking.ask(question('b'));
    asking.ask(null);
    waiting.shift()?.();
    await new Promise((done) => setTimeout(done));
    expect(asking.results).toBeNull();
    expect(asking.groups).toEqual([]);
  });

  it('adds later pages below what is shown, and never what can be unfolded above', async () => {
    const pages: Record<string, SearchResults> = {
      first: answer({ groups: [group('!a', ['1', '2'], 9), group('!b', ['3'])], next: 'second' }),
      second: answer({ groups: [group('!a', ['4'], 9)], next: 'third' }),
      third: answer({ groups: [group('!b', ['5']), group('!c', ['6'])] }),
    };
    const { asking } = engine(({ cursor }) => pages[cursor ?? 'first'] ?? answer({}));
    asking.ask(question('x'));
    await vi.waitFor(() => expect(asking.more).toBe(true));
    await asking.loadMore();
    expect(shown(asking)).toEqual([
      ['!a', '1', '2'],
      ['!b', '3'],
      ['!b', '5'],
      ['!c', '6'],
    ]);
    expect(asking.more).toBe(false);
  });

  it('unfolds a chat in its place, page by page', async () => {
    const { asking } = engine(({ room, cursor }) => {
      if (room === null) return answer({ groups: [group('!a', ['1'], 4), group('!b', ['9'])] });
      if (cursor === null) return answer({ groups: [group('!a', ['1', '2', '3'])], next: 'more' });
      return answer({ groups: [group('!a', ['4'])] });
    });
    asking.ask(question('x'));
    await vi.waitFor(() => expect(asking.groups).toHaveLength(2));
    const key = asking.groups[0]?.key ?? '';
    await asking.unfold(key);
    expect(shown(asking)).toEqual([
      ['!a', '1', '2', '3'],
      ['!b', '9'],
    ]);
    await asking.unfold(key);
    expect(shown(asking)[0]).toEqual(['!a', '1', '2', '3', '4']);
    expect(asking.groups[0]).toMatchObject({ total: 4, next: null });
  });

  it('says that it failed, keeps what was shown, and asks again when told to', async () => {
    let broken = false;
    const { asking } = engine(() => {
      if (broken) throw failure('diskFull');
      return answer({ groups: [group('!a', ['1'])] });
    });
    asking.ask(question('x'));
    await vi.waitFor(() => expect(asking.groups).toHaveLength(1));
    broken = true;
    asking.ask(question('xy'));
    await vi.waitFor(() => expect(asking.failure?.code).toBe('diskFull'));
    expect(asking.groups).toHaveLength(1);
    broken = false;
    asking.retry();
    await vi.waitFor(() => expect(asking.answered?.text).toBe('xy'));
    expect(asking.failure).toBeNull();
  });
});
