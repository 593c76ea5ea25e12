//! What comes out: rows as readers need them, and what a change touched.

use std::collections::BTreeSet;

use serde_json::Value;
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UserId};

use crate::{Encryption, Intent, PollTally, RoomSummary};

/// What a write changed; the only change feed. Readers re-read what they show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rooms whose row in the chat list may look different.
    pub rows: BTreeSet<RoomId>,
    /// Rooms whose conversation may look different.
    pub conversations: BTreeSet<RoomId>,
    /// New live messages of others that count as unread, oldest first: what may notify.
    pub arrived: Vec<Arrived>,
    /// Rooms that were read up to their newest counting message by this change (here or on another device), or whose
    /// unread messages went away: what was shown of them is withdrawn.
    pub read: BTreeSet<RoomId>,
    /// Events that were redacted or edited by this change, with their rooms.
    pub altered: Vec<(RoomId, EventId)>,
    /// Intents became due or were added.
    pub outbox: bool,
}

impl Changes {
    /// Nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A message that arrived live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Its room.
    pub room: RoomId,
    /// The message.
    pub event: EventId,
    /// Its sender.
    pub sender: UserId,
    /// When it was sent, as the server said.
    pub time: Timestamp,
    /// It mentions this person.
    pub mentions_me: bool,
    /// It could not be decrypted (yet).
    pub undecryptable: bool,
    /// It was here before, and its key came now.
    pub late: bool,
}

/// A chat as the chat list needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatRecord {
    /// The room.
    pub room: RoomId,
    /// Its name, picture and so on.
    pub summary: RoomSummary,
    /// It is in the chat list: joined or invited, and no space.
    pub listed: bool,
    /// Unread messages.
    pub unread: u32,
    /// Unread messages that mention this person.
    pub mentions: u32,
    /// This person marked it as unread.
    pub marked_unread: bool,
    /// The newest message that a preview shows.
    pub latest: Option<MessageRecord>,
    /// The newest intent of this room that is not on the server yet, if it is newer than `latest`.
    pub latest_intent: Option<Intent>,
    /// The newest message of this room that was refused for good.
    pub failed: Option<Intent>,
    /// Text left in the composer.
    pub draft: Option<String>,
    /// What the list is sorted by: the newest message's or intent's time.
    pub order: Timestamp,
}

/// An event as a conversation needs it, with everything that was said about it since.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRecord {
    /// Its id.
    pub event: EventId,
    /// The transaction id it was sent with, if this device sent it.
    pub transaction: Option<TransactionId>,
    /// Its place in the room: larger is newer. Not contiguous.
    pub position: i64,
    /// Its sender.
    pub sender: UserId,
    /// When it was sent, as the server said.
    pub time: Timestamp,
    /// Its type, after decryption.
    pub kind: String,
    /// The state key of a state event.
    pub state_key: Option<String>,
    /// Its content, with the newest valid edit applied (`m.new_content`); `Null` when redacted.
    pub content: Value,
    /// The content of this state before, of a state event; `None` when it is not known.
    pub previous: Option<Value>,
    /// It was edited.
    pub edited: bool,
    /// It was redacted.
    pub redacted: bool,
    /// How it travelled.
    pub encryption: Encryption,
    /// It mentions this person.
    pub mentions_me: bool,
    /// It counts as unread until it is read.
    pub notifies: bool,
    /// The message it answers (`m.in_reply_to`, without thread fallbacks).
    pub reply_to: Option<EventId>,
    /// Reactions, by the time of the first of each key.
    pub reactions: Vec<ReactionRecord>,
    /// The thread that begins here.
    pub thread: Option<ThreadRecord>,
    /// This person starred it.
    pub starred: bool,
    /// The room pinned it (`m.room.pinned_events`).
    pub pinned: bool,
    /// How the votes stand, of a poll.
    pub poll: Option<PollTally>,
    /// What became of it, of a call: steps with who took them and when, oldest first.
    pub call: Vec<(CallStep, UserId, Timestamp)>,
}

/// A step of a call (Matrix spec, "Voice over IP"; MSC4310 for calls of groups).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallStep {
    /// Somebody answered.
    Answer,
    /// Somebody declined.
    Decline,
    /// Somebody hung up.
    End,
}

/// A reaction (`m.annotation`) and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionRecord {
    /// The emoji or short text.
    pub key: String,
    /// Who, first to last, without doubles.
    pub senders: Vec<UserId>,
}

/// A thread (`m.thread`), summed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadRecord {
    /// How many replies.
    pub replies: u32,
    /// Those of them that this person has not read.
    pub unread: u32,
    /// The latest distinct senders, at most three.
    pub people: Vec<UserId>,
    /// The newest reply's time.
    pub latest: Timestamp,
}

/// A thread with replies that this person has not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadThread {
    /// Its root.
    pub root: EventId,
    /// How many such replies.
    pub replies: u32,
}

/// A stretch of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The events that a conversation shows (messages, state lines, unknown types; not edits, reactions, redactions or
    /// replies in threads), oldest first.
    pub messages: Vec<MessageRecord>,
    /// The gaps inside this stretch or at its older end.
    pub gaps: Vec<Gap>,
    /// Older events of this room are in the vault.
    pub older_here: bool,
}

/// Where an event stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPlace {
    /// Its place in the room: larger is newer.
    pub position: i64,
    /// A conversation has a row for it.
    pub shown: bool,
    /// The event it speaks of: what it edits, reacts to or removes, or the root of its thread.
    pub about: Option<EventId>,
    /// It is a reply in a thread.
    pub in_thread: bool,
}

/// A hole in what is known of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The hole lies just before the event at this position.
    pub before: i64,
    /// The token to ask the server with (`/messages?dir=b&from=`).
    pub token: String,
}

/// A person as a room knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// Who.
    pub user: UserId,
    /// The display name in this room.
    pub name: Option<String>,
    /// The picture's `mxc:` address.
    pub avatar: Option<String>,
    /// Another joined member of the room has the same name.
    pub ambiguous: bool,
}
