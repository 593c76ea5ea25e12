//! The rows of a conversation.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Avatar, Body, EventId, HistoryReach, ItemKey, Landing, Op, Person, RoomId, SystemLine, Timestamp, TransactionId,
    UserId,
};

/// What an open conversation is told. The first update is always a reset; another one comes with every jump.
#[expect(clippy::large_enum_variant, reason = "a few a second, never kept in numbers")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ConversationUpdate {
    /// Everything the window shows.
    Reset {
        /// Name, members, composer.
        header: ConversationHeader,
        /// The rows, oldest first.
        items: Vec<Item>,
        /// What lies before the oldest row.
        history: History,
        /// What lies after the newest row; [`History::Complete`] where new messages appear as they come.
        newer: History,
        /// Where the window stands.
        landing: Landing,
        /// What was left in the composer.
        draft: SavedDraft,
    },
    /// The header changed.
    Header {
        /// The new header.
        header: ConversationHeader,
    },
    /// Rows changed; applied in order.
    Patch {
        /// The changes.
        ops: Vec<Op<Item>>,
    },
    /// What lies before the oldest row changed.
    History {
        /// The new state.
        history: History,
    },
    /// What lies after the newest row changed.
    Newer {
        /// The new state.
        newer: History,
    },
}

/// What stands above a conversation, and whether one may write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConversationHeader {
    /// The chat.
    pub room: RoomId,
    /// The thread this conversation is, by its root; `None` for the chat itself.
    pub thread: Option<EventId>,
    /// Its name.
    pub name: String,
    /// Its picture.
    pub avatar: Avatar,
    /// One to one.
    pub direct: bool,
    /// How many people are in it, this person included.
    pub members: u32,
    /// Messages are end-to-end encrypted (`m.room.encryption`).
    pub encrypted: bool,
    /// Messages that were not read.
    pub unread: u32,
    /// Those of them that mention this person.
    pub mentions: u32,
    /// The thread with the newest reply that was not read.
    pub unread_thread: Option<UnreadThread>,
    /// Names of those who are writing.
    pub typing: Vec<String>,
    /// This person may send messages (power levels, membership).
    pub can_write: bool,
    /// This person is only invited: the composer gives way to "Join" and "Decline".
    pub invitation: bool,
    /// This person is not in it any more: what was written before stays.
    pub departure: Option<Departure>,
    /// How far back it is kept here.
    pub reach: HistoryReach,
}

/// How this person came to be in a chat no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Departure {
    /// They left or declined, on whichever device, or an invitation ended: there is nothing to say.
    Own,
    /// Somebody else ended it.
    Removed {
        /// The name of who did; `None` when that is not known here.
        by: Option<String>,
    },
}

/// What lies beyond the oldest row that is shown, or the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum History {
    /// Nothing: the chat begins here, or goes on here.
    Complete,
    /// There is more; ask with `loadOlder` or `loadNewer`.
    More,
    /// It is being fetched.
    Loading,
    /// It could not be fetched; what is shown is complete up to here.
    Failed,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The stable key of the row.
    pub key: ItemKey,
    /// What it shows.
    pub kind: ItemKind,
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ItemKind {
    /// A new day begins.
    Day {
        /// A moment of that day.
        time: Timestamp,
    },
    /// What follows was not read when the chat was opened.
    NewMessages {
        /// How many follow.
        count: u32,
    },
    /// Between here and the next row messages may be missing; they are being asked for.
    Gap,
    /// Something happened in the room.
    System {
        /// What.
        line: SystemLine,
        /// When.
        time: Timestamp,
    },
    /// A message.
    Message {
        /// The message.
        message: Box<Message>,
    },
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its event id, once the server has it.
    pub event: Option<EventId>,
    /// The transaction id of an own message that was written here.
    pub transaction: Option<TransactionId>,
    /// Who sent it.
    pub sender: Person,
    /// Sent by this person, on any device.
    pub own: bool,
    /// When.
    pub time: Timestamp,
    /// Where it stands in a run of messages by one person within three minutes.
    pub run: RunPosition,
    /// What it says.
    pub body: Body,
    /// The message it answers.
    pub reply: Option<Quote>,
    /// Reactions, oldest first.
    pub reactions: Vec<Reaction>,
    /// The thread that begins here.
    pub thread: Option<ThreadSummary>,
    /// It was changed after sending.
    pub edited: bool,
    /// This person starred it.
    pub starred: bool,
    /// The chat pinned it (`m.room.pinned_events`).
    pub pinned: bool,
    /// It mentions this person.
    pub mentions_me: bool,
    /// How far an own message has come; `None` for others' messages.
    pub delivery: Option<Delivery>,
    /// How sure it is that the sender wrote it.
    pub trust: Trust,
    /// This person may change its text.
    pub editable: bool,
    /// This person may delete it for everyone.
    pub deletable: bool,
}

/// How sure it is that a message is from its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Trust {
    /// Nothing to say: encrypted by a device of the sender's, or sent in the clear where nothing is encrypted.
    Usual,
    /// Encrypted by a device of the sender's, whose identity this person has confirmed.
    Verified,
    /// Encrypted, but nobody can say by which device: its key came from a backup or a file.
    Unproven,
    /// Encrypted by a device that is not known (any more).
    UnknownDevice,
    /// Encrypted by a device that the sender has not confirmed.
    UnverifiedDevice,
    /// The sender's identity is another than the one this person confirmed.
    ChangedIdentity,
    /// It came in the clear into an encrypted chat.
    NotEncrypted,
    /// It was encrypted by somebody else than the sender it names.
    Forged,
}

impl Trust {
    /// The message is marked wherever it is shown.
    #[must_use]
    pub fn is_doubtful(self) -> bool {
        !matches!(self, Self::Usual | Self::Verified | Self::Unproven)
    }

    /// Anybody may have written it, the server included: no notification repeats it.
    #[must_use]
    pub fn may_be_anybody(self) -> bool {
        matches!(self, Self::ChangedIdentity | Self::NotEncrypted | Self::Forged)
    }
}

/// Where a message stands in a run of one person's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunPosition {
    /// Alone.
    Only,
    /// The first of several.
    First,
    /// Between others.
    Middle,
    /// The last of several.
    Last,
}

/// How far an own message has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Delivery {
    /// Kept here, on its way.
    Sending,
    /// Kept here; goes out when there is a connection.
    Waiting,
    /// The server has it.
    Sent,
    /// Everyone else in the chat has read it.
    Read,
    /// Refused; kept here.
    Failed {
        /// Why.
        reason: FailReason,
    },
}

/// Why a message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FailReason {
    /// This person may not write here (any more).
    NotAllowed,
    /// The message is larger than the server takes.
    TooLarge,
    /// The chat does not exist any more, or this person left it.
    Gone,
    /// The server refuses it for another reason.
    Refused,
    /// It could not be encrypted for everyone who must read it.
    Encryption,
    /// It may have been sent already: this computer's files went back to an earlier state.
    Unsure,
}

/// The message that is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// Its event id.
    pub event: EventId,
    /// Its sender; `None` while the message is not here yet.
    pub sender: Option<Person>,
    /// Its beginning as plain text.
    pub text: String,
    /// What kind it is, where it is not text.
    pub mark: Option<crate::PreviewMark>,
}

/// A reaction and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    /// The emoji or short text.
    pub key: String,
    /// How many.
    pub count: u32,
    /// This person is among them.
    pub own: bool,
    /// Names for the tooltip, at most twenty.
    pub names: Vec<String>,
}

/// The thread that begins at a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadSummary {
    /// How many replies.
    pub replies: u32,
    /// Those of them that this person has not read.
    pub unread: u32,
    /// Who replied, at most three.
    pub people: Vec<Person>,
    /// When the newest reply was sent.
    pub latest: Timestamp,
}

/// A thread with replies that were not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadThread {
    /// Its root.
    pub root: EventId,
    /// How many such replies, in all threads of the chat.
    pub replies: u32,
}

/// What was left in a composer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedDraft {
    /// The text with its markdown; empty for none.
    pub text: String,
    /// The message it answers.
    pub reply_to: Option<Quote>,
}

/// What a person wrote, ready to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The text with its markdown.
    pub text: String,
    /// The message it answers.
    pub reply_to: Option<EventId>,
    /// The thread it goes into, by its root.
    pub thread: Option<EventId>,
    /// People who were picked from the `@` list.
    pub mentions: Vec<UserId>,
}
