import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Item } from '../../../backend/backend';
import { failure } from '../../../backend/fake';
import { polls } from '../../../gallery/conversation-kinds';
import { talk, text } from '../../../gallery/conversation-messages';
import { HARBOUR, NOW } from '../../../gallery/golden/chats';
import { message } from '../../../gallery/golden/conversations';
import { account, jonas, priya } from '../../../gallery/golden/people';
import { settled } from '../../../test/app';
import { article, field, open, own, verbs } from '../opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const hers = (more = {}): Item => message('h', priya, NOW, text('Ramp 3 is down.'), more);
const mine = (more = {}): Item => own('m', more);
const here = [account.account, HARBOUR] as const;

describe('a message by keys', () => {
  it('is edited in the composer, and what stood there comes back', async () => {
    const backend = await open({ items: [mine()], draft: 'half a thought' });
    const user = userEvent.setup();
    article('Gate 2 is clear').focus();
    await user.keyboard('e');
    await vi.waitFor(() => expect(field().value).toBe('Gate 2 is clear.'));
    expect(screen.getByText('Editing your message of 09:46')).toBeTruthy();
    await user.clear(field());
    await user.type(field(), 'Gate 3 is clear.{Enter}');
    await settled();
    expect(verbs(backend, 'editMessage')).toEqual([
      [...here, '$m', { text: 'Gate 3 is clear.', replyTo: null, mentions: [], thread: null }],
    ]);
    expect(verbs(backend, 'sendMessage')).toEqual([]);
    expect(article('Gate 3 is clear').textContent).toContain('edited');
    expect(field().value).toBe('half a thought');
  });

  it('is left as it was by Esc', async () => {
    const backend = await open({ items: [mine()] });
    const user = userEvent.setup();
    article('Gate 2').focus();
    await user.keyboard('e');
    await vi.waitFor(() => expect(field().value).toBe('Gate 2 is clear.'));
    await user.type(field(), ' Really.{Escape}');
    expect(field().value).toBe('');
    expect(verbs(backend, 'editMessage')).toEqual([]);
  });

  it('that was not kept stays in the composer', async () => {
    const backend = await open({ items: [mine()] });
    backend.editMessage = () => Promise.reject(failure('diskFull'));
    const user = userEvent.setup();
    article('Gate 2').focus();
    await user.keyboard('e');
    await vi.waitFor(() => expect(field().value).toBe('Gate 2 is clear.'));
    await user.type(field(), '!{Enter}');
    expect(await screen.findByText(/Not sent\. Your text is still here\./)).toBeTruthy();
    expect(field().value).toBe('Gate 2 is clear.!');
  });

  it('is the last own one by Up in an empty composer', async () => {
    await open({ items: [mine(), hers()] });
    const user = userEvent.setup();
    await user.type(field(), '{ArrowUp}');
    await vi.waitFor(() => expect(field().value).toBe('Gate 2 is clear.'));
  });

  it('is deleted by Del, after a question whose safe answer has the focus', async () => {
    const backend = await open({ items: [mine()] });
    const user = userEvent.setup();
    article('Gate 2').focus();
    await user.keyboard('{Delete}');
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete this message for everyone?' });
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Keep it' })),
    );
    expect(verbs(backend, 'redact')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
    expect(verbs(backend, 'redact')).toEqual([[...here, '$m']]);
    expect(screen.getByText('This message was deleted')).toBeTruthy();
  });

  it('of another person is neither edited nor deleted', async () => {
    const backend = await open({ items: [hers()] });
    article('Ramp 3').focus();
    await userEvent.keyboard('e{Delete}');
    await settled();
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(verbs(backend, 'messageText')).toEqual([]);
  });

  it('offers everything in its menu by Shift+F10, and gives the focus back', async () => {
    await open({ items: [mine()] });
    const user = userEvent.setup();
    article('Gate 2').focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    const menu = await screen.findByRole('menu');
    expect(
      within(menu)
        .getAllByRole('menuitem')
        .map((item) => item.textContent.trim()),
    ).toEqual(['React +', 'Reply R', 'Reply in thread T', 'Edit E', 'Copy text C', 'Star S', 'Delete Del']);
    await user.keyboard('{Escape}');
    await vi.waitFor(() => expect(document.activeElement).toBe(article('Gate 2')));
  });

  it('has the same menu under the pointer', async () => {
    await open({ items: [hers()] });
    const bubble = article('Ramp 3').querySelector('.bubble');
    if (bubble) await fireEvent.contextMenu(bubble, { clientX: 40, clientY: 60 });
    const menu = await screen.findByRole('menu');
    await userEvent.click(within(menu).getByRole('menuitem', { name: /^Reply R/ }));
    await vi.waitFor(() => expect(screen.getByRole('button', { name: 'Stop answering' })).toBeTruthy());
  });
});

describe('a star', () => {
  it('is given and taken by S, and said with the message', async () => {
    const backend = await open({ items: [hers()] });
    const user = userEvent.setup();
    article('Ramp 3').focus();
    await user.keyboard('s');
    await settled();
    expect(verbs(backend, 'setStarred')).toEqual([[...here, '$h', true]]);
    expect(article('Ramp 3 is down., 09:46, starred')).toBeTruthy();
    expect(article('Ramp 3').querySelector('.meta [title="starred"]')).not.toBeNull();
    await user.keyboard('s');
    await settled();
    expect(verbs(backend, 'setStarred').at(-1)).toEqual([...here, '$h', false]);
    expect(article('Ramp 3').querySelector('.meta [title="starred"]')).toBeNull();
  });

  it('is not given to what is not sent yet, nor to a line about what was deleted', async () => {
    const backend = await open({ items: [mine({ event: null }), hers({ body: { kind: 'deleted' } })] });
    article('Gate 2').focus();
    await userEvent.keyboard('s');
    article('deleted').focus();
    await userEvent.keyboard('s');
    expect(verbs(backend, 'setStarred')).toEqual([]);
  });
});

describe('reactions', () => {
  it('are added to and taken back by a press', async () => {
    const backend = await open({ items: talk });
    await fireEvent.click(screen.getByRole('button', { name: /👍, 5 people/ }));
    expect(verbs(backend, 'removeReaction')).toEqual([[...here, '$m5', '👍']]);
    await fireEvent.click(screen.getByRole('button', { name: /🙏, 2 people/ }));
    expect(verbs(backend, 'sendReaction')).toEqual([[...here, '$m5', '🙏']]);
    expect(screen.getByRole('button', { name: /🙏, 3 people/ }).getAttribute('aria-pressed')).toBe('true');
  });

  it('are chosen by + from all emoji, and one that is there already goes', async () => {
    const reactions = [{ key: '👍', count: 1, own: true, names: ['You'] }];
    const backend = await open({ items: [hers({ reactions })] });
    const user = userEvent.setup();
    article('Ramp 3').focus();
    await user.keyboard('+');
    const picker = await screen.findByRole('dialog', { name: 'Emoji' });
    await vi.waitFor(() => expect(picker.querySelector('[aria-label="Thumbs up"]')).not.toBeNull());
    await fireEvent.click(picker.querySelector('[aria-label="Thumbs up"]') as HTMLElement);
    expect(verbs(backend, 'removeReaction')).toEqual([[...here, '$h', '👍']]);
  });
});

describe('a poll', () => {
  const one = (index: number): Item[] => polls.slice(index, index + 1);
  const option = (name: RegExp): HTMLElement => screen.getByRole('button', { name });

  it('takes a vote, moves it, and takes it back', async () => {
    const backend = await open({ items: one(0) });
    expect(option(/^Thursday 06:00$/)).toBeTruthy();
    await fireEvent.click(option(/Thursday 06:00/));
    await fireEvent.click(option(/Friday 06:00/));
    await fireEvent.click(option(/Friday 06:00/));
    expect(verbs(backend, 'vote').map((args) => args.slice(2))).toEqual([
      ['$o1', ['answer-0']],
      ['$o1', ['answer-2']],
      ['$o1', []],
    ]);
  });

  it('says its numbers in words, and who voted how', async () => {
    await open({ items: one(1) });
    expect(option(/Thursday 06:00, 5 votes/).getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByText('Choose one. 9 people have voted.')).toBeTruthy();
  });

  it('that is secret shows no numbers before it is closed', async () => {
    await open({ items: one(3) });
    expect(screen.getByText('Choose one. 4 people have voted. Numbers come when it is closed.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /votes/ })).toBeNull();
  });

  it('of several choices keeps the ones before, up to its limit', async () => {
    const backend = await open({ items: one(4) });
    expect(screen.getByText('Choose up to 2. 5 people have voted.')).toBeTruthy();
    expect(option(/Friday/)).toHaveProperty('disabled', true);
    await fireEvent.click(option(/Thursday 06:00/));
    expect(verbs(backend, 'vote')).toEqual([[...here, '$o5', ['answer-1']]]);
  });

  it('that is closed takes no vote', async () => {
    const backend = await open({ items: one(5) });
    expect(screen.getByText('Closed. 9 people have voted.')).toBeTruthy();
    expect(option(/Thursday 06:00, 5 votes/)).toHaveProperty('disabled', true);
    expect(verbs(backend, 'vote')).toEqual([]);
  });

  it('is closed by its owner, after a question', async () => {
    const backend = await open({ items: one(2) });
    await userEvent.click(screen.getByRole('button', { name: 'Close poll' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Close this poll?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Close poll' }));
    expect(verbs(backend, 'endPoll')).toEqual([[...here, '$o3']]);
  });

  it('of somebody else is not closed', async () => {
    await open({
      items: [message('x', jonas, NOW, polls[1]?.kind.kind === 'message' ? polls[1].kind.message.body : text(''))],
    });
    expect(screen.queryByRole('button', { name: 'Close poll' })).toBeNull();
  });
});
