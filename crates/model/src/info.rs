//! What a chat is, beside its messages: people, pictures, files, links.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Avatar, Body, EventId, HistoryReach, Person, Role, RoomId, Timestamp};

/// A chat as its drawer shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatInfo {
    /// The chat.
    pub room: RoomId,
    /// Its name.
    pub name: String,
    /// Its picture.
    pub avatar: Avatar,
    /// One to one.
    pub direct: bool,
    /// Messages are end-to-end encrypted (`m.room.encryption`).
    pub encrypted: bool,
    /// What it is about (`m.room.topic`).
    pub topic: Option<String>,
    /// Who is in it: those with rights first, then by name; at most two hundred.
    pub people: Vec<InfoPerson>,
    /// How many people are in it, this person included.
    pub members: u32,
    /// Messages that this person starred here.
    pub starred: u32,
    /// Messages that the chat pinned and that are here.
    pub pinned: u32,
    /// Pictures and films, counted up to [`PARTS_COUNTED`].
    pub media: u32,
    /// Files, sounds and voice messages, counted likewise.
    pub files: u32,
    /// Messages with links, counted likewise.
    pub links: u32,
    /// How far back it is kept here.
    pub kept: HistoryReach,
}

/// Counts of a drawer end here: this many means "and more".
pub const PARTS_COUNTED: u32 = 1_000;

/// A person in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InfoPerson {
    /// The person.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// It is this person.
    pub me: bool,
}

/// What a list of a drawer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PartKind {
    /// Pictures and films.
    Media,
    /// Files, sounds and voice messages.
    Files,
    /// Links.
    Links,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Parts {
    /// Newest first.
    pub items: Vec<PartItem>,
    /// Where to go on; `None` when this is all that is here.
    pub next: Option<String>,
}

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartItem {
    /// The message.
    pub event: EventId,
    /// The root of the thread it is a reply in.
    pub thread: Option<EventId>,
    /// Who sent it.
    pub sender: Person,
    /// Sent by this person.
    pub own: bool,
    /// When.
    pub time: Timestamp,
    /// What it says.
    pub body: Body,
    /// Its first link, in a list of links.
    pub link: Option<PartLink>,
}

/// A link of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartLink {
    /// Where it leads.
    pub href: String,
    /// The same to read: host and path, shortened.
    pub text: String,
}
