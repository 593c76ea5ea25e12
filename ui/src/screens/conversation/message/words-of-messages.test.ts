import { describe, expect, it } from 'vitest';

import type { Message } from '../../../backend/backend';
import { blocks, kinds, link, mention, paragraph, rich, talk, text } from '../../../gallery/conversation-messages';
import { message } from '../../../gallery/golden/conversations';
import { at } from '../../../gallery/golden/chats';
import { jonas } from '../../../gallery/golden/people';
import { byteSize, tileTint } from './file-kind';
import { pictureSize } from './picture-size';
import { plainBlocks } from './plain';
import { bodyText, copyText, spoken } from './spoken';

function messageOf(key: string): Message {
  const item = [...talk, ...kinds, ...rich].find((other) => other.key === key);
  if (item?.kind.kind !== 'message') throw new Error(`no message ${key}`);
  return item.kind.message;
}

describe('a message as plain text', () => {
  it('keeps what it says, without its dress', () => {
    expect(
      plainBlocks([
        paragraph('Look, ', mention('Noah', false), ': ', link('the board', 'https://board.example/')),
        { kind: 'list', start: 3, items: [[paragraph('one')], [paragraph('two')]] },
        { kind: 'list', start: null, items: [[paragraph('dot')]] },
        { kind: 'quote', blocks: [paragraph('said')] },
        { kind: 'code', language: null, text: 'x = 1' },
        { kind: 'rule' },
      ]),
    ).toBe('Look, @Noah: the board\n3. one\n4. two\n• dot\n> said\nx = 1\n———');
  });

  it('is empty for what has no text to copy', () => {
    expect(copyText({ kind: 'deleted' })).toBe('');
    expect(copyText({ kind: 'undecryptable', cause: 'waiting' })).toBe('');
    expect(copyText(text('so'))).toBe('so');
    expect(copyText(blocks())).toBe('');
  });
});

describe('a message as a screen reader says it', () => {
  it('names sender, text, time and state', () => {
    expect(spoken(messageOf('m7'))).toBe(
      'You, answers Jonas Halvorsen, Yes. The 11:40 moves to berth 3, gates open at 11:05., 08:52, edited, Read',
    );
  });

  it('names reactions and thread', () => {
    expect(spoken(messageOf('m5'))).toBe(
      'Jonas Halvorsen, answers Priya Raman, Can the 11:40 leave from berth 3 then?, 09:14, 👍 5, 🙏 2, 4 replies',
    );
  });

  it('says that it mentions the person, and that nobody can be sure of the sender', () => {
    expect(spoken(messageOf('m4'))).toContain('mentions you');
    expect(spoken(messageOf('s1'))).toContain('Nobody can be sure that this is from Jonas.');
  });

  it('has words for every body', () => {
    for (const item of kinds) {
      if (item.kind.kind === 'message') expect(bodyText(item.kind.message.body)).not.toBe('');
    }
  });

  it('tells two people of one name apart', () => {
    const twin = { ...jonas, disambiguation: '@jonas:elsewhere.example' };
    const item = message('t', twin, at(9, 0), text('hi'));
    if (item.kind.kind === 'message') {
      expect(spoken(item.kind.message)).toBe('Jonas Halvorsen, @jonas:elsewhere.example, hi, 09:00');
    }
  });
});

describe('the space of a picture', () => {
  it('is known before it is there, in its own shape', () => {
    expect(pictureSize(840, 720)).toEqual({ width: 397, height: 340 });
    expect(pictureSize(200, 120)).toEqual({ width: 200, height: 120 });
  });

  it('has a limit for what is too long, too small or unknown', () => {
    expect(pictureSize(10_000, 10)).toEqual({ width: 400, height: 96 });
    expect(pictureSize(10, 10_000)).toEqual({ width: 148, height: 340 });
    expect(pictureSize(0, 0)).toEqual({ width: 296, height: 222 });
    expect(pictureSize(Number.NaN, -5)).toEqual({ width: 296, height: 222 });
  });
});

describe('a file', () => {
  it('says its size as file managers do', () => {
    expect(byteSize(0)).toBe('0 B');
    expect(byteSize(999)).toBe('999 B');
    expect(byteSize(184_000)).toBe('184 KB');
    expect(byteSize(2_400_000)).toBe('2.4 MB');
    expect(byteSize(240_000_000)).toBe('240 MB');
    expect(byteSize(999_999)).toBe('1.0 MB');
  });

  it('that can run code looks like one', () => {
    expect(tileTint('EXE')).toBe('program');
    expect(tileTint('PDF')).toBe('av-1');
    expect(tileTint('')).toBe('other');
  });
});
