import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { showState } from '../../test/app';

const address = () => screen.getByLabelText('Organisation address');
const user = () => screen.getByLabelText('User name');
const password = () => screen.getByLabelText('Password');
const submit = () => screen.getByRole('button', { name: 'Sign in' });

describe('signing in', () => {
  it('begins with the caret in the address', async () => {
    await showState('sign-in');
    expect(address()).toHaveFocus();
  });

  it('finds the organisation when the address is left, and shows it', async () => {
    const backend = await showState('sign-in');
    await userEvent.type(address(), 'skerrylines.example');
    await userEvent.tab();
    expect(await screen.findByText('Skerry Lines')).toBeInTheDocument();
    expect(screen.getByText('https://matrix.skerrylines.example')).toBeInTheDocument();
    expect(backend.calls.filter((call) => call.verb === 'discover')).toHaveLength(1);
  });

  it('finds the organisation when the typing pauses', async () => {
    await showState('sign-in');
    await userEvent.type(address(), 'skerrylines.example');
    expect(await screen.findByText('Skerry Lines', {}, { timeout: 3000 })).toBeInTheDocument();
  });

  it('does not ask for half an address', async () => {
    const backend = await showState('sign-in');
    await userEvent.type(address(), 'skerry');
    await userEvent.tab();
    expect(backend.calls.filter((call) => call.verb === 'discover')).toEqual([]);
  });

  it.each([
    ['nowhere.example', 'No organisation answers at this address.'],
    ['old.example', 'The server of old.example is too old for this Tidings.'],
    ['forged.example', 'Tidings cannot be sure that this is forged.example, so it did not connect.'],
    ['browser.example', 'Browser Only does not take passwords here.'],
    ['silent.example', 'silent.example does not answer.'],
  ])('says what is wrong with %s', async (text, sentence) => {
    await showState('sign-in');
    await userEvent.type(address(), text);
    await userEvent.tab();
    expect(await screen.findByText(sentence)).toBeInTheDocument();
  });

  it('forgets what was found when the address changes', async () => {
    await showState('sign-in');
    await userEvent.type(address(), 'skerrylines.example');
    await userEvent.tab();
    await userEvent.click(await screen.findByRole('button', { name: 'Change' }));
    expect(address()).toHaveValue('');
    expect(address()).toHaveFocus();
    expect(screen.queryByText('Skerry Lines')).toBeNull();
  });

  it('names the field that is missing and goes there', async () => {
    const backend = await showState('sign-in');
    await userEvent.click(submit());
    expect(screen.getByText('Write the address of your organisation first.')).toBeInTheDocument();
    await userEvent.type(address(), 'skerrylines.example');
    await userEvent.click(submit());
    expect(user()).toHaveFocus();
    await userEvent.type(user(), 'marta{Enter}');
    expect(password()).toHaveFocus();
    expect(backend.calls.map((call) => call.verb)).not.toContain('signIn');
  });

  it('keeps everything and selects the password when it does not match', async () => {
    await showState('sign-in');
    await userEvent.type(address(), 'skerrylines.example');
    await userEvent.type(user(), 'marta');
    await userEvent.type(password(), 'wrong{Enter}');
    expect(await screen.findByText('User name and password do not match.')).toBeInTheDocument();
    expect(password()).toHaveFocus();
    expect(password()).toHaveValue('wrong');
    expect(address()).toHaveValue('skerrylines.example');
  });

  it('signs in without waiting for the organisation to be shown, and trims what may be trimmed', async () => {
    const backend = await showState('sign-in');
    await userEvent.type(address(), ' skerrylines.example ');
    await userEvent.type(user(), ' marta ');
    await userEvent.type(password(), 'correct horse{Enter}');
    await waitFor(() => expect(backend.state.screen.kind).toBe('chats'));
    expect(backend.calls.find((call) => call.verb === 'signIn')?.args[0]).toEqual({
      address: 'skerrylines.example',
      user: 'marta',
      password: 'correct horse',
    });
  });

  it('shows the password when asked, and hides it again', async () => {
    await showState('sign-in');
    await userEvent.click(screen.getByRole('button', { name: 'Show password' }));
    expect(password()).toHaveAttribute('type', 'text');
    await userEvent.click(screen.getByRole('button', { name: 'Hide password' }));
    expect(password()).toHaveAttribute('type', 'password');
  });

  it('offers nothing that does not exist', async () => {
    await showState('sign-in');
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.getAllByRole('button').map((button) => button.textContent?.trim() || button.ariaLabel)).toEqual([
      'Show password',
      'Sign in',
    ]);
  });
});
