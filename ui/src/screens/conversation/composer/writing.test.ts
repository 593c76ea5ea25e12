import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { failure } from '../../../backend/fake';
import { talk, text } from '../../../gallery/conversation-messages';
import { HARBOUR, NOW } from '../../../gallery/golden/chats';
import { message } from '../../../gallery/golden/conversations';
import { account, priya } from '../../../gallery/golden/people';
import { settled } from '../../../test/app';
import { article, field, open, verbs } from '../opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the composer', () => {
  it('takes the focus when a chat opens, and holds what was left there', async () => {
    await open({ draft: 'half a sentence' });
    expect(document.activeElement).toBe(field());
    expect(field().value).toBe('half a sentence');
  });

  it('sends on Enter, clears the field and writes the moments down', async () => {
    const backend = await open();
    const user = userEvent.setup();
    await user.type(field(), 'On my way{Enter}');
    await settled();
    expect(verbs(backend, 'sendMessage')).toEqual([
      [account.account, HARBOUR, { text: 'On my way', replyTo: null, mentions: [], thread: null }],
    ]);
    expect(field().value).toBe('');
    expect(backend.marks.map(({ mark }) => mark)).toContain('enter');
    await vi.waitFor(() => {
      expect(backend.marks).toContainEqual({ mark: 'echo_painted', detail: 'fake-2' });
    });
  });

  it('writes down when the chat was painted', async () => {
    const backend = await open();
    await vi.waitFor(() => {
      expect(backend.marks).toEqual([{ mark: 'chat_painted', detail: HARBOUR }]);
    });
  });

  it('makes a new line on Shift+Enter', async () => {
    const backend = await open();
    const user = userEvent.setup();
    await user.type(field(), 'one{Shift>}{Enter}{/Shift}two');
    expect(field().value).toBe('one\ntwo');
    expect(verbs(backend, 'sendMessage')).toEqual([]);
  });

  it('leaves Enter to an input method that composes', async () => {
    const backend = await open({ draft: 'にほ' });
    await fireEvent.keyDown(field(), { key: 'Enter', isComposing: true });
    await fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229 });
    expect(verbs(backend, 'sendMessage')).toEqual([]);
  });

  it('sends nothing that is only space', async () => {
    const backend = await open();
    await userEvent.type(field(), '   {Enter}');
    expect(verbs(backend, 'sendMessage')).toEqual([]);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
  });

  it('keeps the text when it was not taken, and says so in place', async () => {
    await open({
      draft: 'Keep me',
      before: (backend) => {
        backend.sendMessage = () => Promise.reject(failure('diskFull'));
      },
    });
    await userEvent.type(field(), '{Enter}');
    expect(field().value).toBe('Keep me');
    expect(screen.getByText('The disk is full. Not sent. Your text is still here.')).toBeTruthy();
  });

  it('takes the plain text of what is pasted, nothing else', async () => {
    const { container } = await open();
    const data: Record<string, string> = { 'text/plain': 'plain\r\ntext', 'text/html': '<b class="banner">x</b>' };
    await fireEvent.paste(field(), { clipboardData: { getData: (type: string) => data[type] ?? '' } });
    expect(field().value).toBe('plain\ntext');
    expect(container.querySelector('.composer b')).toBeNull();
  });

  it('says when there is nothing to paste, or too much', async () => {
    await open();
    await fireEvent.paste(field(), { clipboardData: { getData: () => '' } });
    expect(screen.getByText(/the clipboard holds no text/)).toBeTruthy();
    await fireEvent.paste(field(), { clipboardData: { getData: () => 'x'.repeat(70_000) } });
    expect(screen.getByText(/too long for one message/)).toBeTruthy();
    expect(field().value).toBe('');
  });

  it('saves the draft on a pause and when the chat is left', async () => {
    const backend = await open();
    vi.useFakeTimers();
    await fireEvent.input(field(), { target: { value: 'half' } });
    vi.advanceTimersByTime(499);
    expect(verbs(backend, 'saveDraft')).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(verbs(backend, 'saveDraft')).toEqual([[account.account, HARBOUR, null, 'half', null]]);
    await fireEvent.input(field(), { target: { value: 'half a word' } });
    backend.unmount();
    expect(verbs(backend, 'saveDraft').at(-1)).toEqual([account.account, HARBOUR, null, 'half a word', null]);
    expect(verbs(backend, 'closeChat')).toHaveLength(0);
    await vi.runAllTimersAsync();
    expect(verbs(backend, 'closeChat')).toHaveLength(1);
  });

  it('brings back what was answered, with the text', async () => {
    const replyTo = { event: '$h', sender: priya, text: 'Ramp 3 is down', mark: null };
    const backend = await open({ draft: { text: 'I see', replyTo } });
    expect(field().value).toBe('I see');
    expect(screen.getByRole('button', { name: 'Stop answering' })).toBeTruthy();
    expect(screen.getByText('Ramp 3 is down')).toBeTruthy();
    expect(verbs(backend, 'saveDraft')).toEqual([]);
    await userEvent.type(field(), '{Enter}');
    await settled();
    expect(verbs(backend, 'sendMessage').at(-1)?.[2]).toMatchObject({ text: 'I see', replyTo: '$h' });
    // The vault empties the draft with the message.
    expect(verbs(backend, 'saveDraft')).toEqual([]);
  });

  it('keeps what is answered as a part of the draft, and that it is left', async () => {
    const backend = await open({ items: [message('h', priya, NOW, text('Ramp 3 is down'))] });
    vi.useFakeTimers();
    article('Ramp 3').focus();
    await fireEvent.keyDown(article('Ramp 3'), { key: 'r' });
    await vi.advanceTimersByTimeAsync(500);
    expect(verbs(backend, 'saveDraft')).toEqual([[account.account, HARBOUR, null, '', '$h']]);
    await fireEvent.keyDown(field(), { key: 'Escape' });
    await vi.advanceTimersByTimeAsync(500);
    expect(verbs(backend, 'saveDraft').at(-1)).toEqual([account.account, HARBOUR, null, '', null]);
  });

  it('tells the others that one is writing, and when it ends', async () => {
    const backend = await open();
    await userEvent.type(field(), 'abc');
    expect(verbs(backend, 'setTyping')).toEqual([[account.account, HARBOUR, true]]);
    await userEvent.type(field(), '{Enter}');
    await settled();
    expect(verbs(backend, 'setTyping').at(-1)).toEqual([account.account, HARBOUR, false]);
  });

  it('answers a message by R, and leaves the answer by Esc', async () => {
    const backend = await open({ items: talk });
    article('Can the 11:40 leave').focus();
    await userEvent.keyboard('r');
    expect(document.activeElement).toBe(field());
    expect(screen.getByText('Jonas Halvorsen', { selector: '.quoted .who' })).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('button', { name: 'Stop answering' })).toBeNull();
    article('Can the 11:40 leave').focus();
    await userEvent.keyboard('r');
    await userEvent.type(field(), 'Yes{Enter}');
    expect(verbs(backend, 'sendMessage')[0]?.[2]).toEqual({ text: 'Yes', replyTo: '$m5', mentions: [], thread: null });
  });

  it('walks through messages to answer by Ctrl+Up and Ctrl+Down', async () => {
    await open({ items: [message('a', priya, NOW, text('one')), message('b', priya, NOW, text('two'))] });
    await userEvent.type(field(), '{Control>}{ArrowUp}{ArrowUp}{/Control}');
    expect(screen.getByText('one', { selector: '.quoted .what' })).toBeTruthy();
    await userEvent.type(field(), '{Control>}{ArrowDown}{ArrowDown}{/Control}');
    expect(screen.queryByRole('button', { name: 'Stop answering' })).toBeNull();
  });

  it('puts an emoji where the caret is', async () => {
    await open({ draft: 'Good ' });
    const user = userEvent.setup();
    await user.click(field());
    await user.click(screen.getByRole('button', { name: 'Emoji' }));
    const search = await screen.findByRole('combobox', { name: 'Search emoji' });
    await user.type(search, 'ferry');
    await screen.findByRole('option', { name: 'Ferry' });
    await user.keyboard('{Enter}');
    expect(field().value).toBe('Good ⛴️');
    expect(document.activeElement).toBe(field());
  });

  it('gives way to a sentence where one may only read', async () => {
    await open({ header: { canWrite: false } });
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.getByText('You can read here, not write.')).toBeTruthy();
  });

  it('gives way to who removed this person, and what was being written is to be had', async () => {
    const user = userEvent.setup();
    const backend = await open({ draft: 'before' });
    await user.type(field(), ' I go');
    backend.setHeader(HARBOUR, { canWrite: false, departure: { kind: 'removed', by: 'Aoife Brennan' } });
    await settled();
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.getByText('Aoife removed you from Harbour Ops.')).toBeTruthy();
    expect(screen.getByText(/You can read what was written before\. What you were writing is kept\./)).toBeTruthy();
    expect(screen.getByText('Aoife removed you')).toBeTruthy();
    expect(verbs(backend, 'saveDraft').at(-1)).toEqual([account.account, HARBOUR, null, 'before I go', null]);
    const copy = screen.getByRole('button', { name: 'Copy text' });
    expect(document.activeElement).toBe(copy);
    await user.click(copy);
    expect(await screen.findByText('Copied')).toBeTruthy();
    expect(await navigator.clipboard.readText()).toBe('before I go');
  });

  it('offers nothing of what was sent before that', async () => {
    const backend = await open({ draft: 'before' });
    await userEvent.type(field(), '{Enter}');
    await settled();
    backend.setHeader(HARBOUR, { canWrite: false, departure: { kind: 'removed', by: 'Aoife Brennan' } });
    await settled();
    expect(screen.getByText('Aoife removed you from Harbour Ops.')).toBeTruthy();
    expect(screen.queryByText(/What you were writing is kept/)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Copy text' })).toBeNull();
  });

  it('says that one is not in the chat any more where nobody knows why', async () => {
    await open({ header: { canWrite: false, departure: { kind: 'removed', by: null } } });
    expect(screen.getByText('You are not in Harbour Ops any more.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Copy text' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Close' })).toBeTruthy();
    expect(screen.queryByText('14 members')).toBeNull();
  });

  it('gives way to the answers of an invitation', async () => {
    const backend = await open({ header: { invitation: true, canWrite: false } });
    await userEvent.click(screen.getByRole('button', { name: 'Join' }));
    expect(verbs(backend, 'answerInvitation')).toEqual([[account.account, HARBOUR, true]]);
    expect(field()).toBeTruthy();
  });
});
