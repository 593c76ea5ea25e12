//! Lines about people: coming, going, names and pictures.

use serde_json::Value;
use tidings_model::{SystemLine, UserId, Who};
use tidings_vault::MessageRecord;

use super::{Viewer, text};
use crate::people;

/// The line of an `m.room.member` (Matrix spec, "m.room.member", the table of changes).
pub(super) fn line(viewer: Viewer<'_>, record: &MessageRecord) -> Option<SystemLine> {
    let target = UserId(record.state_key.clone()?);
    let own = target == record.sender;
    let (who, whom) = (viewer.who(&record.sender), viewer.who(&target));
    let membership = |content: &Value| content.get("membership").and_then(Value::as_str).unwrap_or_default().to_owned();
    let before = record.previous.as_ref().map(membership).unwrap_or_default();
    let reason = || text(&record.content, "reason").unwrap_or_default();
    Some(match (before.as_str(), membership(&record.content).as_str()) {
        ("join", "join") => return profile(record, whom),
        (_, "join") => SystemLine::Joined { who: whom },
        (before, "invite") if before != "invite" => SystemLine::Invited { who, whom },
        (before, "knock") if before != "knock" => SystemLine::Knocked { who: whom },
        (before, "ban") if before != "ban" => SystemLine::Banned { who, whom, reason: reason() },
        ("invite", "leave") if own => SystemLine::InvitationDeclined { who },
        ("invite", "leave") => SystemLine::InvitationWithdrawn { who, whom },
        ("knock", "leave") if own => SystemLine::KnockWithdrawn { who },
        ("knock", "leave") => SystemLine::KnockRefused { who, whom },
        ("ban", "leave") => SystemLine::Unbanned { who, whom },
        ("leave", _) => return None,
        (_, "leave") if own => SystemLine::Left { who },
        (_, "leave") => SystemLine::Removed { who, whom, reason: reason() },
        _ => return None,
    })
}

fn profile(record: &MessageRecord, whom: Who) -> Option<SystemLine> {
    let before = record.previous.as_ref()?;
    let name = |content: &Value| content.get("displayname").and_then(Value::as_str).and_then(people::clean);
    let picture = |content: &Value| content.get("avatar_url").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (old, new) = (name(before), name(&record.content));
    if old != new {
        let local = || people::local_part(&UserId(record.state_key.clone().unwrap_or_default()));
        let who = Who { name: old.unwrap_or_else(local), me: whom.me };
        return Some(SystemLine::NameChanged { who, name: new.unwrap_or_else(local) });
    }
    (picture(before) != picture(&record.content)).then_some(SystemLine::PictureChanged { who: whom })
}
