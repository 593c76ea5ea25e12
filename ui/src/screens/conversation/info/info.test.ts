import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { failure, type FakeBackend } from '../../../backend/fake';
import { NOTHING } from '../../../backend/fake-parts';
import { HARBOUR } from '../../../gallery/golden/chats';
import { account, priya } from '../../../gallery/golden/people';
import { settled, showState } from '../../../test/app';
import { article, verbs } from '../opened';

const query = window.matchMedia;
/** There is room beside the conversation. */
function roomy(): void {
  window.matchMedia = (media) => ({ ...query(media), matches: media.includes('min-width') });
}

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  window.matchMedia = query;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const drawer = (): HTMLElement => screen.getByRole('complementary');
const gone = (): boolean => screen.queryByRole('complementary') === null;
const inside = () => within(drawer());
const here = [account.account, HARBOUR] as const;
async function press(name: string | RegExp): Promise<void> {
  await userEvent.click(inside().getByRole('button', { name }));
  await settled();
}

describe('when something is said in the chat', () => {
  it('what is known of it is asked for again, once for all that came together', async () => {
    const backend = await showState('info');
    const before = verbs(backend, 'chatInfo').length;
    for (const text of ['One', 'Two', 'Three']) backend.receive(HARBOUR, priya, text);
    await settled();
    expect(verbs(backend, 'chatInfo')).toHaveLength(before);
    await vi.waitFor(() => expect(verbs(backend, 'chatInfo')).toHaveLength(before + 1), { timeout: 5000 });
  });

  it('the open page asks for its beginning again, and keeps what was unfolded', async () => {
    const backend = await showState('info-media');
    await press('Show more');
    const shown = (): number => within(inside().getByRole('list', { name: 'Media' })).getAllByRole('listitem').length;
    expect(shown()).toBe(8);
    const real = backend.chatParts.bind(backend);
    backend.chatParts = async (id, room, kind, cursor) => {
      const page = await real(id, room, kind, cursor);
      const [first, second, ...rest] = page.items;
      if (!first || !second || kind !== 'media' || cursor !== null) return page;
      // The second one was deleted, and two came.
      return { ...page, items: [{ ...first, event: '$x1' }, { ...first, event: '$x2' }, first, ...rest] };
    };
    backend.receive(HARBOUR, priya, 'Look');
    await vi.waitFor(() => expect(shown()).toBe(9), { timeout: 5000 });
    expect(inside().queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('the starred ones are looked for again', async () => {
    const backend = await showState('info-starred');
    const before = verbs(backend, 'search').length;
    backend.receive(HARBOUR, priya, 'Look');
    await vi.waitFor(() => expect(verbs(backend, 'search')).toHaveLength(before + 1), { timeout: 5000 });
  });
});

describe('what is known of a chat', () => {
  it('opens by Ctrl+I from a message, and closes by the same keys with the focus where it was', async () => {
    const backend = await showState('chats');
    article('Can the 11:40 leave').focus();
    await userEvent.keyboard('{Control>}i{/Control}');
    await settled();
    expect(inside().getByRole('heading', { name: 'Group info' })).toBeInTheDocument();
    expect(verbs(backend, 'chatInfo')).toEqual([[...here]]);
    expect(drawer().contains(document.activeElement)).toBe(true);
    await userEvent.keyboard('{Control>}i{/Control}');
    await settled();
    expect(gone()).toBe(true);
    await vi.waitFor(() => expect(document.activeElement).toBe(article('Can the 11:40 leave')));
  });

  it('leaves Ctrl+I to the text while one writes', async () => {
    await showState('chats');
    await userEvent.type(screen.getByRole('textbox', { name: /^Message / }), 'x{Control>}i{/Control}');
    await settled();
    expect(gone()).toBe(true);
  });

  it('opens by its button and by the name, which says whether it is open', async () => {
    await showState('chats');
    const button = screen.getByRole('button', { name: 'Group info' });
    expect(button).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(button);
    await settled();
    expect(button).toHaveAttribute('aria-expanded', 'true');
    await userEvent.keyboard('{Escape}');
    await settled();
    expect(gone()).toBe(true);
    const name = document.querySelector('.cover');
    if (name) await fireEvent.click(name);
    await settled();
    expect(gone()).toBe(false);
  });

  it('says name, topic, encryption, and how much of what there is', async () => {
    await showState('info');
    expect(inside().getByRole('heading', { name: 'Harbour Ops' })).toBeInTheDocument();
    expect(inside().getByText('Berths, ramps and gates, day by day')).toBeInTheDocument();
    expect(inside().getByText('End-to-end encrypted')).toBeInTheDocument();
    for (const name of ['Media 84', 'Files 31', 'Links 13', 'Starred 1', 'Pinned 0']) {
      expect(inside().getByRole('button', { name })).toBeInTheDocument();
    }
    expect(inside().getByText('Complete back to 22 March.')).toBeInTheDocument();
    expect(inside().getByRole('heading', { name: '14 members' })).toBeInTheDocument();
  });

  it('counts to a bound, and says so', async () => {
    await showState('info-many');
    expect(inside().getByRole('button', { name: 'Media 1,000+' })).toBeInTheDocument();
    expect(inside().getByRole('heading', { name: '12,400 members' })).toBeInTheDocument();
  });

  it('names people with what they may do, all of them on a page of their own', async () => {
    await showState('info');
    const people = (): string[] =>
      inside()
        .getAllByRole('listitem')
        .map((one) => one.textContent.replace(/\s+/gu, ' ').trim())
        .filter((one) => /[A-Z]{2} /u.test(one));
    expect(people().slice(0, 4)).toEqual([
      'ML You Admin',
      'AB Aoife Brennan Moderator',
      'PR Priya Raman Moderator',
      'GM Grace Mbeki',
    ]);
    expect(people()).toHaveLength(6);
    await press('Show all 14');
    expect(people()).toHaveLength(11);
    expect(inside().getByText('And 3 more.')).toBeInTheDocument();
  });

  it('is asked again when the header changes, and shows what it showed until then', async () => {
    const backend = await showState('info');
    backend.chatInfo = () => new Promise(() => undefined);
    backend.setHeader(HARBOUR, { members: 15 });
    await settled();
    expect(inside().getByRole('heading', { name: '14 members' })).toBeInTheDocument();
  });

  it('is not asked again because somebody writes', async () => {
    const backend = await showState('info');
    backend.setHeader(HARBOUR, { typing: ['Samir'] });
    await settled();
    expect(verbs(backend, 'chatInfo')).toHaveLength(1);
    backend.setHeader(HARBOUR, { members: 15 });
    await settled();
    expect(verbs(backend, 'chatInfo')).toHaveLength(2);
  });

  it('says in its place that it did not load, and tries again', async () => {
    const backend = await showState('info-failed');
    expect(inside().getByText('This did not load.')).toBeInTheDocument();
    const real = Object.getPrototypeOf(backend) as FakeBackend;
    backend.chatInfo = real.chatInfo.bind(backend);
    await press('Try again');
    expect(inside().getByRole('heading', { name: 'Harbour Ops' })).toBeInTheDocument();
  });

  it('shows skeletons only after a moment', async () => {
    await showState('info-loading');
    expect(drawer().querySelector('.sk')).toBeNull();
    await vi.waitFor(() => expect(drawer().querySelector('.sk')).not.toBeNull());
  });
});

describe('the lists of a chat', () => {
  it('come a page at a time, and Esc leads back to what led there', async () => {
    const backend = await showState('info');
    await press('Media 84');
    expect(inside().getByRole('heading', { name: 'Media' })).toBeInTheDocument();
    expect(inside().getAllByRole('button', { name: /^Show large/ })).toHaveLength(6);
    await press('Show more');
    expect(inside().getAllByRole('button', { name: /^Show large/ })).toHaveLength(8);
    expect(verbs(backend, 'chatParts').slice(-2)).toEqual([
      [...here, 'media', null],
      [...here, 'media', 'six'],
    ]);
    expect(inside().queryByRole('button', { name: 'Show more' })).toBeNull();
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(inside().getAllByRole('button', { name: /^Show large/ })[6]),
    );
    await userEvent.keyboard('{Escape}');
    await settled();
    expect(document.activeElement).toBe(inside().getByRole('button', { name: 'Media 84' }));
    await userEvent.keyboard('{Escape}');
    await settled();
    expect(gone()).toBe(true);
  });

  it('keep what is there when the next page does not come', async () => {
    const backend = await showState('info-media');
    const real = Object.getPrototypeOf(backend) as FakeBackend;
    backend.chatParts = () => Promise.reject(failure('offline'));
    await press('Show more');
    expect(inside().getByText('The rest did not load.')).toBeInTheDocument();
    expect(inside().getAllByRole('button', { name: /^Show large/ })).toHaveLength(6);
    backend.chatParts = real.chatParts.bind(backend);
    await press('Try again');
    expect(inside().getAllByRole('button', { name: /^Show large/ })).toHaveLength(8);
  });

  it('show a picture large, and its place in the chat', async () => {
    const backend = await showState('info-media');
    await press('Show large: Photo from Priya Raman, Today 09:12');
    const viewer = await screen.findByRole('dialog', { name: 'Photo from Priya Raman, Today 09:12' });
    await userEvent.click(within(viewer).getByRole('button', { name: 'Show in chat' }));
    await settled();
    // It covered the conversation, so it is gone.
    expect(gone()).toBe(true);
    await vi.waitFor(() => expect(document.activeElement).toBe(article('Ramp 3 is down and holding')));
    expect(verbs(backend, 'jump')).toEqual([]);
  });

  it('go to the message of a file, and save it', async () => {
    roomy();
    const backend = await showState('info-files');
    await press('Save Berth plan, week 21.pdf');
    expect(verbs(backend, 'saveFile')).toEqual([[account.account, 'Berth plan, week 21.pdf']]);
    await vi.waitFor(() =>
      expect(inside().getByText('Saved in your downloads as Berth plan, week 21.pdf')).toBeInTheDocument(),
    );
    await press('Gate codes.xlsx, 44 KB, You, 19 May, 14:20. Show in chat');
    expect(verbs(backend, 'jump').at(-1)?.[1]).toEqual({ kind: 'event', event: '$j2' });
    // Beside the conversation it stays.
    expect(gone()).toBe(false);
  });

  it.each([
    ['Files 31', 'Gate codes.xlsx, 44 KB, You, 19 May, 14:20. Show in chat', '$j2'],
    ['Links 13', 'Show berths.skerrylines.example/week-21 in chat', '$h5'],
    ['Media 84', 'Show large: Photo from Priya Raman, Today 09:12', '$h1'],
  ])('lead to a reply inside its thread (%s)', async (list, way, event) => {
    const backend = await showState('info');
    const real = backend.chatParts.bind(backend);
    backend.chatParts = async (...asked) => {
      const page = await real(...asked);
      return { ...page, items: page.items.map((item) => ({ ...item, thread: '$h1' })) };
    };
    await press(list);
    await press(way);
    const large = screen.queryByRole('dialog');
    if (large) await userEvent.click(within(large).getByRole('button', { name: 'Show in chat' }));
    await settled();
    expect(verbs(backend, 'openThread')).toEqual([[...here, '$h1', { kind: 'event', event }]]);
    expect(screen.getByRole('complementary', { name: 'Thread' })).toBeInTheDocument();
  });

  it('open links through the verb', async () => {
    const backend = await showState('info-links');
    await press(/^tides\.example\/skerry, You/);
    expect(verbs(backend, 'openLink')).toEqual([['https://tides.example/skerry']]);
    await press('Show berths.skerrylines.example/week-21 in chat');
    await vi.waitFor(() => expect(document.activeElement).toBe(article('Skarv')));
  });

  it('are searches for what is starred and pinned', async () => {
    const backend = await showState('info-starred');
    expect(verbs(backend, 'search').at(-1)?.[1]).toEqual({
      text: 'is:starred',
      room: HARBOUR,
      scope: 'all',
      cursor: null,
    });
    await press(/berth 5 it is.*Show in chat/);
    await settled();
    expect(verbs(backend, 'jump').at(-1)?.[1]).toEqual({ kind: 'event', event: '$s5' });
  });

  it.each([
    ['media', 'No pictures here yet.'],
    ['files', 'No files here yet.'],
    ['links', 'No links here yet.'],
    ['starred', 'No starred messages here yet.'],
    ['pinned', 'No pinned messages here yet.'],
  ])('say that there are no %s', async (page, words) => {
    const backend = await showState('info-empty');
    backend.search = () => Promise.resolve(NOTHING);
    const row = drawer().querySelector(`[data-page=${page}]`);
    if (row) await fireEvent.click(row);
    await settled();
    expect(inside().getByText(words)).toBeInTheDocument();
  });
});

describe('leaving a chat', () => {
  it('asks first, with the safe answer focused, and then it is gone', async () => {
    const backend = await showState('info');
    await press('Leave group');
    const dialog = await screen.findByRole('alertdialog', { name: 'Leave Harbour Ops?' });
    await vi.waitFor(() => expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Stay' })));
    expect(verbs(backend, 'leaveChat')).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
    await settled();
    expect(verbs(backend, 'leaveChat')).toEqual([[...here]]);
    expect(await screen.findByText('Pick a chat to read it here.')).toBeInTheDocument();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('says in the dialog that it did not work', async () => {
    const backend = await showState('info-leave');
    backend.leaveChat = () => Promise.reject(failure('diskFull'));
    const dialog = await screen.findByRole('alertdialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
    expect(await within(dialog).findByText('The disk is full.')).toBeInTheDocument();
  });
});

describe('the drawer and a thread', () => {
  it('are never open together', async () => {
    roomy();
    const backend = await showState('info');
    await userEvent.click(screen.getByRole('button', { name: /^4 replies/ }));
    await settled();
    expect(screen.getAllByRole('complementary').map((one) => one.getAttribute('aria-label'))).toEqual(['Thread']);
    await userEvent.click(screen.getByRole('button', { name: 'Group info' }));
    await settled();
    expect(screen.getAllByRole('complementary').map((one) => one.getAttribute('aria-label'))).toEqual(['Group info']);
    expect(verbs(backend, 'openThread')).toHaveLength(1);
  });

  it('stays for the window when another chat is opened beside it, and goes where it would cover that', async () => {
    roomy();
    const backend = await showState('info');
    backend.notify(account.account, '!priya:skerrylines.example');
    await settled();
    expect(screen.getByRole('complementary', { name: 'Chat info' })).toBeInTheDocument();
    cleanup();
    window.matchMedia = query;
    const other = await showState('info');
    other.notify(account.account, '!priya:skerrylines.example');
    await settled();
    expect(gone()).toBe(true);
  });
});
