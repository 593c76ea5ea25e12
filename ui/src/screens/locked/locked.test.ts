import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import type { LockReason } from '../../backend';
import { showState } from '../../test/app';

const reasons: [string, LockReason, boolean][] = [
  ['locked-keyring-missing', 'keyringMissing', true],
  ['locked-keyring-locked', 'keyringLocked', true],
  ['locked-key-lost', 'keyLost', true],
  ['locked-wrong-key', 'wrongKey', false],
  ['locked-in-use', 'inUse', false],
  ['locked-newer', 'newer', false],
  ['locked-damaged', 'damaged', false],
  ['locked-disk-full', 'diskFull', false],
];

describe('a locked vault', () => {
  it.each(reasons)(
    '%s says why, offers to try again, and the password only where it helps',
    async (state, _, spare) => {
      const backend = await showState(state);
      expect(screen.getByRole('heading', { level: 1 })).not.toBeEmptyDOMElement();
      expect(screen.queryByRole('button', { name: 'Use your password instead' }) !== null).toBe(spare);
      await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
      expect(backend.calls.find((call) => call.verb === 'unlock')?.args).toEqual(['k3v9w2m7', null]);
      expect(await screen.findByText('Nothing has changed yet. Your chats are still untouched.')).toBeInTheDocument();
    },
  );

  it('opens with a sign-in when the key is lost', async () => {
    const backend = await showState('locked-key-lost');
    await userEvent.click(screen.getByRole('button', { name: 'Use your password instead' }));
    await userEvent.type(screen.getByLabelText('Organisation address'), 'skerrylines.example');
    await userEvent.type(screen.getByLabelText('User name'), 'marta');
    await userEvent.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
    await waitFor(() => expect(backend.state.screen.kind).toBe('chats'));
  });

  it('fetches the chats again when the file is damaged, with a sign-in when the session was lost too', async () => {
    const backend = await showState('locked-damaged');
    await userEvent.click(screen.getByRole('button', { name: 'Fetch my chats again' }));
    expect(await screen.findByText(/Your sign-in could not be read either/)).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText('Organisation address'), 'skerrylines.example');
    await userEvent.type(screen.getByLabelText('User name'), 'marta');
    await userEvent.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
    await waitFor(() => expect(backend.state.screen.kind).toBe('chats'));
    expect(backend.calls.filter((call) => call.verb === 'repair')).toHaveLength(2);
  });

  it('shows another reason when there is one', async () => {
    const backend = await showState('locked-keyring-locked');
    backend.setState({ screen: { kind: 'locked', account: 'k3v9w2m7', reason: 'inUse' } });
    expect(await screen.findByRole('heading', { name: 'Tidings is already open' })).toBeInTheDocument();
  });
});
