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
  Item,
  Landing,
  Message,
  RoomId,
  Target,
  TransactionId,
} from './backend';
import { edited, plain, pollEnded, reacted, redacted, voted } from './fake-messages';
import { failure, messageOf } from './fake-parts';
import { FakeWorld } from './fake-world';

export class FakeConversations extends FakeWorld {
  async openChat(
    account: AccountId,
    room: RoomId,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId> {
    this.log('openChat', account, room, target);
    const id = this.next++;
    this.open.set(id, { room, sink });
    await this.answer();
    const landing = this.landing(room, target) ?? { kind: 'unread' };
    if (this.open.has(id)) sink({ kind: 'reset', newer: 'complete', ...this.conversation(room), landing });
    return id;
  }

  async loadOlder(conversation: ConversationId): Promise<void> {
    this.log('loadOlder', conversation);
    const open = this.open.get(conversation);
    if (!open) return;
    this.history(open.room, 'loading');
    await this.wait();
    this.history(open.room, 'complete');
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
    for (const [known, conversation] of this.conversations) {
      if (room !== null && room !== known) continue;
      const header = { ...conversation.header, reach: { ...conversation.header.reach, fetching } };
      this.conversations.set(known, { ...conversation, header });
      this.tell(known, { kind: 'header', header });
    }
  }

  async loadNewer(conversation: ConversationId): Promise<void> {
    this.log('loadNewer', conversation);
    const open = this.open.get(conversation);
    if (!open) return;
    await this.answer();
    this.conversations.set(open.room, { ...this.conversation(open.room), newer: 'complete' });
    this.tell(open.room, { kind: 'newer', newer: 'complete' });
  }

  async jump(conversation: ConversationId, target: Target): Promise<void> {
    this.log('jump', conversation, target);
    await this.wait();
    const open = this.open.get(conversation);
    if (!open) throw failure('gone');
    const landing = this.landing(open.room, target);
    if (!landing) throw failure('notHere');
    const known = this.conversation(open.room);
    const conversationNow = landing.kind === 'end' ? { ...known, newer: 'complete' as const } : known;
    this.conversations.set(open.room, conversationNow);
    open.sink({ kind: 'reset', newer: 'complete', ...conversationNow, landing });
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
    const quoted = this.items(room).find((other) => messageOf(other)?.event === draft.replyTo);
    const answered = quoted && messageOf(quoted);
    if (answered && draft.replyTo) {
      const message = messageOf(item);
      if (message) message.reply = { event: draft.replyTo, sender: answered.sender, text: plain(answered), mark: null };
    }
    item.key = transaction;
    this.append(room, item);
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
    const room = this.roomOf(transaction);
    if (room) {
      this.deliver(room, transaction, { kind: 'sending' });
      void this.settle(room, transaction, null);
    }
    return Promise.resolve();
  }

  discardSend(account: AccountId, transaction: TransactionId): Promise<void> {
    this.log('discardSend', account, transaction);
    const room = this.roomOf(transaction);
    const conversation = room && this.conversations.get(room);
    if (room && conversation) {
      const index = conversation.items.findIndex((item) => messageOf(item)?.transaction === transaction);
      this.conversations.set(room, { ...conversation, items: conversation.items.toSpliced(index, 1) });
      this.tell(room, { kind: 'patch', ops: [{ op: 'remove', index }] });
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

  markRead(account: AccountId, room: RoomId, event: EventId): Promise<void> {
    this.log('markRead', account, room, event);
    this.setRow(room, { unread: 0, mentions: 0, markedUnread: false });
    return Promise.resolve();
  }

  markUnread(account: AccountId, room: RoomId, unread: boolean): Promise<void> {
    this.log('markUnread', account, room, unread);
    this.setRow(room, { markedUnread: unread });
    return Promise.resolve();
  }

  saveDraft(account: AccountId, room: RoomId, text: string): Promise<void> {
    this.log('saveDraft', account, room, text);
    return Promise.resolve();
  }

  setTyping(account: AccountId, room: RoomId, typing: boolean): Promise<void> {
    this.log('setTyping', account, room, typing);
    return Promise.resolve();
  }

  answerInvitation(account: AccountId, room: RoomId, join: boolean): Promise<void> {
    this.log('answerInvitation', account, room, join);
    if (join) {
      const { header } = this.conversation(room);
      const joined = { ...header, invitation: false, canWrite: true };
      this.conversations.set(room, { ...this.conversation(room), header: joined });
      this.tell(room, { kind: 'header', header: joined });
      this.setRow(room, { preview: { kind: 'empty' } });
    } else {
      this.setChats((this.rows ?? []).filter((row) => row.room !== room));
    }
    return Promise.resolve();
  }

  // ---- How it does it

  private landing(room: RoomId, target: Target): Landing | null {
    const items = this.items(room);
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

  private history(room: RoomId, history: History): void {
    this.conversations.set(room, { ...this.conversation(room), history });
    this.tell(room, { kind: 'history', history });
  }

  private messageOf(room: RoomId, event: EventId): Message | null {
    const found = this.items(room).find((item) => messageOf(item)?.event === event);
    return found ? messageOf(found) : null;
  }

  private change(room: RoomId, event: EventId, how: (message: Message) => Message): Promise<TransactionId> {
    const conversation = this.conversation(room);
    const index = conversation.items.findIndex((item) => messageOf(item)?.event === event);
    const old = conversation.items[index];
    const message = old && messageOf(old);
    if (!old || !message) return Promise.reject(failure('gone'));
    const item: Item = { key: old.key, kind: { kind: 'message', message: how(message) } };
    this.conversations.set(room, { ...conversation, items: conversation.items.with(index, item) });
    this.tell(room, { kind: 'patch', ops: [{ op: 'set', index, item }] });
    return Promise.resolve(`fake-${this.next++}`);
  }

  private roomOf(transaction: TransactionId): RoomId | undefined {
    for (const [room, { items }] of this.conversations)
      if (items.some((item) => messageOf(item)?.transaction === transaction)) return room;
    return undefined;
  }

  private deliver(room: RoomId, transaction: TransactionId, delivery: Delivery): void {
    const conversation = this.conversation(room);
    const index = conversation.items.findIndex((item) => messageOf(item)?.transaction === transaction);
    const old = conversation.items[index];
    const message = old && messageOf(old);
    if (!old || !message) return;
    const event = delivery.kind === 'sent' || delivery.kind === 'read' ? `$${transaction}` : message.event;
    const item: Item = { key: old.key, kind: { kind: 'message', message: { ...message, event, delivery } } };
    this.conversations.set(room, { ...conversation, items: conversation.items.with(index, item) });
    this.tell(room, { kind: 'patch', ops: [{ op: 'set', index, item }] });
  }

  private async settle(room: RoomId, transaction: TransactionId, draft: Draft | null): Promise<void> {
    if (this.state.connection.kind !== 'online') {
      this.deliver(room, transaction, { kind: 'waiting' });
      return;
    }
    await this.wait();
    this.deliver(room, transaction, { kind: 'sent' });
    const answer = draft && this.options.answer?.(draft);
    if (!answer) return;
    await this.wait();
    this.deliver(room, transaction, { kind: 'read' });
    this.receive(room, answer.sender, answer.text);
  }
}
