import { cleanup, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { failure } from '../../backend/fake';
import { account } from '../../gallery/golden/people';
import { RECOVERY } from '../../gallery/kept';
import { showState } from '../../test/app';
import { verbs } from '../conversation/opened';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const dialog = (name: string): HTMLElement => screen.getByRole('dialog', { name });
const id = account.account;

describe('message keys', () => {
  it('are four things to do, and Back leads to where one came from', async () => {
    await showState('keys');
    const user = userEvent.setup();
    const all = dialog('Message keys');
    const names = ['Use recovery key', 'Set up recovery', 'Export keys', 'Import keys'];
    for (const name of names) expect(within(all).getByRole('button', { name: new RegExp(`^${name}`) })).toBeTruthy();
    await user.click(within(all).getByRole('button', { name: /^Export keys/ }));
    await user.click(within(dialog('Export keys')).getByRole('button', { name: 'Back' }));
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(within(dialog('Message keys')).getByRole('button', { name: /^Export keys/ })),
    );
  });
});

describe('a recovery key', () => {
  const field = (): HTMLElement => screen.getByRole('textbox', { name: 'Recovery key' });
  const use = (): Promise<void> => userEvent.click(screen.getByRole('button', { name: 'Use key' }));

  it('is used from a message that cannot be read', async () => {
    await showState('keys-from-message');
    expect(dialog('Use recovery key')).toBeInTheDocument();
    await vi.waitFor(() => expect(document.activeElement).toBe(field()));
  });

  it('that does not fit is said to be wrong, in the words of the design', async () => {
    const backend = await showState('keys-recover');
    await userEvent.type(field(), ' EsTO 7h2p ');
    await use();
    expect(await screen.findByText('This key does not fit.')).toBeInTheDocument();
    expect(screen.getByText(/Your messages are untouched\. Look for mixed up 0 and O, 1 and l\./)).toBeInTheDocument();
    expect(verbs(backend, 'recover')).toEqual([[id, 'EsTO 7h2p']]);
    expect(document.activeElement).toBe(field());
  });

  it('that fits opens the messages, and the key is gone from the page', async () => {
    await showState('keys-recover');
    await userEvent.type(field(), RECOVERY);
    await use();
    expect(await screen.findByText('The key fits.')).toBeInTheDocument();
    expect(screen.queryByRole('textbox', { name: 'Recovery key' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Done' }));
    await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('is asked for, and there may be nothing to open', async () => {
    const backend = await showState('keys-recover');
    await use();
    expect(screen.getByText('Write your recovery key.')).toBeInTheDocument();
    backend.recover = () => Promise.reject(failure('gone'));
    await userEvent.type(field(), 'x');
    await use();
    expect(await screen.findByText('There is nothing to open with a recovery key.')).toBeInTheDocument();
  });

  it('is made and shown once; Esc does not lose it', async () => {
    const user = userEvent.setup();
    await showState('keys-set-up');
    await user.click(screen.getByRole('button', { name: 'Make a recovery key' }));
    expect(await screen.findByText(RECOVERY)).toBeInTheDocument();
    expect(dialog('Your recovery key')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    expect(screen.getByText(RECOVERY)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText('Copied')).toBeInTheDocument();
    expect(await navigator.clipboard.readText()).toBe(RECOVERY);
    await user.click(screen.getByRole('button', { name: 'I have kept it' }));
    await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.queryByText(RECOVERY)).toBeNull();
  });

  it('that the server has already is to be used instead of making another', async () => {
    await showState('keys-set-up-unknown');
    await userEvent.click(await screen.findByRole('button', { name: 'Use recovery key' }));
    expect(dialog('Use recovery key')).toBeInTheDocument();
  });
});

describe('a key file', () => {
  it('is written with a passphrase that was typed twice', async () => {
    const backend = await showState('keys-export');
    const user = userEvent.setup();
    const go = (): Promise<void> => user.click(screen.getByRole('button', { name: 'Export' }));
    await go();
    expect(screen.getByText('Write a passphrase.')).toBeInTheDocument();
    await user.type(screen.getByLabelText('Passphrase'), 'correct horse');
    await user.type(screen.getByLabelText('Passphrase once more'), 'correct house');
    await go();
    expect(screen.getByText('The two are not the same.')).toBeInTheDocument();
    expect(verbs(backend, 'exportKeys')).toEqual([]);
    await user.clear(screen.getByLabelText('Passphrase once more'));
    await user.type(screen.getByLabelText('Passphrase once more'), 'correct horse');
    await go();
    expect(await screen.findByText('Saved as tidings-keys.txt in your downloads.')).toBeInTheDocument();
    expect(verbs(backend, 'exportKeys')).toEqual([[id, 'correct horse']]);
  });

  it('is read, and says how many keys were new', async () => {
    const backend = await showState('keys-import');
    const user = userEvent.setup();
    const go = (): Promise<void> => user.click(screen.getByRole('button', { name: 'Import' }));
    await go();
    expect(screen.getByText('Choose a key file.')).toBeInTheDocument();
    const file = new File(['abc'], 'element-keys.txt', { type: 'text/plain' });
    file.arrayBuffer ??= () => Promise.resolve(new Uint8Array([97, 98, 99]).buffer);
    await user.upload(screen.getByLabelText('Key file'), file);
    await user.type(screen.getByLabelText('Passphrase'), 'wrong');
    await go();
    expect(await screen.findByText('The passphrase does not fit, or this is no key file.')).toBeInTheDocument();
    await user.clear(screen.getByLabelText('Passphrase'));
    await user.type(screen.getByLabelText('Passphrase'), 'correct horse');
    await go();
    expect(await screen.findByText('214 new keys.')).toBeInTheDocument();
    expect(verbs(backend, 'importKeys').at(-1)).toEqual([id, [97, 98, 99], 'correct horse']);
  });
});
