//! The rows of the chat list.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Avatar, Delivery, Op, RoomId, Timestamp};

/// What the chat-list window is told. The first update is always a reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ChatListUpdate {
    /// All rows, in order.
    Reset {
        /// The rows, newest first, pinned ones before.
        rows: Vec<ChatRow>,
    },
    /// Changes, applied in order.
    Patch {
        /// The changes.
        ops: Vec<Op<ChatRow>>,
    },
}

/// A chat as its row shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatRow {
    /// The chat.
    pub room: RoomId,
    /// Its name as this person sees it.
    pub name: String,
    /// Picture, or initials on a tint.
    pub avatar: Avatar,
    /// The second line.
    pub preview: Preview,
    /// When the newest message was sent; `None` in a chat without messages.
    pub time: Option<Timestamp>,
    /// Unread messages.
    pub unread: u32,
    /// Unread messages that mention this person.
    pub mentions: u32,
    /// This person marked it as unread; shown as a dot where nothing is.
    pub marked_unread: bool,
    /// No notifications (push rule of the room).
    pub muted: bool,
    /// Kept at the top (`m.favourite` tag).
    pub pinned: bool,
    /// One to one.
    pub direct: bool,
}

/// The second line of a chat row, in the order of UX section 5: not sent, typing, draft, latest message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Preview {
    /// No message yet.
    Empty,
    /// An own message was refused.
    NotSent {
        /// Its beginning.
        text: String,
    },
    /// Others are writing.
    Typing {
        /// Their names.
        names: Vec<String>,
    },
    /// An unsent text in the composer.
    Draft {
        /// Its beginning.
        text: String,
    },
    /// The newest message.
    Message {
        /// Who sent it: a first name in a group, `None` one to one or for own messages.
        sender: Option<String>,
        /// Sent by this person.
        own: bool,
        /// Its beginning as plain text; empty when the mark says it all.
        text: String,
        /// What kind of message it is, where it is not text.
        mark: Option<PreviewMark>,
        /// How far an own message has come.
        delivery: Option<Delivery>,
        /// Nobody can be sure that it is from its sender ([`crate::Trust::is_doubtful`]).
        doubtful: bool,
    },
    /// Somebody invites this person.
    Invitation {
        /// The name of who invites.
        by: Option<String>,
    },
}

/// What kind of message a preview stands for, where it is not plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PreviewMark {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// A voice message.
    Voice,
    /// A file.
    File,
    /// A place.
    Location,
    /// A poll.
    Poll,
    /// A sticker.
    Sticker,
    /// A call.
    Call,
    /// A call that this person missed.
    MissedCall,
    /// A deleted message.
    Deleted,
    /// A message whose key is missing.
    Undecryptable,
    /// A kind this version cannot show.
    Unsupported,
}
