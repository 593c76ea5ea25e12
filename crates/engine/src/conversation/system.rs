//! Lines about the room itself, from state events.
//!
//! **Invariant:** content is read by hand and trusts no shape; an event that says nothing new, or nothing that can be
//! read, is no line. Nothing that a state event says is acted upon: who is moved, or loses encryption, decides for
//! themselves.

mod levels;
mod membership;

pub(super) use levels::named;

use std::collections::BTreeSet;

use serde_json::Value;
use tidings_model::{EventId, HistoryVisibility, JoinRule, RoomId, SystemLine, UserId, Who};
use tidings_vault::MessageRecord;

use super::preview;

/// The only algorithm that a room's messages are encrypted with (Matrix spec, "m.megolm.v1.aes-sha2").
const MEGOLM: &str = "m.megolm.v1.aes-sha2";

/// Who looks, and at whom.
#[derive(Clone, Copy)]
pub(super) struct Viewer<'a> {
    pub(super) name: &'a dyn Fn(&UserId) -> String,
    pub(super) me: &'a UserId,
}

impl Viewer<'_> {
    fn who(&self, user: &UserId) -> Who {
        Who { name: (self.name)(user), me: user == self.me }
    }
}

/// What a line says of other places.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Whether this person is in a room.
    pub(super) here: &'a dyn Fn(&RoomId) -> bool,
    /// The root of the thread that a message is a reply in.
    pub(super) thread: &'a dyn Fn(&EventId) -> Option<EventId>,
}

/// The line a state event is shown as; `None` when it is not shown.
pub(super) fn line(viewer: Viewer<'_>, record: &MessageRecord, around: Around<'_>) -> Option<SystemLine> {
    let who = viewer.who(&record.sender);
    let before = record.previous.as_ref();
    let text = |key: &str| text(&record.content, key);
    let was = |key: &str| before.and_then(|before| before.get(key)).and_then(Value::as_str);
    Some(match record.kind.as_str() {
        "m.room.create" => SystemLine::Created { who },
        "m.room.name" => SystemLine::Renamed { who, name: text("name").unwrap_or_default() },
        "m.room.topic" => SystemLine::Topic { who, topic: text("topic").unwrap_or_default() },
        "m.room.avatar" => SystemLine::Picture {
            who,
            removed: record.content.get("url").and_then(Value::as_str).is_none_or(str::is_empty),
        },
        "m.room.encryption" => {
            let algorithm = record.content.get("algorithm").and_then(Value::as_str);
            match (algorithm == Some(MEGOLM), was("algorithm") == Some(MEGOLM)) {
                (true, false) => SystemLine::Encrypted { who },
                // Only how often keys change.
                (true, true) => return None,
                (false, _) => SystemLine::EncryptionKept { who },
            }
        }
        "m.room.member" => return membership::line(viewer, record),
        "m.room.power_levels" => levels::line(viewer, record),
        "m.room.pinned_events" => return pinned(who, record, around),
        "m.room.tombstone" => {
            let room = record.content.get("replacement_room").and_then(Value::as_str).filter(|room| is_room(room));
            let room = room.map(RoomId::from);
            SystemLine::Moved { who, here: room.as_ref().is_some_and(around.here), room }
        }
        "m.room.history_visibility" => {
            let visibility = match text("history_visibility")?.as_str() {
                "world_readable" => HistoryVisibility::Everybody,
                "shared" => HistoryVisibility::Members,
                "invited" => HistoryVisibility::SinceInvited,
                "joined" => HistoryVisibility::SinceJoined,
                _ => return None,
            };
            SystemLine::Visibility { who, visibility }
        }
        "m.room.guest_access" => {
            SystemLine::Guests { who, allowed: text("guest_access").as_deref() == Some("can_join") }
        }
        "m.room.join_rules" => {
            let rule = match text("join_rule")?.as_str() {
                "public" => JoinRule::Everybody,
                "invite" | "private" => JoinRule::Invited,
                "knock" => JoinRule::Asking,
                "restricted" | "knock_restricted" => JoinRule::Rooms,
                _ => return None,
            };
            SystemLine::JoinRule { who, rule }
        }
        "m.call.member" | "org.matrix.msc3401.call.member" => {
            if in_call(&record.content) {
                SystemLine::CallJoined { who }
            } else {
                SystemLine::CallLeft { who }
            }
        }
        _ => return None,
    })
}

fn text(content: &Value, key: &str) -> Option<String> {
    content.get(key).and_then(Value::as_str).map(preview::line)
}

/// A room id: an exclamation mark and something (Matrix spec, "Room IDs").
fn is_room(id: &str) -> bool {
    id.len() > 1 && id.len() <= 255 && id.starts_with('!') && !id.chars().any(char::is_control)
}

/// A membership of a call: of a session, or, as it was before, of a list of devices.
fn in_call(content: &Value) -> bool {
    match content.get("memberships").and_then(Value::as_array) {
        Some(memberships) => !memberships.is_empty(),
        None => content.get("application").is_some(),
    }
}

/// The message that was pinned last, or that one was taken down.
fn pinned(who: Who, record: &MessageRecord, around: Around<'_>) -> Option<SystemLine> {
    let list = |content: &Value| -> Vec<EventId> {
        let pinned = content.get("pinned").and_then(Value::as_array);
        pinned.into_iter().flatten().filter_map(Value::as_str).take(1000).map(EventId::from).collect()
    };
    let now = list(&record.content);
    let line = |who: Who, event: EventId| SystemLine::Pinned { who, thread: (around.thread)(&event), event };
    let Some(before) = record.previous.as_ref().map(list) else {
        return now.into_iter().next_back().map(|event| line(who, event));
    };
    let was: BTreeSet<&EventId> = before.iter().collect();
    match now.iter().rev().find(|event| !was.contains(event)) {
        Some(event) => Some(line(who, event.clone())),
        None if now.len() < before.len() => Some(SystemLine::Unpinned { who }),
        None => None,
    }
}

/// A quiet line: several in a row are folded into one.
pub(super) fn is_quiet(line: &SystemLine) -> bool {
    matches!(
        line,
        SystemLine::NameChanged { .. }
            | SystemLine::PictureChanged { .. }
            | SystemLine::CallJoined { .. }
            | SystemLine::CallLeft { .. }
            | SystemLine::Several { .. }
    )
}

/// Two quiet lines in a row, as one.
pub(super) fn fold(first: SystemLine, next: SystemLine) -> SystemLine {
    let mut lines = match first {
        SystemLine::Several { lines, .. } => lines,
        first => vec![first],
    };
    match next {
        SystemLine::Several { lines: more, .. } => lines.extend(more),
        next => lines.push(next),
    }
    let count = |of: fn(&SystemLine) -> bool| {
        let mut people = BTreeSet::new();
        for line in lines.iter().filter(|line| of(line)) {
            match line {
                // By the name before: somebody who changes it twice is two names, and that is what one saw.
                SystemLine::NameChanged { who, .. }
                | SystemLine::PictureChanged { who }
                | SystemLine::CallJoined { who }
                | SystemLine::CallLeft { who } => people.insert(who.name.as_str()),
                _ => false,
            };
        }
        u32::try_from(people.len()).unwrap_or(u32::MAX)
    };
    SystemLine::Several {
        names: count(|line| matches!(line, SystemLine::NameChanged { .. })),
        pictures: count(|line| matches!(line, SystemLine::PictureChanged { .. })),
        calls: count(|line| matches!(line, SystemLine::CallJoined { .. } | SystemLine::CallLeft { .. })),
        lines,
    }
}

/// The line as a sentence, where one line stands for an event that is answered or pinned.
pub(super) fn plain(line: &SystemLine) -> String {
    let name = |who: &Who| if who.me { "You".to_owned() } else { who.name.clone() };
    match line {
        SystemLine::Created { who } => format!("{} started this chat", name(who)),
        SystemLine::Joined { who } => format!("{} joined", name(who)),
        SystemLine::Left { who } => format!("{} left", name(who)),
        SystemLine::Invited { who, whom } => format!("{} invited {}", name(who), whom.name),
        SystemLine::Removed { who, whom, .. } => format!("{} removed {}", name(who), whom.name),
        SystemLine::Renamed { who, name: to } => format!("{} named this chat {to}", name(who)),
        SystemLine::Topic { who, topic } => format!("{} changed the topic to {topic}", name(who)),
        _ => "A change of this chat".to_owned(),
    }
}

#[cfg(test)]
mod tests;
