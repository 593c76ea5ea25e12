import { screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { FakeBackend } from '../../backend/fake';
import { PRIYA } from '../../gallery/golden/chats';
import { settled, showState } from '../../test/app';

const field = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Search all chats' });
const hits = () => within(screen.getByRole('listbox', { name: 'Results' })).getAllByRole('option');
const names = () => hits().map((hit) => hit.getAttribute('aria-label') ?? '');
const offered = () => within(screen.getByRole('listbox', { name: /^Suggestions/ })).getAllByRole('option');
const chips = () =>
  screen.queryAllByRole('button', { name: /^Remove / }).map((chip) => chip.getAttribute('aria-label'));
function requests(backend: FakeBackend): unknown[] {
  return backend.calls.filter(({ verb }) => verb === 'search').map(({ args }) => args[1]);
}
const region = () => screen.queryByRole('region', { name: 'Search' });

afterEach(() => vi.restoreAllMocks());

describe('a search everywhere', () => {
  it('opens with Ctrl+Shift+F, with the caret in its field', async () => {
    await showState('search');
    expect(document.activeElement).toBe(field());
    expect(screen.getByText('Find any message, file, person or chat.')).toBeInTheDocument();
  });

  it('asks what is typed and shows the hits by chat, newest first', async () => {
    const backend = await showState('search-everything');
    expect(requests(backend)).toEqual([{ text: 'plan', room: null, scope: 'all', cursor: null }]);
    const groups = screen.getAllByRole('group').map((group) => group.getAttribute('aria-label'));
    expect(groups).toEqual(['Harbour Ops, 5 results', 'Bridge and fleet, 3 results', 'Priya Raman, 2 results']);
    expect(names()[0]).toBe('Tomasz Wiśniewski, Today 09:39, file Berth plan, week 21.pdf');
    expect(screen.getByText(/^Searched on this computer in 7 ms/)).toBeInTheDocument();
    expect(screen.getByText('Indexed back to 3 March')).toBeInTheDocument();
  });

  it('keeps the keyboard in the field while arrows walk, and Enter opens the hit', async () => {
    const backend = await showState('search-everything');
    const user = userEvent.setup();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(document.activeElement).toBe(field());
    const current = document.getElementById(field().getAttribute('aria-activedescendant') ?? '');
    expect(current).toHaveAttribute('aria-selected', 'true');
    expect(current).toBe(hits()[1]);
    await user.keyboard('{Enter}');
    await settled();
    expect(region()).toBeNull();
    expect(screen.getByRole('heading', { name: 'Harbour Ops' })).toBeInTheDocument();
    expect(backend.calls.some(({ verb }) => verb === 'openChat')).toBe(true);
  });

  it('unfolds a chat in its place without moving what follows it', async () => {
    await showState('search-everything');
    const before = names();
    await userEvent.click(screen.getByRole('option', { name: 'Show 2 more in Harbour Ops' }));
    await settled();
    const after = names();
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
    expect(after.slice(5)).toEqual(before.slice(4));
  });

  it('offers people for from:, by keyboard, and makes a chip that Backspace removes', async () => {
    const backend = await showState('search');
    const user = userEvent.setup();
    await user.type(field(), 'plan from:pr');
    await waitFor(() => expect(offered()[0]).toHaveTextContent('Priya Raman'));
    await user.keyboard('{Enter}');
    await settled();
    expect(chips()).toEqual(['Remove from: Priya Raman']);
    expect(field().value).toBe('plan ');
    expect(requests(backend).at(-1)).toMatchObject({ text: 'from:@priya:skerrylines.example plan ' });
    field().setSelectionRange(0, 0);
    await user.keyboard('{Backspace}');
    await settled();
    expect(chips()).toEqual([]);
  });

  it('makes a chip of a filter that was typed whole, once the caret has left it', async () => {
    await showState('search');
    const user = userEvent.setup();
    await user.type(field(), 'has:file');
    await user.keyboard('{Escape} plan');
    await waitFor(() => expect(chips()).toEqual(['Remove has: file']));
    expect(field().value).toBe('plan');
    expect(names().length).toBeGreaterThan(0);
  });

  it('says that nobody has this name', async () => {
    await showState('search-unknown-person');
    expect(screen.getByText('No one is called “nobody” here.')).toBeInTheDocument();
  });

  it('suggests what finds something, and searches for it', async () => {
    await showState('search-nothing');
    expect(screen.getByText('Nothing for “berht”.')).toBeInTheDocument();
    expect(screen.getByText('Messages before 3 March are not on this computer yet.')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Did you mean berth?' }));
    await settled();
    expect(field().value).toBe('berth');
    expect(hits().length).toBeGreaterThan(0);
  });

  it('shows one kind with its number, people too', async () => {
    const backend = await showState('search-names');
    const user = userEvent.setup();
    await user.click(screen.getByRole('radio', { name: /^People/ }));
    await settled();
    expect(names()).toEqual(['Helena Strand', 'Priya Raman']);
    await user.click(screen.getByRole('radio', { name: /^Files/ }));
    await settled();
    expect(requests(backend).at(-1)).toMatchObject({ scope: 'files' });
  });

  it('says "more than" where hits are not counted to the end', async () => {
    await showState('search-many');
    expect(screen.getByRole('radio', { name: 'Messages, 1,000+' })).toBeInTheDocument();
    expect(screen.getByText('More than 1,212 results')).toBeInTheDocument();
  });

  it('leaves by steps: suggestions, text, search', async () => {
    await showState('search');
    const user = userEvent.setup();
    await user.type(field(), 'has:');
    expect(offered().length).toBeGreaterThan(0);
    await settled();
    expect(screen.getByText('Find any message, file, person or chat.')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox', { name: /^Suggestions/ })).toBeNull();
    expect(field().value).toBe('has:');
    await user.keyboard('{Escape}');
    expect(field().value).toBe('');
    await user.keyboard('{Escape}');
    await settled();
    expect(region()).toBeNull();
  });

  it('takes any text, however odd and however long', async () => {
    const backend = await showState('search');
    for (const text of ['"', '*', '-', '"""', '\\', '😀', '(((', 'in:', 'x'.repeat(10_000)]) {
      await userEvent.clear(field());
      await userEvent.click(field());
      await userEvent.paste(text);
      await settled();
      expect(requests(backend).at(-1)).toMatchObject({ text });
      expect(screen.queryByText('The search did not work.')).toBeNull();
    }
  });

  it('says in its place that it did not work, and tries again', async () => {
    const backend = await showState('search-failed');
    expect(screen.getByText('The search did not work.')).toBeInTheDocument();
    const before = requests(backend).length;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settled();
    expect(requests(backend).length).toBe(before + 1);
  });

  it('comes back with what was looked for, and asks again', async () => {
    const backend = await showState('search-everything');
    const user = userEvent.setup();
    await user.keyboard('{ArrowDown}{Enter}');
    await settled();
    await user.keyboard('{Control>}{Shift>}F{/Shift}{/Control}');
    await settled();
    expect(field().value).toBe('plan');
    expect(hits().length).toBeGreaterThan(0);
    expect(hits()[0]).toHaveAttribute('aria-selected', 'true');
    expect(requests(backend)).toHaveLength(2);
    expect(requests(backend)[1]).toEqual(requests(backend)[0]);
  });

  it('goes on from the list: Enter where no chat has the name', async () => {
    await showState('chats-none-open');
    const user = userEvent.setup();
    await user.keyboard('{Control>}k{/Control}');
    await user.keyboard('zzz');
    expect(screen.getByRole('button', { name: 'Search all messages for “zzz”' })).toBeInTheDocument();
    await user.keyboard('{Enter}');
    await settled();
    expect(field().value).toBe('zzz');
    expect(within(region() ?? document.body).getByText('Nothing for “zzz”.')).toBeInTheDocument();
  });

  it('shows the hit in its place beside the results, to be looked at only', async () => {
    const room = (query: string) => ({
      matches: query.includes('min-width'),
      media: query,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    });
    vi.spyOn(window, 'matchMedia').mockImplementation((query) => room(query) as unknown as MediaQueryList);
    const backend = await showState('search-hits');
    await waitFor(() => expect(screen.getByText('Wednesday 7 May, as it was')).toBeInTheDocument());
    expect(document.activeElement).toBe(field());
    expect(screen.queryByRole('textbox', { name: /^Message / })).toBeNull();
    expect(backend.calls.filter(({ verb }) => verb === 'openChat').at(-1)?.args[2]).toEqual({
      kind: 'event',
      event: '$s2',
    });
    expect(backend.calls.some(({ verb }) => verb === 'markRead')).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Open chat' }));
    await settled();
    expect(region()).toBeNull();
    expect(await screen.findByRole('textbox', { name: /^Message / })).toBeInTheDocument();
  });

  it('opens a person that was found', async () => {
    const backend = await showState('search-names');
    await userEvent.dblClick(screen.getByRole('option', { name: 'Priya Raman' }));
    await settled();
    expect(backend.calls.filter(({ verb }) => verb === 'openChat').at(-1)?.args[1]).toBe(PRIYA);
  });

  it('makes the index anew and says that it was checked', async () => {
    await showState('search-index');
    await userEvent.click(screen.getByRole('button', { name: 'Rebuild' }));
    await waitFor(() => expect(screen.getByText('The index is complete and checked.')).toBeInTheDocument());
    expect(screen.getByText(/^It holds 1,000,000 messages\. 2 messages were missing/)).toBeInTheDocument();
  });
});
