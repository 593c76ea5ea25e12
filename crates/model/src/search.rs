//! Searching: what is asked, and what is found.
//!
//! **Invariant:** an answer belongs to one request and never changes; the page drops an answer to a text that is no
//! longer the one in its field. What was shown does not jump: a later page only adds.
//!
//! **Invariant:** no text is an error. What is not understood as a filter is a word to look for; a filter that names
//! nobody is answered with [`FilterState::Unknown`] and finds nothing, so that it can be said and is not ignored.
//!
//! Filters stay in the text (`from:@priya:example.org has:file berth`), because a text can be kept, pasted and read
//! aloud. The engine parses them; the page draws those it is told of as chips. A structure of filters beside the text
//! was refused: there would be two parsers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Avatar, EventId, Failure, Person, PreviewMark, RoomId, Timestamp};

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchRequest {
    /// As it was typed: words, `"phrases"`, and filters `from:` `in:` `has:` `is:` `before:` `after:` `mentions:me`.
    /// Any text is allowed, of any length.
    pub text: String,
    /// Only inside this chat.
    pub room: Option<RoomId>,
    /// Which hits are wanted.
    pub scope: SearchScope,
    /// Where to go on: [`SearchResults::next`] of the answer before.
    pub cursor: Option<String>,
}

/// Which hits are wanted. Counts are given for all of them, whichever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SearchScope {
    /// Messages and files.
    #[default]
    All,
    /// Messages that are not files.
    Messages,
    /// Pictures, films, sound, voice messages and files.
    Files,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchResults {
    /// The filters in the text, in its order.
    pub filters: Vec<SearchFilter>,
    /// Hits by chat, the chat with the newest hit first. A page after the first may name a chat again.
    pub groups: Vec<SearchGroup>,
    /// People and chats whose names match the words, best first; empty on a page after the first, and inside one chat.
    pub chats: Vec<ChatHit>,
    /// How many there are.
    pub counts: SearchCounts,
    /// The cursor of the next page; `None` when this is all.
    pub next: Option<String>,
    /// How much of the history has been looked through.
    pub indexed: Indexed,
    /// A text that finds something, when this one found nothing.
    pub suggestion: Option<String>,
    /// How long the answer took, in milliseconds.
    pub took_ms: u32,
}

/// How many hits there are, counted up to a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchCounts {
    /// Messages that are not files.
    pub messages: u32,
    /// Pictures, films, sound, voice messages and files.
    pub files: u32,
    /// There are more than were counted: "1,000+".
    pub more: bool,
}

/// The hits of one chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchGroup {
    /// The chat.
    pub room: RoomId,
    /// Its name.
    pub name: String,
    /// Its picture.
    pub avatar: Avatar,
    /// Newest first. Everywhere: the newest few of each chat; the others come by asking for this chat alone.
    pub hits: Vec<SearchHit>,
    /// How many hits of the wanted scope were counted in this chat; at least as many as are here.
    pub total: u32,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// The message.
    pub event: EventId,
    /// When it was sent.
    pub time: Timestamp,
    /// Who sent it.
    pub sender: Person,
    /// Sent by this person.
    pub own: bool,
    /// The root of the thread it stands in.
    pub thread: Option<EventId>,
    /// This person starred it.
    pub starred: bool,
    /// The text around the first hit: one line, shortened with "…"; empty when only the file's name was found.
    pub text: Vec<Fragment>,
    /// The file it carries.
    pub file: Option<FileHit>,
    /// What kind of message it is, where it is not text.
    pub mark: Option<PreviewMark>,
}

/// A piece of text. Pieces put together are the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fragment {
    /// The piece.
    pub text: String,
    /// It is what was looked for.
    pub hit: bool,
}

/// The file of a message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileHit {
    /// Its name, safe to draw.
    pub name: Vec<Fragment>,
    /// The end of its name in capitals, like "PDF"; empty when it has none.
    pub extension: String,
    /// In bytes, as the sender gave it.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}

/// A person or chat whose name was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatHit {
    /// The chat; a person is found by the chat with them.
    pub room: RoomId,
    /// Its name.
    pub name: Vec<Fragment>,
    /// Its picture.
    pub avatar: Avatar,
    /// One to one.
    pub direct: bool,
}

/// How much of the history can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Indexed {
    /// All of it.
    Complete,
    /// What was sent since then in every chat; older messages are not on this computer.
    BackTo {
        /// Since when.
        time: Timestamp,
    },
    /// The index is being built, newest messages first.
    Building {
        /// What was sent since then is in it; `None` when it has just begun.
        back_to: Option<Timestamp>,
    },
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilterKind {
    /// `from:` a person, by Matrix id or name.
    From,
    /// `in:` a chat, by room id or name.
    In,
    /// `has:` `file`, `image`, `video`, `voice`, `link` or `poll`.
    Has,
    /// `is:` `starred`, `pinned` or `unread`.
    Is,
    /// `before:` a day, that day not included.
    Before,
    /// `after:` a day, that day included.
    After,
    /// `mentions:` `me`.
    Mentions,
}

/// A filter in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchFilter {
    /// What it looks at.
    pub kind: FilterKind,
    /// Where it begins in the text, in UTF-16 code units as the page counts.
    pub start: u32,
    /// Where it ends, likewise; exclusive.
    pub end: u32,
    /// The value that means exactly this in a text: a Matrix id, a room id, a keyword, a day as `YYYY-MM-DD`. As it was
    /// typed when it is not [`FilterState::Resolved`].
    pub value: String,
    /// The value as it is drawn: a name for a person or chat, else the value.
    pub label: String,
    /// Whether it was understood.
    pub state: FilterState,
    /// For `from:` and `in:`, what it could mean, best first, at most eight; also while it is still empty.
    pub offers: Vec<FilterOffer>,
}

/// Whether a filter was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilterState {
    /// It means one thing, and narrows the answer.
    Resolved,
    /// It could mean several, and narrows the answer to any of them.
    Several,
    /// Nothing was typed after the colon yet; it narrows nothing.
    Empty,
    /// Nobody and nothing is called that; nothing is found.
    Unknown,
}

/// A person or chat that a filter could mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilterOffer {
    /// The value that means exactly this.
    pub value: String,
    /// The name.
    pub label: String,
    /// Shown beside the name when another could be taken for it: the Matrix id.
    pub disambiguation: Option<String>,
    /// Picture, or initials on a tint.
    pub avatar: Avatar,
}

/// What a rebuilding of the index tells. The last update is `Done` or `Failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RebuildUpdate {
    /// How far it is, newest messages first; what was looked through can be found.
    Progress {
        /// Messages that were looked through.
        #[ts(type = "number")]
        done: u64,
        /// Messages there are.
        #[ts(type = "number")]
        total: u64,
    },
    /// It is whole, and was compared with the messages themselves.
    Done {
        /// Messages that can be found.
        #[ts(type = "number")]
        messages: u64,
        /// Messages that the old index had lost or held wrongly; 0 when there was nothing to mend.
        #[ts(type = "number")]
        mended: u64,
        /// The new index holds exactly what the messages say.
        sound: bool,
    },
    /// It stopped. It goes on at the next start.
    Failed {
        /// Why.
        failure: Failure,
    },
}
