import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ConversationHeader, History, Item, Message } from '../../backend';
import { failure, FakeBackend } from '../../backend/fake';
import { kinds, lines, link, long, rich, talk, text } from '../../gallery/conversation-messages';
import { chats, HARBOUR, NOW, PRIYA } from '../../gallery/golden/chats';
import { conversations, message } from '../../gallery/golden/conversations';
import { account, marta, priya } from '../../gallery/golden/people';
import { settled } from '../../test/app';
import { clock } from '../../words/clock.svelte';
import Conversation from './Conversation.svelte';

interface Setup {
  room?: string;
  items?: Item[];
  header?: Partial<ConversationHeader>;
  history?: History;
  draft?: string;
  onBack?: () => void;
  before?: (backend: FakeBackend) => void;
}

async function open(setup: Setup = {}): Promise<FakeBackend & { container: Element; unmount: () => void }> {
  const room = setup.room ?? HARBOUR;
  const known = conversations.get(room);
  if (!known) throw new Error(room);
  clock.fix(NOW);
  const backend = new FakeBackend({
    state: {
      screen: { kind: 'chats', account },
      connection: { kind: 'online' },
      unreadChats: 0,
      theme: 'light',
    },
    chats,
    conversations: new Map([
      [
        room,
        {
          header: { ...known.header, typing: [], ...setup.header },
          items: setup.items ?? [],
          history: setup.history ?? 'complete',
          draft: setup.draft ?? '',
        },
      ],
    ]),
    pictures: { ramp: 'media://ramp', seal: 'media://seal' },
    now: () => NOW,
  });
  setup.before?.(backend);
  const { container, unmount } = render(Conversation, {
    account: account.account,
    room,
    backend,
    onBack: setup.onBack ?? null,
  });
  await settled();
  return Object.assign(backend, { container, unmount });
}

function verbs(backend: FakeBackend, verb: string): unknown[][] {
  return backend.calls.filter((call) => call.verb === verb).map(({ args }) => args);
}
function field(): HTMLTextAreaElement {
  return screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message / });
}
function article(words: string | RegExp): HTMLElement {
  return screen.getByRole('article', { name: typeof words === 'string' ? new RegExp(words) : words });
}
const own = (key: string, more: Partial<Message>): Item => message(key, marta, NOW, text('Gate 2 is clear.'), more);

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('rich text', () => {
  it('draws every block', async () => {
    await open({ items: rich });
    const bubble = article('Ramp 3, week 21');
    expect(within(bubble).getByRole('heading', { name: 'Ramp 3, week 21' })).toBeTruthy();
    expect(bubble.querySelectorAll('ul > li')).toHaveLength(2);
    expect(bubble.querySelector('ol[start="3"] > li')?.textContent.trim()).toBe('M16');
    expect(bubble.querySelector('ol[start="8"]')).not.toBeNull();
    expect(bubble.querySelector('blockquote blockquote')?.textContent.trim()).toBe('Says who?');
    expect(bubble.querySelector('pre')?.textContent).toContain('ramp --lower --berth 3');
    expect(bubble.querySelector('hr')).not.toBeNull();
  });

  it('draws every span', async () => {
    await open({ items: rich });
    const bubble = article('Ramp 3, week 21');
    expect(bubble.querySelector('strong em')?.textContent).toBe('and both');
    expect(bubble.querySelector('s')?.textContent).toBe('gone');
    expect(bubble.querySelector('u')?.textContent).toBe('under');
    expect(bubble.querySelector('p code')?.textContent).toBe('let x = 1;');
    expect(bubble.querySelector('br')).not.toBeNull();
    expect(within(bubble).getByRole('link', { name: 'a link' })).toBeTruthy();
  });

  it('marks a mention, and its own person in another way', async () => {
    await open({ items: talk });
    expect(screen.getByText('@Marta').classList.contains('me')).toBe(true);
    expect(screen.getByText('@Noah').classList.contains('me')).toBe(false);
  });

  it('leaves markup in a message text', async () => {
    const { container } = await open({ items: rich });
    expect(article('onerror').querySelector('p')?.textContent).toContain(
      '<img src=x onerror=alert(1)> <script>alert(1)</script> &amp; {@html "x"} ${1+1}',
    );
    expect(container.querySelector('script, img[src="x"]')).toBeNull();
  });

  it('has no address in the page that could be navigated to', async () => {
    const { container } = await open({ items: rich });
    expect(container.querySelectorAll('[href]:not(use)')).toHaveLength(0);
  });

  it('opens a link through the verb, by click and by Enter', async () => {
    const backend = await open({ items: rich });
    const target = screen.getByRole('link', { name: 'a link' });
    await fireEvent.click(target);
    await fireEvent.keyDown(target, { key: 'Enter' });
    expect(verbs(backend, 'openLink')).toEqual([['https://tides.example/skerry'], ['https://tides.example/skerry']]);
  });

  it('asks before it opens a link that pretends to lead somewhere else, and shows the true host', async () => {
    const bad = link('https://skerrylines.example', 'https://xn--evil-test.example/x', true);
    const backend = await open({ items: [message('a', priya, NOW, text(bad))] });
    const user = userEvent.setup();
    await user.click(screen.getByRole('link'));
    const dialog = await screen.findByRole('alertdialog');
    expect(within(dialog).getByText('xn--evil-test.example')).toBeTruthy();
    expect(verbs(backend, 'openLink')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Do not open' }));
    expect(verbs(backend, 'openLink')).toEqual([]);
    await user.click(screen.getByRole('link'));
    await user.click(await screen.findByRole('button', { name: 'Open anyway' }));
    expect(verbs(backend, 'openLink')).toEqual([['https://xn--evil-test.example/x']]);
  });
});

describe('bodies', () => {
  it('draws every kind', async () => {
    const { container } = await open({ items: kinds.slice(3) });
    for (const words of [
      'Berth plan, week 21.pdf',
      'setup-tool.exe',
      'When do we test the new boarding flow?',
      'Pier 3, north ramp',
      'Waiting for the key to this message.',
      'Its key does not fit. Ask Priya to send it again.',
      'This version of Tidings cannot show this message.',
      'waves from the tug',
      'Nobody can be sure that this is from Jonas.',
    ]) {
      expect(container.textContent).toContain(words);
    }
    expect(screen.getAllByText('This message was deleted')).toHaveLength(2);
    expect(container.querySelectorAll('.jumbo')).toHaveLength(2);
  });

  it('says why a message cannot be decrypted', async () => {
    await open({ items: kinds });
    expect(screen.getByText('Grace’s device sends it, usually within a minute. Nothing is lost.')).toBeTruthy();
    expect(screen.getByText('It was sent before you signed in here. Ask Priya to send it again.')).toBeTruthy();
    expect(screen.getByText(/did not share its key/)).toBeTruthy();
    expect(screen.getByText(/It can be read on your other device/)).toBeTruthy();
  });

  it('keeps the space of a picture, and says when it does not load', async () => {
    const { container } = await open({ items: kinds.slice(0, 3) });
    const picture = screen.getByRole('button', { name: 'Show large: Photo from Priya Raman, 09:12' });
    expect(picture.parentElement?.style.aspectRatio).toBe('397 / 340');
    const image = picture.querySelector('img');
    expect(image?.getAttribute('src')).toBe('media://ramp');
    if (image) await fireEvent.error(image);
    expect(screen.getAllByText('This picture did not load.').length).toBeGreaterThan(0);
    expect(container.querySelector('[aria-label*="09:12"] img[src="media://ramp"]')).toBeNull();
  });

  it('shows a picture large, and gives the focus back', async () => {
    await open({ items: kinds.slice(0, 3) });
    const user = userEvent.setup();
    const picture = screen.getByRole('button', { name: 'Show large: Photo from Priya Raman, 09:12' });
    await user.click(picture);
    const dialog = await screen.findByRole('dialog', { name: 'Photo from Priya Raman, 09:12' });
    expect(within(dialog).getByRole('img').getAttribute('src')).toBe('media://ramp');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await vi.waitFor(() => expect(document.activeElement).toBe(picture));
  });

  it('saves a file and says under which name', async () => {
    const backend = await open({ items: kinds });
    backend.saveFile = (_account, media) => Promise.resolve(`${media} (1)`);
    await fireEvent.click(screen.getByRole('button', { name: 'Save setup-tool.exe' }));
    expect(await screen.findByText('Saved as setup-tool.exe (1)')).toBeTruthy();
  });

  it('says when a file was not saved, and offers it again', async () => {
    const backend = await open({ items: kinds });
    backend.saveFile = () => Promise.reject(failure('diskFull'));
    await fireEvent.click(screen.getByRole('button', { name: 'Save setup-tool.exe' }));
    expect(await screen.findByText('It was not saved.')).toBeTruthy();
    backend.saveFile = () => Promise.resolve('setup-tool.exe');
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Saved as setup-tool.exe')).toBeTruthy();
  });

  it('has a line for every event of the room', async () => {
    const { container } = await open({ items: lines });
    for (const words of [
      'Aoife Brennan started this chat',
      'Aoife Brennan turned on encryption',
      'named this chat “Harbour Ops”',
      'changed the topic to “Ramps, berths, tides”',
      'Samir Haddad changed the picture',
      'Aoife Brennan invited Noah Fischer',
      'Noah Fischer joined',
      'Aoife Brennan removed Helena Strand',
      'Yuki Tanabe left',
      'Messages in between are on their way.',
    ]) {
      expect(container.textContent).toContain(words);
    }
    expect(screen.getByRole('separator', { name: '3 new messages' })).toBeTruthy();
    expect(screen.getByRole('separator', { name: 'Yesterday' })).toBeTruthy();
  });

  it('shows names and avatars in a group only, and there at the beginning of a run only', async () => {
    const { container } = await open({ items: talk });
    expect(container.querySelectorAll('.from .name')).toHaveLength(4);
    cleanup();
    const direct = await open({ room: PRIYA, items: talk });
    expect(direct.container.querySelectorAll('.from')).toHaveLength(0);
  });

  it('folds more than six reactions and names who reacted', async () => {
    await open({ items: talk });
    const reactions = within(article('I can take the 06:10')).getAllByRole('listitem');
    expect(reactions).toHaveLength(7);
    expect(reactions[6]?.textContent).toContain('+2');
    expect(screen.getByText(/👍, 5 people: You, Leila Farouk/)).toBeTruthy();
  });
});

describe('delivery', () => {
  it.each([
    ['sending', 'clock', /08:52|09:46/],
    ['waiting', 'clock', /Waiting for a connection/],
    ['sent', 'check', /09:46/],
    ['read', 'checks', /09:46/],
  ] as const)('%s has its own mark', async (kind, icon, words) => {
    await open({ items: [own('a', { transaction: 'a', delivery: { kind } })] });
    const meta = article('Gate 2').querySelector('.meta');
    expect(meta?.querySelector('use')?.getAttribute('href')).toBe(`#i-${icon}`);
    expect(meta?.textContent).toMatch(words);
  });

  it.each([
    ['refused', /the server refused it/, 'Try again'],
    ['encryption', /could not be encrypted/, 'Try again'],
    ['notAllowed', /You can no longer write in this group\. Your text is kept here\./, 'Copy text'],
    ['tooLarge', /too long for one message/, 'Copy text'],
    ['gone', /this chat is not there any more/, 'Copy text'],
  ] as const)('%s is said with what can be done', async (reason, words, action) => {
    await open({ items: [own('a', { event: null, transaction: 'a', delivery: { kind: 'failed', reason } })] });
    const bubble = article('Gate 2');
    expect(bubble.querySelector('.fail')?.textContent.replace(/\s+/g, ' ')).toMatch(words);
    expect(within(bubble).getByRole('button', { name: action })).toBeTruthy();
    expect(within(bubble).getByRole('button', { name: 'Delete' })).toBeTruthy();
  });

  it.each([
    ['Try again', 'retrySend'],
    ['Delete', 'discardSend'],
  ])('%s is told to the engine', async (name, verb) => {
    const failed = { kind: 'failed', reason: 'refused' } as const;
    const backend = await open({ items: [own('a', { event: null, transaction: 'tx', delivery: failed })] });
    await fireEvent.click(screen.getByRole('button', { name }));
    expect(verbs(backend, verb)).toEqual([[account.account, 'tx']]);
  });

  it('tries several again in their order', async () => {
    const failed = { kind: 'failed', reason: 'refused' } as const;
    const backend = await open({
      items: ['a', 'b'].map((id) => own(id, { event: null, transaction: id, delivery: failed })),
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Try all again' }));
    expect(verbs(backend, 'retrySend').map(([, transaction]) => transaction)).toEqual(['a', 'b']);
  });
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
      [account.account, HARBOUR, { text: 'On my way', replyTo: null, mentions: [] }],
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
    expect(verbs(backend, 'saveDraft')).toEqual([[account.account, HARBOUR, 'half']]);
    await fireEvent.input(field(), { target: { value: 'half a word' } });
    backend.unmount();
    expect(verbs(backend, 'saveDraft').at(-1)).toEqual([account.account, HARBOUR, 'half a word']);
    expect(verbs(backend, 'closeChat')).toHaveLength(0);
    await vi.runAllTimersAsync();
    expect(verbs(backend, 'closeChat')).toHaveLength(1);
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
    expect(verbs(backend, 'sendMessage')[0]?.[2]).toEqual({ text: 'Yes', replyTo: '$m5', mentions: [] });
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

  it('gives way to the answers of an invitation', async () => {
    const backend = await open({ header: { invitation: true, canWrite: false } });
    await userEvent.click(screen.getByRole('button', { name: 'Join' }));
    expect(verbs(backend, 'answerInvitation')).toEqual([[account.account, HARBOUR, true]]);
    expect(field()).toBeTruthy();
  });
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
    ).toEqual(['Reply', 'Copy text']);
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

  it('says when a quoted message is further back', async () => {
    await open({ items: talk });
    await fireEvent.click(screen.getByRole('button', { name: /not loaded here/ }));
    expect(screen.getByText('This message is further back than what is loaded.')).toBeTruthy();
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
    expect(verbs(backend, 'markRead')).toEqual([[account.account, HARBOUR, '$b']]);
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
    expect(verbs(backend, 'markRead')).toEqual([[account.account, HARBOUR, '$b']]);
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
