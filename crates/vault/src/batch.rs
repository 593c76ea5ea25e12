//! What goes in: a batch is one sync response, or one page of history, in the vault's own words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UndecryptableCause, UserId};

use crate::Seal;

/// Everything one response said. Recorded in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The rooms it speaks of.
    pub rooms: Vec<RoomBatch>,
}

/// What a response said of one room.
#[derive(Clone, Debug)]
pub struct RoomBatch {
    /// The room.
    pub room: RoomId,
    /// Its name, picture, membership and so on, when they may have changed.
    pub summary: Option<RoomSummary>,
    /// New or older events.
    pub timeline: Option<Timeline>,
    /// How encrypted events of the timeline were sealed, where it is known.
    pub seals: BTreeMap<EventId, Seal>,
    /// Read receipts (`m.receipt`) that speak of everything up to their event.
    pub receipts: Vec<Receipt>,
    /// Read receipts that speak of the main timeline or of one thread (MSC3771).
    pub thread_receipts: Vec<ThreadReceipt>,
    /// Whether this person marked the room as unread (`m.marked_unread`), when that was said.
    pub marked_unread: Option<bool>,
    /// Members, when they may have changed.
    pub members: Vec<Member>,
}

impl RoomBatch {
    /// An empty batch for this room.
    #[must_use]
    pub fn new(room: RoomId) -> Self {
        Self {
            room,
            summary: None,
            timeline: None,
            seals: BTreeMap::new(),
            receipts: Vec::new(),
            thread_receipts: Vec::new(),
            marked_unread: None,
            members: Vec::new(),
        }
    }
}

/// A room as its rows show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomSummary {
    /// The name as this person sees it.
    pub name: String,
    /// The picture's `mxc:` address.
    pub avatar: Option<String>,
    /// One to one.
    pub direct: bool,
    /// The other person of a room that is one to one.
    pub partner: Option<UserId>,
    /// How many have joined.
    pub members: u32,
    /// `m.room.encryption` is set.
    pub encrypted: bool,
    /// How this person stands to it.
    pub membership: Membership,
    /// Who ended the membership of this person, themselves or somebody else, where that is known. Of a room that was left.
    pub left_by: Option<UserId>,
    /// Who invited this person: a name to show.
    pub inviter: Option<String>,
    /// A push rule of the room silences it.
    pub muted: bool,
    /// Notifies for mentions only.
    pub mentions_only: bool,
    /// Has the `m.favourite` tag.
    pub pinned: bool,
    /// This person may send messages.
    pub can_write: bool,
    /// It is a space (`m.space`), which is no chat.
    pub space: bool,
    /// Everybody who may delete what others wrote.
    pub moderators: Vec<UserId>,
    /// The messages that the room pinned (`m.room.pinned_events`), in the order of the list.
    pub pinned_events: Vec<EventId>,
}

/// How this person stands to a room (`m.room.member`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Membership {
    /// Joined.
    #[default]
    Joined,
    /// Invited.
    Invited,
    /// Left, removed or banned: what was written before stays readable.
    Left,
}

/// What a message carries beside plain text. The numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A picture (`m.image`).
    Image = 1,
    /// A film (`m.video`).
    Video = 2,
    /// Sound (`m.audio`).
    Audio = 3,
    /// A voice message (MSC3245).
    Voice = 4,
    /// Any other file (`m.file`).
    File = 5,
    /// A link in its text.
    Link = 6,
    /// A poll (MSC3381).
    Poll = 7,
}

/// A run of events of one room, oldest first, without holes between them.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// Where they belong.
    pub place: Place,
}

/// Where a run of events belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the new end. `prev_batch` is set when the response was limited: what lies between the newest known event and
    /// these is missing, and the token asks for it. If the first events are known already, nothing is missing.
    Live {
        /// The token towards older events, if the response was limited.
        prev_batch: Option<String>,
    },
    /// A page that was asked for with `from`, the token of a gap: the events just older than the gap's newer side.
    Older {
        /// The gap's token, as [`Gap::token`](crate::Gap) gave it.
        from: String,
        /// The token of what is older still; `None` when the room begins here.
        next: Option<String>,
    },
}

/// An event as the server gave it, decrypted where it could be.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its sender.
    pub sender: UserId,
    /// `origin_server_ts`, as the server said it: may be nonsense.
    pub time: Timestamp,
    /// Its type, after decryption.
    pub kind: String,
    /// The state key of a state event.
    pub state_key: Option<String>,
    /// Its content, after decryption; `Value::Null` or any other shape in a malformed event.
    pub content: Value,
    /// The content of this state before (`unsigned.prev_content`), of a state event; `None` when it is not known.
    pub previous: Option<Value>,
    /// `redacts` (top level or in the content) of an `m.room.redaction`.
    pub redacts: Option<EventId>,
    /// `unsigned.redacted_because` is set: the server already took the content away.
    pub redacted: bool,
    /// `unsigned.transaction_id`, on own events of this device.
    pub transaction: Option<TransactionId>,
    /// How it travelled.
    pub encryption: Encryption,
    /// Push rules say that it counts as unread (`notify`).
    pub notifies: bool,
    /// Push rules say that it mentions this person (`highlight`).
    pub mentions_me: bool,
}

/// How an event travelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encryption {
    /// In the clear.
    Clear,
    /// Encrypted by a device of its sender, and decrypted here.
    Decrypted,
    /// In the clear in an encrypted room.
    Suspicious,
    /// Encrypted by a device of its sender, whose identity this person has confirmed.
    Verified,
    /// Decrypted with a key that says nothing of the device: it came from a backup or a file.
    Unproven,
    /// Encrypted by a device that is not known (any more).
    UnknownDevice,
    /// Encrypted by a device that its owner has not confirmed.
    UnverifiedDevice,
    /// Encrypted by somebody whose identity is another than the one this person confirmed.
    ChangedIdentity,
    /// Encrypted by somebody else than the sender it names, or an earlier message that came again under another id.
    Forged,
    /// Could not be decrypted (yet).
    Undecryptable {
        /// The Megolm session id.
        session: Option<String>,
        /// Why.
        cause: UndecryptableCause,
    },
}

/// A read receipt (`m.read` and `m.read.private`; Matrix spec, "Receipts").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Who read.
    pub user: UserId,
    /// Up to which event.
    pub event: EventId,
    /// When.
    pub time: Timestamp,
}

/// A read receipt that speaks of one part of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadReceipt {
    /// Who read, and up to which event.
    pub receipt: Receipt,
    /// The root of the thread that was read; `None` for the main timeline.
    pub root: Option<EventId>,
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The display name in this room.
    pub name: Option<String>,
    /// The picture's `mxc:` address.
    pub avatar: Option<String>,
    /// Has joined (not invited, left or banned).
    pub joined: bool,
}
