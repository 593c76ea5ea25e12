import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { failure } from '../../backend/fake';
import { kinds, link, long, talk, text } from '../../gallery/conversation-messages';
import { HARBOUR, NOW, PRIYA } from '../../gallery/golden/chats';
import { message } from '../../gallery/golden/conversations';
import { account, priya } from '../../gallery/golden/people';
import { settled } from '../../test/app';
import { article, field, open, own, verbs } from './opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the timeline', () => {
  it('draws only the rows near the window', async () => {
    const { container } = await open({ items: long(5000, 0) });
    const rows = container.querySelectorAll('[data-key]');
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(120);
    expect(container.querySelector('[data-key="n4999"]')).not.toBeNull();
  });

  it('asks for older messages near the beginning, once a page', async () => {
    const backend = await open({ items: talk, history: 'more' });
    expect(verbs(backend, 'loadOlder')).toHaveLength(1);
  });

  it('says when older messages did not load, and tries again', async () => {
    const backend = await open({ items: talk, history: 'failed' });
    expect(screen.getByText('Older messages did not load.')).toBeTruthy();
    const [older] = screen.getAllByRole('button', { name: 'Try again' });
    if (older) await fireEvent.click(older);
    await settled();
    expect(verbs(backend, 'loadOlder')).toHaveLength(1);
  });

  it('says how far back the chat is complete here, and asks for the rest on demand', async () => {
    const user = userEvent.setup();
    const since = Date.UTC(2025, 2, 3, 12);
    const backend = await open({ items: talk, history: 'more', header: { reach: { since, fetching: 'off' } } });
    expect(screen.getByText('Complete on this computer back to 3 March.')).toBeTruthy();
    const choose = async (name: string) => {
      screen.getByRole('button', { name: 'More about Harbour Ops' }).focus();
      await user.keyboard('{Enter}');
      // A menu without a place on the screen is hidden, and there is no screen here: no role has a name.
      const item = (await screen.findByText(name)).closest('[role="menuitem"]');
      if (!item) throw new Error('no such entry');
      await fireEvent.click(item);
      await settled();
    };
    await choose('Fetch whole history');
    expect(verbs(backend, 'fetchHistory')).toEqual([[account.account, HARBOUR]]);
  });

  it('says anew how the fetching stands, when the header tells', async () => {
    const since = Date.UTC(2025, 2, 3, 12);
    const backend = await open({ items: talk, history: 'more', header: { reach: { since, fetching: 'off' } } });
    expect(screen.queryByText('The rest is being fetched.')).toBeNull();
    backend.setHeader(HARBOUR, { reach: { since, fetching: 'running' } });
    await settled();
    expect(screen.getByText('The rest is being fetched.')).toBeTruthy();
    backend.setHeader(HARBOUR, { reach: { since: Date.UTC(2025, 1, 2, 12), fetching: 'onBattery' } });
    await settled();
    expect(screen.getByText('Complete on this computer back to 2 February.')).toBeTruthy();
    expect(screen.getByText('The rest is fetched once this computer is plugged in.')).toBeTruthy();
    backend.setHeader(HARBOUR, { reach: { since: null, fetching: 'off' } });
    await settled();
    expect(screen.queryByText(/Complete on this computer/)).toBeNull();
  });

  it('says nothing of it where all of it is here', async () => {
    await open({ items: talk, header: { reach: { since: null, fetching: 'off' } } });
    expect(screen.queryByText(/Complete on this computer/)).toBeNull();
  });

  it('shows the beginning of the chat', async () => {
    await open({ items: talk });
    expect(screen.getByText('This is the beginning of Harbour Ops.')).toBeTruthy();
    cleanup();
    await open({ room: PRIYA });
    expect(screen.getByText('No messages yet')).toBeTruthy();
  });

  it('has one tab stop, and arrows between messages', async () => {
    const { container } = await open({ items: talk });
    const stops = () => container.querySelectorAll('article[tabindex="0"]');
    expect(stops()).toHaveLength(1);
    article('You, answers Jonas').focus();
    await userEvent.keyboard('{ArrowUp}');
    expect(document.activeElement).toBe(article('I can take the 06:10'));
    expect(stops()).toHaveLength(1);
    await userEvent.keyboard('{Home}');
    expect(document.activeElement).toBe(article('Morning all'));
    await userEvent.keyboard('{End}{Escape}');
    expect(document.activeElement).toBe(field());
  });

  it('shows what can be done with the message that has the focus', async () => {
    await open({ items: talk });
    expect(screen.queryByRole('toolbar')).toBeNull();
    article('Can the 11:40 leave').focus();
    await settled();
    const bar = screen.getByRole('toolbar', { name: 'Message actions' });
    expect(
      within(bar)
        .getAllByRole('button')
        .map((button) => button.getAttribute('aria-label')),
    ).toEqual(['React', 'Reply', 'Reply in thread', 'More']);
  });

  it('copies the text of a message by C', async () => {
    const user = userEvent.setup();
    await open({ items: talk });
    article('Can the 11:40 leave').focus();
    await user.keyboard('c');
    expect(await screen.findByText('Copied')).toBeTruthy();
    expect(await navigator.clipboard.readText()).toBe('Can the 11:40 leave from berth 3 then?');
  });

  it('goes to a quoted message and outlines it for two seconds', async () => {
    await open({ items: talk });
    vi.useFakeTimers();
    await fireEvent.click(screen.getByRole('button', { name: /Answers Jonas Halvorsen/ }));
    const target = article('Can the 11:40 leave');
    expect(target.className).toContain('target');
    expect(document.activeElement).toBe(target);
    await vi.advanceTimersByTimeAsync(2000);
    expect(target.className).not.toContain('target');
  });

  it('speaks of a new message once, outside the timeline', async () => {
    const backend = await open({ items: talk });
    backend.receive(HARBOUR, priya, 'Ramp 3 is down');
    await vi.waitFor(() => expect(screen.getByText('Priya: Ramp 3 is down')).toBeTruthy());
    expect(screen.getByText('Priya: Ramp 3 is down').closest('[role="log"]')).toBeNull();
  });

  it('leaves the speaking to the system while another window has the focus', async () => {
    vi.mocked(document.hasFocus).mockReturnValue(false);
    const backend = await open({ items: talk });
    vi.useFakeTimers();
    backend.receive(HARBOUR, priya, 'Ramp 3 is down');
    await vi.advanceTimersByTimeAsync(3000);
    expect(screen.queryByText('Priya: Ramp 3 is down')).toBeNull();
  });
});

describe('read marks in the timeline', () => {
  /** Rows of fifty pixels below one another in a window that shows them all. */
  function layout(): void {
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function rect(this: Element) {
      const row = this.closest('[data-key]');
      const place = row ? Array.from(row.parentElement?.children ?? []).indexOf(row) : -1;
      return place < 0 ? new DOMRect(0, 0, 800, 800) : new DOMRect(0, place * 50, 800, 50);
    });
  }
  const items = [message('a', priya, NOW, text('one')), message('b', priya, NOW, text('two')), own('c', {})];

  it('tell the newest message of another person, once, after a second', async () => {
    layout();
    vi.useFakeTimers();
    const backend = await open({ items });
    await vi.advanceTimersByTimeAsync(900);
    expect(verbs(backend, 'markRead')).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(verbs(backend, 'markRead')).toEqual([[account.account, HARBOUR, null, '$b']]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(verbs(backend, 'markRead')).toHaveLength(1);
  });

  it('wait until the window is looked at', async () => {
    layout();
    vi.useFakeTimers();
    vi.mocked(document.hasFocus).mockReturnValue(false);
    const backend = await open({ items });
    await vi.advanceTimersByTimeAsync(5000);
    expect(verbs(backend, 'markRead')).toEqual([]);
    vi.mocked(document.hasFocus).mockReturnValue(true);
    await fireEvent.focus(window);
    await vi.advanceTimersByTimeAsync(1100);
    expect(verbs(backend, 'markRead')).toEqual([[account.account, HARBOUR, null, '$b']]);
  });
});

describe('opening', () => {
  it('shows skeletons only after a moment', async () => {
    vi.useFakeTimers();
    const { container } = await open({
      before: (backend) => {
        backend.openChat = () => new Promise(() => undefined);
      },
    });
    expect(container.querySelector('.sk')).toBeNull();
    await vi.advanceTimersByTimeAsync(150);
    expect(container.querySelector('.sk')).not.toBeNull();
  });

  it('says in place when it failed, and tries again', async () => {
    let broken = true;
    await open({
      items: talk,
      before: (backend) => {
        const real = backend.openChat.bind(backend);
        backend.openChat = (...args) => (broken ? Promise.reject(failure('diskFull', 'SQLITE_FULL')) : real(...args));
      },
    });
    expect(screen.getByText('This chat did not open.')).toBeTruthy();
    broken = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settled();
    expect(screen.getByRole('log', { name: 'Messages in Harbour Ops' })).toBeTruthy();
  });

  it('says who is writing', async () => {
    await open({ header: { typing: ['Leila Farouk'] } });
    expect(screen.getByText('Leila is typing…')).toBeTruthy();
    cleanup();
    await open({ header: { typing: ['Leila Farouk', 'Samir Haddad'] } });
    expect(screen.getByText('Leila and Samir are typing…')).toBeTruthy();
    cleanup();
    await open({ header: { typing: ['a', 'b', 'c'] } });
    expect(screen.getByText('3 people are typing…')).toBeTruthy();
  });

  it('marks a chat that is not encrypted, and only that', async () => {
    await open();
    expect(screen.queryByText('Not encrypted')).toBeNull();
    cleanup();
    await open({ header: { encrypted: false } });
    expect(screen.getByText('Not encrypted')).toBeTruthy();
  });

  it('goes back to the list by the arrow, and by Esc when nothing else is left', async () => {
    const onBack = vi.fn();
    await open({ onBack });
    await userEvent.click(screen.getByRole('button', { name: 'Back to chats' }));
    expect(onBack).toHaveBeenCalledTimes(1);
    await userEvent.type(field(), '{Escape}');
    expect(onBack).toHaveBeenCalledTimes(2);
  });
});

describe('what opens over a conversation keeps nobody out', () => {
  async function violations(): Promise<string[]> {
    const result = await axe.run(document.body, {
      rules: {
        'color-contrast': { enabled: false },
        region: { enabled: false },
        'page-has-heading-one': { enabled: false },
      },
    });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  }

  it('emoji, an answer and what can be done with a message', { timeout: 60_000 }, async () => {
    await open({ items: talk.slice(-2) });
    article('Yes. The 11:40 moves').focus();
    await userEvent.keyboard('r');
    article('Yes. The 11:40 moves').focus();
    await settled();
    expect(screen.getByRole('toolbar')).toBeTruthy();
    expect(await violations()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Emoji' }));
    await screen.findByRole('option', { name: 'Grinning face' });
    expect(await violations()).toEqual([]);
  });

  it('a picture', { timeout: 60_000 }, async () => {
    await open({ items: kinds.slice(0, 1) });
    await userEvent.click(screen.getByRole('button', { name: /Show large/ }));
    await screen.findByRole('dialog');
    expect(await violations()).toEqual([]);
  });

  it('a link in doubt', { timeout: 60_000 }, async () => {
    await open({ items: [message('a', priya, NOW, text(link('https://a.example', 'https://b.example/', true)))] });
    await userEvent.click(screen.getByRole('link'));
    await screen.findByRole('alertdialog');
    expect(await violations()).toEqual([]);
  });
});
