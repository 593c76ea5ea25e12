import { cleanup, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SearchHit, SearchRequest, SearchResults } from '../../../backend';
import type { FakeBackend } from '../../../backend/fake';
import { HARBOUR, NOW } from '../../../gallery/golden/chats';
import { account } from '../../../gallery/golden/people';
import { find as look } from '../../../gallery/golden/search';
import { settled, showState } from '../../../test/app';
import { open, verbs } from '../opened';

/** A window in which these hold: `min-width` is wide, `max-width` is narrow. */
function media(holds: 'min-width' | 'max-width' | 'neither'): void {
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) =>
      ({
        matches: query.includes(holds),
        media: query,
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
}

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const REPLY = { kind: 'event', event: '$s3' };
const here = [account.account, HARBOUR] as const;
const drawer = (): HTMLElement => screen.getByRole('complementary', { name: 'Thread' });
const gone = (): boolean => screen.queryByRole('complementary', { name: 'Thread' }) === null;
const found = (): HTMLInputElement => screen.getByRole('textbox', { name: 'Search in this chat' });
/** The messages that are outlined inside `root`. */
const outlined = (root: ParentNode): string[] =>
  Array.from(root.querySelectorAll('.target')).map((one) => one.closest('[data-key]')?.getAttribute('data-key') ?? '');
async function showsReply(): Promise<void> {
  await vi.waitFor(() => expect(outlined(drawer())).toEqual(['s3']));
}
/** All messages of Harbour Ops that were found, the one in the thread alone or among others. */
function starred(change: Partial<SearchHit>): (request: SearchRequest) => SearchResults {
  return (request) => {
    const answer = look({ ...request, text: 'whiteboard' });
    return {
      ...answer,
      groups: answer.groups.map((group) => ({ ...group, hits: group.hits.map((hit) => ({ ...hit, ...change })) })),
    };
  };
}

describe('a hit in a thread, found in all chats', () => {
  async function opened(before?: (backend: FakeBackend) => void): Promise<FakeBackend> {
    const backend = await showState('search-thread');
    before?.(backend);
    await userEvent.keyboard('{Enter}');
    await settled();
    return backend;
  }

  it('opens its chat at the root, and beside it the thread with the reply outlined', async () => {
    const backend = await opened();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$w3', REPLY]]);
    await showsReply();
    expect(within(drawer()).getByRole('article', { name: /whiteboard berth plan/ })).toBeInTheDocument();
    expect(outlined(screen.getByRole('main', { hidden: true }))).toEqual(['w3']);
  });

  it('loses its outline after two seconds', async () => {
    await opened();
    await showsReply();
    await vi.waitFor(() => expect(outlined(drawer())).toEqual([]), { timeout: 4000 });
  });

  it('opens in a chat that is open already, and again at the next wish', async () => {
    const backend = await opened();
    const user = userEvent.setup();
    await user.click(within(drawer()).getByRole('button', { name: 'Close thread' }));
    expect(gone()).toBe(true);
    await user.keyboard('{Control>}{Shift>}F{/Shift}{/Control}');
    await settled();
    await user.keyboard('{ArrowDown}{Enter}');
    await settled();
    await showsReply();
    expect(verbs(backend, 'openThread')).toHaveLength(2);
  });

  it('asks the server for nothing when the root is not on this computer', async () => {
    const backend = await showState('search-thread');
    backend.setState({ connection: { kind: 'offline', since: null } });
    backend.search = (_, request) => Promise.resolve(starred({ thread: '$elsewhere' })(request));
    const input = screen.getByRole('combobox', { name: 'Search all chats' });
    await userEvent.type(input, ' ');
    await settled();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$elsewhere', REPLY]]);
    // The thread looks once for its reply; the chat looks for nothing.
    expect(verbs(backend, 'jump').map(([, target]) => target)).toEqual([REPLY]);
  });

  it('opens without a connection', async () => {
    const backend = await opened((fake) => fake.setState({ connection: { kind: 'offline', since: null } }));
    await showsReply();
    expect(verbs(backend, 'jump')).toEqual([]);
    expect(screen.queryByText(/not on this computer/)).toBeNull();
  });

  it('is looked at in its thread beside the results, and nothing is marked as read', async () => {
    media('min-width');
    const backend = await showState('search-thread');
    await vi.waitFor(() => expect(screen.getByText('Thread, Wednesday 7 May, as it was')).toBeInTheDocument());
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$w3', REPLY]]);
    await vi.waitFor(() => expect(outlined(screen.getByRole('main'))).toEqual(['s3']));
    expect(screen.queryByRole('textbox', { name: 'Reply in thread' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Search all chats' }));
    expect(verbs(backend, 'markRead')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Open chat' }));
    await settled();
    await showsReply();
    expect(screen.getByRole('textbox', { name: 'Reply in thread' })).toBeInTheDocument();
  });
});

describe('a hit in the chat itself', () => {
  it('is not covered by the thread that was open', async () => {
    const backend = await showState('search-thread');
    const user = userEvent.setup();
    await user.keyboard('{Enter}');
    await settled();
    await user.keyboard('{Control>}{Shift>}F{/Shift}{/Control}');
    await settled();
    const input = screen.getByRole('combobox', { name: 'Search all chats' });
    await user.clear(input);
    await user.type(input, 'tug windows');
    await settled();
    await user.keyboard('{Enter}');
    await settled();
    expect(gone()).toBe(true);
    await vi.waitFor(() => expect(outlined(screen.getByRole('main'))).toEqual(['s2']));
    expect(verbs(backend, 'openThread')).toHaveLength(1);
  });

  it('is looked at in the chat after one in a thread, and the thread is asked for nothing', async () => {
    media('min-width');
    const backend = await showState('search-everything');
    const user = userEvent.setup();
    await user.clear(screen.getByRole('combobox', { name: 'Search all chats' }));
    await user.keyboard('berth plan');
    await settled();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    await vi.waitFor(() => expect(verbs(backend, 'openThread')).toHaveLength(1));
    await user.keyboard('{ArrowUp}');
    await vi.waitFor(() => expect(outlined(screen.getByRole('main'))).toEqual(['s2']));
    expect(verbs(backend, 'jump')).toEqual([]);
  });
});

describe('a hit in a thread, found in the chat', () => {
  async function typed(text: string): Promise<FakeBackend> {
    const backend = await showState('search-in-chat');
    await userEvent.type(found(), text);
    await settled();
    return backend;
  }

  it('opens the thread, and the field keeps the keyboard', async () => {
    media('min-width');
    const backend = await typed('whiteboard');
    await vi.waitFor(() => expect(gone()).toBe(false));
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$w3', REPLY]]);
    await showsReply();
    expect(document.activeElement).toBe(found());
  });

  it('gives way to the next hit in the chat itself, and comes back', async () => {
    media('min-width');
    const backend = await typed('berth plan');
    const user = userEvent.setup();
    await vi.waitFor(() => expect(screen.getByText('1 of 5')).toBeInTheDocument());
    await vi.waitFor(() => expect(verbs(backend, 'jump')).toHaveLength(1));
    await user.keyboard('{F3}{F3}');
    await vi.waitFor(() => expect(gone()).toBe(false));
    await showsReply();
    await user.keyboard('{Shift>}{F3}{/Shift}');
    await settled();
    expect(gone()).toBe(true);
    await vi.waitFor(() => expect(outlined(screen.getByRole('main'))).toEqual(['s2']));
    expect(document.activeElement).toBe(found());
  });

  it('leaves the search above the thread where that covers the chat', async () => {
    media('max-width');
    await showState('search-in-chat-thread');
    await showsReply();
    expect(document.activeElement).toBe(found());
    expect(found().closest('[inert]')).toBeNull();
    const rows = screen.getByRole('log', { name: /^Messages in/, hidden: true });
    expect(rows.closest('.rest')).toHaveProperty('inert', true);
  });

  it('stays when the search ends, with the keyboard in it', async () => {
    media('min-width');
    await typed('whiteboard');
    await showsReply();
    await userEvent.click(screen.getByRole('button', { name: 'Close the search' }));
    await settled();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Reply in thread' }));
  });
});

describe('a starred reply', () => {
  it('opens its thread from the list', async () => {
    const backend = await showState('info');
    backend.search = (_, request) => Promise.resolve(starred({ starred: true })(request));
    await userEvent.click(screen.getByRole('button', { name: /^Starred/ }));
    await settled();
    await userEvent.click(await screen.findByRole('button', { name: /whiteboard.*Show in chat/ }));
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$w3', REPLY]]);
    expect(drawer()).toBeInTheDocument();
    expect(screen.queryByRole('complementary', { name: 'Group info' })).toBeNull();
  });
});

describe('a pinned reply', () => {
  it('is shown in its thread from the line that says so', async () => {
    const line = { kind: 'pinned' as const, who: { name: 'Aoife', me: false }, event: '$s3', thread: '$w3' };
    const backend = await open({ items: [{ key: 'p', kind: { kind: 'system', line, time: NOW } }] });
    await userEvent.click(screen.getByRole('button', { name: 'Show it' }));
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$w3', REPLY]]);
    expect(drawer()).toBeInTheDocument();
  });
});
