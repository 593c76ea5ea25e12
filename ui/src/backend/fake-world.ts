/**
 * What the fake engine holds: the state, the list, what was said; and how it tells the page of a change.
 */
import type {
  AccountId,
  AppState,
  AppUpdate,
  ChatListUpdate,
  ChatRow,
  ConversationId,
  ConversationUpdate,
  Item,
  ItemKey,
  Mark,
  Message,
  Person,
  RoomId,
} from './backend';
import { failure, unreadChats, unwritten, written, type FakeConversation, type FakeOptions } from './fake-parts';

interface Open {
  room: RoomId;
  sink: (update: ConversationUpdate) => void;
}

export class FakeWorld {
  /** Every verb that was called, in order, with its arguments. */
  readonly calls: { verb: string; args: unknown[] }[] = [];
  readonly marks: { mark: Mark; detail: string | undefined }[] = [];
  state: AppState;
  rows: ChatRow[] | null;

  protected readonly options: FakeOptions;
  protected readonly conversations: Map<RoomId, FakeConversation>;
  protected readonly open = new Map<ConversationId, Open>();
  protected app: ((update: AppUpdate) => void)[] = [];
  protected chats: ((update: ChatListUpdate) => void)[] = [];
  protected next = 1;

  constructor(options: FakeOptions) {
    this.options = options;
    this.rows = options.chats;
    this.state = { ...options.state, unreadChats: unreadChats(this.rows) };
    this.conversations = new Map(options.conversations ?? []);
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

  /** A message from someone else. */
  receive(room: RoomId, sender: Person, text: string): void {
    this.append(room, this.message(sender, text, { event: `$fake-${this.next}`, own: false, delivery: null }));
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

  protected conversation(room: RoomId): FakeConversation {
    const known = this.conversations.get(room);
    if (known) return known;
    const row = this.rows?.find((other) => other.room === room);
    const made = unwritten(room, row ?? null);
    this.conversations.set(room, made);
    return made;
  }

  protected items(room: RoomId): Item[] {
    return this.conversation(room).items;
  }

  /** Where a window stands; `null` for what is not here. */
  protected tell(room: RoomId, update: ConversationUpdate): void {
    for (const open of this.open.values()) if (open.room === room) open.sink(update);
  }

  protected message(sender: Person, text: string, more: Partial<Message>): Item {
    const key: ItemKey = `fake-item-${this.next++}`;
    const message = written(sender, text, this.now(), more);
    return { key, kind: { kind: 'message', message } };
  }

  protected append(room: RoomId, item: Item): void {
    const conversation = this.conversation(room);
    const index = conversation.items.length;
    this.conversations.set(room, { ...conversation, items: [...conversation.items, item] });
    this.tell(room, { kind: 'patch', ops: [{ op: 'insert', index, item }] });
  }
}
