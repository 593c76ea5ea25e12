/**
 * One opening of one chat or thread: what the engine tells of it, and the verbs that go with it. A new chat is a new session, so
 * that what is torn down late still speaks of its own chat.
 */
import {
  failureOf,
  type AccountId,
  type Backend,
  type ConversationId,
  type ConversationUpdate,
  type EventId,
  type Failure,
  type RoomId,
  type Target,
} from '../../backend';
import { ConversationReplica } from '../../replica/conversation.svelte';

export class Session {
  readonly replica = new ConversationReplica();
  /** Why it did not open. */
  failure = $state.raw<Failure | null>(null);
  /** The page could not ask for older messages; the engine's own word comes through the replica. */
  olderFailed = $state(false);

  #id: Promise<ConversationId>;
  #closed = false;

  constructor(
    private readonly backend: Backend,
    readonly account: AccountId,
    readonly room: RoomId,
    /** The root of the thread that is opened; `null` for the chat itself. */
    readonly thread: EventId | null,
    /** Where it was opened. */
    readonly target: Target,
  ) {
    this.#id = this.#open();
  }

  /** Try again what failed. */
  reopen(): void {
    this.failure = null;
    this.#id = this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#id.then(
      (id) => this.backend.closeChat(id),
      // It never opened.
      () => undefined,
    );
  }

  async loadOlder(): Promise<void> {
    this.olderFailed = false;
    try {
      await this.backend.loadOlder(await this.#id);
    } catch {
      this.olderFailed = true;
    }
  }

  async loadNewer(): Promise<void> {
    try {
      await this.backend.loadNewer(await this.#id);
    } catch {
      // It is closed.
    }
  }

  /** Go to another place; rejects with a `Failure`. */
  async jump(target: Target): Promise<void> {
    await this.backend.jump(await this.#id, target);
  }

  // The rest may fail without a word: the engine keeps what it can and tells the state through the stream.

  readonly saveDraft = (text: string, replyTo: EventId | null): Promise<void> =>
    this.backend.saveDraft(this.account, this.room, this.thread, text, replyTo).catch(() => undefined);

  readonly setTyping = (typing: boolean): void => {
    this.backend.setTyping(this.account, this.room, typing).catch(() => undefined);
  };

  readonly markRead = (event: EventId): void => {
    this.backend.markRead(this.account, this.room, this.thread, event).catch(() => undefined);
  };

  readonly markUnread = (): void => {
    this.backend.markUnread(this.account, this.room, true).catch(() => undefined);
  };

  /** Fetch the whole history of this chat, or stop fetching it. */
  readonly fetchHistory = (fetch: boolean): void => {
    const verb = fetch ? 'fetchHistory' : 'stopHistory';
    this.backend[verb](this.account, this.room).catch(() => undefined);
  };

  #open(): Promise<ConversationId> {
    const sink = (update: ConversationUpdate): void => {
      if (!this.#closed) this.replica.apply(update);
    };
    const { backend, account, room, thread } = this;
    const id =
      thread === null
        ? backend.openChat(account, room, this.target, sink)
        : backend.openThread(account, room, thread, this.target, sink);
    id.catch((error: unknown) => {
      this.failure = failureOf(error);
    });
    return id;
  }
}
