/** The states of what stands beside a conversation: a thread, and what is known of the chat. */
import { failure, type FakeBackend, type FakeOptions } from '../backend/fake';
import { HARBOUR, PRIYA } from './golden/chats';
import { conversations } from './golden/conversations';
import { info } from './golden/info';
import { account } from './golden/people';
import { find } from './golden/search';
import { threads } from './golden/threads';
import { click, drawn, press, stand } from './hands';

interface State {
  options: FakeOptions;
  then?: (backend: FakeBackend) => void | Promise<void>;
}

/** All states, on the ground of the gallery's own. */
export function besideStates(base: FakeOptions): Record<string, State> {
  function threaded(
    change: Partial<FakeOptions> = {},
    before?: (backend: FakeBackend) => void,
    begin: () => void = () => click('button.thread'),
  ): State {
    return {
      options: { ...base, threads, ...change },
      then: async (backend) => {
        before?.(backend);
        backend.notify(account.account, HARBOUR);
        await drawn();
        begin();
        await drawn();
      },
    };
  }
  /** A chat with replies in threads that were not read. */
  function unread(replies: number): State {
    const chat = conversations.get(HARBOUR);
    if (!chat) throw new Error('the gallery has no Harbour Ops');
    const header = { ...chat.header, unreadThread: { root: '$h1', replies } };
    return {
      options: { ...base, threads, conversations: new Map([...conversations, [HARBOUR, { ...chat, header }]]) },
      then: (backend) => backend.notify(account.account, HARBOUR),
    };
  }
  /** The drawer, on one of its pages. */
  function informed(
    page: string | null = null,
    change: Partial<FakeOptions> = {},
    before?: (backend: FakeBackend) => void,
    room = HARBOUR,
  ): State {
    return {
      options: { ...base, search: find, ...change },
      then: async (backend) => {
        before?.(backend);
        backend.notify(account.account, room);
        await drawn();
        click('main [data-region=header] button[aria-expanded]', ' info');
        await drawn();
        if (page) click(`aside [data-page=${page}]`);
        await drawn();
      },
    };
  }
  const empty = { info: () => ({}), parts: () => ({ items: [], next: null }) };
  const topic = 'Berths, ramps and gates, day by day. '.repeat(12).trim();

  const ramp = threads.get('$h1');
  if (!ramp) throw new Error('the gallery has no thread');
  const of = (more: Partial<typeof ramp>) => ({ threads: new Map([['$h1', { ...ramp, ...more }]]) });

  return {
    info: informed(),
    'info-direct': informed(null, {}, undefined, PRIYA),
    'info-many': informed(null, {
      info: (room) => ({ ...info(room), topic, media: 1000, files: 1000, links: 1000, starred: 1000, members: 12_400 }),
    }),
    'info-empty': informed(null, empty),
    'info-loading': informed(null, {}, (backend) => {
      backend.chatInfo = () => new Promise(() => undefined);
    }),
    'info-failed': informed(null, {}, (backend) => {
      backend.chatInfo = () => Promise.reject(failure('diskFull', 'SQLITE_FULL'));
    }),
    'info-people': informed('people'),
    'info-media': informed('media'),
    'info-media-empty': informed('media', empty),
    'info-files': informed('files'),
    'info-files-empty': informed('files', empty),
    'info-files-failed': informed('files', {
      parts: (_, kind) => (kind === 'files' ? 'diskFull' : { items: [], next: null }),
    }),
    'info-links': informed('links'),
    'info-starred': informed('starred'),
    'info-pinned-empty': informed('pinned'),
    'info-leave': {
      ...informed(),
      then: async (backend) => {
        await informed().then?.(backend);
        click('aside button', 'Leave group');
        await drawn();
      },
    },
    thread: threaded(),
    'thread-unread': unread(2),
    'thread-unread-one': unread(1),
    'thread-empty': threaded({}, undefined, () => {
      stand('Can the 11:40 leave');
      press('t');
    }),
    'thread-read-only': threaded(of({ header: { ...ramp.header, canWrite: false } })),
    'thread-draft': threaded(
      of({ draft: { text: 'Is the sand off again?', replyTo: { event: '$t3', sender: null, text: '', mark: null } } }),
    ),
    'thread-history-loading': threaded(of({ history: 'loading' })),
    'thread-history-failed': threaded(of({ history: 'failed' })),
    'thread-loading': threaded({}, (backend) => {
      backend.openThread = () => new Promise(() => undefined);
    }),
    'thread-failed': threaded({}, (backend) => {
      backend.openThread = () => Promise.reject(failure('diskFull', 'SQLITE_FULL: database or disk is full'));
    }),
  };
}
