/** What belongs to the account whose chats are on the page. Given once by `Chats.svelte`. */
import { getContext, setContext } from 'svelte';

import { Edits } from './conversation/edits';

export interface Home {
  /** The name of the organisation, for sentences. */
  readonly organisation: string;
  /** Changes of messages that were begun. */
  readonly edits: Edits;
}

const KEY = Symbol('home');

export function provideHome(home: Home): void {
  setContext(KEY, home);
}

export function useHome(): Home {
  return getContext<Home | undefined>(KEY) ?? { organisation: '', edits: new Edits() };
}
