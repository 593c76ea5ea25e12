/**
 * What the fake is made of: how it begins and behaves, and the plainest chat and message there are.
 */
import type {
  AppState,
  ChatInfo,
  ChatRow,
  Code,
  ConversationHeader,
  Draft,
  EventId,
  Failure,
  History,
  Item,
  MediaRef,
  Message,
  Organisation,
  PartKind,
  Parts,
  Person,
  RebuildUpdate,
  RoomId,
  SavedDraft,
  Screen,
  SearchRequest,
  SearchResults,
  Storage,
} from './backend';

/** What is behind a chat when it is opened. */
export interface FakeConversation {
  header: ConversationHeader;
  items: Item[];
  history: History;
  draft: SavedDraft;
  /** What lies after the newest row; defaults to nothing. */
  newer?: History;
}

/** The keys of messages, as far as the fake has any. */
export interface FakeKeys {
  /** The recovery key that fits, and that is made. */
  recovery: string;
  /** The server keeps keys that this device does not know. */
  unknown?: boolean;
  /** The passphrase of every key file. */
  passphrase: string;
  /** How many keys of a file are new. */
  found: number;
}

/** How the fake begins and behaves. */
export interface FakeOptions {
  state: AppState;
  /** `null` leaves the list unknown: the page shows what it shows while it waits. */
  chats: ChatRow[] | null;
  conversations?: ReadonlyMap<RoomId, FakeConversation>;
  /** What is behind a thread, by its root; every other one begins with its root alone. */
  threads?: ReadonlyMap<EventId, FakeConversation>;
  /** What differs from what is made of a chat's header. */
  info?: (room: RoomId) => Partial<ChatInfo>;
  /** A page of what is in a chat; without it there is nothing. */
  parts?: (room: RoomId, kind: PartKind, cursor: string | null) => Parts | Code;
  /** What is taken on this computer. */
  storage?: Storage;
  /** What there is to recover; without it there is nothing. */
  keys?: FakeKeys;
  /** Where pictures are. */
  pictures?: Readonly<Record<MediaRef, string>>;
  /** What is behind an address; without it every address answers. */
  organisations?: Readonly<Record<string, Organisation | Code>>;
  /** The password that is right. */
  password?: string;
  /** Where a sign-in or an unlocking leads. */
  home?: Screen;
  /** Milliseconds until the server has answered. */
  delay?: number;
  /** Who answers what is sent, and with what; `null` for silence. */
  answer?: ((draft: Draft) => { sender: Person; text: string }) | null;
  /** The moment new messages are sent. */
  now?: () => number;
  /** What is found; a code for a search that fails. Without it nothing is. */
  search?: (request: SearchRequest) => SearchResults | Code;
  /** What making the index anew tells, one after another. */
  rebuild?: readonly RebuildUpdate[];
  /** What was put into the window; defaults to nothing. */
  firstPaint?: boolean;
}

/** A `Failure` as a verb rejects with it. */
export function failure(code: Code, details = `fake: ${code}`): Failure {
  return { code, details };
}

/** Nothing is found. */
export const NOTHING: SearchResults = {
  filters: [],
  groups: [],
  chats: [],
  counts: { messages: 0, files: 0, more: false },
  next: null,
  indexed: { kind: 'complete' },
  suggestion: null,
  tookMs: 1,
};

/** A chat in which nothing was written yet. */
export function unwritten(room: RoomId, row: ChatRow | null): FakeConversation {
  return {
    header: {
      room,
      name: row?.name ?? room,
      avatar: row?.avatar ?? { shape: 'group', initials: '?', tint: 1, image: null },
      direct: row?.direct ?? false,
      members: row?.direct ? 2 : 8,
      encrypted: true,
      unread: row?.unread ?? 0,
      mentions: row?.mentions ?? 0,
      unreadThread: null,
      typing: [],
      canWrite: true,
      invitation: row?.preview.kind === 'invitation',
      departure: null,
      reach: { since: null, fetching: 'off' },
      thread: null,
    },
    items: [],
    history: 'complete',
    draft: { text: row?.preview.kind === 'draft' ? row.preview.text : '', replyTo: null },
  };
}

/** A thread in which nobody answered yet. */
export function unanswered(chat: FakeConversation, root: EventId): FakeConversation {
  return {
    header: { ...chat.header, thread: root, unreadThread: null, typing: [] },
    items: chat.items.filter((item) => messageOf(item)?.event === root),
    history: 'complete',
    draft: { text: '', replyTo: null },
  };
}

/** A text, as it is before the server has it. */
export function written(sender: Person, text: string, time: number, more: Partial<Message>): Message {
  return {
    event: null,
    transaction: null,
    sender,
    own: false,
    time,
    run: 'only',
    body: {
      kind: 'text',
      blocks: [{ kind: 'paragraph', spans: [{ kind: 'text', text }] }],
      notice: false,
      emote: false,
      jumbo: false,
    },
    reply: null,
    reactions: [],
    thread: null,
    edited: false,
    mentionsMe: false,
    delivery: null,
    trust: 'usual',
    editable: more.own ?? false,
    deletable: more.own ?? false,
    starred: false,
    pinned: false,
    ...more,
  };
}

/** How many chats ask for attention. */
export function unreadChats(rows: readonly ChatRow[] | null): number {
  return rows?.filter((row) => row.unread > 0 && !row.muted).length ?? 0;
}

/** The message of a row, if it is one. */
export function messageOf(item: Item): Message | null {
  return item.kind.kind === 'message' ? item.kind.message : null;
}
