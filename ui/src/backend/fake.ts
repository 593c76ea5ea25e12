/**
 * The engine in memory, for the gallery and for tests: every verb does what the real one does to what is on screen, and
 * nothing leaves the page. Deterministic: the same calls give the same ids, and time stands where it is told to.
 */
import type {
  AccountId,
  AppState,
  AppUpdate,
  Attention,
  Backend,
  ChatListUpdate,
  ChatRow,
  Code,
  ConversationId,
  ConversationUpdate,
  Delivery,
  Draft,
  EventId,
  Failure,
  Fetching,
  History,
  Item,
  ItemKey,
  Landing,
  Mark,
  MediaRef,
  Message,
  Organisation,
  Person,
  RebuildUpdate,
  RoomId,
  SearchRequest,
  SearchResults,
  SignIn,
  Target,
  Theme,
  TransactionId,
} from './backend';
import { edited, plain, pollEnded, reacted, redacted, voted } from './fake-messages';
import {
  messageOf,
  NOTHING,
  unreadChats,
  unwritten,
  written,
  type FakeConversation,
  type FakeOptions,
} from './fake-parts';

export type { FakeConversation, FakeOptions } from './fake-parts';

interface Open {
  room: RoomId;
  sink: (update: ConversationUpdate) => void;
}

/** A `Failure` as a verb rejects with it. */
export function failure(code: Code, details = `fake: ${code}`): Failure {
  return { code, details };
}

export class FakeBackend implements Backend {
  /** Every verb that was called, in order, with its arguments. */
  readonly calls: { verb: string; args: unknown[] }[] = [];
  readonly marks: { mark: Mark; detail: string | undefined }[] = [];
  state: AppState;
  rows: ChatRow[] | null;

  readonly #options: FakeOptions;
  readonly #conversations: Map<RoomId, FakeConversation>;
  readonly #open = new Map<ConversationId, Open>();
  #app: ((update: AppUpdate) => void)[] = [];
  #chats: ((update: ChatListUpdate) => void)[] = [];
  #next = 1;

  constructor(options: FakeOptions) {
    this.#options = options;
    this.rows = options.chats;
    this.state = { ...options.state, unreadChats: unreadChats(this.rows) };
    this.#conversations = new Map(options.conversations ?? []);
  }

  // ---- What a test or the gallery does from outside

  /** Tell the page another state. */
  setState(change: Partial<AppState>): void {
    this.state = { ...this.state, ...change };
    for (const sink of this.#app) sink({ kind: 'reset', state: this.state });
  }

  /** Ask the page to open a chat, as a notification does. */
  notify(account: AccountId, room: RoomId): void {
    for (const sink of this.#app) sink({ kind: 'open', account, room });
  }

  /** Tell the page another list. */
  setChats(rows: ChatRow[]): void {
    this.rows = rows;
    for (const sink of this.#chats) sink({ kind: 'reset', rows });
    this.#count();
  }

  /** Change one row in place. */
  setRow(room: RoomId, change: Partial<ChatRow>): void {
    const index = this.rows?.findIndex((row) => row.room === room) ?? -1;
    const row = this.rows?.[index];
    if (!this.rows || !row) return;
    const item = { ...row, ...change };
    this.rows = this.rows.with(index, item);
    for (const sink of this.#chats) sink({ kind: 'patch', ops: [{ op: 'set', index, item }] });
    this.#count();
  }

  /** A message from someone else. */
  receive(room: RoomId, sender: Person, text: string): void {
    this.#append(room, this.#message(sender, text, { event: `$fake-${this.#next}`, own: false, delivery: null }));
  }

  // ---- The verbs

  firstPaint(): { app: AppUpdate; chats: ChatListUpdate } | null {
    if (!this.#options.firstPaint || !this.rows) return null;
    return { app: { kind: 'reset', state: this.state }, chats: { kind: 'reset', rows: this.rows } };
  }

  async subscribeApp(sink: (update: AppUpdate) => void): Promise<void> {
    this.#app = [sink];
    await this.#answer();
    sink({ kind: 'reset', state: this.state });
  }

  async subscribeChats(account: AccountId, sink: (update: ChatListUpdate) => void): Promise<void> {
    this.#log('subscribeChats', account);
    this.#chats = [sink];
    await this.#answer();
    if (this.rows) sink({ kind: 'reset', rows: this.rows });
  }

  async discover(address: string): Promise<Organisation> {
    this.#log('discover', address);
    await this.#wait();
    const known = this.#options.organisations?.[address];
    if (typeof known === 'string') throw failure(known);
    if (known) return known;
    if (this.#options.organisations) throw failure('unknownServer');
    return { name: address, homeserver: `https://${address}`, password: true };
  }

  async signIn(signIn: SignIn): Promise<void> {
    this.#log('signIn', signIn);
    await this.#wait();
    this.#check(signIn.password);
    if (this.#options.home) this.setState({ screen: this.#options.home });
  }

  async signOut(account: AccountId): Promise<void> {
    this.#log('signOut', account);
    await this.#wait();
    this.setState({ screen: { kind: 'signIn' } });
  }

  async unlock(account: AccountId, signIn: SignIn | null): Promise<void> {
    this.#log('unlock', account, signIn);
    await this.#wait();
    if (!signIn) {
      const { screen } = this.state;
      throw failure(screen.kind === 'locked' ? screen.reason : 'keyringLocked');
    }
    this.#check(signIn.password);
    if (this.#options.home) this.setState({ screen: this.#options.home });
  }

  async repair(account: AccountId, signIn: SignIn | null): Promise<void> {
    this.#log('repair', account, signIn);
    await this.#wait();
    if (!signIn) throw failure('signInNeeded');
    this.#check(signIn.password);
    if (this.#options.home) this.setState({ screen: this.#options.home });
  }

  async careRead(account: AccountId): Promise<void> {
    this.#log('careRead', account);
    await this.#wait();
    const { screen } = this.state;
    if (screen.kind === 'chats') this.setState({ screen: { ...screen, account: { ...screen.account, care: null } } });
  }

  async signInAgain(account: AccountId, password: string): Promise<void> {
    this.#log('signInAgain', account, password);
    await this.#wait();
    this.#check(password);
    this.setState({ connection: { kind: 'online' } });
  }

  async openChat(
    account: AccountId,
    room: RoomId,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId> {
    this.#log('openChat', account, room, target);
    const id = this.#next++;
    this.#open.set(id, { room, sink });
    await this.#answer();
    const landing = this.#landing(room, target) ?? { kind: 'unread' };
    if (this.#open.has(id)) sink({ kind: 'reset', newer: 'complete', ...this.#conversation(room), landing });
    return id;
  }

  async loadOlder(conversation: ConversationId): Promise<void> {
    this.#log('loadOlder', conversation);
    const open = this.#open.get(conversation);
    if (!open) return;
    this.#history(open.room, 'loading');
    await this.#wait();
    this.#history(open.room, 'complete');
  }

  fetchHistory(account: AccountId, room: RoomId | null): Promise<void> {
    this.#log('fetchHistory', account, room);
    this.#fetching(room, 'running');
    return Promise.resolve();
  }

  stopHistory(account: AccountId, room: RoomId | null): Promise<void> {
    this.#log('stopHistory', account, room);
    this.#fetching(room, 'off');
    return Promise.resolve();
  }

  #fetching(room: RoomId | null, fetching: Fetching): void {
    for (const [known, conversation] of this.#conversations) {
      if (room !== null && room !== known) continue;
      const header = { ...conversation.header, reach: { ...conversation.header.reach, fetching } };
      this.#conversations.set(known, { ...conversation, header });
      this.#tell(known, { kind: 'header', header });
    }
  }

  async loadNewer(conversation: ConversationId): Promise<void> {
    this.#log('loadNewer', conversation);
    const open = this.#open.get(conversation);
    if (!open) return;
    await this.#answer();
    this.#conversations.set(open.room, { ...this.#conversation(open.room), newer: 'complete' });
    this.#tell(open.room, { kind: 'newer', newer: 'complete' });
  }

  async jump(conversation: ConversationId, target: Target): Promise<void> {
    this.#log('jump', conversation, target);
    await this.#wait();
    const open = this.#open.get(conversation);
    if (!open) throw failure('gone');
    const landing = this.#landing(open.room, target);
    if (!landing) throw failure('notHere');
    const known = this.#conversation(open.room);
    const conversationNow = landing.kind === 'end' ? { ...known, newer: 'complete' as const } : known;
    this.#conversations.set(open.room, conversationNow);
    open.sink({ kind: 'reset', newer: 'complete', ...conversationNow, landing });
  }

  closeChat(conversation: ConversationId): Promise<void> {
    this.#log('closeChat', conversation);
    this.#open.delete(conversation);
    return Promise.resolve();
  }

  sendMessage(account: AccountId, room: RoomId, draft: Draft): Promise<TransactionId> {
    this.#log('sendMessage', account, room, draft);
    const transaction = `fake-${this.#next++}`;
    const me = this.#me();
    const item = this.#message(me, draft.text, { transaction, own: true, delivery: { kind: 'sending' } });
    const quoted = this.#items(room).find((other) => messageOf(other)?.event === draft.replyTo);
    const answered = quoted && messageOf(quoted);
    if (answered && draft.replyTo) {
      const message = messageOf(item);
      if (message) message.reply = { event: draft.replyTo, sender: answered.sender, text: plain(answered), mark: null };
    }
    item.key = transaction;
    this.#append(room, item);
    this.setRow(room, {
      preview: {
        kind: 'message',
        sender: null,
        own: true,
        text: draft.text,
        mark: null,
        delivery: { kind: 'sending' },
        doubtful: false,
      },
      time: this.#now(),
    });
    void this.#settle(room, transaction, draft);
    return Promise.resolve(transaction);
  }

  retrySend(account: AccountId, transaction: TransactionId): Promise<void> {
    this.#log('retrySend', account, transaction);
    const room = this.#roomOf(transaction);
    if (room) {
      this.#deliver(room, transaction, { kind: 'sending' });
      void this.#settle(room, transaction, null);
    }
    return Promise.resolve();
  }

  discardSend(account: AccountId, transaction: TransactionId): Promise<void> {
    this.#log('discardSend', account, transaction);
    const room = this.#roomOf(transaction);
    const conversation = room && this.#conversations.get(room);
    if (room && conversation) {
      const index = conversation.items.findIndex((item) => messageOf(item)?.transaction === transaction);
      this.#conversations.set(room, { ...conversation, items: conversation.items.toSpliced(index, 1) });
      this.#tell(room, { kind: 'patch', ops: [{ op: 'remove', index }] });
    }
    return Promise.resolve();
  }

  messageText(account: AccountId, room: RoomId, event: EventId): Promise<string> {
    this.#log('messageText', account, room, event);
    const message = this.#messageOf(room, event);
    return message ? Promise.resolve(plain(message)) : Promise.reject(failure('gone'));
  }

  editMessage(account: AccountId, room: RoomId, event: EventId, draft: Draft): Promise<TransactionId> {
    this.#log('editMessage', account, room, event, draft);
    return this.#change(room, event, (message) => edited(message, draft.text));
  }

  redact(account: AccountId, room: RoomId, event: EventId): Promise<TransactionId> {
    this.#log('redact', account, room, event);
    return this.#change(room, event, redacted);
  }

  sendReaction(account: AccountId, room: RoomId, event: EventId, key: string): Promise<TransactionId> {
    this.#log('sendReaction', account, room, event, key);
    return this.#change(room, event, (message) => reacted(message, key, true));
  }

  removeReaction(account: AccountId, room: RoomId, event: EventId, key: string): Promise<TransactionId> {
    this.#log('removeReaction', account, room, event, key);
    return this.#change(room, event, (message) => reacted(message, key, false));
  }

  vote(account: AccountId, room: RoomId, poll: EventId, answers: string[]): Promise<TransactionId> {
    this.#log('vote', account, room, poll, answers);
    return this.#change(room, poll, (message) => voted(message, answers));
  }

  endPoll(account: AccountId, room: RoomId, poll: EventId): Promise<TransactionId> {
    this.#log('endPoll', account, room, poll);
    return this.#change(room, poll, pollEnded);
  }

  followMove(account: AccountId, room: RoomId): Promise<RoomId> {
    this.#log('followMove', account, room);
    return Promise.resolve(room);
  }

  markChatRead(account: AccountId, room: RoomId): Promise<void> {
    this.#log('markChatRead', account, room);
    this.setRow(room, { unread: 0, mentions: 0 });
    return Promise.resolve();
  }

  markRead(account: AccountId, room: RoomId, event: EventId): Promise<void> {
    this.#log('markRead', account, room, event);
    this.setRow(room, { unread: 0, mentions: 0, markedUnread: false });
    return Promise.resolve();
  }

  markUnread(account: AccountId, room: RoomId, unread: boolean): Promise<void> {
    this.#log('markUnread', account, room, unread);
    this.setRow(room, { markedUnread: unread });
    return Promise.resolve();
  }

  saveDraft(account: AccountId, room: RoomId, text: string): Promise<void> {
    this.#log('saveDraft', account, room, text);
    return Promise.resolve();
  }

  setTyping(account: AccountId, room: RoomId, typing: boolean): Promise<void> {
    this.#log('setTyping', account, room, typing);
    return Promise.resolve();
  }

  answerInvitation(account: AccountId, room: RoomId, join: boolean): Promise<void> {
    this.#log('answerInvitation', account, room, join);
    if (join) {
      const { header } = this.#conversation(room);
      const joined = { ...header, invitation: false, canWrite: true };
      this.#conversations.set(room, { ...this.#conversation(room), header: joined });
      this.#tell(room, { kind: 'header', header: joined });
      this.setRow(room, { preview: { kind: 'empty' } });
    } else {
      this.setChats((this.rows ?? []).filter((row) => row.room !== room));
    }
    return Promise.resolve();
  }

  async search(account: AccountId, request: SearchRequest): Promise<SearchResults> {
    this.#log('search', account, request);
    await this.#answer();
    const found = this.#options.search?.(request) ?? NOTHING;
    if (typeof found === 'string') throw failure(found);
    return found;
  }

  async rebuildSearch(account: AccountId, sink: (update: RebuildUpdate) => void): Promise<void> {
    this.#log('rebuildSearch', account);
    await this.#answer();
    const updates = this.#options.rebuild ?? [{ kind: 'done', messages: 0, mended: 0, sound: true }];
    for (const update of updates) {
      sink(update);
      await this.#wait();
    }
  }

  setAttention(attention: Attention): Promise<void> {
    this.#log('setAttention', attention);
    return Promise.resolve();
  }

  openLink(href: string): Promise<void> {
    this.#log('openLink', href);
    return Promise.resolve();
  }

  async saveFile(account: AccountId, media: MediaRef): Promise<string> {
    this.#log('saveFile', account, media);
    await this.#wait();
    return media;
  }

  setTheme(theme: Theme): Promise<void> {
    this.#log('setTheme', theme);
    this.setState({ theme });
    return Promise.resolve();
  }

  async tryNow(): Promise<void> {
    this.#log('tryNow');
    await this.#wait();
  }

  playedMedia(account: AccountId, media: MediaRef): Promise<ArrayBuffer> {
    this.#log('playedMedia', account, media);
    return Promise.resolve(new ArrayBuffer(8));
  }

  mediaUrl(_account: AccountId, media: MediaRef): string {
    return this.#options.pictures?.[media] ?? '';
  }

  timing(mark: Mark, detail?: string): void {
    this.marks.push({ mark, detail });
  }

  // ---- How it does it

  #log(verb: string, ...args: unknown[]): void {
    this.calls.push({ verb, args });
  }

  /** What is in the vault comes at once, though never before the call returned. */
  async #answer(): Promise<void> {
    await Promise.resolve();
  }

  /** What needs the server takes a while. */
  async #wait(): Promise<void> {
    await new Promise((done) => setTimeout(done, this.#options.delay ?? 0));
  }

  #count(): void {
    const count = unreadChats(this.rows);
    if (count !== this.state.unreadChats) this.setState({ unreadChats: count });
  }

  #now(): number {
    return this.#options.now?.() ?? 0;
  }

  #check(password: string): void {
    if (this.#options.password !== undefined && password !== this.#options.password) throw failure('wrongPassword');
  }

  #me(): Person {
    const { screen } = this.state;
    if (screen.kind === 'chats') return screen.account.me;
    throw failure('internal', 'fake: no one is signed in');
  }

  #conversation(room: RoomId): FakeConversation {
    const known = this.#conversations.get(room);
    if (known) return known;
    const row = this.rows?.find((other) => other.room === room);
    const made = unwritten(room, row ?? null);
    this.#conversations.set(room, made);
    return made;
  }

  #items(room: RoomId): Item[] {
    return this.#conversation(room).items;
  }

  /** Where a window stands; `null` for what is not here. */
  #landing(room: RoomId, target: Target): Landing | null {
    const items = this.#items(room);
    switch (target.kind) {
      case 'unread':
      case 'end':
        return { kind: target.kind };
      case 'event': {
        const found = items.find((item) => messageOf(item)?.event === target.event);
        return found ? { kind: 'message', key: found.key } : null;
      }
      case 'date': {
        const index = items.findIndex((item) => (messageOf(item)?.time ?? -1) >= target.time);
        const [before, found] = [items[index - 1], items[index]];
        if (!found) return { kind: 'end' };
        return { kind: 'start', key: before?.kind.kind === 'day' ? before.key : found.key };
      }
    }
  }

  #tell(room: RoomId, update: ConversationUpdate): void {
    for (const open of this.#open.values()) if (open.room === room) open.sink(update);
  }

  #history(room: RoomId, history: History): void {
    this.#conversations.set(room, { ...this.#conversation(room), history });
    this.#tell(room, { kind: 'history', history });
  }

  #message(sender: Person, text: string, more: Partial<Message>): Item {
    const key: ItemKey = `fake-item-${this.#next++}`;
    const message = written(sender, text, this.#now(), more);
    return { key, kind: { kind: 'message', message } };
  }

  #append(room: RoomId, item: Item): void {
    const conversation = this.#conversation(room);
    const index = conversation.items.length;
    this.#conversations.set(room, { ...conversation, items: [...conversation.items, item] });
    this.#tell(room, { kind: 'patch', ops: [{ op: 'insert', index, item }] });
  }

  #messageOf(room: RoomId, event: EventId): Message | null {
    const found = this.#items(room).find((item) => messageOf(item)?.event === event);
    return found ? messageOf(found) : null;
  }

  #change(room: RoomId, event: EventId, how: (message: Message) => Message): Promise<TransactionId> {
    const conversation = this.#conversation(room);
    const index = conversation.items.findIndex((item) => messageOf(item)?.event === event);
    const old = conversation.items[index];
    const message = old && messageOf(old);
    if (!old || !message) return Promise.reject(failure('gone'));
    const item: Item = { key: old.key, kind: { kind: 'message', message: how(message) } };
    this.#conversations.set(room, { ...conversation, items: conversation.items.with(index, item) });
    this.#tell(room, { kind: 'patch', ops: [{ op: 'set', index, item }] });
    return Promise.resolve(`fake-${this.#next++}`);
  }

  #roomOf(transaction: TransactionId): RoomId | undefined {
    for (const [room, { items }] of this.#conversations)
      if (items.some((item) => messageOf(item)?.transaction === transaction)) return room;
    return undefined;
  }

  #deliver(room: RoomId, transaction: TransactionId, delivery: Delivery): void {
    const conversation = this.#conversation(room);
    const index = conversation.items.findIndex((item) => messageOf(item)?.transaction === transaction);
    const old = conversation.items[index];
    const message = old && messageOf(old);
    if (!old || !message) return;
    const event = delivery.kind === 'sent' || delivery.kind === 'read' ? `$${transaction}` : message.event;
    const item: Item = { key: old.key, kind: { kind: 'message', message: { ...message, event, delivery } } };
    this.#conversations.set(room, { ...conversation, items: conversation.items.with(index, item) });
    this.#tell(room, { kind: 'patch', ops: [{ op: 'set', index, item }] });
  }

  async #settle(room: RoomId, transaction: TransactionId, draft: Draft | null): Promise<void> {
    if (this.state.connection.kind !== 'online') {
      this.#deliver(room, transaction, { kind: 'waiting' });
      return;
    }
    await this.#wait();
    this.#deliver(room, transaction, { kind: 'sent' });
    const answer = draft && this.#options.answer?.(draft);
    if (!answer) return;
    await this.#wait();
    this.#deliver(room, transaction, { kind: 'read' });
    this.receive(room, answer.sender, answer.text);
  }
}
