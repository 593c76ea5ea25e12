/** The states of what stands beside a conversation: a thread. */
import { failure, type FakeBackend, type FakeOptions } from '../backend/fake';
import { HARBOUR } from './golden/chats';
import { account } from './golden/people';
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
  const ramp = threads.get('$h1');
  if (!ramp) throw new Error('the gallery has no thread');
  const of = (more: Partial<typeof ramp>) => ({ threads: new Map([['$h1', { ...ramp, ...more }]]) });

  return {
    thread: threaded(),
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
