import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { long, talk, text } from '../../gallery/conversation-messages';
import { HARBOUR, NOW } from '../../gallery/golden/chats';
import { message } from '../../gallery/golden/conversations';
import { account, priya } from '../../gallery/golden/people';
import { article, field, open, verbs } from './opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Everything the fake engine was asked for has come back. */
async function answered(): Promise<void> {
  await vi.waitFor(() => expect(document.querySelector('.target')).not.toBeNull());
}

describe('a chat that is opened at a message', () => {
  it('shows it and outlines it, without taking the focus', async () => {
    const backend = await open({ items: long(10, 0), at: { kind: 'event', event: '$n5' } });
    expect(verbs(backend, 'openChat')).toEqual([[account.account, HARBOUR, { kind: 'event', event: '$n5' }]]);
    expect(verbs(backend, 'jump')).toEqual([]);
    await answered();
    const [target] = backend.container.querySelectorAll('.target');
    expect(target?.closest('[data-key]')?.getAttribute('data-key')).toBe('n5');
    expect(document.activeElement).toBe(field());
  });

  it('asks for the message when it is not on this computer, and says when it does not come', async () => {
    const backend = await open({ items: talk, at: { kind: 'event', event: '$far' } });
    expect(verbs(backend, 'jump')).toEqual([[expect.any(Number), { kind: 'event', event: '$far' }]]);
    expect(await screen.findByText(/not on this computer yet/)).toBeTruthy();
    expect(article('Morning all')).toBeTruthy();
  });
});

describe('an open chat', () => {
  it('goes where it is asked to from outside', async () => {
    const backend = await open({ items: long(30, 0) });
    await backend.goTo({ kind: 'event', event: '$n10' });
    await answered();
    expect(document.querySelector('.target')?.closest('[data-key]')?.getAttribute('data-key')).toBe('n10');
    // The same message again is another wish.
    await backend.goTo({ kind: 'event', event: '$n10' });
    expect(verbs(backend, 'jump')).toHaveLength(2);
  });

  it('fetches the original of an answer that is far away, and gives it the focus', async () => {
    const quote = { event: '$far', sender: priya, text: 'Long ago', mark: null };
    const answer = message('answer', priya, NOW, text('Yes'), { reply: quote });
    const backend = await open({ items: [...long(20, 0), answer] });
    await fireEvent.click(screen.getByRole('button', { name: /Long ago/ }));
    expect(verbs(backend, 'jump')).toEqual([[expect.any(Number), { kind: 'event', event: '$far' }]]);
    expect(await screen.findByText(/not on this computer yet/)).toBeTruthy();
    // It came: the engine says where it stands.
    const real = backend.jump.bind(backend);
    backend.jump = (id) => real(id, { kind: 'event', event: '$n3' });
    await fireEvent.click(screen.getByRole('button', { name: /Long ago/ }));
    await answered();
    expect(document.activeElement?.closest('[data-key]')?.getAttribute('data-key')).toBe('n3');
  });

  it('says after a moment that it is looking', async () => {
    vi.useFakeTimers();
    const backend = await open({ items: talk });
    let found: () => void = () => undefined;
    backend.jump = () => new Promise((done) => (found = done));
    await backend.goTo({ kind: 'event', event: '$far' });
    expect(screen.queryByText('Looking for this message…')).toBeNull();
    await vi.advanceTimersByTimeAsync(400);
    expect(screen.getByText('Looking for this message…')).toBeTruthy();
    found();
    await vi.advanceTimersByTimeAsync(1);
    expect(screen.queryByText('Looking for this message…')).toBeNull();
  });
});

describe('a chat that does not stand at its end', () => {
  it('offers the way to the end, counts what waits there, and goes there', async () => {
    const backend = await open({
      items: long(60, 0),
      newer: 'loading',
      header: { unread: 7, mentions: 1 },
      at: { kind: 'event', event: '$n30' },
    });
    await userEvent.click(screen.getByRole('button', { name: /mentions you/ }));
    expect(verbs(backend, 'jump')).toEqual([[expect.any(Number), { kind: 'end' }]]);
    expect(document.activeElement).toBe(field());
    await vi.waitFor(() => expect(screen.queryByRole('button', { name: /mentions you/ })).toBeNull());
  });

  it('asks for newer messages near its newest row, once a page', async () => {
    const backend = await open({ items: talk, newer: 'more' });
    expect(verbs(backend, 'loadNewer')).toHaveLength(1);
  });

  it('goes to its end when something is written', async () => {
    const backend = await open({ items: long(60, 0), newer: 'loading', at: { kind: 'event', event: '$n30' } });
    await userEvent.type(field(), 'Here I am{Enter}');
    await vi.waitFor(() => expect(verbs(backend, 'jump')).toEqual([[expect.any(Number), { kind: 'end' }]]));
    expect(await screen.findByRole('article', { name: /Here I am/ })).toBeTruthy();
  });

  it('goes to its end by Esc', async () => {
    const backend = await open({ items: talk, newer: 'loading' });
    await userEvent.type(field(), '{Escape}');
    expect(verbs(backend, 'jump')).toEqual([[expect.any(Number), { kind: 'end' }]]);
  });
});

// Nothing has a place in a page without layout, so what hangs on a button counts as hidden.
describe('going to a day', () => {
  const midnight = (day: number): number => new Date(2025, 4, day).getTime();
  const month = (): Promise<HTMLElement> => screen.findByText('May 2025');

  it('begins at a day of the timeline', async () => {
    const backend = await open({ items: talk });
    await userEvent.click(screen.getByRole('button', { name: /Go to another date/ }));
    await month();
    const day = document.querySelector('[role="button"][data-value="2025-05-03"]');
    if (!day) throw new Error('3 May is not in the month');
    await userEvent.click(day);
    expect(verbs(backend, 'jump')).toEqual([[expect.any(Number), { kind: 'date', time: midnight(3) }]]);
    await vi.waitFor(() => expect(screen.queryByText('May 2025')).toBeNull());
  });

  it('begins in the menu of the chat, and is left by Esc', { timeout: 60_000 }, async () => {
    const backend = await open({ items: talk });
    await userEvent.click(screen.getByRole('button', { name: 'More about Harbour Ops' }));
    await userEvent.click(await screen.findByText('Go to a date'));
    await month();
    const { violations } = await axe.run(document.body, {
      rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(screen.queryByText('May 2025')).toBeNull());
    expect(verbs(backend, 'jump')).toEqual([]);
  });
});
