/**
 * The only door to the engine. `tauri.ts` is the real one, `fake.ts` serves golden JSON; nothing else may know how the
 * page reaches Rust. Verbs return when *accepted*; what comes of them arrives on streams, and every stream begins with
 * a reset.
 */
import type {
  AccountId,
  AppUpdate,
  Attention,
  ChatInfo,
  ChatListUpdate,
  ConversationId,
  ConversationUpdate,
  Draft,
  EventId,
  Mark,
  MediaRef,
  Organisation,
  PartKind,
  Parts,
  RebuildUpdate,
  RoomId,
  SearchRequest,
  SearchResults,
  SignIn,
  Storage,
  Target,
  Theme,
  TransactionId,
} from './bindings';

export type * from './bindings';

/** Verbs reject with a `Failure` (see bindings). */
export interface Backend {
  /** What Rust already put into the window, to be painted before any verb returns. */
  firstPaint(): { app: AppUpdate; chats: ChatListUpdate } | null;
  subscribeApp(sink: (update: AppUpdate) => void): Promise<void>;
  subscribeChats(account: AccountId, sink: (update: ChatListUpdate) => void): Promise<void>;

  discover(address: string): Promise<Organisation>;
  signIn(signIn: SignIn): Promise<void>;
  signOut(account: AccountId): Promise<void>;
  /** Try a locked vault again; with a full sign-in when the keyring cannot give the key: the organisation's server holds
   * half of a spare key, the profile the other half, so nothing is lost with the keyring. */
  unlock(account: AccountId, signIn: SignIn | null): Promise<void>;
  /** Build a damaged vault anew from the server; with a full sign-in when the session was lost with it. */
  repair(account: AccountId, signIn: SignIn | null): Promise<void>;
  /** The person has read what happened to the files (`Account.care`). */
  careRead(account: AccountId): Promise<void>;
  signInAgain(account: AccountId, password: string): Promise<void>;

  /** Opens at the target from what is on this computer; `jump` asks the server for what is not. */
  openChat(
    account: AccountId,
    room: RoomId,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId>;
  /** Opens a thread at the target: its root first, then the replies. */
  openThread(
    account: AccountId,
    room: RoomId,
    root: EventId,
    target: Target,
    sink: (update: ConversationUpdate) => void,
  ): Promise<ConversationId>;
  loadOlder(conversation: ConversationId): Promise<void>;
  /** Fetch the whole history of a chat, or of all (`null`), in the background; kept, so it goes on after a restart. */
  fetchHistory(account: AccountId, room: RoomId | null): Promise<void>;
  stopHistory(account: AccountId, room: RoomId | null): Promise<void>;
  loadNewer(conversation: ConversationId): Promise<void>;
  /** Go to another place of an open chat: a reset tells where it stands. May take a while, and `notHere` says no. */
  jump(conversation: ConversationId, target: Target): Promise<void>;
  closeChat(conversation: ConversationId): Promise<void>;

  sendMessage(account: AccountId, room: RoomId, draft: Draft): Promise<TransactionId>;
  retrySend(account: AccountId, transaction: TransactionId): Promise<void>;
  discardSend(account: AccountId, transaction: TransactionId): Promise<void>;
  /** The text of an own message as it was typed, to be changed. */
  messageText(account: AccountId, room: RoomId, event: EventId): Promise<string>;
  editMessage(account: AccountId, room: RoomId, event: EventId, draft: Draft): Promise<TransactionId>;
  /** Delete a message for everyone. */
  redact(account: AccountId, room: RoomId, event: EventId): Promise<TransactionId>;
  sendReaction(account: AccountId, room: RoomId, event: EventId, key: string): Promise<TransactionId>;
  removeReaction(account: AccountId, room: RoomId, event: EventId, key: string): Promise<TransactionId>;
  /** Vote in a poll; no answers take an earlier vote back. */
  vote(account: AccountId, room: RoomId, poll: EventId, answers: string[]): Promise<TransactionId>;
  endPoll(account: AccountId, room: RoomId, poll: EventId): Promise<TransactionId>;
  /** Go to the room in which a chat goes on (`m.room.tombstone`): joins it if need be. Only when the person asked for it. */
  followMove(account: AccountId, room: RoomId): Promise<RoomId>;
  /** Everything in a chat counts as read. */
  markChatRead(account: AccountId, room: RoomId): Promise<void>;
  /** A message of a chat, or of one of its threads, was read, and all before it. */
  markRead(account: AccountId, room: RoomId, thread: EventId | null, event: EventId): Promise<void>;
  /** Mark a chat as unread, to come back to it; reading takes the mark away. */
  markUnread(account: AccountId, room: RoomId, unread: boolean): Promise<void>;
  /** Keep what stands in the composer; empty text and no message for nothing. */
  saveDraft(
    account: AccountId,
    room: RoomId,
    thread: EventId | null,
    text: string,
    replyTo: EventId | null,
  ): Promise<void>;
  setTyping(account: AccountId, room: RoomId, typing: boolean): Promise<void>;
  answerInvitation(account: AccountId, room: RoomId, join: boolean): Promise<void>;
  /** Mark a message, to find it again; only this person sees it. */
  setStarred(account: AccountId, room: RoomId, event: EventId, starred: boolean): Promise<void>;
  /** Leave a chat, and delete it from this computer: at once, also offline. */
  leaveChat(account: AccountId, room: RoomId): Promise<void>;

  /** Who is in a chat and how much of what there is; asked again when its header changes. */
  chatInfo(account: AccountId, room: RoomId): Promise<ChatInfo>;
  /** A page of what is in a chat, newest first. */
  chatParts(account: AccountId, room: RoomId, kind: PartKind, cursor: string | null): Promise<Parts>;

  /** Find messages, people and chats on this computer. No text is an error. */
  search(account: AccountId, request: SearchRequest): Promise<SearchResults>;
  /** Make the search index anew, and check it. It goes on when nobody listens any more. */
  rebuildSearch(account: AccountId, sink: (update: RebuildUpdate) => void): Promise<void>;

  /** What the account takes on this computer. Takes seconds where there is much. */
  storage(account: AccountId): Promise<Storage>;
  /** Delete the damaged files that were set aside. */
  removeSetAside(account: AccountId): Promise<void>;
  /** How many days messages are kept on this computer; `null` for good. Returns when the old ones are deleted. */
  setRetention(account: AccountId, days: number | null): Promise<void>;

  /** Keep the keys of messages on the server, locked; returns the recovery key to write down. `inUse`: the server keeps
   * some already that this device does not know: `recover`. */
  setUpRecovery(account: AccountId): Promise<string>;
  /** Read the messages whose keys the server keeps. `wrongKey`, or `gone`: there is nothing to open. */
  recover(account: AccountId, key: string): Promise<void>;
  /** Write the keys into the downloads folder, locked with a passphrase; returns the file's name. */
  exportKeys(account: AccountId, passphrase: string): Promise<string>;
  /** Take in the bytes of a key file; returns how many keys were new. */
  importKeys(account: AccountId, file: number[], passphrase: string): Promise<number>;

  setAttention(attention: Attention): Promise<void>;
  openLink(href: string): Promise<void>;
  /** Save a message's file into the downloads folder; returns the name it was given. */
  saveFile(account: AccountId, media: MediaRef): Promise<string>;
  setListWidth(width: number): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  tryNow(): Promise<void>;

  /** A film or a sound, whole, for players that cannot ask `mediaUrl`. */
  playedMedia(account: AccountId, media: MediaRef): Promise<ArrayBuffer>;
  /** The address of a picture, film or sound; served by Rust, never by the network. */
  mediaUrl(account: AccountId, media: MediaRef): string;
  /** Write down a moment for `--timings`; does nothing otherwise. `detail` tells repeated marks apart. */
  timing(mark: Mark, detail?: string): void;
}
