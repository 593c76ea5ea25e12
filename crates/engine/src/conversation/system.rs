//! Lines about the room itself, from state events.

use serde_json::Value;
use tidings_model::{SystemLine, UserId};
use tidings_vault::MessageRecord;

use super::preview;
use crate::people::People;

/// The line a state event is shown as; `None` when it is not shown.
pub(super) fn line(people: &People<'_>, record: &MessageRecord) -> Option<SystemLine> {
    let who = people.name(&record.sender);
    let text = |key: &str| record.content.get(key).and_then(Value::as_str).map(preview::line);
    Some(match record.kind.as_str() {
        "m.room.create" => SystemLine::Created { who },
        "m.room.name" => SystemLine::Renamed { who, name: text("name")? },
        "m.room.topic" => SystemLine::Topic { who, topic: text("topic")? },
        "m.room.avatar" => SystemLine::Picture { who },
        "m.room.encryption" => SystemLine::Encrypted { who },
        "m.room.member" => {
            let target = UserId(record.state_key.clone()?);
            let own = target == record.sender;
            let whom = people.name(&target);
            match text("membership")?.as_str() {
                "join" => SystemLine::Joined { who: whom },
                "invite" => SystemLine::Invited { who, whom },
                "leave" if own => SystemLine::Left { who },
                "leave" | "ban" => SystemLine::Removed { who, whom },
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// The line as a sentence, for the chat list.
pub(super) fn plain(line: &SystemLine) -> String {
    match line {
        SystemLine::Created { who } => format!("{who} created this group"),
        SystemLine::Joined { who } => format!("{who} joined"),
        SystemLine::Left { who } => format!("{who} left"),
        SystemLine::Invited { who, whom } => format!("{who} invited {whom}"),
        SystemLine::Removed { who, whom } => format!("{who} removed {whom}"),
        SystemLine::Renamed { who, name } => format!("{who} renamed this group to {name}"),
        SystemLine::Topic { who, topic } => format!("{who} changed the topic to {topic}"),
        SystemLine::Picture { who } => format!("{who} changed the picture"),
        SystemLine::Encrypted { who } => format!("{who} switched encryption on"),
    }
}
