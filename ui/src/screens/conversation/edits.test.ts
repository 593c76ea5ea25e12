import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { failure, type FakeBackend } from '../../backend/fake';
import { HARBOUR, PRIYA } from '../../gallery/golden/chats';
import { account } from '../../gallery/golden/people';
import { settled, showState } from '../../test/app';
import { article, field, verbs } from './opened';

const LIFTS = '412 lifts, without the tests on Sunday.';
const bar = () => screen.queryByText(/^Editing your message of /);
const kept = () => screen.queryByText('Your change is kept. Edit the message again to go on with it.');

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

/** A chat with an own message that is being changed, after `draft` was written. */
async function editing(draft = ''): Promise<{ backend: FakeBackend; user: ReturnType<typeof userEvent.setup> }> {
  const backend = await showState('chats-direct');
  const user = userEvent.setup();
  if (draft) await user.type(field(), draft);
  article(LIFTS).focus();
  await user.keyboard('e');
  await settled();
  expect(field().value).toBe(LIFTS);
  return { backend, user };
}

async function show(backend: FakeBackend, room: string): Promise<void> {
  backend.notify(account.account, room);
  await settled();
  await settled();
}

describe('a change of a message', () => {
  it('is there again when its chat is opened again, and the draft behind it', async () => {
    const { backend, user } = await editing('half a sen');
    await user.type(field(), ' Now.');
    await show(backend, HARBOUR);
    expect(bar()).toBeNull();
    await show(backend, PRIYA);
    expect(bar()).not.toBeNull();
    expect(field().value).toBe(`${LIFTS} Now.`);
    await user.type(field(), '{Enter}');
    await settled();
    expect(verbs(backend, 'editMessage').at(-1)?.[3]).toMatchObject({ text: `${LIFTS} Now.` });
    expect(field().value).toBe('half a sen');
    // It was made: nothing waits any more.
    await show(backend, HARBOUR);
    await show(backend, PRIYA);
    expect(bar()).toBeNull();
  });

  it('that changes nothing is none', async () => {
    const { backend, user } = await editing();
    await user.type(field(), 'x{Backspace}');
    await show(backend, HARBOUR);
    await show(backend, PRIYA);
    expect(bar()).toBeNull();
    expect(kept()).toBeNull();
  });

  it('waits with its message after Esc', async () => {
    const { backend, user } = await editing();
    await user.type(field(), ' Now.{Escape}');
    expect(bar()).toBeNull();
    expect(field().value).toBe('');
    expect(kept()).not.toBeNull();
    await show(backend, HARBOUR);
    await show(backend, PRIYA);
    expect(bar()).toBeNull();
    article(LIFTS).focus();
    await user.keyboard('e');
    await settled();
    expect(field().value).toBe(`${LIFTS} Now.`);
  });

  it('is left without a word when nothing was changed', async () => {
    const { user } = await editing();
    await user.type(field(), '{Escape}');
    expect(bar()).toBeNull();
    expect(kept()).toBeNull();
  });

  it.each(['r', 'e'])('waits when %s is pressed on another message', async (key) => {
    const { user } = await editing();
    await user.type(field(), ' Now.');
    article('Did the seal arrive').focus();
    await user.keyboard(key);
    await settled();
    expect(field().value).toBe(key === 'e' ? 'Did the seal arrive?' : '');
    expect(kept()).not.toBeNull();
    article(LIFTS).focus();
    await user.keyboard('e');
    await settled();
    expect(field().value).toBe(`${LIFTS} Now.`);
  });
});

it('says the name of the organisation when something fails', async () => {
  const backend = await showState('chats-direct');
  backend.setStarred = () => Promise.reject(failure('serverSilent'));
  article(LIFTS).focus();
  await userEvent.keyboard('s');
  expect(await screen.findByText(/^Skerry Lines does not answer\./)).toBeInTheDocument();
});
