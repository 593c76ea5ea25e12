/**
 * Every sentence of the product. Words live in `en/`, by place; `say` fills them in, plurals through ICU messages.
 */
import { IntlMessageFormat } from 'intl-messageformat';

import { app } from './en/app';
import { beside } from './en/beside';
import { chats } from './en/chats';
import { conversation } from './en/conversation';
import { search } from './en/search';
import { signIn } from './en/sign_in';
import { storage } from './en/storage';

export * from './time';

/** The language of the sentences. */
export const LANGUAGE = 'en-GB';

export const words = { ...app, ...signIn, ...chats, ...conversation, ...beside, ...storage, ...search };

/** The name of a sentence. */
export type Word = keyof typeof words;

type Values = Record<string, string | number>;

const formats = new Map<Word, IntlMessageFormat>();

/** The sentence `key`, with `values` put in. Values are text and stay text. */
export function say(key: Word, values?: Values): string {
  const text = words[key];
  if (!text.includes('{')) return text;
  let format = formats.get(key);
  if (!format) {
    format = new IntlMessageFormat(text, LANGUAGE, undefined, { ignoreTag: true });
    formats.set(key, format);
  }
  return String(format.format(values));
}
