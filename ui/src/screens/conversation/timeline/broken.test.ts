import { cleanup, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ConversationUpdate, Item, Message } from '../../../backend';
import { text } from '../../../gallery/conversation-messages';
import { chats, HARBOUR, NOW, PRIYA } from '../../../gallery/golden/chats';
import { message } from '../../../gallery/golden/conversations';
import { priya } from '../../../gallery/golden/people';
import { settled, showState } from '../../../test/app';
import { article, field, open } from '../opened';

const good = (key: string, more: Partial<Message> = {}): Item => message(key, priya, NOW, text(`Berth ${key}`), more);
/** Nobody can draw a message without a sender. */
const bad = good('b', { sender: null as never });

let said: unknown[][] = [];
beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  said = [];
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => said.push(words));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('a message that cannot be drawn', () => {
  it('leaves the rest of the chat as it is, and tells no word of anybody', async () => {
    await open({ items: [good('a'), bad, good('c')] });
    expect(article('Berth a')).toBeTruthy();
    expect(article('Berth c')).toBeTruthy();
    expect(screen.getByText('This message cannot be shown.')).toBeTruthy();
    expect(said).toEqual([['A row could not be drawn:', 'TypeError']]);
    // It is a stop of the arrow keys like every other.
    await userEvent.type(field(), '{Escape}');
    article('Berth c').focus();
    await userEvent.keyboard('{ArrowUp}');
    expect(document.activeElement).toBe(article('This message cannot be shown.'));
  });

  it('is drawn once it can be, and a row that breaks later takes nothing with it', async () => {
    let sink: (update: ConversationUpdate) => void = () => undefined;
    await open({
      items: [good('a'), bad],
      before: (backend) => {
        const real = backend.openChat.bind(backend);
        backend.openChat = (account, room, target, told) => {
          sink = told;
          return real(account, room, target, told);
        };
      },
    });
    sink({ kind: 'patch', ops: [{ op: 'set', index: 1, item: good('b') }] });
    await settled();
    expect(article('Berth b')).toBeTruthy();
    expect(screen.queryByText('This message cannot be shown.')).toBeNull();
    sink({ kind: 'patch', ops: [{ op: 'set', index: 0, item: good('a', { sender: null as never }) }] });
    await settled();
    expect(screen.getByText('This message cannot be shown.')).toBeTruthy();
    expect(article('Berth b')).toBeTruthy();
  });
});

it('draws the same reaction twice when it is told so', async () => {
  const one = { key: '👍', count: 1, own: false, names: ['Aoife'] };
  await open({ items: [good('a', { reactions: [one, { ...one, names: ['Jonas'] }] })] });
  expect(screen.getAllByRole('button', { name: /^👍, 1 person/ })).toHaveLength(2);
  expect(screen.queryByText('This message cannot be shown.')).toBeNull();
});

it('leaves the list as it is when one chat cannot be drawn', async () => {
  const backend = await showState('chats-none-open');
  backend.setChats(chats.map((row) => (row.room === HARBOUR ? { ...row, avatar: null as never } : row)));
  await settled();
  expect(screen.getByRole('option', { name: 'This chat cannot be shown here.' })).toHaveAttribute('data-room', HARBOUR);
  expect(screen.getByRole('option', { name: /^Priya Raman/ })).toHaveAttribute('data-room', PRIYA);
  await userEvent.click(screen.getByRole('option', { name: 'This chat cannot be shown here.' }));
  expect(screen.getByRole('option', { name: 'This chat cannot be shown here.' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
});
