import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SystemLine, Trust } from '../../../backend/backend';
import { failure, type FakeBackend } from '../../../backend/fake';
import { calls, doubts, lines, media } from '../../../gallery/conversation-kinds';
import { text } from '../../../gallery/conversation-messages';
import { at, NOW } from '../../../gallery/golden/chats';
import { message, who } from '../../../gallery/golden/conversations';
import { account, aoife, jonas, marta } from '../../../gallery/golden/people';
import { settled } from '../../../test/app';
import { playTime } from '../playing';
import { sentence } from '../timeline/system-line';
import { article, open, verbs } from '../opened';
import { stateNow } from './call';
import { placeText } from './place';
import { bodyText } from './spoken';

/** Only rows near the window are drawn. */
const heard = [...media.slice(0, 2), ...media.slice(5, 6)];
let played: HTMLMediaElement[] = [];
beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  played = [];
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function play(this: HTMLMediaElement) {
    played.push(this);
    this.dispatchEvent(new Event('playing'));
    return Promise.resolve();
  });
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(() => undefined);
  vi.spyOn(HTMLMediaElement.prototype, 'load').mockImplementation(() => undefined);
  URL.createObjectURL = () => 'blob:sound';
  URL.revokeObjectURL = () => undefined;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('a voice message', () => {
  it('is played and paused by Space, and says how far it is', async () => {
    await open({ items: heard });
    article('voice message, 0:42').focus();
    await userEvent.keyboard(' ');
    const bubble = article('voice message, 0:42');
    expect(within(bubble).getByRole('button', { name: 'Pause Voice message' })).toBeTruthy();
    const [sound] = played;
    if (!sound) throw new Error('nothing plays');
    Object.defineProperty(sound, 'currentTime', { value: 11, configurable: true });
    await fireEvent(sound, new Event('timeupdate'));
    expect(bubble.textContent.replace(/\s+/g, ' ')).toMatch(/0:11 ?\/ ?0:42/);
    await userEvent.keyboard(' ');
    expect(within(bubble).getByRole('button', { name: 'Play Voice message' })).toBeTruthy();
  });

  it('stops when another one begins', async () => {
    await open({ items: heard });
    await fireEvent.click(screen.getAllByRole('button', { name: 'Play Voice message' })[0] as HTMLElement);
    await fireEvent.click(screen.getByRole('button', { name: 'Play Fog horn.flac' }));
    expect(screen.queryByRole('button', { name: 'Pause Voice message' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Pause Fog horn.flac' })).toBeTruthy();
  });

  it('is asked for whole when the player cannot ask the scheme, and saved when it cannot be played at all', async () => {
    const backend = await open({ items: heard });
    await fireEvent.click(screen.getAllByRole('button', { name: 'Play Voice message' })[0] as HTMLElement);
    const [sound] = played;
    if (!sound) throw new Error('nothing plays');
    await fireEvent.error(sound);
    await settled();
    expect(verbs(backend, 'playedMedia')).toEqual([[account.account, 'Voice.ogg']]);
    expect(sound.src).toBe('blob:sound');
    await fireEvent.error(sound);
    expect(screen.getByText(/This computer cannot play this/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Save Voice.ogg' })).toBeTruthy();
  });
});

describe('a sound or a film that does not come', () => {
  /** The scheme cannot be asked, and the whole file is refused the first time. */
  function refusing(backend: FakeBackend): void {
    const real = backend.playedMedia.bind(backend);
    let refused = 0;
    backend.playedMedia = (id, media) => {
      refused += 1;
      return refused === 1 ? Promise.reject(failure('offline')) : real(id, media);
    };
  }

  it.each([
    ['Voice message', 'Play Voice message'],
    ['Fog horn.flac', 'Play Fog horn.flac'],
  ])('says so of %s, and asks again', async (_, name) => {
    await open({ items: heard, before: refusing });
    await fireEvent.click(screen.getAllByRole('button', { name })[0] as HTMLElement);
    await fireEvent.error(played[0] as HTMLElement);
    await settled();
    expect(screen.getByText('This did not load.')).toBeTruthy();
    expect(screen.queryByText(/This computer cannot play this/)).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.queryByText('This did not load.')).toBeNull();
    expect(document.activeElement?.tagName).toBe('ARTICLE');
    const again = played.at(-1);
    if (!again) throw new Error('nothing plays');
    await fireEvent.error(again);
    await settled();
    expect(again.src).toBe('blob:sound');
    // It is here now, and no player knows it.
    await fireEvent.error(again);
    expect(screen.getByText(/This computer cannot play this/)).toBeTruthy();
  });

  it('says so of a film, and asks again', async () => {
    await open({ items: media, before: refusing });
    await fireEvent.click(screen.getByRole('button', { name: 'Play Video from Priya Raman, 09:50' }));
    const dialog = await screen.findByRole('dialog', { name: 'Video from Priya Raman, 09:50' });
    await fireEvent.error(dialog.querySelector('video') as HTMLElement);
    await settled();
    expect(within(dialog).getByText('This did not load.')).toBeTruthy();
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Try again' }));
    expect(dialog.querySelector('video')).not.toBeNull();
    expect(within(dialog).queryByText('This did not load.')).toBeNull();
  });
});

describe('a film', () => {
  it('is played large, and says when it cannot be', async () => {
    const backend = await open({ items: media });
    await fireEvent.click(screen.getByRole('button', { name: 'Play Video from Priya Raman, 09:50' }));
    const dialog = await screen.findByRole('dialog', { name: 'Video from Priya Raman, 09:50' });
    const film = dialog.querySelector('video');
    expect(film?.getAttribute('src')).toBe('');
    if (film) await fireEvent.error(film);
    await settled();
    expect(verbs(backend, 'playedMedia')).toEqual([[account.account, 'Ramp 3 moves.mp4']]);
    if (film) await fireEvent.error(film);
    expect(within(dialog).getByText(/This computer cannot play this/)).toBeTruthy();
  });
});

describe('a place', () => {
  it('is said in degrees, and no map is fetched', async () => {
    const { container } = await open({ items: media });
    expect(container.textContent).toContain('59.91273° N, 10.74609° E, within 13 m');
    expect(placeText({ latitude: -33_856_784, longitude: -151_215_297, uncertainty: null })).toBe(
      '33.85678° S, 151.21530° W',
    );
    await userEvent.setup().click(screen.getAllByRole('button', { name: 'Copy coordinates' })[0] as HTMLElement);
    expect(await screen.findByText('Copied')).toBeTruthy();
  });
});

describe('a call', () => {
  it('is missed once it has rung its time', () => {
    const call = { video: false, state: { kind: 'ringing', until: 100 } } as const;
    expect(stateNow(call, 99).kind).toBe('ringing');
    expect(stateNow(call, 100).kind).toBe('missed');
  });

  it('says what became of it', async () => {
    const { container } = await open({ items: calls });
    for (const words of [
      'Missed voice call',
      'Missed video call',
      'No answer',
      '3:05',
      '1:05:05',
      'Declined',
      'Ringing.',
    ]) {
      expect(container.textContent).toContain(words);
    }
  });
});

describe('doubt about the sender', () => {
  it.each([
    ['notEncrypted', 'Nobody can be sure that this is from Jonas. It came unencrypted into an encrypted chat.'],
    ['changedIdentity', 'Jonas uses a new identity. Check that it is Jonas before you send anything confidential.'],
    ['forged', 'This is not from Jonas. Somebody else encrypted it.'],
    ['unverifiedDevice', 'Sent from a device that Jonas has not confirmed.'],
    ['unknownDevice', 'Sent from a device of Jonas’s that is not known any more.'],
  ] as [Trust, string][])('%s is said in the bubble', async (trust, words) => {
    await open({ items: [message('q', jonas, NOW, text('The code?'), { trust })] });
    expect(article('The code').querySelector('.warning')?.textContent.replace(/\s+/g, ' ').trim()).toBe(words);
  });

  it.each(['usual', 'verified', 'unproven'] as Trust[])('%s is none', async (trust) => {
    await open({ items: [message('q', jonas, NOW, text('The code?'), { trust })] });
    expect(article('The code').querySelector('.warning')).toBeNull();
  });

  it('is spoken with the message', async () => {
    await open({ items: doubts });
    expect(article('The gate is open').getAttribute('aria-label')).toContain('This is not from Jonas.');
  });
});

describe('lines about the room', () => {
  it.each([
    [{ kind: 'joined', who: who(marta) }, 'You joined'],
    [{ kind: 'removed', who: who(aoife), whom: who(marta), reason: '' }, 'Aoife Brennan removed you'],
    [
      { kind: 'banned', who: who(aoife), whom: who(jonas), reason: 'sells boats' },
      'Aoife Brennan removed Jonas Halvorsen for good: sells boats',
    ],
    [
      {
        kind: 'roles',
        who: who(aoife),
        changes: [
          { whom: who(marta), role: 'admin' },
          { whom: who(jonas), role: 'moderator' },
        ],
      },
      'Aoife Brennan made you an admin and Jonas Halvorsen a moderator',
    ],
    [
      { kind: 'several', names: 3, pictures: 1, calls: 0, lines: [] },
      '3 people changed their names and 1 person changed a picture',
    ],
    [{ kind: 'nameChanged', who: who(jonas), name: 'J. H.' }, 'Jonas Halvorsen is now called J. H.'],
    [{ kind: 'nameChanged', who: who(marta), name: 'Marta' }, 'You changed your name to Marta'],
    [{ kind: 'renamed', who: who(aoife), name: '' }, 'Aoife Brennan took away the name of this chat'],
    [
      { kind: 'encryptionKept', who: who(aoife) },
      'Aoife Brennan tried to turn off encryption. Your messages stay encrypted',
    ],
  ] as [SystemLine, string][])('%o', (line, words) => {
    expect(sentence(line)).toBe(words);
  });

  const of = (...kinds: string[]) =>
    lines.filter(({ kind }) => kind.kind === 'system' && kinds.includes(kind.line.kind));

  it('fold when they are quiet, and unfold', async () => {
    await open({ items: of('several') });
    const fold = screen.getByRole('button', { name: /3 people changed their names/ });
    expect(screen.queryByText('Yuki Tanabe is now called Yuki T.')).toBeNull();
    await fireEvent.click(fold);
    expect(fold.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText('Yuki Tanabe is now called Yuki T.')).toBeTruthy();
  });

  it('ask before they lead into a room this person is not in', async () => {
    const backend = await open({ items: of('moved') });
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Join it' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Join the new room?' });
    expect(verbs(backend, 'followMove')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Join' }));
    expect(verbs(backend, 'followMove')).toHaveLength(1);
    await user.click(await screen.findByRole('button', { name: 'Open it' }));
    expect(verbs(backend, 'followMove')).toHaveLength(2);
  });
});

describe('words of what is played', () => {
  it('are minutes and seconds', () => {
    expect([0, 9.9, 65, 3605].map(playTime)).toEqual(['0:00', '0:09', '1:05', '1:00:05']);
  });

  it('are there for every body', () => {
    for (const item of [...media, ...calls]) {
      if (item.kind.kind === 'message') expect(bodyText(item.kind.message.body), item.key).not.toBe('');
    }
    expect(at(9, 0)).toBeLessThan(NOW);
  });
});
