/** The verbs of open conversations, in memory. */
import type {
  AccountId,
  ConversationId,
  ConversationUpdate,
  Delivery,
  Draft,
  EventId,
  Fetching,
  History,
  Landing,
  Message,
  Quote,
  RoomId,
  Target,
  TransactionId,
} from './backend';
import { answered, edited, plain, pollEnded, reacted, redacted, voted } from './fake-messages';
import { failure, messageOf } from './fake-parts';
import { FakeWorld, threadPlace, type Place } from './fake-world';

export class FakeConversations extends FakeWorld {
  async openChat(
    account: AccountId,
    room: RoomId,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId> {
    this.log('openChat', account, room, target);
    return this.opened(room, target, sink);
  }

  openThread(
    account: AccountId,
    room: RoomId,
    root: EventId,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId> {
    this.log('openThread', account, room, root, target);
    return this.opened(threadPlace(room, root), target, sink);
  }

  private async opened(
    place: Place,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId> {
    const id = this.next++;
    this.open.set(id, { place, sink });
    await this.answer();
    const landing = this.landing(place, target) ?? { kind: 'unread' };
    if (this.open.has(id)) sink({ kind: 'reset', newer: 'complete', ...this.conversation(place), landing });
    return id;
  }

  async loadOlder(conversation: ConversationId): Promise<void> {
    this.log('loadOlder', conversation);
    const open = this.open.get(conversation);
    if (!open) return;
    this.history(open.place, 'loading');
    await this.wait();
    this.history(open.place, 'complete');
  }

  fetchHistory(account: AccountId, room: RoomId | null): Promise<void> {
    this.log('fetchHistory', account, room);
    this.fetching(room, 'running');
    return Promise.resolve();
  }

  stopHistory(account: AccountId, room: RoomId | null): Promise<void> {
    this.log('stopHistory', account, room);
    this.fetching(room, 'off');
    return Promise.resolve();
  }

  private fetching(room: RoomId | null, fetching: Fetching): void {
    for (const [place, { header }] of this.conversations) {
      if (header.thread !== null || (room !== null && room !== place)) continue;
      this.setHeader(place, { reach: { ...header.reach, fetching } });
    }
  }

  async loadNewer(conversation: ConversationId): Promise<void> {
    this.log('loadNewer', conversation);
    const open = this.open.get(conversation);
    if (!open) return;
    await this.answer();
    this.know(open.place, { newer: 'complete' });
    this.tell(open.place, { kind: 'newer', newer: 'complete' });
  }

  async jump(conversation: ConversationId, target: Target): Promise<void> {
    this.log('jump', conversation, target);
    await this.wait();
    const open = this.open.get(conversation);
    if (!open) throw failure('gone');
    const landing = this.landing(open.place, target);
    if (!landing) throw failure('notHere');
    if (landing.kind === 'end') this.know(open.place, { newer: 'complete' });
    open.sink({ kind: 'reset', newer: 'complete', ...this.conversation(open.place), landing });
  }

  closeChat(conversation: ConversationId): Promise<void> {
    this.log('closeChat', conversation);
    this.open.delete(conversation);
    return Promise.resolve();
  }

  sendMessage(account: AccountId, room: RoomId, draft: Draft): Promise<TransactionId> {
    this.log('sendMessage', account, room, draft);
    const transaction = `fake-${this.next++}`;
    const me = this.me();
    const item = this.message(me, draft.text, { transaction, own: true, delivery: { kind: 'sending' } });
    const place = threadPlace(room, draft.thread);
    const message = messageOf(item);
    if (message && draft.replyTo !== null) message.reply = this.quote(place, draft.replyTo);
    item.key = transaction;
    this.append(place, item);
    this.know(place, { draft: { text: '', replyTo: null } });
    if (draft.thread !== null) {
      void this.change(room, draft.thread, (root) => answered(root, me, this.now()));
      void this.settle(place, transaction, draft);
      return Promise.resolve(transaction);
    }
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
      time: this.now(),
    });
    void this.settle(room, transaction, draft);
    return Promise.resolve(transaction);
  }

  retrySend(account: AccountId, transaction: TransactionId): Promise<void> {
    this.log('retrySend', account, transaction);
    const place = this.placeOf(transaction);
    if (place !== undefined) {
      this.deliver(place, transaction, { kind: 'sending' });
      void this.settle(place, transaction, null);
    }
    return Promise.resolve();
  }

  discardSend(account: AccountId, transaction: TransactionId): Promise<void> {
    this.log('discardSend', account, transaction);
    const place = this.placeOf(transaction);
    if (place !== undefined) {
      const { items } = this.conversation(place);
      const index = items.findIndex((item) => messageOf(item)?.transaction === transaction);
      this.know(place, { items: items.toSpliced(index, 1) });
      this.tell(place, { kind: 'patch', ops: [{ op: 'remove', index }] });
    }
    return Promise.resolve();
  }

  messageText(account: AccountId, room: RoomId, event: EventId): Promise<string> {
    this.log('messageText', account, room, event);
    const message = this.messageOf(room, event);
    return message ? Promise.resolve(plain(message)) : Promise.reject(failure('gone'));
  }

  editMessage(account: AccountId, room: RoomId, event: EventId, draft: Draft): Promise<TransactionId> {
    this.log('editMessage', account, room, event, draft);
    return this.change(room, event, (message) => edited(message, draft.text));
  }

  redact(account: AccountId, room: RoomId, event: EventId): Promise<TransactionId> {
    this.log('redact', account, room, event);
    return this.change(room, event, redacted);
  }

  sendReaction(account: AccountId, room: RoomId, event: EventId, key: string): Promise<TransactionId> {
    this.log('sendReaction', account, room, event, key);
    return this.change(room, event, (message) => reacted(message, key, true));
  }

  removeReaction(account: AccountId, room: RoomId, event: EventId, key: string): Promise<TransactionId> {
    this.log('removeReaction', account, room, event, key);
    return this.change(room, event, (message) => reacted(message, key, false));
  }

  vote(account: AccountId, room: RoomId, poll: EventId, answers: string[]): Promise<TransactionId> {
    this.log('vote', account, room, poll, answers);
    return this.change(room, poll, (message) => voted(message, answers));
  }

  endPoll(account: AccountId, room: RoomId, poll: EventId): Promise<TransactionId> {
    this.log('endPoll', account, room, poll);
    return this.change(room, poll, pollEnded);
  }

  followMove(account: AccountId, room: RoomId): Promise<RoomId> {
    this.log('followMove', account, room);
    return Promise.resolve(room);
  }

  markChatRead(account: AccountId, room: RoomId): Promise<void> {
    this.log('markChatRead', account, room);
    this.setRow(room, { unread: 0, mentions: 0 });
    return Promise.resolve();
  }

  markRead(account: AccountId, room: RoomId, thread: EventId | null, event: EventId): Promise<void> {
    this.log('markRead', account, room, thread, event);
    if (thread === null) this.setRow(room, { unread: 0, mentions: 0, markedUnread: false });
    else {
      void this.change(room, thread, (root) => ({ ...root, thread: root.thread && { ...root.thread, unread: 0 } }));
      if (this.conversation(room).header.unreadThread?.root === thread) this.setHeader(room, { unreadThread: null });
    }
    return Promise.resolve();
  }

  markUnread(account: AccountId, room: RoomId, unread: boolean): Promise<void> {
    this.log('markUnread', account, room, unread);
    this.setRow(room, { markedUnread: unread });
    return Promise.resolve();
  }

  saveDraft(
    account: AccountId,
    room: RoomId,
    thread: EventId | null,
    text: string,
    replyTo: EventId | null,
  ): Promise<void> {
    this.log('saveDraft', account, room, thread, text, replyTo);
    const place = threadPlace(room, thread);
    this.know(place, { draft: { text, replyTo: replyTo === null ? null : this.quote(place, replyTo) } });
    return Promise.resolve();
  }

  setTyping(account: AccountId, room: RoomId, typing: boolean): Promise<void> {
    this.log('setTyping', account, room, typing);
    return Promise.resolve();
  }

  answerInvitation(account: AccountId, room: RoomId, join: boolean): Promise<void> {
    this.log('answerInvitation', account, room, join);
    if (join) {
      this.setHeader(room, { invitation: false, canWrite: true });
      this.setRow(room, { preview: { kind: 'empty' } });
    } else {
      this.setChats((this.rows ?? []).filter((row) => row.room !== room));
    }
    return Promise.resolve();
  }

  setStarred(account: AccountId, room: RoomId, event: EventId, starred: boolean): Promise<void> {
    this.log('setStarred', account, room, event, starred);
    return this.change(room, event, (message) => ({ ...message, starred })).then(() => undefined);
  }

  leaveChat(account: AccountId, room: RoomId): Promise<void> {
    this.log('leaveChat', account, room);
    this.setChats((this.rows ?? []).filter((row) => row.room !== room));
    return Promise.resolve();
  }

  // ---- How it does it

  /** Where a window stands; `null` for what is not here. */
  private landing(place: Place, target: Target): Landing | null {
    const { items } = this.conversation(place);
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

  private history(place: Place, history: History): void {
    this.know(place, { history });
    this.tell(place, { kind: 'history', history });
  }

  /** Where a message stands: in the chat, in a thread, or, as the root of one, in both. */
  private *found(room: RoomId, event: EventId): Generator<{ place: Place; index: number; message: Message }> {
    for (const [place, { items }] of [...this.conversations]) {
      if (place !== room && !place.startsWith(`${room} `)) continue;
      const index = items.findIndex((item) => messageOf(item)?.event === event);
      const item = items[index];
      const message = item ? messageOf(item) : null;
      if (message) yield { place, index, message };
    }
  }

  private messageOf(room: RoomId, event: EventId): Message | null {
    for (const { message } of this.found(room, event)) return message;
    return null;
  }

  private quote(place: Place, event: EventId): Quote {
    const [room = place] = place.split(' ');
    const message = this.messageOf(room, event);
    return { event, sender: message?.sender ?? null, text: message ? plain(message) : '', mark: null };
  }

  private change(room: RoomId, event: EventId, how: (message: Message) => Message): Promise<TransactionId> {
    let known = false;
    for (const { place, index, message } of this.found(room, event)) {
      known = true;
      this.set(place, index, how(message));
    }
    return known ? Promise.resolve(`fake-${this.next++}`) : Promise.reject(failure('gone'));
  }

  private placeOf(transaction: TransactionId): Place | undefined {
    for (const [place, { items }] of this.conversations)
      if (items.some((item) => messageOf(item)?.transaction === transaction)) return place;
    return undefined;
  }

  private deliver(place: Place, transaction: TransactionId, delivery: Delivery): void {
    const { items } = this.conversation(place);
    const index = items.findIndex((item) => messageOf(item)?.transaction === transaction);
    const item = items[index];
    const message = item && messageOf(item);
    if (!message) return;
    const event = delivery.kind === 'sent' || delivery.kind === 'read' ? `$${transaction}` : message.event;
    this.set(place, index, { ...message, event, delivery });
  }

  private async settle(place: Place, transaction: TransactionId, draft: Draft | null): Promise<void> {
    if (this.state.connection.kind !== 'online') {
      this.deliver(place, transaction, { kind: 'waiting' });
      return;
    }
    await this.wait();
    this.deliver(place, transaction, { kind: 'sent' });
    const answer = draft && this.options.answer?.(draft);
    if (!answer) return;
    await this.wait();
    this.deliver(place, transaction, { kind: 'read' });
    const [room = place] = place.split(' ');
    this.receive(room, answer.sender, answer.text, draft.thread);
  }
}
