// Generated from crates/model by its `bindings` test. Do not edit.

/**
 * One account on this computer: the name of its folder, random, and so no hint at the person.
 */
export type AccountId = string;

/**
 * A Matrix room id (`!…`), Matrix spec, appendix "Room IDs".
 */
export type RoomId = string;

/**
 * A Matrix user id (`@…`), Matrix spec, appendix "User Identifiers".
 */
export type UserId = string;

/**
 * A Matrix event id (`$…`).
 */
export type EventId = string;

/**
 * The transaction id an own message was recorded with; it never changes, so nothing is sent twice.
 */
export type TransactionId = string;

/**
 * The stable key of a row in a conversation: kept through echo, sending, edits and decryption.
 */
export type ItemKey = string;

/**
 * A picture or file as the page may name it in a `media:` address: a hash, never the server's own address.
 */
export type MediaRef = string;

/**
 * Milliseconds since the Unix epoch, as `origin_server_ts` gives it.
 */
export type Timestamp = number;

/**
 * An open conversation window; valid until it is closed.
 */
export type ConversationId = number;

/**
 * The state of the program as the window shows it.
 */
export type AppState = { 
/**
 * The screen that fills the window.
 */
screen: Screen, 
/**
 * The state of the connection; drawn only over [`Screen::Chats`].
 */
connection: Connection, 
/**
 * How many chats have unread messages and are not muted.
 */
unreadChats: number, 
/**
 * The chosen colours.
 */
theme: Theme, 
/**
 * How wide the chat list was made, in CSS pixels; `None`: nobody did.
 */
listWidth: number | null, };

/**
 * What the program tells the window, outside any chat.
 */
export type AppUpdate = { "kind": "reset", 
/**
 * The state from now on.
 */
state: AppState, } | { "kind": "open", 
/**
 * The account the chat belongs to.
 */
account: AccountId, 
/**
 * The chat.
 */
room: RoomId, };

/**
 * The screen that fills the window.
 */
export type Screen = { "kind": "starting" } | { "kind": "signIn" } | { "kind": "locked", 
/**
 * The account.
 */
account: AccountId, 
/**
 * Why it is closed.
 */
reason: LockReason, } | { "kind": "chats", 
/**
 * Whose chats.
 */
account: Account, };

/**
 * Why an existing vault cannot be opened. None of these ever leads to a second, empty vault.
 */
export type LockReason = "keyringMissing" | "keyringLocked" | "keyLost" | "wrongKey" | "inUse" | "newer" | "damaged" | "diskFull";

/**
 * A signed-in account.
 */
export type Account = { 
/**
 * The account on this computer.
 */
account: AccountId, 
/**
 * The Matrix id.
 */
user: UserId, 
/**
 * The person as others see them.
 */
me: Person, 
/**
 * The organisation's name: its server's name.
 */
organisation: string, 
/**
 * The chat that was open last, for the next start.
 */
lastChat: RoomId | null, 
/**
 * What happened to the files of this account, until the person has read it.
 */
care: Care | null, 
/**
 * Whether messages can be read again after this device.
 */
recovery: Recovery, 
/**
 * A chat of the list is encrypted: its messages cannot be read without their keys.
 */
encrypted: boolean, };

/**
 * What happened to the messages of an account that a person should know.
 */
export type Care = { "kind": "wentBack" } | { "kind": "rebuilt", 
/**
 * Something that only this computer had (a draft, a message that was not sent) could not be read.
 */
lost: boolean, } | { "kind": "serverWentBack" };

/**
 * How the recovery of this person's message keys stands: the copy that the server keeps, and the key that opens it.
 */
export type Recovery = "unknown" | "off" | "elsewhere" | "on";

/**
 * The state of the connection, said honestly.
 */
export type Connection = { "kind": "online" } | { "kind": "connecting" } | { "kind": "offline", 
/**
 * When the last answer came, if one ever did.
 */
since: Timestamp | null, } | { "kind": "serverSilent", 
/**
 * When the last good answer came, if one ever did.
 */
since: Timestamp | null, } | { "kind": "captivePortal", 
/**
 * When the last good answer came, if one ever did.
 */
since: Timestamp | null, } | { "kind": "untrusted" } | { "kind": "unsupported" } | { "kind": "sessionEnded" } | { "kind": "diskFull", 
/**
 * When the last answer came that was kept, if one ever did.
 */
since: Timestamp | null, };

/**
 * The colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What is known of an organisation before signing in.
 */
export type Organisation = { 
/**
 * The name to show: the server's name.
 */
name: string, 
/**
 * The homeserver's base address, found by `.well-known` (Matrix spec, "Server discovery") or typed.
 */
homeserver: string, 
/**
 * Whether it takes a password (`m.login.password`).
 */
password: boolean, };

/**
 * What a person types to sign in.
 */
export type SignIn = { 
/**
 * The organisation's address: a server name or a URL.
 */
address: string, 
/**
 * The user name or the whole Matrix id.
 */
user: string, 
/**
 * The password.
 */
password: string, };

/**
 * Where the person is looking; decides notifications and read marks.
 */
export type Attention = { 
/**
 * The window is visible and has the keyboard.
 */
focused: boolean, 
/**
 * The chat on screen, if one is.
 */
room: RoomId | null, };

/**
 * A moment that `--timings FILE` writes down. "Painted" means after the frame was shown.
 */
export type Mark = "process_start" | "window_shown" | "chat_list_painted" | "chat_painted" | "enter" | "echo_painted" | "chat_asked" | "synced";

/**
 * What went wrong, as far as the page draws it differently.
 */
export type Code = "unknownServer" | "notAHomeserver" | "serverUnsupported" | "passwordUnsupported" | "wrongPassword" | "accountClosed" | "notAllowed" | "untrusted" | "offline" | "serverSilent" | "captivePortal" | "rateLimited" | "keyringMissing" | "keyringLocked" | "keyLost" | "wrongKey" | "inUse" | "newer" | "damaged" | "signInNeeded" | "diskFull" | "linkRefused" | "gone" | "notHere" | "tooLong" | "sessionEnded" | "internal";

/**
 * A refusal that a person can act on. The sentence for [`Code`] is in the page's `words/`.
 */
export type Failure = { 
/**
 * What happened.
 */
code: Code, 
/**
 * The technical cause for "Details"; never message text, keys or tokens.
 */
details: string, };

/**
 * One change to a list. Changes are applied one after another; an index is that of the list at that moment.
 */
export type Op<T> = { "op": "insert", 
/**
 * Where.
 */
index: number, 
/**
 * What.
 */
item: T, } | { "op": "set", 
/**
 * Where.
 */
index: number, 
/**
 * What.
 */
item: T, } | { "op": "remove", 
/**
 * Where.
 */
index: number, };

/**
 * One of the eight tints of `tokens.css`: 1 to 8.
 */
export type Tint = number;

/**
 * The outline of an avatar.
 */
export type AvatarShape = "person" | "group";

/**
 * A picture, or initials on a tint.
 */
export type Avatar = { 
/**
 * People are round, groups squared.
 */
shape: AvatarShape, 
/**
 * One or two letters.
 */
initials: string, 
/**
 * The colour, the same on every device.
 */
tint: Tint, 
/**
 * The picture, if there is one.
 */
image: MediaRef | null, };

/**
 * A person as a conversation shows them.
 */
export type Person = { 
/**
 * The Matrix id.
 */
user: UserId, 
/**
 * The display name, or the Matrix id's local part. Control and bidi characters are already taken out.
 */
name: string, 
/**
 * Shown beside the name when another member's name could be taken for it: the Matrix id.
 */
disambiguation: string | null, 
/**
 * Picture, or initials on a tint.
 */
avatar: Avatar, };

/**
 * What the chat-list window is told. The first update is always a reset.
 */
export type ChatListUpdate = { "kind": "reset", 
/**
 * The rows, newest first, pinned ones before.
 */
rows: Array<ChatRow>, } | { "kind": "patch", 
/**
 * The changes.
 */
ops: Array<Op<ChatRow>>, };

/**
 * A chat as its row shows it.
 */
export type ChatRow = { 
/**
 * The chat.
 */
room: RoomId, 
/**
 * Its name as this person sees it.
 */
name: string, 
/**
 * Picture, or initials on a tint.
 */
avatar: Avatar, 
/**
 * The second line.
 */
preview: Preview, 
/**
 * When the newest message was sent; `None` in a chat without messages.
 */
time: Timestamp | null, 
/**
 * Unread messages.
 */
unread: number, 
/**
 * Unread messages that mention this person.
 */
mentions: number, 
/**
 * This person marked it as unread; shown as a dot where nothing is.
 */
markedUnread: boolean, 
/**
 * No notifications (push rule of the room).
 */
muted: boolean, 
/**
 * Kept at the top (`m.favourite` tag).
 */
pinned: boolean, 
/**
 * One to one.
 */
direct: boolean, };

/**
 * The second line of a chat row, in the order of UX section 5: not sent, typing, draft, latest message.
 */
export type Preview = { "kind": "empty" } | { "kind": "notSent", 
/**
 * Its beginning.
 */
text: string, } | { "kind": "typing", 
/**
 * Their names.
 */
names: Array<string>, } | { "kind": "draft", 
/**
 * Its beginning.
 */
text: string, } | { "kind": "message", 
/**
 * Who sent it: a first name in a group, `None` one to one or for own messages.
 */
sender: string | null, 
/**
 * Sent by this person.
 */
own: boolean, 
/**
 * Its beginning as plain text; empty when the mark says it all.
 */
text: string, 
/**
 * What kind of message it is, where it is not text.
 */
mark: PreviewMark | null, 
/**
 * How far an own message has come.
 */
delivery: Delivery | null, 
/**
 * Nobody can be sure that it is from its sender ([`crate::Trust::is_doubtful`]).
 */
doubtful: boolean, } | { "kind": "invitation", 
/**
 * The name of who invites.
 */
by: string | null, };

/**
 * What kind of message a preview stands for, where it is not plain text.
 */
export type PreviewMark = "image" | "video" | "audio" | "voice" | "file" | "location" | "poll" | "sticker" | "call" | "missedCall" | "deleted" | "undecryptable" | "unsupported";

/**
 * What an open conversation is told. The first update is always a reset; another one comes with every jump.
 */
export type ConversationUpdate = { "kind": "reset", 
/**
 * Name, members, composer.
 */
header: ConversationHeader, 
/**
 * The rows, oldest first.
 */
items: Array<Item>, 
/**
 * What lies before the oldest row.
 */
history: History, 
/**
 * What lies after the newest row; [`History::Complete`] where new messages appear as they come.
 */
newer: History, 
/**
 * Where the window stands.
 */
landing: Landing, 
/**
 * What was left in the composer.
 */
draft: SavedDraft, } | { "kind": "header", 
/**
 * The new header.
 */
header: ConversationHeader, } | { "kind": "patch", 
/**
 * The changes.
 */
ops: Array<Op<Item>>, } | { "kind": "history", 
/**
 * The new state.
 */
history: History, } | { "kind": "newer", 
/**
 * The new state.
 */
newer: History, };

/**
 * What stands above a conversation, and whether one may write.
 */
export type ConversationHeader = { 
/**
 * The chat.
 */
room: RoomId, 
/**
 * The thread this conversation is, by its root; `None` for the chat itself.
 */
thread: EventId | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Its picture.
 */
avatar: Avatar, 
/**
 * One to one.
 */
direct: boolean, 
/**
 * How many people are in it, this person included.
 */
members: number, 
/**
 * Messages are end-to-end encrypted (`m.room.encryption`).
 */
encrypted: boolean, 
/**
 * Messages that were not read.
 */
unread: number, 
/**
 * Those of them that mention this person.
 */
mentions: number, 
/**
 * The thread with the newest reply that was not read.
 */
unreadThread: UnreadThread | null, 
/**
 * Names of those who are writing.
 */
typing: Array<string>, 
/**
 * This person may send messages (power levels, membership).
 */
canWrite: boolean, 
/**
 * This person is only invited: the composer gives way to "Join" and "Decline".
 */
invitation: boolean, 
/**
 * This person is not in it any more: what was written before stays.
 */
departure: Departure | null, 
/**
 * How far back it is kept here.
 */
reach: HistoryReach, };

/**
 * How this person came to be in a chat no longer.
 */
export type Departure = { "kind": "own" } | { "kind": "removed", 
/**
 * The name of who did; `None` when that is not known here.
 */
by: string | null, };

/**
 * What lies beyond the oldest row that is shown, or the newest.
 */
export type History = "complete" | "more" | "loading" | "failed";

/**
 * How far back a chat is kept here without a hole.
 */
export type HistoryReach = { 
/**
 * Complete from this moment on; `None`: from its beginning, or nothing of it is here yet.
 */
since: Timestamp | null, 
/**
 * Whether the rest is being fetched.
 */
fetching: Fetching, };

/**
 * How the fetching of a chat's whole history stands.
 */
export type Fetching = "off" | "running" | "onBattery" | "notAllowed";

/**
 * Where in a chat to stand.
 */
export type Target = { "kind": "unread" } | { "kind": "end" } | { "kind": "event", 
/**
 * The event.
 */
event: EventId, } | { "kind": "date", 
/**
 * The moment: for a day, its beginning on this computer.
 */
time: Timestamp, };

/**
 * Where a window stands after a reset.
 */
export type Landing = { "kind": "unread" } | { "kind": "end" } | { "kind": "message", 
/**
 * Its row.
 */
key: ItemKey, } | { "kind": "start", 
/**
 * The row.
 */
key: ItemKey, };

/**
 * A row.
 */
export type Item = { 
/**
 * The stable key of the row.
 */
key: ItemKey, 
/**
 * What it shows.
 */
kind: ItemKind, };

/**
 * What a row shows.
 */
export type ItemKind = { "kind": "day", 
/**
 * A moment of that day.
 */
time: Timestamp, } | { "kind": "newMessages", 
/**
 * How many follow.
 */
count: number, } | { "kind": "gap" } | { "kind": "system", 
/**
 * What.
 */
line: SystemLine, 
/**
 * When.
 */
time: Timestamp, } | { "kind": "message", 
/**
 * The message.
 */
message: Message, };

/**
 * A line about the room itself.
 */
export type SystemLine = { "kind": "created", 
/**
 * Who.
 */
who: Who, } | { "kind": "joined", 
/**
 * Who.
 */
who: Who, } | { "kind": "left", 
/**
 * Who.
 */
who: Who, } | { "kind": "invited", 
/**
 * Who.
 */
who: Who, 
/**
 * Whom.
 */
whom: Who, } | { "kind": "invitationDeclined", 
/**
 * Who.
 */
who: Who, } | { "kind": "invitationWithdrawn", 
/**
 * Who.
 */
who: Who, 
/**
 * Whose.
 */
whom: Who, } | { "kind": "removed", 
/**
 * Who.
 */
who: Who, 
/**
 * Whom.
 */
whom: Who, 
/**
 * Why, as they said; empty when they did not.
 */
reason: string, } | { "kind": "banned", 
/**
 * Who.
 */
who: Who, 
/**
 * Whom.
 */
whom: Who, 
/**
 * Why, as they said; empty when they did not.
 */
reason: string, } | { "kind": "unbanned", 
/**
 * Who.
 */
who: Who, 
/**
 * Whom.
 */
whom: Who, } | { "kind": "knocked", 
/**
 * Who.
 */
who: Who, } | { "kind": "knockWithdrawn", 
/**
 * Who.
 */
who: Who, } | { "kind": "knockRefused", 
/**
 * Who.
 */
who: Who, 
/**
 * Whom.
 */
whom: Who, } | { "kind": "nameChanged", 
/**
 * Who, by the name before.
 */
who: Who, 
/**
 * The name now.
 */
name: string, } | { "kind": "pictureChanged", 
/**
 * Who.
 */
who: Who, } | { "kind": "renamed", 
/**
 * Who.
 */
who: Who, 
/**
 * To what.
 */
name: string, } | { "kind": "topic", 
/**
 * Who.
 */
who: Who, 
/**
 * To what.
 */
topic: string, } | { "kind": "picture", 
/**
 * Who.
 */
who: Who, 
/**
 * There is none any more.
 */
removed: boolean, } | { "kind": "encrypted", 
/**
 * Who.
 */
who: Who, } | { "kind": "encryptionKept", 
/**
 * Who.
 */
who: Who, } | { "kind": "roles", 
/**
 * Who.
 */
who: Who, 
/**
 * To whom, at most ten.
 */
changes: Array<RoleChange>, } | { "kind": "permissions", 
/**
 * Who.
 */
who: Who, } | { "kind": "pinned", 
/**
 * Who.
 */
who: Who, 
/**
 * Which.
 */
event: EventId, 
/**
 * The root of the thread it is a reply in, where that is known here.
 */
thread: EventId | null, } | { "kind": "unpinned", 
/**
 * Who.
 */
who: Who, } | { "kind": "moved", 
/**
 * Who.
 */
who: Who, 
/**
 * The room; `None` when it has no address that could be read.
 */
room: RoomId | null, 
/**
 * This person is in it already.
 */
here: boolean, } | { "kind": "visibility", 
/**
 * Who.
 */
who: Who, 
/**
 * To what.
 */
visibility: HistoryVisibility, } | { "kind": "guests", 
/**
 * Who.
 */
who: Who, 
/**
 * They may.
 */
allowed: boolean, } | { "kind": "joinRule", 
/**
 * Who.
 */
who: Who, 
/**
 * To what.
 */
rule: JoinRule, } | { "kind": "callJoined", 
/**
 * Who.
 */
who: Who, } | { "kind": "callLeft", 
/**
 * Who.
 */
who: Who, } | { "kind": "several", 
/**
 * How many people changed their name.
 */
names: number, 
/**
 * How many people changed their picture.
 */
pictures: number, 
/**
 * How many people came to a call or went.
 */
calls: number, 
/**
 * The lines themselves, oldest first.
 */
lines: Array<SystemLine>, };

/**
 * Somebody in a sentence: by name, or as "you".
 */
export type Who = { 
/**
 * The name.
 */
name: string, 
/**
 * It is this person.
 */
me: boolean, };

/**
 * What a power level amounts to (Matrix spec, "m.room.power_levels"; the names of most clients).
 */
export type Role = "admin" | "moderator" | "member";

/**
 * Somebody's new role.
 */
export type RoleChange = { 
/**
 * Whose.
 */
whom: Who, 
/**
 * The role.
 */
role: Role, };

/**
 * Who may read what was written before they came (`m.room.history_visibility`).
 */
export type HistoryVisibility = "everybody" | "members" | "sinceInvited" | "sinceJoined";

/**
 * Who may join (`m.room.join_rules`).
 */
export type JoinRule = "everybody" | "invited" | "asking" | "rooms";

/**
 * A message.
 */
export type Message = { 
/**
 * Its event id, once the server has it.
 */
event: EventId | null, 
/**
 * The transaction id of an own message that was written here.
 */
transaction: TransactionId | null, 
/**
 * Who sent it.
 */
sender: Person, 
/**
 * Sent by this person, on any device.
 */
own: boolean, 
/**
 * When.
 */
time: Timestamp, 
/**
 * Where it stands in a run of messages by one person within three minutes.
 */
run: RunPosition, 
/**
 * What it says.
 */
body: Body, 
/**
 * The message it answers.
 */
reply: Quote | null, 
/**
 * Reactions, oldest first.
 */
reactions: Array<Reaction>, 
/**
 * The thread that begins here.
 */
thread: ThreadSummary | null, 
/**
 * It was changed after sending.
 */
edited: boolean, 
/**
 * This person starred it.
 */
starred: boolean, 
/**
 * The chat pinned it (`m.room.pinned_events`).
 */
pinned: boolean, 
/**
 * It mentions this person.
 */
mentionsMe: boolean, 
/**
 * How far an own message has come; `None` for others' messages.
 */
delivery: Delivery | null, 
/**
 * How sure it is that the sender wrote it.
 */
trust: Trust, 
/**
 * This person may change its text.
 */
editable: boolean, 
/**
 * This person may delete it for everyone.
 */
deletable: boolean, };

/**
 * How sure it is that a message is from its sender.
 */
export type Trust = "usual" | "verified" | "unproven" | "unknownDevice" | "unverifiedDevice" | "changedIdentity" | "notEncrypted" | "forged";

/**
 * Where a message stands in a run of one person's messages.
 */
export type RunPosition = "only" | "first" | "middle" | "last";

/**
 * How far an own message has come.
 */
export type Delivery = { "kind": "sending" } | { "kind": "waiting" } | { "kind": "sent" } | { "kind": "read" } | { "kind": "failed", 
/**
 * Why.
 */
reason: FailReason, };

/**
 * Why a message was refused.
 */
export type FailReason = "notAllowed" | "tooLarge" | "gone" | "refused" | "encryption" | "unsure";

/**
 * What a message says.
 */
export type Body = { "kind": "text", 
/**
 * The text.
 */
blocks: Array<Block>, 
/**
 * Written by a machine (`m.notice`).
 */
notice: boolean, 
/**
 * An action (`m.emote`): drawn after the sender's name.
 */
emote: boolean, 
/**
 * One to three emoji and nothing else: drawn large.
 */
jumbo: boolean, } | { "kind": "image", 
/**
 * The picture.
 */
image: Image, 
/**
 * Text with it.
 */
caption: Array<Block>, } | { "kind": "video", 
/**
 * The film.
 */
video: Video, 
/**
 * Text with it.
 */
caption: Array<Block>, } | { "kind": "audio", 
/**
 * The sound.
 */
sound: Sound, 
/**
 * Text with it.
 */
caption: Array<Block>, } | { "kind": "voice", 
/**
 * The sound.
 */
sound: Sound, } | { "kind": "sticker", 
/**
 * The picture.
 */
image: Image, 
/**
 * What the sender says is on it.
 */
text: string, } | { "kind": "file", 
/**
 * The file.
 */
file: File, 
/**
 * Text with it.
 */
caption: Array<Block>, } | { "kind": "poll", 
/**
 * The poll.
 */
poll: Poll, } | { "kind": "location", 
/**
 * The place.
 */
location: Location, } | { "kind": "call", 
/**
 * The call.
 */
call: Call, } | { "kind": "deleted" } | { "kind": "undecryptable", 
/**
 * Why.
 */
cause: UndecryptableCause, } | { "kind": "unsupported", 
/**
 * The event or message type.
 */
what: string, };

/**
 * Why a message cannot be decrypted.
 */
export type UndecryptableCause = "waiting" | "beforeSignIn" | "withheld" | "unknown";

/**
 * A picture.
 */
export type Image = { 
/**
 * Where to get it.
 */
media: MediaRef, 
/**
 * A smaller version, if the sender made one or the server can.
 */
thumbnail: MediaRef | null, 
/**
 * The file's name, made safe.
 */
name: string, 
/**
 * Pixels, as the sender says; 0 when unknown.
 */
width: number, 
/**
 * Pixels, as the sender says; 0 when unknown.
 */
height: number, };

/**
 * A film.
 */
export type Video = { 
/**
 * The file, to play and to save.
 */
file: File, 
/**
 * A still picture of it, if the sender made one.
 */
poster: MediaRef | null, 
/**
 * Pixels, as the sender says; 0 when unknown.
 */
width: number, 
/**
 * Pixels, as the sender says; 0 when unknown.
 */
height: number, 
/**
 * Milliseconds, as the sender says.
 */
duration: number | null, };

/**
 * Something to hear.
 */
export type Sound = { 
/**
 * The file, to play and to save.
 */
file: File, 
/**
 * Milliseconds, as the sender says.
 */
duration: number | null, 
/**
 * How loud it is over time, 0 to 100 each (MSC1767 `waveform`, made even); empty when the sender does not say.
 */
waveform: Array<number>, };

/**
 * A file.
 */
export type File = { 
/**
 * Where to get it.
 */
media: MediaRef, 
/**
 * The file's name, made safe; the true extension is always visible.
 */
name: string, 
/**
 * The true extension in capitals, for the tile; empty when there is none.
 */
extension: string, 
/**
 * Bytes, as the sender says.
 */
size: number | null, };

/**
 * A poll (MSC3381), as it stands.
 */
export type Poll = { 
/**
 * The question.
 */
question: string, 
/**
 * The answers, in the order of the poll.
 */
answers: Array<PollAnswer>, 
/**
 * How many answers one person may choose, at least one and at most all.
 */
choices: number, 
/**
 * How many people have a valid vote.
 */
voters: number, 
/**
 * Numbers come only when it is closed; until then they are nobody's to see.
 */
secret: boolean, 
/**
 * No vote counts any more.
 */
closed: boolean, 
/**
 * This person may vote now.
 */
canVote: boolean, 
/**
 * This person may close it.
 */
canClose: boolean, };

/**
 * An answer of a poll.
 */
export type PollAnswer = { 
/**
 * What a vote names it by.
 */
id: string, 
/**
 * The answer.
 */
text: string, 
/**
 * How many chose it; `None` while the numbers are not to be shown.
 */
votes: number | null, 
/**
 * Some who chose it, at most three; none while the numbers are not to be shown.
 */
people: Array<Person>, 
/**
 * This person chose it.
 */
chosen: boolean, 
/**
 * It has the most votes of a closed poll.
 */
wins: boolean, };

/**
 * A place, as the sender gave it. No map is fetched: that would ask a foreign host.
 */
export type Location = { 
/**
 * The sender's description; empty when it only repeats the coordinates.
 */
text: string, 
/**
 * Where, if the address could be read.
 */
coordinates: Coordinates | null, };

/**
 * A place on the Earth (RFC 5870, WGS 84), in millionths of a degree.
 */
export type Coordinates = { 
/**
 * North of the equator; south is negative. At most 90 degrees.
 */
latitude: number, 
/**
 * East of Greenwich; west is negative. At most 180 degrees.
 */
longitude: number, 
/**
 * Metres it may be off.
 */
uncertainty: number | null, };

/**
 * A call.
 */
export type Call = { 
/**
 * With pictures.
 */
video: boolean, 
/**
 * What became of it.
 */
state: CallState, };

/**
 * What became of a call.
 */
export type CallState = { "kind": "ringing", 
/**
 * Until when.
 */
until: Timestamp, } | { "kind": "started" } | { "kind": "answered" } | { "kind": "missed" } | { "kind": "declined" } | { "kind": "ended", 
/**
 * Seconds.
 */
seconds: number, };

/**
 * The message that is answered.
 */
export type Quote = { 
/**
 * Its event id.
 */
event: EventId, 
/**
 * Its sender; `None` while the message is not here yet.
 */
sender: Person | null, 
/**
 * Its beginning as plain text.
 */
text: string, 
/**
 * What kind it is, where it is not text.
 */
mark: PreviewMark | null, };

/**
 * A reaction and who gave it.
 */
export type Reaction = { 
/**
 * The emoji or short text.
 */
key: string, 
/**
 * How many.
 */
count: number, 
/**
 * This person is among them.
 */
own: boolean, 
/**
 * Names for the tooltip, at most twenty.
 */
names: Array<string>, };

/**
 * The thread that begins at a message.
 */
export type ThreadSummary = { 
/**
 * How many replies.
 */
replies: number, 
/**
 * Those of them that this person has not read.
 */
unread: number, 
/**
 * Who replied, at most three.
 */
people: Array<Person>, 
/**
 * When the newest reply was sent.
 */
latest: Timestamp, };

/**
 * What was left in a composer.
 */
export type SavedDraft = { 
/**
 * The text with its markdown; empty for none.
 */
text: string, 
/**
 * The message it answers.
 */
replyTo: Quote | null, };

/**
 * A thread with replies that were not read.
 */
export type UnreadThread = { 
/**
 * Its root.
 */
root: EventId, 
/**
 * How many such replies, in all threads of the chat.
 */
replies: number, };

/**
 * What a person wrote, ready to go.
 */
export type Draft = { 
/**
 * The text with its markdown.
 */
text: string, 
/**
 * The message it answers.
 */
replyTo: EventId | null, 
/**
 * The thread it goes into, by its root.
 */
thread: EventId | null, 
/**
 * People who were picked from the `@` list.
 */
mentions: Array<UserId>, };

/**
 * A part of a message that stands on lines of its own.
 */
export type Block = { "kind": "paragraph", 
/**
 * Its parts.
 */
spans: Array<Span>, } | { "kind": "heading", 
/**
 * 1 to 6.
 */
level: number, 
/**
 * Its parts.
 */
spans: Array<Span>, } | { "kind": "code", 
/**
 * The language, as the sender named it.
 */
language: string | null, 
/**
 * The code.
 */
text: string, } | { "kind": "quote", 
/**
 * What is quoted.
 */
blocks: Array<Block>, } | { "kind": "list", 
/**
 * The first number of a numbered list; `None` for bullets.
 */
start: number | null, 
/**
 * The entries.
 */
items: Array<Array<Block>>, } | { "kind": "rule" };

/**
 * A part of a line.
 */
export type Span = { "kind": "text", 
/**
 * The text.
 */
text: string, } | { "kind": "break" } | { "kind": "bold", 
/**
 * Its parts.
 */
spans: Array<Span>, } | { "kind": "italic", 
/**
 * Its parts.
 */
spans: Array<Span>, } | { "kind": "strike", 
/**
 * Its parts.
 */
spans: Array<Span>, } | { "kind": "underline", 
/**
 * Its parts.
 */
spans: Array<Span>, } | { "kind": "code", 
/**
 * The code.
 */
text: string, } | { "kind": "link", 
/**
 * The target; opened only through the `openLink` verb.
 */
href: string, 
/**
 * The host to show, in punycode where letters of several scripts mix.
 */
host: string, 
/**
 * The text reads like an address of another host: the page asks before it opens.
 */
misleading: boolean, 
/**
 * What is shown.
 */
spans: Array<Span>, } | { "kind": "mention", 
/**
 * Who; `None` for the whole room.
 */
user: UserId | null, 
/**
 * The name to show, without `@`.
 */
name: string, 
/**
 * It is this person.
 */
me: boolean, };

/**
 * What is looked for.
 */
export type SearchRequest = { 
/**
 * As it was typed: words, `"phrases"`, and filters `from:` `in:` `has:` `is:` `before:` `after:` `mentions:me`.
 * Any text is allowed, of any length.
 */
text: string, 
/**
 * Only inside this chat.
 */
room: RoomId | null, 
/**
 * Which hits are wanted.
 */
scope: SearchScope, 
/**
 * Where to go on: [`SearchResults::next`] of the answer before.
 */
cursor: string | null, };

/**
 * Which hits are wanted. Counts are given for all of them, whichever it is.
 */
export type SearchScope = "all" | "messages" | "files";

/**
 * What was found.
 */
export type SearchResults = { 
/**
 * The filters in the text, in its order.
 */
filters: Array<SearchFilter>, 
/**
 * Hits by chat, the chat with the newest hit first. A page after the first may name a chat again.
 */
groups: Array<SearchGroup>, 
/**
 * People and chats whose names match the words, best first; empty on a page after the first, and inside one chat.
 */
chats: Array<ChatHit>, 
/**
 * How many there are.
 */
counts: SearchCounts, 
/**
 * The cursor of the next page; `None` when this is all.
 */
next: string | null, 
/**
 * How much of the history has been looked through.
 */
indexed: Indexed, 
/**
 * A text that finds something, when this one found nothing.
 */
suggestion: string | null, 
/**
 * How long the answer took, in milliseconds.
 */
tookMs: number, };

/**
 * How many hits there are, counted up to a bound.
 */
export type SearchCounts = { 
/**
 * Messages that are not files.
 */
messages: number, 
/**
 * Pictures, films, sound, voice messages and files.
 */
files: number, 
/**
 * There are more than were counted: "1,000+".
 */
more: boolean, };

/**
 * The hits of one chat.
 */
export type SearchGroup = { 
/**
 * The chat.
 */
room: RoomId, 
/**
 * Its name.
 */
name: string, 
/**
 * Its picture.
 */
avatar: Avatar, 
/**
 * Newest first. Everywhere: the newest few of each chat; the others come by asking for this chat alone.
 */
hits: Array<SearchHit>, 
/**
 * How many hits of the wanted scope were counted in this chat; at least as many as are here.
 */
total: number, };

/**
 * A message that was found.
 */
export type SearchHit = { 
/**
 * The message.
 */
event: EventId, 
/**
 * When it was sent.
 */
time: Timestamp, 
/**
 * Who sent it.
 */
sender: Person, 
/**
 * Sent by this person.
 */
own: boolean, 
/**
 * The root of the thread it stands in.
 */
thread: EventId | null, 
/**
 * This person starred it.
 */
starred: boolean, 
/**
 * The text around the first hit: one line, shortened with "…"; empty when only the file's name was found.
 */
text: Array<Fragment>, 
/**
 * The file it carries.
 */
file: FileHit | null, 
/**
 * What kind of message it is, where it is not text.
 */
mark: PreviewMark | null, };

/**
 * A piece of text. Pieces put together are the text.
 */
export type Fragment = { 
/**
 * The piece.
 */
text: string, 
/**
 * It is what was looked for.
 */
hit: boolean, };

/**
 * The file of a message that was found.
 */
export type FileHit = { 
/**
 * Its name, safe to draw.
 */
name: Array<Fragment>, 
/**
 * The end of its name in capitals, like "PDF"; empty when it has none.
 */
extension: string, 
/**
 * In bytes, as the sender gave it.
 */
size: number | null, };

/**
 * A person or chat whose name was found.
 */
export type ChatHit = { 
/**
 * The chat; a person is found by the chat with them.
 */
room: RoomId, 
/**
 * Its name.
 */
name: Array<Fragment>, 
/**
 * Its picture.
 */
avatar: Avatar, 
/**
 * One to one.
 */
direct: boolean, };

/**
 * How much of the history can be found.
 */
export type Indexed = { "kind": "complete" } | { "kind": "backTo", 
/**
 * Since when.
 */
time: Timestamp, } | { "kind": "building", 
/**
 * What was sent since then is in it; `None` when it has just begun.
 */
backTo: Timestamp | null, };

/**
 * What a filter looks at.
 */
export type FilterKind = "from" | "in" | "has" | "is" | "before" | "after" | "mentions";

/**
 * A filter in the text.
 */
export type SearchFilter = { 
/**
 * What it looks at.
 */
kind: FilterKind, 
/**
 * Where it begins in the text, in UTF-16 code units as the page counts.
 */
start: number, 
/**
 * Where it ends, likewise; exclusive.
 */
end: number, 
/**
 * The value that means exactly this in a text: a Matrix id, a room id, a keyword, a day as `YYYY-MM-DD`. As it was
 * typed when it is not [`FilterState::Resolved`].
 */
value: string, 
/**
 * The value as it is drawn: a name for a person or chat, else the value.
 */
label: string, 
/**
 * Whether it was understood.
 */
state: FilterState, 
/**
 * For `from:` and `in:`, what it could mean, best first, at most eight; also while it is still empty.
 */
offers: Array<FilterOffer>, };

/**
 * Whether a filter was understood.
 */
export type FilterState = "resolved" | "several" | "empty" | "unknown";

/**
 * A person or chat that a filter could mean.
 */
export type FilterOffer = { 
/**
 * The value that means exactly this.
 */
value: string, 
/**
 * The name.
 */
label: string, 
/**
 * Shown beside the name when another could be taken for it: the Matrix id.
 */
disambiguation: string | null, 
/**
 * Picture, or initials on a tint.
 */
avatar: Avatar, };

/**
 * What a rebuilding of the index tells. The last update is `Done` or `Failed`.
 */
export type RebuildUpdate = { "kind": "progress", 
/**
 * Messages that were looked through.
 */
done: number, 
/**
 * Messages there are.
 */
total: number, } | { "kind": "done", 
/**
 * Messages that can be found.
 */
messages: number, 
/**
 * Messages that the old index had lost or held wrongly; 0 when there was nothing to mend.
 */
mended: number, 
/**
 * The new index holds exactly what the messages say.
 */
sound: boolean, } | { "kind": "failed", 
/**
 * Why.
 */
failure: Failure, };

/**
 * A chat as its drawer shows it.
 */
export type ChatInfo = { 
/**
 * The chat.
 */
room: RoomId, 
/**
 * Its name.
 */
name: string, 
/**
 * Its picture.
 */
avatar: Avatar, 
/**
 * One to one.
 */
direct: boolean, 
/**
 * Messages are end-to-end encrypted (`m.room.encryption`).
 */
encrypted: boolean, 
/**
 * What it is about (`m.room.topic`).
 */
topic: string | null, 
/**
 * Who is in it: those with rights first, then by name; at most two hundred.
 */
people: Array<InfoPerson>, 
/**
 * How many people are in it, this person included.
 */
members: number, 
/**
 * Messages that this person starred here.
 */
starred: number, 
/**
 * Messages that the chat pinned and that are here.
 */
pinned: number, 
/**
 * Pictures and films, counted up to [`PARTS_COUNTED`].
 */
media: number, 
/**
 * Files, sounds and voice messages, counted likewise.
 */
files: number, 
/**
 * Messages with links, counted likewise.
 */
links: number, 
/**
 * How far back it is kept here.
 */
kept: HistoryReach, };

/**
 * A person in a chat.
 */
export type InfoPerson = { 
/**
 * The person.
 */
person: Person, 
/**
 * What they may do.
 */
role: Role, 
/**
 * It is this person.
 */
me: boolean, };

/**
 * What a list of a drawer holds.
 */
export type PartKind = "media" | "files" | "links";

/**
 * A page of a list.
 */
export type Parts = { 
/**
 * Newest first.
 */
items: Array<PartItem>, 
/**
 * Where to go on; `None` when this is all that is here.
 */
next: string | null, };

/**
 * What a message carries.
 */
export type PartItem = { 
/**
 * The message.
 */
event: EventId, 
/**
 * The root of the thread it is a reply in.
 */
thread: EventId | null, 
/**
 * Who sent it.
 */
sender: Person, 
/**
 * Sent by this person.
 */
own: boolean, 
/**
 * When.
 */
time: Timestamp, 
/**
 * What it says.
 */
body: Body, 
/**
 * Its first link, in a list of links.
 */
link: PartLink | null, };

/**
 * A link of a message.
 */
export type PartLink = { 
/**
 * Where it leads.
 */
href: string, 
/**
 * The same to read: host and path, shortened.
 */
text: string, };

/**
 * What takes room on the disk, in bytes.
 */
export type Storage = { 
/**
 * Messages, chats, people.
 */
messages: number, 
/**
 * The index that finds words.
 */
search: number, 
/**
 * Room in the files that nothing uses; new messages take it first.
 */
free: number, 
/**
 * What was written last and is not folded in yet.
 */
log: number, 
/**
 * Damaged files that were set aside.
 */
aside: number, 
/**
 * Copies of pictures and files.
 */
media: number, 
/**
 * Keys of messages and the state of chats.
 */
keys: number, 
/**
 * Messages that are older than this many days are deleted from this computer; `None`: they are kept.
 */
keptDays: number | null, };
