/** Every state of every screen, by name. The gallery shows them, the tests look at each. */
import type { AppState, Care, Connection, LockReason, Recovery, Screen } from '../backend';
import type { FakeBackend, FakeOptions } from '../backend/fake';
import { HARBOUR, DECK, NOW, PRIYA, at, chats, kinds, many, row } from './golden/chats';
import { besideStates } from './beside';
import { conversationStates } from './conversation';
import { conversations } from './golden/conversations';
import { info, parts } from './golden/info';
import { threads } from './golden/threads';
import { keptStates } from './kept';
import { searchStates } from './search';
import { account, helena, priya } from './golden/people';

export interface State {
  options: FakeOptions;
  /** What happens once the page is up. */
  then?: (backend: FakeBackend) => void | Promise<void>;
}

const home: Screen = { kind: 'chats', account };

const base: FakeOptions = {
  state: { screen: home, connection: { kind: 'online' }, unreadChats: 4, theme: 'system', listWidth: null },
  chats,
  conversations,
  threads,
  info,
  parts,
  firstPaint: true,
  home,
  password: 'correct horse',
  organisations: {
    'skerrylines.example': { name: 'Skerry Lines', homeserver: 'https://matrix.skerrylines.example', password: true },
    'browser.example': { name: 'Browser Only', homeserver: 'https://browser.example', password: false },
    'old.example': 'serverUnsupported',
    'forged.example': 'untrusted',
    'silent.example': 'serverSilent',
  },
  delay: 400,
  now: () => NOW,
  answer: (draft) => ({ sender: priya, text: `Noted: ${draft.text}` }),
};

function state(change: Partial<AppState>, options: Partial<FakeOptions> = {}): FakeOptions {
  return { ...base, ...options, state: { ...base.state, ...change } };
}

function connection(kind: Connection): State {
  return { options: state({ connection: kind }), then: open(HARBOUR) };
}

function locked(reason: LockReason): State {
  return { options: state({ screen: { kind: 'locked', account: account.account, reason } }, { firstPaint: false }) };
}

function care(kind: Care): State {
  return { options: state({ screen: { kind: 'chats', account: { ...account, care: kind } } }), then: open(HARBOUR) };
}

function recovery(kind: Recovery): State {
  return {
    options: state({ screen: { kind: 'chats', account: { ...account, recovery: kind } } }),
    then: open(HARBOUR),
  };
}

function open(room: string): (backend: FakeBackend) => void {
  return (backend) => backend.notify(account.account, room);
}

const offline = at(9, 44);

export const states: Record<string, State> = {
  starting: { options: state({ screen: { kind: 'starting' } }, { firstPaint: false }) },
  'sign-in': { options: state({ screen: { kind: 'signIn' } }, { firstPaint: false }) },
  'locked-keyring-missing': locked('keyringMissing'),
  'locked-keyring-locked': locked('keyringLocked'),
  'locked-key-lost': locked('keyLost'),
  'locked-wrong-key': locked('wrongKey'),
  'locked-in-use': locked('inUse'),
  'locked-newer': locked('newer'),
  'locked-damaged': locked('damaged'),
  'locked-disk-full': locked('diskFull'),
  chats: { options: base, then: open(HARBOUR) },
  'chats-direct': { options: base, then: open(PRIYA) },
  'chats-none-open': { options: base },
  'chats-kinds': { options: state({}, { chats: kinds }) },
  'chats-invitation': {
    options: state(
      {},
      {
        chats: [
          row(
            'deck',
            'Deck crew, MS Tern',
            { shape: 'group', initials: 'DC', tint: 7, image: null },
            { kind: 'invitation', by: 'Samir Haddad' },
            { time: at(9, 2) },
          ),
          ...chats,
        ],
      },
    ),
    then: open(DECK),
  },
  'chats-first-run': { options: state({ unreadChats: 0 }, { chats: [] }) },
  'chats-loading': { options: state({}, { chats: null }) },
  'chats-2000': { options: state({ unreadChats: 286 }, { chats: many(2000) }) },
  offline: { options: state({ connection: { kind: 'offline', since: offline } }), then: open(PRIYA) },
  'offline-never-online': connection({ kind: 'offline', since: null }),
  'server-silent': connection({ kind: 'serverSilent', since: offline }),
  'captive-portal': connection({ kind: 'captivePortal', since: offline }),
  'disk-full': connection({ kind: 'diskFull', since: offline }),
  'went-back': care({ kind: 'wentBack' }),
  'server-went-back': care({ kind: 'serverWentBack' }),
  rebuilt: care({ kind: 'rebuilt', lost: false }),
  'rebuilt-with-losses': care({ kind: 'rebuilt', lost: true }),
  'recovery-off': recovery('off'),
  'recovery-elsewhere': recovery('elsewhere'),
  'recovery-unknown': recovery('unknown'),
  untrusted: connection({ kind: 'untrusted' }),
  unsupported: connection({ kind: 'unsupported' }),
  'session-ended': connection({ kind: 'sessionEnded' }),
  connecting: connection({ kind: 'connecting' }),
  'message-arrives': {
    options: base,
    then: (backend) => {
      backend.notify(account.account, PRIYA);
      setTimeout(() => backend.receive(PRIYA, helena, 'Could you join at 14:00 instead?'), 800);
    },
  },
  ...conversationStates(base),
  ...searchStates(base),
  ...besideStates(base),
  ...keptStates(base),
};
