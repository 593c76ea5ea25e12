//! Lines about the room itself, from its state events.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{EventId, RoomId};

/// Somebody in a sentence: by name, or as "you".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Who {
    /// The name.
    pub name: String,
    /// It is this person.
    pub me: bool,
}

/// A line about the room itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum SystemLine {
    /// Created the room.
    Created {
        /// Who.
        who: Who,
    },
    /// Joined.
    Joined {
        /// Who.
        who: Who,
    },
    /// Left.
    Left {
        /// Who.
        who: Who,
    },
    /// Invited somebody.
    Invited {
        /// Who.
        who: Who,
        /// Whom.
        whom: Who,
    },
    /// Declined an invitation.
    InvitationDeclined {
        /// Who.
        who: Who,
    },
    /// Took an invitation back.
    InvitationWithdrawn {
        /// Who.
        who: Who,
        /// Whose.
        whom: Who,
    },
    /// Removed somebody.
    Removed {
        /// Who.
        who: Who,
        /// Whom.
        whom: Who,
        /// Why, as they said; empty when they did not.
        reason: String,
    },
    /// Removed somebody, who may not come back.
    Banned {
        /// Who.
        who: Who,
        /// Whom.
        whom: Who,
        /// Why, as they said; empty when they did not.
        reason: String,
    },
    /// Let somebody come back.
    Unbanned {
        /// Who.
        who: Who,
        /// Whom.
        whom: Who,
    },
    /// Asked to join.
    Knocked {
        /// Who.
        who: Who,
    },
    /// Does not ask to join any more.
    KnockWithdrawn {
        /// Who.
        who: Who,
    },
    /// Refused somebody who asked to join.
    KnockRefused {
        /// Who.
        who: Who,
        /// Whom.
        whom: Who,
    },
    /// Has another name.
    NameChanged {
        /// Who, by the name before.
        who: Who,
        /// The name now.
        name: String,
    },
    /// Has another picture.
    PictureChanged {
        /// Who.
        who: Who,
    },
    /// Changed the room's name; an empty one was taken away.
    Renamed {
        /// Who.
        who: Who,
        /// To what.
        name: String,
    },
    /// Changed the topic; an empty one was taken away.
    Topic {
        /// Who.
        who: Who,
        /// To what.
        topic: String,
    },
    /// Changed the room's picture.
    Picture {
        /// Who.
        who: Who,
        /// There is none any more.
        removed: bool,
    },
    /// Switched encryption on.
    Encrypted {
        /// Who.
        who: Who,
    },
    /// Tried to switch encryption off or to weaken it. Messages go on being encrypted.
    EncryptionKept {
        /// Who.
        who: Who,
    },
    /// Gave people other rights.
    Roles {
        /// Who.
        who: Who,
        /// To whom, at most ten.
        changes: Vec<RoleChange>,
    },
    /// Changed what the roles may do.
    Permissions {
        /// Who.
        who: Who,
    },
    /// Pinned a message.
    Pinned {
        /// Who.
        who: Who,
        /// Which.
        event: EventId,
        /// The root of the thread it is a reply in, where that is known here.
        thread: Option<EventId>,
    },
    /// Took a pinned message down.
    Unpinned {
        /// Who.
        who: Who,
    },
    /// The chat goes on in another room (`m.room.tombstone`). Nobody is taken there without asking.
    Moved {
        /// Who.
        who: Who,
        /// The room; `None` when it has no address that could be read.
        room: Option<RoomId>,
        /// This person is in it already.
        here: bool,
    },
    /// Changed who may read what was written before.
    Visibility {
        /// Who.
        who: Who,
        /// To what.
        visibility: HistoryVisibility,
    },
    /// Changed whether guests may join.
    Guests {
        /// Who.
        who: Who,
        /// They may.
        allowed: bool,
    },
    /// Changed who may join.
    JoinRule {
        /// Who.
        who: Who,
        /// To what.
        rule: JoinRule,
    },
    /// Joined a call of the group (MSC3401).
    CallJoined {
        /// Who.
        who: Who,
    },
    /// Left a call of the group.
    CallLeft {
        /// Who.
        who: Who,
    },
    /// Several quiet lines in a row, folded.
    Several {
        /// How many people changed their name.
        names: u32,
        /// How many people changed their picture.
        pictures: u32,
        /// How many people came to a call or went.
        calls: u32,
        /// The lines themselves, oldest first.
        lines: Vec<SystemLine>,
    },
}

/// Somebody's new role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoleChange {
    /// Whose.
    pub whom: Who,
    /// The role.
    pub role: Role,
}

/// What a power level amounts to (Matrix spec, "m.room.power_levels"; the names of most clients).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// 100 and more.
    Admin,
    /// 50 and more.
    Moderator,
    /// Less.
    Member,
}

/// Who may read what was written before they came (`m.room.history_visibility`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HistoryVisibility {
    /// Everybody, members or not.
    Everybody,
    /// Members, also what is older.
    Members,
    /// Members, from their invitation on.
    SinceInvited,
    /// Members, from their joining on.
    SinceJoined,
}

/// Who may join (`m.room.join_rules`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JoinRule {
    /// Everybody.
    Everybody,
    /// Who is invited.
    Invited,
    /// Who asks and is let in.
    Asking,
    /// Members of certain other rooms.
    Rooms,
}
