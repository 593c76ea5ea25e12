import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { settled, showState } from '../../../test/app';
import { ranges } from './highlight';

const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Search in this chat' });

async function search(text: string) {
  const backend = await showState('search-in-chat');
  await userEvent.type(field(), text);
  await settled();
  return backend;
}

describe('a search in one chat', () => {
  it('asks for this chat alone, says where it stands, and goes round with F3', async () => {
    const backend = await search('plan');
    const requests = backend.calls.filter(({ verb }) => verb === 'search').map(({ args }) => args[1]);
    expect(requests.at(-1)).toMatchObject({ text: 'plan', room: '!harbour:skerrylines.example' });
    await waitFor(() => expect(screen.getByText('1 of 5')).toBeInTheDocument());
    const user = userEvent.setup();
    await waitFor(() => expect(backend.calls.some(({ verb }) => verb === 'jump')).toBe(true));
    await user.keyboard('{F3}');
    await waitFor(() => expect(screen.getByText('2 of 5')).toBeInTheDocument());
    await user.keyboard('{Shift>}{F3}{/Shift}{Shift>}{F3}{/Shift}');
    await waitFor(() => expect(screen.getByText('5 of 5')).toBeInTheDocument());
    expect(document.activeElement).toBe(field());
  });

  it('goes to the newest hit with the first key, however soon that comes', async () => {
    const backend = await search('plan{Enter}');
    const jumps = () => backend.calls.filter(({ verb }) => verb === 'jump').map(({ args }) => args[1]);
    await waitFor(() => expect(jumps()).toEqual([{ kind: 'event', event: '$s1' }]));
    expect(screen.getByText('1 of 5')).toBeInTheDocument();
    await userEvent.type(field(), '{Enter}');
    await waitFor(() => expect(screen.getByText('2 of 5')).toBeInTheDocument());
  });

  it('goes on from the newest hit where an answer before showed it', async () => {
    const backend = await search('pla');
    const jumps = () => backend.calls.filter(({ verb }) => verb === 'jump').map(({ args }) => args[1]);
    await waitFor(() => expect(jumps()).toEqual([{ kind: 'event', event: '$s1' }]));
    await userEvent.type(field(), 'n{F3}');
    await waitFor(() => expect(screen.getByText('2 of 5')).toBeInTheDocument());
  });

  it('outlines the hit in its place', async () => {
    await search('berth plan with');
    await waitFor(() => {
      const hit = screen.getByRole('article', { name: /the berth plan with the tug windows/ });
      expect(hit.className + (hit.firstElementChild?.className ?? '') + hit.innerHTML).toContain('target');
    });
    expect(document.activeElement).toBe(field());
  });

  it('says when there is none, and offers to look everywhere', async () => {
    await search('layout');
    expect(screen.getByText('No hits')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'In all chats' }));
    await settled();
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Search all chats' }).value).toBe('layout');
  });

  it('closes by steps and gives the keyboard back to the composer', async () => {
    await search('plan');
    const user = userEvent.setup();
    await user.keyboard('{Escape}');
    expect(field().value).toBe('');
    await user.keyboard('{Escape}');
    await settled();
    expect(screen.queryByRole('textbox', { name: 'Search in this chat' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: /^Message / }));
  });
});

describe('marking', () => {
  it('finds every place of a word, within what is drawn', () => {
    document.body.innerHTML = '<p>the berth plan, a <b>plan</b> of plans</p>';
    const found = ranges(document.body, ['plan']);
    expect(found.map(String)).toEqual(['plan', 'plan', 'plan']);
  });
});
