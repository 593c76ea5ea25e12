/**
 * What the fake engine holds: the state, the list, what was said; and how it tells the page of a change.
 */
import type {
  AccountId,
  AppState,
  AppUpdate,
  ChatListUpdate,
  ChatRow,
  ConversationHeader,
  ConversationId,
  ConversationUpdate,
  EventId,
  Item,
  ItemKey,
  Mark,
  Message,
  Person,
  RoomId,
} from './backend';
import {
  failure,
  unanswered,
  unreadChats,
  unwritten,
  written,
  type FakeConversation,
  type FakeOptions,
} from './fake-parts';

/** A chat, by its room; or a thread of it. */
export type Place = string;

export function threadPlace(room: RoomId, thread: EventId | null): Place {
  return thread === null ? room : `${room} ${thread}`;
}

interface Open {
  place: Place;
  sink: (update: ConversationUpdate) => void;
}

export class FakeWorld {
  /** Every verb that was called, in order, with its arguments. */
  readonly calls: { verb: string; args: unknown[] }[] = [];
  readonly marks: { mark: Mark; detail: string | undefined }[] = [];
  state: AppState;
  rows: ChatRow[] | null;

  protected readonly options: FakeOptions;
  protected readonly conversations: Map<Place, FakeConversation>;
  protected readonly open = new Map<ConversationId, Open>();
  protected app: ((update: AppUpdate) => void)[] = [];
  protected chats: ((update: ChatListUpdate) => void)[] = [];
  protected next = 1;

  constructor(options: FakeOptions) {
    this.options = options;
    this.rows = options.chats;
    this.state = { ...options.state, unreadChats: unreadChats(this.rows) };
    this.conversations = new Map(options.conversations ?? []);
    for (const [root, thread] of options.threads ?? []) {
      this.conversations.set(threadPlace(thread.header.room, root), thread);
    }
  }

  // ---- What a test or the gallery does from outside

  /** Tell the page another state. */
  setState(change: Partial<AppState>): void {
    this.state = { ...this.state, ...change };
    for (const sink of this.app) sink({ kind: 'reset', state: this.state });
  }

  /** Ask the page to open a chat, as a notification does. */
  notify(account: AccountId, room: RoomId): void {
    for (const sink of this.app) sink({ kind: 'open', account, room });
  }

  /** Tell the page another list. */
  setChats(rows: ChatRow[]): void {
    this.rows = rows;
    for (const sink of this.chats) sink({ kind: 'reset', rows });
    this.count();
  }

  /** Change one row in place. */
  setRow(room: RoomId, change: Partial<ChatRow>): void {
    const index = this.rows?.findIndex((row) => row.room === room) ?? -1;
    const row = this.rows?.[index];
    if (!this.rows || !row) return;
    const item = { ...row, ...change };
    this.rows = this.rows.with(index, item);
    for (const sink of this.chats) sink({ kind: 'patch', ops: [{ op: 'set', index, item }] });
    this.count();
  }

  /** Tell another header of a chat or thread. */
  setHeader(room: RoomId, change: Partial<ConversationHeader>, thread: EventId | null = null): void {
    const place = threadPlace(room, thread);
    const header = { ...this.conversation(place).header, ...change };
    this.know(place, { header });
    this.tell(place, { kind: 'header', header });
  }

  /** A message from someone else. */
  receive(room: RoomId, sender: Person, text: string, thread: EventId | null = null): void {
    this.append(
      threadPlace(room, thread),
      this.message(sender, text, { event: `$fake-${this.next}`, own: false, delivery: null }),
    );
  }

  // ---- How it does it

  protected log(verb: string, ...args: unknown[]): void {
    this.calls.push({ verb, args });
  }

  /** What is in the vault comes at once, though never before the call returned. */
  protected async answer(): Promise<void> {
    await Promise.resolve();
  }

  /** What needs the server takes a while. */
  protected async wait(): Promise<void> {
    await new Promise((done) => setTimeout(done, this.options.delay ?? 0));
  }

  protected count(): void {
    const count = unreadChats(this.rows);
    if (count !== this.state.unreadChats) this.setState({ unreadChats: count });
  }

  protected now(): number {
    return this.options.now?.() ?? 0;
  }

  protected me(): Person {
    const { screen } = this.state;
    if (screen.kind === 'chats') return screen.account.me;
    throw failure('internal', 'fake: no one is signed in');
  }

  protected conversation(place: Place): FakeConversation {
    const known = this.conversations.get(place);
    if (known) return known;
    const [room = place, thread] = place.split(' ');
    const row = this.rows?.find((other) => other.room === room);
    const made = thread === undefined ? unwritten(room, row ?? null) : unanswered(this.conversation(room), thread);
    this.conversations.set(place, made);
    return made;
  }

  /** Change what is known of a chat or thread, without telling anybody. */
  protected know(place: Place, change: Partial<FakeConversation>): void {
    this.conversations.set(place, { ...this.conversation(place), ...change });
  }

  protected tell(place: Place, update: ConversationUpdate): void {
    for (const open of this.open.values()) if (open.place === place) open.sink(update);
  }

  protected message(sender: Person, text: string, more: Partial<Message>): Item {
    const key: ItemKey = `fake-item-${this.next++}`;
    const message = written(sender, text, this.now(), more);
    return { key, kind: { kind: 'message', message } };
  }

  protected append(place: Place, item: Item): void {
    const { items } = this.conversation(place);
    this.know(place, { items: [...items, item] });
    this.tell(place, { kind: 'patch', ops: [{ op: 'insert', index: items.length, item }] });
  }

  /** Put another message into a row. */
  protected set(place: Place, index: number, message: Message): void {
    const { items } = this.conversation(place);
    const old = items[index];
    if (!old) return;
    const item: Item = { key: old.key, kind: { kind: 'message', message } };
    this.know(place, { items: items.with(index, item) });
    this.tell(place, { kind: 'patch', ops: [{ op: 'set', index, item }] });
  }
}
