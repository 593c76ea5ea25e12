import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FakeBackend } from '../../../backend/fake';
import { long } from '../../../gallery/conversation-messages';
import { HARBOUR } from '../../../gallery/golden/chats';
import { account, priya } from '../../../gallery/golden/people';
import { settled, showState } from '../../../test/app';
import { article, field, open, verbs } from '../opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const drawer = (): HTMLElement => screen.getByRole('complementary', { name: 'Thread' });
const gone = (): boolean => screen.queryByRole('complementary', { name: 'Thread' }) === null;
const reply = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'Reply in thread' });
const summary = (): HTMLElement => screen.getByRole('button', { name: /^4 replies/ });
const said = (): string[] =>
  within(drawer())
    .getAllByRole('article')
    .map((one) => one.getAttribute('aria-label') ?? '');
const here = [account.account, HARBOUR] as const;

async function harbour(): Promise<FakeBackend> {
  return showState('chats');
}

describe('a thread', () => {
  it('opens from its summary, which says what is unread, with the caret in its own composer', async () => {
    const backend = await harbour();
    expect(summary().getAttribute('aria-label')).toBe('4 replies, 2 unread, last at 09:26, Open thread');
    await userEvent.click(summary());
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$h1', { kind: 'unread' }]]);
    expect(within(drawer()).getByRole('heading', { name: 'Thread' })).toBeInTheDocument();
    expect(within(drawer()).getByText('Harbour Ops')).toBeInTheDocument();
    expect(document.activeElement).toBe(reply());
  });

  it('shows the root, how many replies there are, and the replies', async () => {
    await showState('thread');
    expect(said().map((label) => label.split(',')[0])).toEqual([
      'Priya Raman',
      'Samir Haddad',
      'Priya Raman',
      'Leila Farouk',
      'You',
    ]);
    expect(within(drawer()).getByRole('separator', { name: '4 replies' })).toBeInTheDocument();
    // Neither a thread in a thread nor the beginning of a chat.
    expect(within(drawer()).queryByRole('button', { name: /^4 replies/ })).toBeNull();
    expect(within(drawer()).queryByText(/This is the beginning/)).toBeNull();
  });

  it('opens by T from a message, and has no replies yet', async () => {
    const backend = await harbour();
    article('Can the 11:40 leave').focus();
    await userEvent.keyboard('t');
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$h2', { kind: 'unread' }]]);
    expect(within(drawer()).getByText('No replies yet.')).toBeInTheDocument();
  });

  it('opens from the bar and the menu of a message', async () => {
    const backend = await harbour();
    const user = userEvent.setup();
    article('Can the 11:40 leave').focus();
    await settled();
    await user.click(within(screen.getByRole('toolbar')).getByRole('button', { name: 'Reply in thread' }));
    await settled();
    await user.keyboard('{Escape}');
    await settled();
    expect(gone()).toBe(true);
    article('Can the 11:40 leave').focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    await user.click(await screen.findByRole('menuitem', { name: /Reply in thread/ }));
    await vi.waitFor(() => expect(verbs(backend, 'openThread')).toHaveLength(2));
    await vi.waitFor(() => expect(document.activeElement).toBe(reply()));
  });

  it('takes what is written in it, and counts it', async () => {
    const backend = await showState('thread');
    await userEvent.type(reply(), 'Boards are changed.{Enter}');
    await settled();
    expect(verbs(backend, 'sendMessage')).toEqual([
      [...here, { text: 'Boards are changed.', replyTo: null, mentions: [], thread: '$h1' }],
    ]);
    expect(said().at(-1)).toContain('Boards are changed.');
    expect(within(drawer()).getByRole('separator', { name: '5 replies' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /^5 replies/ })).toBeInTheDocument();
    expect(field().value).toBe('');
  });

  it('has a draft of its own', async () => {
    const backend = await showState('thread-draft');
    expect(reply().value).toBe('Is the sand off again?');
    expect(within(drawer()).getByRole('button', { name: 'Stop answering' })).toBeInTheDocument();
    expect(field().value).toBe('');
    await userEvent.type(reply(), ' Yes');
    await userEvent.keyboard('{Escape}{Escape}');
    await settled();
    expect(verbs(backend, 'saveDraft').at(-1)).toEqual([...here, '$h1', 'Is the sand off again? Yes', null]);
  });

  it('says what comes, and marks it as read where it was read', async () => {
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 300, 50));
    const backend = await showState('thread');
    backend.receive(HARBOUR, priya, 'Dry by eleven', '$h1');
    await vi.waitFor(() => expect(screen.getByText('Priya: Dry by eleven')).toBeInTheDocument());
    await vi.waitFor(() => expect(verbs(backend, 'markRead').some((args) => args[2] === '$h1')).toBe(true));
  });

  it('is left by one Esc after the answer, and the focus goes back to where it came from', async () => {
    await harbour();
    const user = userEvent.setup();
    article('Can the 11:40 leave').focus();
    await user.keyboard('t');
    await settled();
    within(drawer()).getByRole('article', { name: /Jonas/ }).focus();
    await user.keyboard('r{Escape}');
    expect(gone()).toBe(false);
    await user.keyboard('{Escape}');
    await settled();
    expect(gone()).toBe(true);
    await vi.waitFor(() => expect(document.activeElement).toBe(article('Can the 11:40 leave')));
  });

  it('is left by Esc in the chat beside it, before that goes to its end', async () => {
    await showState('thread');
    field().focus();
    await userEvent.keyboard('{Escape}');
    await settled();
    expect(gone()).toBe(true);
    expect(document.activeElement).toBe(field());
  });

  it('covers the conversation in a window without room beside it', async () => {
    await showState('thread');
    const main = screen.getByRole('main', { hidden: true });
    expect(main).toHaveProperty('inert', true);
    await userEvent.click(within(drawer()).getByRole('button', { name: 'Close thread' }));
    await settled();
    expect(screen.getByRole('main')).toHaveProperty('inert', false);
  });

  it('gives way where it would cover what is asked for in the chat', async () => {
    const backend = await open({ items: long(10, 0) });
    screen.getAllByRole('article').at(-1)?.focus();
    await userEvent.keyboard('t');
    await settled();
    expect(gone()).toBe(false);
    await backend.goTo({ kind: 'event', event: '$n5' });
    expect(gone()).toBe(true);
    expect(screen.getByRole('main')).toHaveProperty('inert', false);
  });

  it('says in its place that it did not open, and tries again', async () => {
    const backend = await showState('thread-failed');
    expect(within(drawer()).getByText('This thread did not open.')).toBeInTheDocument();
    const real = Object.getPrototypeOf(backend) as FakeBackend;
    backend.openThread = real.openThread.bind(backend);
    await fireEvent.click(within(drawer()).getByRole('button', { name: 'Try again' }));
    await settled();
    expect(said()).toHaveLength(5);
  });

  it('closes when another chat is opened', async () => {
    const backend = await showState('thread');
    backend.notify(account.account, '!priya:skerrylines.example');
    await settled();
    expect(gone()).toBe(true);
    expect(verbs(backend, 'closeChat').length).toBeGreaterThan(0);
  });
});

describe('a thread that is only read', () => {
  it('has no composer, and gives the keyboard to its messages', async () => {
    await showState('thread-read-only');
    expect(screen.queryByRole('textbox', { name: 'Reply in thread' })).toBeNull();
    expect(drawer().contains(document.activeElement)).toBe(true);
  });
});
