import { cleanup, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { failure, type FakeBackend } from '../../backend/fake';
import { account } from '../../gallery/golden/people';
import { showState } from '../../test/app';
import { verbs } from '../conversation/opened';
import { beginning, period } from './period';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const dialog = (): HTMLElement => screen.getByRole('dialog', { name: 'Storage' });
const question = (): Promise<HTMLElement> => screen.findByRole('alertdialog');
const id = account.account;

describe('storage', () => {
  it('says what Tidings takes on this computer, in all and by kind, with units', async () => {
    await showState('storage');
    expect(within(dialog()).getByText('1.8 GB')).toBeInTheDocument();
    expect(within(dialog()).getByRole('img').getAttribute('aria-label')).toBe(
      'Messages 412 MB, Search index 96 MB, Pictures and files 1.3 GB, Message keys 13 MB, Written last 2.1 MB, Free inside the file 8.4 MB',
    );
    expect(
      within(dialog()).getByText('All of it is encrypted. The key is in the keyring of this computer.'),
    ).toBeTruthy();
    expect(within(dialog()).queryByText('Damaged files')).toBeNull();
  });

  it('removes damaged files after a question whose safe answer has the focus', async () => {
    const backend = await showState('storage-damaged');
    const user = userEvent.setup();
    await user.click(within(dialog()).getByRole('button', { name: 'Remove damaged files' }));
    const asked = await question();
    expect(asked).toHaveTextContent('96 MB of damaged files are deleted.');
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(within(asked).getByRole('button', { name: 'Keep them' })),
    );
    await user.click(within(asked).getByRole('button', { name: 'Remove' }));
    expect(await screen.findByText('The damaged files are gone.')).toBeInTheDocument();
    expect(verbs(backend, 'removeSetAside')).toEqual([[id]]);
    await vi.waitFor(() => expect(within(dialog()).queryByText('Damaged files')).toBeNull());
  });

  it('says that it could not be counted, and tries again', async () => {
    const backend = await showState('storage-failed');
    expect(within(dialog()).getByText('The disk is full.')).toBeInTheDocument();
    const real = Object.getPrototypeOf(backend) as FakeBackend;
    backend.storage = real.storage.bind(backend);
    await userEvent.click(within(dialog()).getByRole('button', { name: 'Try again' }));
    expect(await within(dialog()).findByText('1.8 GB')).toBeInTheDocument();
  });
});

describe('kept messages', () => {
  const choose = (name: string): Promise<void> => userEvent.click(within(dialog()).getByRole('radio', { name }));

  it('are deleted only after a question that says exactly which, and who still has them', async () => {
    const backend = await showState('storage');
    await choose('90 days');
    expect(
      within(dialog()).getByText('Messages from before 20 February would be deleted from this computer.'),
    ).toBeTruthy();
    expect(verbs(backend, 'setRetention')).toEqual([]);
    await userEvent.click(within(dialog()).getByRole('button', { name: 'Delete older messages…' }));
    const asked = await question();
    expect(asked).toHaveAccessibleName('Delete messages older than 90 days?');
    expect(asked).toHaveTextContent('Messages from before 20 February are deleted from this computer, in all chats');
    expect(asked).toHaveTextContent('The server of Skerry Lines still has them, unless Skerry Lines deletes them.');
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(within(asked).getByRole('button', { name: 'Keep them' })),
    );
    await userEvent.click(within(asked).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('Messages are now kept for 90 days.')).toBeInTheDocument();
    expect(verbs(backend, 'setRetention')).toEqual([[id, 90]]);
    await vi.waitFor(() => expect(within(dialog()).getByRole('radio', { name: '90 days' })).toBeChecked());
  });

  it('stay when the question is answered with no', async () => {
    const backend = await showState('storage-question');
    await userEvent.click(within(await question()).getByRole('button', { name: 'Keep them' }));
    await vi.waitFor(() => expect(dialog()).toBeInTheDocument());
    expect(verbs(backend, 'setRetention')).toEqual([]);
    expect(within(dialog()).getByRole('radio', { name: 'For good' })).toBeInTheDocument();
  });

  it('are kept longer without a question', async () => {
    const backend = await showState('storage-damaged');
    await choose('1 year');
    expect(within(dialog()).getByText('Nothing is deleted.')).toBeInTheDocument();
    await userEvent.click(within(dialog()).getByRole('button', { name: 'Keep for 1 year' }));
    expect(await screen.findByText('Messages are now kept for 1 year.')).toBeInTheDocument();
    expect(verbs(backend, 'setRetention')).toEqual([[id, 365]]);
  });

  it('say in the question that it did not work', async () => {
    const backend = await showState('storage-question');
    backend.setRetention = () => Promise.reject(failure('diskFull'));
    const asked = await question();
    await userEvent.click(within(asked).getByRole('button', { name: 'Delete' }));
    expect(await within(asked).findByText('The disk is full.')).toBeInTheDocument();
  });

  it('are named by years, months and days', () => {
    expect([365, 180, 90, 1].map(period)).toEqual(['1 year', '6 months', '90 days', '1 day']);
    expect(beginning(30)).toBe('21 April');
  });
});
