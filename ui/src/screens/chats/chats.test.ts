import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Account } from '../../backend';
import { HARBOUR, PRIYA, chats, row, said } from '../../gallery/golden/chats';
import { settled, showState } from '../../test/app';

function options(): HTMLElement[] {
  return within(screen.getByRole('listbox', { name: 'Chats' })).getAllByRole('option');
}

function names(): string[] {
  return options().map((option) => option.getAttribute('aria-label')?.split(', ')[0] ?? '');
}

function opened(backend: { calls: { verb: string; args: unknown[] }[] }): unknown[] {
  return backend.calls.filter((call) => call.verb === 'openChat').map((call) => call.args[1]);
}

describe('the chat list', () => {
  it('shows the rows that were put into the window before anything was asked', async () => {
    await showState('chats-none-open');
    expect(names().slice(0, 3)).toEqual(['Harbour Ops', 'Crew rota', 'Helena Strand']);
  });

  it('tells when it was painted, once', async () => {
    const backend = await showState('chats-none-open');
    await waitFor(() => expect(backend.marks.map(({ mark }) => mark)).toEqual(['chat_list_painted']));
    backend.setChats(chats.slice(1));
    await settled();
    expect(backend.marks).toHaveLength(1);
  });

  it('draws a few of two thousand', async () => {
    await showState('chats-2000');
    expect(options().length).toBeLessThan(60);
    expect(options()[0]).toHaveAttribute('aria-setsize', '2000');
  });

  it('opens a chat with a click and asks for it once', async () => {
    const backend = await showState('chats-none-open');
    await userEvent.click(screen.getByRole('option', { name: /^Priya Raman/ }));
    await settled();
    expect(opened(backend)).toEqual([PRIYA]);
    expect(screen.getByRole('option', { name: /^Priya Raman/ })).toHaveAttribute('aria-selected', 'true');
    expect(backend.marks).toContainEqual({ mark: 'chat_asked', detail: PRIYA });
  });

  it('opens the chat a notification asks for, again and again', async () => {
    const backend = await showState('chats-none-open');
    backend.notify('k3v9w2m7', HARBOUR);
    await settled();
    backend.notify('k3v9w2m7', PRIYA);
    await settled();
    backend.notify('k3v9w2m7', HARBOUR);
    await settled();
    expect(opened(backend)).toEqual([HARBOUR, PRIYA, HARBOUR]);
  });

  it('has one tab stop, and arrows, Home and End move it', async () => {
    await showState('chats-none-open');
    const user = userEvent.setup();
    const stops = () => options().filter((option) => option.tabIndex === 0);
    expect(stops()).toHaveLength(1);
    stops()[0]?.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(document.activeElement).toHaveAttribute('data-index', '2');
    await user.keyboard('{End}');
    expect(document.activeElement).toHaveAttribute('data-index', String(chats.length - 1));
    await user.keyboard('{Home}');
    expect(document.activeElement).toHaveAttribute('data-index', '0');
    expect(stops()).toHaveLength(1);
  });

  it('jumps to a name that is typed and opens it with Enter', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    options()[0]?.focus();
    await user.keyboard('pri{Enter}');
    expect(opened(backend)).toEqual([PRIYA]);
  });

  it('keeps the focus on a row that moves', async () => {
    const backend = await showState('chats-none-open');
    screen.getByRole('option', { name: /^Priya Raman/ }).focus();
    const moved = chats.find((one) => one.room === PRIYA);
    if (!moved) throw new Error('no such chat');
    backend.setChats([moved, ...chats.filter((one) => one !== moved)]);
    await waitFor(() => expect(document.activeElement).toHaveAttribute('data-room', PRIYA));
    expect(document.activeElement).toHaveAttribute('data-index', '0');
  });

  it('walks through the chats with Alt and arrows, from anywhere', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
    await settled();
    expect(opened(backend)).toEqual([HARBOUR, '!rota:skerrylines.example', HARBOUR]);
  });

  it('goes to the next mention with Alt, Shift and arrows', async () => {
    const backend = await showState('chats-none-open');
    await userEvent.keyboard('{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}');
    await settled();
    expect(opened(backend)).toEqual([HARBOUR]);
  });

  it('filters by name as it is typed, after Ctrl+K', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    await user.keyboard('{Control>}k{/Control}');
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Find a chat' }));
    await user.keyboard('crew');
    expect(names()).toEqual(['Crew rota']);
    await user.keyboard('{Enter}');
    await settled();
    expect(opened(backend)).toEqual(['!rota:skerrylines.example']);
  });

  it('says so when no name fits, and Escape clears the search', async () => {
    await showState('chats-none-open');
    const user = userEvent.setup();
    await user.type(screen.getByRole('textbox', { name: 'Find a chat' }), 'zzz');
    expect(screen.getByText('Nothing for “zzz”.')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    expect(names()).toHaveLength(chats.length);
  });

  it('keeps a row that was just read in "Unread" until the filter is left', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    await user.click(screen.getByRole('radio', { name: 'Unread, 3' }));
    expect(names()).toEqual(['Harbour Ops', 'Helena Strand', 'Bridge and fleet', 'Safety reps']);
    backend.setRow('!helena:skerrylines.example', { unread: 0 });
    await settled();
    expect(names()).toContain('Helena Strand');
    await user.click(screen.getByRole('radio', { name: 'All' }));
    await user.click(screen.getByRole('radio', { name: 'Unread, 2' }));
    expect(names()).not.toContain('Helena Strand');
  });

  it('chooses filters with the arrows', async () => {
    await showState('chats-none-open');
    const user = userEvent.setup();
    screen.getByRole('radio', { name: 'All' }).focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(screen.getByRole('radio', { name: 'Mentions, 2' })).toBeChecked();
    expect(names()).toEqual(['Harbour Ops', 'Bridge and fleet']);
  });

  it('says that everything is read, with a way back', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    backend.setChats([row('only', 'Quay', { shape: 'group', initials: 'Q', tint: 1, image: null }, said('Hello'))]);
    await settled();
    await user.click(screen.getByRole('radio', { name: 'Unread' }));
    expect(screen.getByText('You have read everything.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Show all chats' }));
    expect(names()).toEqual(['Quay']);
  });

  it('puts the conversation away when its chat was left at another device, whichever is told first', async () => {
    const own = { canWrite: false, departure: { kind: 'own' as const } };
    const backend = await showState('chats');
    backend.setChats(chats.filter((one) => one.room !== HARBOUR));
    await settled();
    expect(screen.queryByText('Pick a chat to read it here.')).toBeNull();
    backend.setHeader(HARBOUR, own);
    await settled();
    expect(screen.getByText('Pick a chat to read it here.')).toBeInTheDocument();
    cleanup();
    const other = await showState('chats');
    other.setHeader(HARBOUR, own);
    await settled();
    expect(screen.getByText('Pick a chat to read it here.')).toBeInTheDocument();
  });

  it('puts the conversation away when its invitation was declined', async () => {
    await showState('chats-invitation');
    await userEvent.click(screen.getByRole('button', { name: 'Decline' }));
    await settled();
    expect(screen.getByText('Pick a chat to read it here.')).toBeInTheDocument();
  });

  it('leaves the conversation open when somebody else removed this person, until it is closed', async () => {
    const backend = await showState('chats');
    backend.setHeader(HARBOUR, { canWrite: false, departure: { kind: 'removed', by: 'Aoife Brennan' } });
    backend.setChats(chats.filter((one) => one.room !== HARBOUR));
    await settled();
    expect(names()).not.toContain('Harbour Ops');
    expect(screen.getByText('Aoife removed you from Harbour Ops.')).toBeInTheDocument();
    expect(screen.getByRole('log', { name: 'Messages in Harbour Ops' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await settled();
    expect(screen.getByText('Pick a chat to read it here.')).toBeInTheDocument();
  });

  it('forgets a chat that is gone while its conversation is not on screen', async () => {
    const query = window.matchMedia;
    window.matchMedia = (media) => ({ ...query(media), matches: media.includes('max-width: 719px') });
    try {
      const backend = await showState('chats');
      await userEvent.click(screen.getByRole('button', { name: 'Back to chats' }));
      await settled();
      backend.setChats(chats.filter((one) => one.room !== HARBOUR));
      await settled();
      backend.setChats(chats);
      await settled();
      expect(screen.getByRole('option', { name: /^Harbour Ops/ })).toHaveAttribute('aria-selected', 'false');
    } finally {
      window.matchMedia = query;
    }
  });
});

describe('the width of the list', () => {
  const query = window.matchMedia;
  afterEach(() => {
    window.matchMedia = query;
  });

  it('is what it was made, by hand or by keys, and is kept when it is', async () => {
    window.matchMedia = (media) => ({ ...query(media), matches: media.includes('min-width: 1180px') });
    const backend = await showState('chats-none-open');
    const kept = (): unknown[] =>
      backend.calls.filter(({ verb }) => verb === 'setListWidth').map(({ args }) => args[0]);
    const divider = screen.getByRole('separator', { name: 'Width of the chat list' });
    expect(divider).toHaveAttribute('aria-valuenow', '360');
    divider.focus();
    await userEvent.keyboard('{ArrowLeft}{Home}');
    expect(kept()).toEqual([344, 280]);

    divider.setPointerCapture = () => undefined;
    const pointer = (kind: string, clientX: number): Promise<boolean> =>
      fireEvent(divider, new MouseEvent(`pointer${kind}`, { button: 0, clientX, bubbles: true }));
    await pointer('down', 280);
    await pointer('move', 300);
    await pointer('move', 310);
    expect(kept()).toHaveLength(2);
    await pointer('up', 310);
    expect(kept()).toEqual([344, 280, 310]);
    await pointer('up', 310);
    expect(kept()).toHaveLength(3);
    await userEvent.dblClick(divider);
    expect(kept().at(-1)).toBe(360);
  });
});

describe('attention', () => {
  it('names the chat on screen and whether anyone is looking', async () => {
    const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    const backend = await showState('chats');
    const last = () => backend.calls.findLast((call) => call.verb === 'setAttention')?.args[0];
    window.dispatchEvent(new Event('focus'));
    await settled();
    expect(last()).toEqual({ focused: true, room: HARBOUR });
    focus.mockReturnValue(false);
    window.dispatchEvent(new Event('blur'));
    await settled();
    expect(last()).toEqual({ focused: false, room: HARBOUR });
    focus.mockRestore();
  });
});

describe('the connection', () => {
  it('is not mentioned while it is well', async () => {
    await showState('chats');
    expect(screen.queryByRole('button', { name: 'Try now' })).toBeNull();
  });

  it('says it is offline, since when, and tries now when asked', async () => {
    const backend = await showState('offline');
    expect(screen.getByText('You are offline.')).toBeInTheDocument();
    expect(screen.getByText('Up to date as of 09:44.')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(backend.calls.map((call) => call.verb)).toContain('tryNow');
  });

  it('says that it connects only when that takes three seconds', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: false });
    try {
      await showState('connecting');
      await vi.advanceTimersByTimeAsync(2900);
      expect(screen.queryByText('Connecting to Skerry Lines')).toBeNull();
      await vi.advanceTimersByTimeAsync(200);
      expect(screen.getByText('Connecting to Skerry Lines')).toBeInTheDocument();
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells those who listen that it is back, and no one at the start', async () => {
    const backend = await showState('offline');
    backend.setState({ connection: { kind: 'online' } });
    await settled();
    expect(screen.getByText('You are online again.')).toBeInTheDocument();
  });

  it('signs in again with the password, and says when it is the wrong one', async () => {
    const backend = await showState('session-ended');
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Sign in again' }));
    const dialog = await screen.findByRole('dialog', { name: 'Sign in again' });
    const submit = within(dialog).getByRole('button', { name: 'Sign in' });
    await user.type(within(dialog).getByLabelText('Password'), 'wrong');
    await user.click(submit);
    expect(await within(dialog).findByText('User name and password do not match.')).toBeInTheDocument();
    await user.clear(within(dialog).getByLabelText('Password'));
    await user.type(within(dialog).getByLabelText('Password'), 'correct horse');
    await user.click(submit);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.state.connection).toEqual({ kind: 'online' });
  });
});

describe('the own menu', () => {
  // Nothing has a place in a page without layout, so the menu that hangs on a button counts as hidden.
  it('chooses the colours', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Marta Lindqvist, account' }));
    await user.click(await screen.findByText('Dark'));
    await settled();
    expect(backend.state.theme).toBe('dark');
    expect(document.documentElement).toHaveAttribute('data-theme', 'dark');
  });

  it('signs out only after the question, whose safe answer has the focus', async () => {
    const backend = await showState('chats-none-open');
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Marta Lindqvist, account' }));
    await user.click(await screen.findByText('Sign out'));
    const dialog = await screen.findByRole('alertdialog', { name: 'Sign out of Skerry Lines?' });
    await waitFor(() =>
      expect(document.activeElement).toBe(within(dialog).getByText('Stay signed in').closest('button')),
    );
    expect(backend.calls.map((call) => call.verb)).not.toContain('signOut');
    await user.click(within(dialog).getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeInTheDocument();
  });
});

describe('signing out without a way back', () => {
  async function ask(name: 'recovery-off' | 'recovery-elsewhere' | 'recovery-unknown' | 'chats'): Promise<HTMLElement> {
    await showState(name);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Marta Lindqvist, account' }));
    await user.click(await screen.findByText('Sign out'));
    return screen.findByRole('alertdialog', { name: 'Sign out of Skerry Lines?' });
  }

  it('says that older encrypted messages cannot be read again, and sets up recovery instead', async () => {
    const dialog = await ask('recovery-off');
    expect(
      within(dialog).getByText(
        'Older encrypted messages cannot be read again without a recovery key, and you have none.',
      ),
    ).toBeInTheDocument();
    expect(within(dialog).queryByText(/What was sent stays on the server/)).toBeNull();
    await waitFor(() =>
      expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Stay signed in' })),
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Set up recovery' }));
    const keys = await screen.findByRole('dialog', { name: 'Set up recovery' });
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    await waitFor(() => expect(keys.contains(document.activeElement)).toBe(true));
  });

  it('signs out all the same', async () => {
    const dialog = await ask('recovery-off');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeInTheDocument();
  });

  it('asks for the recovery key where that was not used here', async () => {
    const dialog = await ask('recovery-elsewhere');
    expect(within(dialog).getByText('Your recovery key was not used on this computer.')).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Use recovery key' }));
    expect(await screen.findByRole('dialog', { name: 'Use recovery key' })).toBeInTheDocument();
  });

  it('does not say that it is safe while nobody knows', async () => {
    const dialog = await ask('recovery-unknown');
    expect(within(dialog).getByText(/could not find out yet/)).toBeInTheDocument();
    expect(within(dialog).getByRole('button', { name: 'Set up recovery' })).toBeInTheDocument();
  });

  it('is a plain question where the keys are kept', async () => {
    const dialog = await ask('chats');
    expect(within(dialog).getByText(/What was sent stays on the server/)).toBeInTheDocument();
    expect(within(dialog).getAllByRole('button')).toHaveLength(2);
  });
});

describe('the advice to save a recovery key', () => {
  const ADVICE = 'Save your recovery key, so that you can always get back in.';

  it('leads to the key, and is gone once there is one', async () => {
    const backend = await showState('recovery-off');
    expect(screen.getByText(ADVICE)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Save it' }));
    const dialog = await screen.findByRole('dialog', { name: 'Set up recovery' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Make a recovery key' }));
    expect(await screen.findByText(/^EsT/)).toBeInTheDocument();
    expect(backend.calls.map((call) => call.verb)).toContain('setUpRecovery');
    expect(screen.queryByText(ADVICE)).toBeNull();
  });

  it('can be put away, and stays away', async () => {
    const backend = await showState('recovery-off');
    await userEvent.click(screen.getByRole('button', { name: 'Not now' }));
    expect(screen.queryByText(ADVICE)).toBeNull();
    backend.setState({ connection: { kind: 'connecting' } });
    await settled();
    backend.setState({ connection: { kind: 'online' } });
    await settled();
    expect(screen.queryByText(ADVICE)).toBeNull();
  });

  it('waits while something else is to be said, and where nothing needs a key', async () => {
    const backend = await showState('recovery-off');
    backend.setState({ connection: { kind: 'offline', since: null } });
    await settled();
    expect(screen.queryByText(ADVICE)).toBeNull();
    const { screen: shown } = backend.state;
    if (shown.kind !== 'chats') throw new Error(shown.kind);
    const tell = (change: Partial<Account>) =>
      backend.setState({
        connection: { kind: 'online' },
        screen: { ...shown, account: { ...shown.account, ...change } },
      });
    tell({ care: { kind: 'wentBack' } });
    await settled();
    expect(screen.queryByText(ADVICE)).toBeNull();
    tell({ encrypted: false });
    await settled();
    expect(screen.queryByText(ADVICE)).toBeNull();
    tell({});
    await settled();
    expect(screen.getByText(ADVICE)).toBeInTheDocument();
  });
});

describe('keys of the window', () => {
  it('show their list with Ctrl and slash', async () => {
    await showState('chats-none-open');
    await userEvent.keyboard('{Control>}/{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeInTheDocument();
  });
});

describe('a window of one pane', () => {
  const query = window.matchMedia;
  afterEach(() => {
    window.matchMedia = query;
  });

  function narrow(): void {
    window.matchMedia = (media) => ({ ...query(media), matches: media.includes('max-width: 719px') });
  }

  it('shows the list, then the conversation, and Escape leads back to its row', async () => {
    narrow();
    await showState('chats-none-open');
    const user = userEvent.setup();
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(screen.queryByText('Pick a chat to read it here.')).toBeNull();
    await user.click(screen.getByRole('option', { name: /^Priya Raman/ }));
    await settled();
    const list = screen.getByRole('region', { name: 'Chats', hidden: true }).parentElement;
    expect(list).toHaveClass('away');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(list).not.toHaveClass('away'));
    await waitFor(() => expect(document.activeElement).toHaveAttribute('data-room', PRIYA));
  });

  it('tells that no chat is on screen while the list is', async () => {
    narrow();
    const backend = await showState('chats-direct');
    const last = () => backend.calls.findLast((call) => call.verb === 'setAttention')?.args[0];
    expect(last()).toMatchObject({ room: PRIYA });
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(last()).toMatchObject({ room: null }));
  });
});
