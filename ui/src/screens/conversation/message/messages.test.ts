import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { failure } from '../../../backend/fake';
import { lines } from '../../../gallery/conversation-kinds';
import { kinds, link, rich, talk, text } from '../../../gallery/conversation-messages';
import { NOW, PRIYA } from '../../../gallery/golden/chats';
import { message } from '../../../gallery/golden/conversations';
import { account, priya } from '../../../gallery/golden/people';
import { article, open, own, verbs } from '../opened';

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('rich text', () => {
  it('draws every block', async () => {
    await open({ items: rich });
    const bubble = article('Ramp 3, week 21');
    expect(within(bubble).getByRole('heading', { name: 'Ramp 3, week 21' })).toBeTruthy();
    expect(bubble.querySelectorAll('ul > li')).toHaveLength(2);
    expect(bubble.querySelector('ol[start="3"] > li')?.textContent.trim()).toBe('M16');
    expect(bubble.querySelector('ol[start="8"]')).not.toBeNull();
    expect(bubble.querySelector('blockquote blockquote')?.textContent.trim()).toBe('Says who?');
    expect(bubble.querySelector('pre')?.textContent).toContain('ramp --lower --berth 3');
    expect(bubble.querySelector('hr')).not.toBeNull();
  });

  it('draws every span', async () => {
    await open({ items: rich });
    const bubble = article('Ramp 3, week 21');
    expect(bubble.querySelector('strong em')?.textContent).toBe('and both');
    expect(bubble.querySelector('s')?.textContent).toBe('gone');
    expect(bubble.querySelector('u')?.textContent).toBe('under');
    expect(bubble.querySelector('p code')?.textContent).toBe('let x = 1;');
    expect(bubble.querySelector('br')).not.toBeNull();
    expect(within(bubble).getByRole('link', { name: 'a link' })).toBeTruthy();
  });

  it('marks a mention, and its own person in another way', async () => {
    await open({ items: talk });
    expect(screen.getByText('@Marta').classList.contains('me')).toBe(true);
    expect(screen.getByText('@Noah').classList.contains('me')).toBe(false);
  });

  it('leaves markup in a message text', async () => {
    const { container } = await open({ items: rich });
    expect(article('onerror').querySelector('p')?.textContent).toContain(
      '<img src=x onerror=alert(1)> <script>alert(1)</script> &amp; {@html "x"} ${1+1}',
    );
    expect(container.querySelector('script, img[src="x"]')).toBeNull();
  });

  it('has no address in the page that could be navigated to', async () => {
    const { container } = await open({ items: rich });
    expect(container.querySelectorAll('[href]:not(use)')).toHaveLength(0);
  });

  it('opens a link through the verb, by click and by Enter', async () => {
    const backend = await open({ items: rich });
    const target = screen.getByRole('link', { name: 'a link' });
    await fireEvent.click(target);
    await fireEvent.keyDown(target, { key: 'Enter' });
    expect(verbs(backend, 'openLink')).toEqual([['https://tides.example/skerry'], ['https://tides.example/skerry']]);
  });

  it('asks before it opens a link that pretends to lead somewhere else, and shows the true host', async () => {
    const bad = link('https://skerrylines.example', 'https://xn--evil-test.example/x', true);
    const backend = await open({ items: [message('a', priya, NOW, text(bad))] });
    const user = userEvent.setup();
    await user.click(screen.getByRole('link'));
    const dialog = await screen.findByRole('alertdialog');
    expect(within(dialog).getByText('xn--evil-test.example')).toBeTruthy();
    expect(verbs(backend, 'openLink')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Do not open' }));
    expect(verbs(backend, 'openLink')).toEqual([]);
    await user.click(screen.getByRole('link'));
    await user.click(await screen.findByRole('button', { name: 'Open anyway' }));
    expect(verbs(backend, 'openLink')).toEqual([['https://xn--evil-test.example/x']]);
  });
});

describe('bodies', () => {
  it('draws every kind', async () => {
    const { container } = await open({ items: kinds.slice(3) });
    for (const words of [
      'Berth plan, week 21.pdf',
      'setup-tool.exe',
      'Waiting for the key to this message.',
      'Its key does not fit. Ask Priya to send it again.',
      'This version of Tidings cannot show this message.',
      'waves from the tug',
      'Nobody can be sure that this is from Jonas.',
    ]) {
      expect(container.textContent).toContain(words);
    }
    expect(screen.getAllByText('This message was deleted')).toHaveLength(2);
    expect(container.querySelectorAll('.jumbo')).toHaveLength(2);
  });

  it('says why a message cannot be decrypted', async () => {
    await open({ items: kinds });
    expect(screen.getByText('Grace’s device sends it, usually within a minute. Nothing is lost.')).toBeTruthy();
    expect(
      screen.getByText('It was sent before you signed in here. Use your recovery key, or ask Priya to send it again.'),
    ).toBeTruthy();
    expect(screen.getByText(/did not share its key/)).toBeTruthy();
    expect(screen.getByText(/Use your recovery key, or read it on your other device/)).toBeTruthy();
  });

  it('keeps the space of a picture, and says when it does not load', async () => {
    const { container } = await open({ items: kinds.slice(0, 3) });
    const picture = screen.getByRole('button', { name: 'Show large: Photo from Priya Raman, 09:12' });
    expect(picture.parentElement?.style.aspectRatio).toBe('397 / 340');
    const image = picture.querySelector('img');
    expect(image?.getAttribute('src')).toBe('media://ramp');
    if (image) await fireEvent.error(image);
    expect(screen.getAllByText('This picture did not load.').length).toBeGreaterThan(0);
    expect(container.querySelector('[aria-label*="09:12"] img[src="media://ramp"]')).toBeNull();
  });

  it('shows a picture large, and gives the focus back', async () => {
    await open({ items: kinds.slice(0, 3) });
    const user = userEvent.setup();
    const picture = screen.getByRole('button', { name: 'Show large: Photo from Priya Raman, 09:12' });
    await user.click(picture);
    const dialog = await screen.findByRole('dialog', { name: 'Photo from Priya Raman, 09:12' });
    expect(within(dialog).getByRole('img').getAttribute('src')).toBe('media://ramp');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await vi.waitFor(() => expect(document.activeElement).toBe(picture));
  });

  it('saves a file and says under which name', async () => {
    const backend = await open({ items: kinds });
    backend.saveFile = (_account, media) => Promise.resolve(`${media} (1)`);
    await fireEvent.click(screen.getByRole('button', { name: 'Save setup-tool.exe' }));
    expect(await screen.findByText('Saved in your downloads as setup-tool.exe (1)')).toBeTruthy();
  });

  it('says when a file was not saved, and offers it again', async () => {
    const backend = await open({ items: kinds });
    backend.saveFile = () => Promise.reject(failure('diskFull'));
    await fireEvent.click(screen.getByRole('button', { name: 'Save setup-tool.exe' }));
    expect(await screen.findByText('The disk is full. Free some space, then try again.')).toBeTruthy();
    backend.saveFile = () => Promise.resolve('setup-tool.exe');
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Saved in your downloads as setup-tool.exe')).toBeTruthy();
  });

  it('has a line for every event of the room', async () => {
    // Only rows near the window are drawn.
    const { container } = await open({ items: [...lines.slice(0, 11), ...lines.slice(-10)] });
    for (const words of [
      'Aoife Brennan started this chat',
      'Aoife Brennan turned on encryption',
      'named this chat “Harbour Ops”',
      'changed the topic to “Ramps, berths, tides”',
      'Samir Haddad changed the picture of this chat',
      'Aoife Brennan added Noah Fischer',
      'Noah Fischer joined',
      'Aoife Brennan removed Helena Strand',
      'Yuki Tanabe left',
      'Messages in between are on their way.',
    ]) {
      expect(container.textContent).toContain(words);
    }
    expect(screen.getByRole('separator', { name: '3 new messages' })).toBeTruthy();
    expect(screen.getByRole('separator', { name: 'Yesterday' })).toBeTruthy();
  });

  it('shows names and avatars in a group only, and there at the beginning of a run only', async () => {
    const { container } = await open({ items: talk });
    expect(container.querySelectorAll('.from .name')).toHaveLength(4);
    cleanup();
    const direct = await open({ room: PRIYA, items: talk });
    expect(direct.container.querySelectorAll('.from')).toHaveLength(0);
  });

  it('folds more than six reactions and names who reacted', async () => {
    await open({ items: talk });
    const reactions = within(article('I can take the 06:10')).getAllByRole('listitem');
    expect(reactions).toHaveLength(8);
    expect(reactions[6]?.textContent).toContain('+2');
    expect(screen.getByRole('button', { name: /👍, 5 people: You, Leila Farouk/ })).toBeTruthy();
    await fireEvent.click(within(article('I can take the 06:10')).getByRole('button', { name: /💪/ }));
    expect(within(article('I can take the 06:10')).getAllByRole('listitem')).toHaveLength(9);
  });
});

describe('delivery', () => {
  it.each([
    ['sending', 'clock', /08:52|09:46/],
    ['waiting', 'clock', /Waiting for a connection/],
    ['sent', 'check', /09:46/],
    ['read', 'checks', /09:46/],
  ] as const)('%s has its own mark', async (kind, icon, words) => {
    await open({ items: [own('a', { transaction: 'a', delivery: { kind } })] });
    const meta = article('Gate 2').querySelector('.meta');
    expect(meta?.querySelector('use')?.getAttribute('href')).toBe(`#i-${icon}`);
    expect(meta?.textContent).toMatch(words);
  });

  it.each([
    ['refused', /the server refused it/, 'Try again'],
    ['encryption', /could not be encrypted/, 'Try again'],
    ['notAllowed', /You can no longer write in this group\. Your text is kept here\./, 'Copy text'],
    ['tooLarge', /too long for one message/, 'Copy text'],
    ['gone', /this chat is not there any more/, 'Copy text'],
  ] as const)('%s is said with what can be done', async (reason, words, action) => {
    await open({ items: [own('a', { event: null, transaction: 'a', delivery: { kind: 'failed', reason } })] });
    const bubble = article('Gate 2');
    expect(bubble.querySelector('.fail')?.textContent.replace(/\s+/g, ' ')).toMatch(words);
    expect(within(bubble).getByRole('button', { name: action })).toBeTruthy();
    expect(within(bubble).getByRole('button', { name: 'Delete' })).toBeTruthy();
  });

  it.each([
    ['Try again', 'retrySend'],
    ['Delete', 'discardSend'],
  ])('%s is told to the engine', async (name, verb) => {
    const failed = { kind: 'failed', reason: 'refused' } as const;
    const backend = await open({ items: [own('a', { event: null, transaction: 'tx', delivery: failed })] });
    await fireEvent.click(screen.getByRole('button', { name }));
    expect(verbs(backend, verb)).toEqual([[account.account, 'tx']]);
  });

  it('tries several again in their order', async () => {
    const failed = { kind: 'failed', reason: 'refused' } as const;
    const backend = await open({
      items: ['a', 'b'].map((id) => own(id, { event: null, transaction: id, delivery: failed })),
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Try all again' }));
    expect(verbs(backend, 'retrySend').map(([, transaction]) => transaction)).toEqual(['a', 'b']);
  });
});
