import { screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FakeBackend } from '../../backend/fake';
import { HARBOUR, PRIYA } from '../../gallery/golden/chats';
import { account } from '../../gallery/golden/people';
import { settled, showState } from '../../test/app';

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message / });
const asked = (backend: FakeBackend, verb: string) =>
  backend.calls.filter((call) => call.verb === verb).map(({ args }) => args.slice(1));

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

describe('the chat that is open already', () => {
  it('gives the composer the keyboard when its row is pressed', async () => {
    const backend = await showState('chats');
    const row = screen.getByRole('option', { name: /^Harbour Ops/ });
    row.focus();
    await userEvent.click(row);
    await waitFor(() => expect(document.activeElement).toBe(field()));
    row.focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
    expect(asked(backend, 'openChat')).toHaveLength(1);
  });

  it('gives it the keyboard when it is found by its name', async () => {
    await showState('chats');
    const user = userEvent.setup();
    await user.keyboard('{Control>}k{/Control}harb{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(field()));
  });

  it('goes to what is new when a notification asks for it', async () => {
    const backend = await showState('chats');
    screen.getByRole('textbox', { name: 'Find a chat' }).focus();
    backend.notify(account.account, HARBOUR);
    await waitFor(() => expect(document.activeElement).toBe(field()));
    expect(asked(backend, 'openChat')).toHaveLength(1);
    expect(asked(backend, 'jump')).toEqual([[{ kind: 'unread' }]]);
  });
});

it('finds a chat by its name whatever the filter', async () => {
  await showState('chats-none-open');
  const user = userEvent.setup();
  await user.click(screen.getByRole('radio', { name: /^Unread/ }));
  expect(screen.queryByRole('option', { name: /^Crew rota/ })).toBeNull();
  await user.keyboard('{Control>}k{/Control}crew');
  expect(screen.getByRole('option', { name: /^Crew rota/ })).toBeInTheDocument();
});

describe('a search everywhere', () => {
  it('leaves the open chat as it was, and nobody reads in it meanwhile', async () => {
    const backend = await showState('chats');
    const user = userEvent.setup();
    await user.type(field(), 'half a sen');
    await user.keyboard('{Control>}{Shift>}F{/Shift}{/Control}');
    await settled();
    expect(screen.queryByRole('textbox', { name: /^Message / })).toBeNull();
    expect(backend.calls.findLast(({ verb }) => verb === 'setAttention')?.args[0]).toMatchObject({ room: null });
    expect(asked(backend, 'closeChat')).toEqual([]);
    // Its keys are not heard either.
    await user.keyboard('{Control>}f{/Control}');
    expect(document.querySelector('[data-region="find"]')).toBeNull();
    await user.keyboard('{Escape}');
    await settled();
    expect(asked(backend, 'openChat')).toHaveLength(1);
    expect(field().value).toBe('half a sen');
    expect(document.activeElement).toBe(field());
  });

  it('stays behind what is looked at', async () => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (query) =>
        ({
          matches: query.includes('min-width'),
          media: query,
          addEventListener: () => undefined,
          removeEventListener: () => undefined,
        }) as unknown as MediaQueryList,
    );
    const backend = await showState('search-hits');
    await waitFor(() => expect(screen.getByText('Wednesday 7 May, as it was')).toBeInTheDocument());
    expect(asked(backend, 'closeChat')).toEqual([]);
    const [open] = asked(backend, 'openChat');
    expect(open).toEqual([HARBOUR, { kind: 'unread' }]);
    await userEvent.keyboard('{Escape}{Escape}{Escape}');
    await settled();
    expect(within(screen.getByRole('main')).getByRole('textbox', { name: /^Message / })).toBeInTheDocument();
    expect(asked(backend, 'openChat')).toHaveLength(2);
  });
});

describe('after a jump', () => {
  it('Alt and arrows lead back and forward', async () => {
    const backend = await showState('search-everything');
    const user = userEvent.setup();
    await user.keyboard('{ArrowDown}{Enter}');
    await settled();
    const [hit] = asked(backend, 'jump');
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await settled();
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await settled();
    expect(asked(backend, 'jump')).toEqual([hit, [{ kind: 'end' }]]);
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await settled();
    expect(asked(backend, 'jump')).toHaveLength(3);
  });

  it('leads back to another chat', async () => {
    const backend = await showState('search-names');
    await userEvent.dblClick(screen.getByRole('option', { name: 'Priya Raman' }));
    await settled();
    expect(asked(backend, 'openChat').at(-1)).toEqual([PRIYA, { kind: 'unread' }]);
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await settled();
    expect(asked(backend, 'openChat').at(-1)).toEqual([HARBOUR, { kind: 'end' }]);
  });

  it('leads back from what was quoted', async () => {
    const backend = await showState('chats');
    const quote = screen.getAllByRole('button', { name: /Go to it$/ })[0];
    if (!quote) throw new Error('nothing is quoted');
    await userEvent.click(quote);
    await settled();
    const before = asked(backend, 'jump').length;
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await settled();
    expect(asked(backend, 'jump').slice(before)).toEqual([[{ kind: 'end' }]]);
  });
});

describe('Shift and Esc', () => {
  it('mark the chat as read while one writes or reads, and leave nothing', async () => {
    const backend = await showState('chats');
    const user = userEvent.setup();
    field().focus();
    await user.keyboard('{Shift>}{Escape}{/Shift}');
    expect(asked(backend, 'markChatRead')).toEqual([[HARBOUR]]);
    expect(document.activeElement).toBe(field());
    screen.getAllByRole('article').at(-1)?.focus();
    const message = document.activeElement;
    await user.keyboard('{Shift>}{Escape}{/Shift}');
    expect(asked(backend, 'markChatRead')).toHaveLength(2);
    expect(document.activeElement).toBe(message);
  });

  it('are in the list of keys, with the others', async () => {
    await showState('chats-none-open');
    await userEvent.keyboard('{Control>}/{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    const line = (words: string) => within(dialog).getByText(words).parentElement?.querySelector('dd')?.textContent;
    expect(line('Mark the open chat as read')?.replace(/\s/g, '')).toBe('ShiftEsc');
    expect(line('Info (not while writing)')?.replace(/\s/g, '')).toBe('CtrlI');
    expect(line('Emoji')?.replace(/\s/g, '')).toBe('Ctrl.');
    expect(line('Choose the message to answer')?.replace(/\s/g, '')).toBe('Ctrl↑Ctrl↓');
  });
});
