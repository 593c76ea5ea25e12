/** Results in words, for who listens. */
import type { Fragment, Indexed, SearchHit } from '../../backend';
import { dayInSentence, hitTime, say } from '../../words';

/** The text of pieces put together. */
export function plain(fragments: readonly Fragment[]): string {
  return fragments.map(({ text }) => text).join('');
}

/** What a hit says, where it has no text of its own. */
export function markWord(hit: SearchHit): string {
  return hit.mark === null || hit.file !== null ? '' : say(`mark.${hit.mark}`);
}

/** A hit as one spoken line: who, when, what. */
export function spokenHit(hit: SearchHit): string {
  const parts: (string | false)[] = [
    hit.own ? say('search.you') : hit.sender.name,
    hitTime(hit.time),
    hit.thread !== null && say('search.thread'),
    hit.starred && say('search.starred'),
    plain(hit.text) || markWord(hit),
    hit.file !== null && say('search.file', { name: plain(hit.file.name) }),
  ];
  return parts.filter(Boolean).join(', ');
}

/** How far back messages are found. */
export function indexedWords(indexed: Indexed): string {
  switch (indexed.kind) {
    case 'complete':
      return say('indexed.complete');
    case 'backTo':
      return say('indexed.backTo', { date: dayInSentence(indexed.time) });
    case 'building':
      return indexed.backTo === null
        ? say('indexed.begun')
        : say('indexed.building', { date: dayInSentence(indexed.backTo) });
  }
}

/** A text that fits a sentence. */
export function short(text: string): string {
  const line = text.trim().replace(/\s+/gu, ' ');
  const letters = Array.from(line.slice(0, 200));
  return letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : line;
}
