import { cleanup, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FakeBackend } from '../../../backend/fake';
import { HARBOUR } from '../../../gallery/golden/chats';
import { account } from '../../../gallery/golden/people';
import { settled, showState } from '../../../test/app';
import { field, verbs } from '../opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const pill = (name = '2 new replies in threads'): HTMLElement => screen.getByRole('button', { name });
const gone = (): boolean => screen.queryByRole('button', { name: /new repl(y|ies) in/ }) === null;
const spoken = (): string =>
  Array.from(document.querySelectorAll('[aria-live="polite"]'))
    .map((one) => one.textContent)
    .join('')
    .trim();

async function waiting(replies = 2): Promise<FakeBackend> {
  return showState(replies === 1 ? 'thread-unread-one' : 'thread-unread');
}

describe('replies in threads that were not read', () => {
  it('are counted above the composer, and a press opens the thread with the newest at the first of them', async () => {
    const backend = await waiting();
    await userEvent.click(pill());
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[account.account, HARBOUR, '$h1', { kind: 'unread' }]]);
    const drawer = screen.getByRole('complementary', { name: 'Thread' });
    expect(document.activeElement).toBe(within(drawer).getByRole('textbox', { name: 'Reply in thread' }));
  });

  it('are said in the singular too', async () => {
    await waiting(1);
    expect(pill('1 new reply in a thread')).toBeInTheDocument();
  });

  it('are reached by Tab, before the composer, and opened by Enter', async () => {
    const backend = await waiting();
    field().focus();
    await userEvent.tab({ shift: true });
    expect(document.activeElement).toBe(pill());
    await userEvent.keyboard('{Enter}');
    await settled();
    expect(verbs(backend, 'openThread')).toHaveLength(1);
  });

  it('are announced politely, once', async () => {
    const backend = await waiting();
    await vi.waitFor(() => expect(spoken()).toBe('2 new replies in threads'));
    backend.setHeader(HARBOUR, { unreadThread: { root: '$h2', replies: 3 } });
    await settled();
    expect(pill('3 new replies in threads')).toBeInTheDocument();
    await new Promise((done) => setTimeout(done, 2200));
    expect(spoken()).toBe('2 new replies in threads');
  });

  it('are not announced where the window has no keyboard', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    await waiting();
    await new Promise((done) => setTimeout(done, 50));
    expect(spoken()).toBe('');
  });

  it('are gone when they were read, and the keyboard goes to the composer', async () => {
    const backend = await waiting();
    pill().focus();
    backend.setHeader(HARBOUR, { unreadThread: null });
    await settled();
    expect(gone()).toBe(true);
    expect(document.activeElement).toBe(field());
  });

  it('do not count where their thread is open, nor inside any thread', async () => {
    const backend = await waiting();
    await userEvent.click(pill());
    await settled();
    backend.setHeader(HARBOUR, { unreadThread: { root: '$h1', replies: 1 } });
    backend.setHeader(HARBOUR, { unreadThread: { root: '$h2', replies: 1 } }, '$h1');
    await settled();
    expect(gone()).toBe(true);
    backend.setHeader(HARBOUR, { unreadThread: { root: '$h2', replies: 1 } });
    await settled();
    expect(screen.getAllByRole('button', { name: '1 new reply in a thread', hidden: true })).toHaveLength(1);
  });

  it('keep nobody out', async () => {
    await waiting();
    const place = pill().closest('.dock') ?? document.body;
    expect((await axe.run(place, { rules: { region: { enabled: false } } })).violations).toEqual([]);
  });
});
