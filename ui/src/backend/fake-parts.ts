/**
 * What the fake is made of: how it begins and behaves, and the plainest chat and message there are.
 */
import type {
  AppState,
  ChatRow,
  Code,
  ConversationHeader,
  Draft,
  Failure,
  History,
  Item,
  MediaRef,
  Message,
  Organisation,
  Person,
  RebuildUpdate,
  RoomId,
  Screen,
  SearchRequest,
  SearchResults,
} from './backend';

/** What is behind a chat when it is opened. */
export interface FakeConversation {
  header: ConversationHeader;
  items: Item[];
  history: History;
  draft: string;
  /** What lies after the newest row; defaults to nothing. */
  newer?: History;
}

/** How the fake begins and behaves. */
export interface FakeOptions {
  state: AppState;
  /** `null` leaves the list unknown: the page shows what it shows while it waits. */
  chats: ChatRow[] | null;
  conversations?: ReadonlyMap<RoomId, FakeConversation>;
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
      typing: [],
      canWrite: true,
      invitation: row?.preview.kind === 'invitation',
      reach: { since: null, fetching: 'off' },
    },
    items: [],
    history: 'complete',
    draft: row?.preview.kind === 'draft' ? row.preview.text : '',
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
