/** The states of an open conversation. */
import type { ConversationHeader, ConversationUpdate, History, Item, RoomId } from '../backend/backend';
import { failure, type FakeBackend, type FakeConversation, type FakeOptions } from '../backend/fake';
import { calls, doubts, lines, media, polls } from './conversation-kinds';
import { kinds, long, rich, talk } from './conversation-messages';
import { HARBOUR, NOW, PRIYA } from './golden/chats';
import { conversations } from './golden/conversations';
import { account, jonas, priya } from './golden/people';

interface State {
  options: FakeOptions;
  then?: (backend: FakeBackend) => void;
}

interface Change {
  room?: RoomId;
  header?: Partial<ConversationHeader>;
  items?: Item[];
  history?: History;
  draft?: string;
}

/** Older pages that come one after another, until the beginning. */
function scrollback(backend: FakeBackend): void {
  let tell: (update: ConversationUpdate) => void = () => undefined;
  const open = backend.openChat.bind(backend);
  backend.openChat = (id, room, target, sink) => {
    tell = sink;
    return open(id, room, target, sink);
  };
  let pages = 0;
  backend.loadOlder = async () => {
    tell({ kind: 'history', history: 'loading' });
    await new Promise((done) => setTimeout(done, 400));
    pages += 1;
    const older = long(50, 0).map((item): Item => ({ ...item, key: `page${String(pages)}-${item.key}` }));
    tell({ kind: 'patch', ops: older.map((item, index) => ({ op: 'insert', index, item })) });
    tell({ kind: 'history', history: pages < 4 ? 'more' : 'complete' });
  };
}

/** All states, on the ground of the gallery's own. */
export function conversationStates(base: FakeOptions): Record<string, State> {
  function shown(change: Change, then?: (backend: FakeBackend) => void): State {
    const { room = HARBOUR, header, draft = '', ...rest } = change;
    const known = conversations.get(room);
    if (!known) throw new Error(`the gallery has no ${room}`);
    const made: FakeConversation = {
      ...known,
      ...rest,
      draft: { text: draft, replyTo: null },
      header: { ...known.header, ...header },
    };
    return {
      options: { ...base, conversations: new Map([...conversations, [room, made]]) },
      then: (backend) => {
        then?.(backend);
        backend.notify(account.account, room);
      },
    };
  }

  return {
    'messages-talk': shown({ items: talk, history: 'complete', header: { typing: [] } }),
    'messages-kinds': shown({ items: kinds, history: 'complete', header: { typing: [] } }),
    'messages-media': shown({ items: media, history: 'complete', header: { typing: [] } }),
    'messages-polls': shown({ items: polls, history: 'complete', header: { typing: [] } }),
    'messages-calls': shown({ room: PRIYA, items: calls, history: 'complete', header: { typing: [] } }),
    'messages-doubts': shown({ items: doubts, history: 'complete', header: { typing: [] } }),
    'messages-lines': shown({ items: lines, history: 'complete', header: { typing: ['Leila', 'Samir'] } }),
    'messages-rich': shown({ items: rich, history: 'complete', header: { typing: [] } }),
    'messages-direct': shown({ room: PRIYA, items: [...talk, ...kinds], history: 'complete' }),
    'conversation-long': shown({ items: long(5000, 40), history: 'more' }),
    'conversation-draft': shown({
      draft:
        'Yes, and the bridge has confirmed.\nGates open at 11:05 sharp, no exceptions, and the boards are changed by ten.',
    }),
    'conversation-read-only': shown({ header: { canWrite: false, typing: [] } }),
    'conversation-removed': shown({
      header: { canWrite: false, typing: [], departure: { kind: 'removed', by: 'Aoife Brennan' } },
      draft: 'Before I go: the seal for ramp 3 is in locker 12.',
    }),
    'conversation-gone': shown({ header: { canWrite: false, typing: [], departure: { kind: 'removed', by: null } } }),
    'conversation-not-encrypted': shown({ header: { encrypted: false, typing: ['a', 'b', 'c'] } }),
    'conversation-empty': shown({ room: PRIYA, items: [], history: 'complete' }),
    'conversation-invited-direct': shown({
      room: PRIYA,
      items: [],
      history: 'complete',
      header: { invitation: true, canWrite: false },
    }),
    'conversation-history-failed': shown({ items: talk.slice(0, 6), history: 'failed', header: { typing: [] } }),
    'conversation-history-loading': shown({ items: talk.slice(0, 6), history: 'loading', header: { typing: [] } }),
    'conversation-history-fetching': shown({
      items: talk.slice(0, 6),
      history: 'more',
      header: { typing: [], reach: { since: NOW - 60 * 86_400_000, fetching: 'running' } },
    }),
    'conversation-loading': shown({}, (backend) => {
      backend.openChat = () => new Promise(() => undefined);
    }),
    'conversation-failed': shown({}, (backend) => {
      backend.openChat = () => Promise.reject(failure('diskFull', 'SQLITE_FULL: database or disk is full'));
    }),
    'conversation-not-taken': shown({ draft: 'This cannot be kept.' }, (backend) => {
      backend.sendMessage = () => Promise.reject(failure('diskFull'));
    }),
    'conversation-scrollback': shown({ items: long(120, 0), history: 'more' }, scrollback),
    'conversation-busy': shown({ items: long(300, 0), history: 'complete' }, (backend) => {
      let count = 0;
      const timer = setInterval(() => {
        count += 1;
        backend.receive(HARBOUR, count % 2 ? priya : jonas, `Arrives while you read, ${String(count)}`);
        if (count === 40) clearInterval(timer);
      }, 700);
    }),
  };
}
