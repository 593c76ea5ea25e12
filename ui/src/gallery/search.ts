/** The states of a search. */
import type { SearchRequest, SearchResults } from '../backend/backend';
import type { FakeBackend, FakeOptions } from '../backend/fake';
import { at, HARBOUR } from './golden/chats';
import { conversations, type Golden } from './golden/conversations';
import { account } from './golden/people';
import { asItWas, asItWasAnswered, find } from './golden/search';
import { threads } from './golden/threads';
import { drawn, press } from './hands';

interface State {
  options: FakeOptions;
  then?: (backend: FakeBackend) => void | Promise<void>;
}

/** Type into the search, as a person would. */
function type(text: string, into = '[data-region=search] input'): void {
  const field = document.querySelector<HTMLInputElement>(into);
  if (!field) return;
  field.focus();
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** All states, on the ground of the gallery's own. */
export function searchStates(base: FakeOptions): Record<string, State> {
  const known = conversations.get(HARBOUR);
  if (!known) throw new Error('the gallery has no Harbour Ops');
  const harbour: Golden = { ...known, history: 'complete', items: asItWas };

  function searched(
    text: string,
    answer: (request: SearchRequest) => ReturnType<NonNullable<FakeOptions['search']>> = find,
    then?: () => void,
  ): State {
    return {
      options: {
        ...base,
        search: answer,
        conversations: new Map([...conversations, [HARBOUR, harbour]]),
        threads: new Map([...threads, ['$w3', asItWasAnswered]]),
        rebuild: [
          { kind: 'progress', done: 250_000, total: 1_000_000 },
          { kind: 'progress', done: 750_000, total: 1_000_000 },
          { kind: 'done', messages: 1_000_000, mended: 2, sound: true },
        ],
      },
      then: async (backend) => {
        backend.notify(account.account, HARBOUR);
        await drawn();
        press('F', { ctrlKey: true, shiftKey: true });
        await drawn();
        if (text) type(text);
        await drawn();
        then?.();
        await drawn();
      },
    };
  }
  const steps = (count: number) => () => {
    for (let step = 0; step < count; step += 1) press('ArrowDown');
  };
  const answered = (change: Partial<SearchResults>) => (request: SearchRequest) => ({ ...find(request), ...change });

  return {
    search: searched(''),
    'search-hits': searched('from:@tomasz:skerrylines.example berth plan', find, steps(2)),
    'search-thread': searched('whiteboard', find, steps(1)),
    'search-everything': searched('plan'),
    'search-names': searched('ra'),
    'search-offers-people': searched('plan from:'),
    'search-offers-chats': searched('plan in:ha'),
    'search-offers-kinds': searched('has:'),
    'search-offers-days': searched('after:'),
    'search-nothing': searched('berht'),
    'search-unknown-person': searched('from:nobody plan'),
    'search-many': searched('plan', answered({ counts: { messages: 1000, files: 212, more: true } })),
    'search-building': searched('plan', answered({ indexed: { kind: 'building', backTo: at(0, 0, 3) } })),
    'search-long': searched(`plan ${'quay '.repeat(2000)}`),
    'search-failed': searched('plan', () => 'diskFull'),
    'search-loading': {
      ...searched('plan'),
      then: (backend) => {
        backend.search = () => new Promise(() => undefined);
        return searched('plan').then?.(backend);
      },
    },
    'search-in-chat': {
      ...searched(''),
      then: async (backend) => {
        backend.notify(account.account, HARBOUR);
        await drawn();
        press('f', { ctrlKey: true });
        await drawn();
      },
    },
    'search-in-chat-thread': {
      ...searched(''),
      then: async (backend) => {
        backend.notify(account.account, HARBOUR);
        await drawn();
        press('f', { ctrlKey: true });
        await drawn();
        type('whiteboard', '[data-region=find] input');
        await new Promise((done) => setTimeout(done, 300));
        await drawn();
      },
    },
    'search-index': searched('plan', find, () => {
      document.querySelector<HTMLElement>('[data-region=search] footer button')?.click();
    }),
  };
}
