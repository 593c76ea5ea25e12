/** The states of what is kept on this computer, and of the keys to it. */
import type { Storage } from '../backend/backend';
import { failure, type FakeBackend, type FakeOptions } from '../backend/fake';
import { PRIYA } from './golden/chats';
import { account } from './golden/people';
import { click, drawn } from './hands';

interface State {
  options: FakeOptions;
  then?: (backend: FakeBackend) => void | Promise<void>;
}

/** As a busy account has it. */
export const taken: Storage = {
  messages: 412_000_000,
  search: 96_000_000,
  free: 8_400_000,
  log: 2_100_000,
  aside: 0,
  media: 1_310_000_000,
  keys: 12_600_000,
  keptDays: null,
};

/** The recovery key of the golden organisation. */
export const RECOVERY = 'EsTq 7h2p Wm4k 9xRd nB3v Lc8s Yt6f Gj5z Pa1e Qu0i Xo4w Km2b';

/** All states, on the ground of the gallery's own. */
export function keptStates(base: FakeOptions): Record<string, State> {
  /** What takes a while is there, or does not come. */
  async function until(selector: string): Promise<void> {
    for (let round = 0; round < 40 && !document.querySelector(selector); round += 1) {
      await new Promise((done) => setTimeout(done, 20));
    }
    await drawn();
  }
  async function choose(words: string): Promise<void> {
    const button = document.querySelector<HTMLElement>('button.me');
    button?.focus();
    button?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await until('[role=menuitem]');
    click('[role=menuitem]', words);
    await drawn();
  }
  function stored(change: Partial<Storage> = {}, before?: (backend: FakeBackend) => void): State {
    return {
      options: { ...base, storage: { ...taken, ...change } },
      then: async (backend) => {
        before?.(backend);
        await choose('Storage');
        await until('[role=dialog] [role=img]');
      },
    };
  }
  function keyed(page: string | null, change: FakeOptions['keys'] | null = null): State {
    const keys = change ?? { recovery: RECOVERY, passphrase: 'correct horse', found: 214 };
    return {
      options: { ...base, keys },
      then: async () => {
        await choose('Message keys');
        await until('[role=dialog] [data-page]');
        if (page !== null) click(`[role=dialog] [data-page=${page}]`);
        await drawn();
      },
    };
  }
  const then = (state: State, more: () => void): State => ({
    ...state,
    then: async (backend) => {
      await state.then?.(backend);
      more();
      await drawn();
    },
  });

  return {
    storage: stored(),
    'storage-damaged': stored({ aside: 96_000_000, keptDays: 180 }),
    'storage-shorter': then(stored(), () => click('[role=dialog] [role=radio]', '90 days')),
    'storage-question': then(
      then(stored(), () => click('[role=dialog] [role=radio]', '90 days')),
      () => click('[role=dialog] button', 'Delete older messages'),
    ),
    'storage-loading': stored({}, (backend) => {
      backend.storage = () => new Promise(() => undefined);
    }),
    'storage-failed': stored({}, (backend) => {
      backend.storage = () => Promise.reject(failure('diskFull', 'SQLITE_FULL'));
    }),
    keys: keyed(null),
    'keys-recover': keyed('recover'),
    'keys-set-up': keyed('setUp'),
    'keys-set-up-shown': then(keyed('setUp'), () => click('[role=dialog] button', 'Make a recovery key')),
    'keys-set-up-unknown': then(keyed('setUp', { recovery: RECOVERY, passphrase: '', found: 0, unknown: true }), () =>
      click('[role=dialog] button', 'Make a recovery key'),
    ),
    'keys-export': keyed('export'),
    'keys-import': keyed('import'),
    'keys-from-message': {
      options: { ...base, keys: { recovery: RECOVERY, passphrase: 'correct horse', found: 214 } },
      then: async (backend) => {
        backend.notify(account.account, PRIYA);
        await drawn();
        click('article button', 'Use recovery key');
        await drawn();
      },
    },
  };
}
