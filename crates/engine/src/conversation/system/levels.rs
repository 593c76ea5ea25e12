//! Lines about rights.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tidings_model::{Role, RoleChange, SystemLine, UserId};
use tidings_vault::MessageRecord;

use super::Viewer;

/// How many people one line names.
const MOST: usize = 10;
/// How many people of one event are looked at.
const LOOKED_AT: usize = 10_000;

/// The line of an `m.room.power_levels`: who became what, else that the rules changed.
pub(super) fn line(viewer: Viewer<'_>, record: &MessageRecord) -> SystemLine {
    let who = viewer.who(&record.sender);
    let changes: Vec<RoleChange> = match &record.previous {
        Some(before) => changes(before, &record.content)
            .into_iter()
            .take(MOST)
            .map(|(user, role)| RoleChange { whom: viewer.who(&user), role })
            .collect(),
        None => Vec::new(),
    };
    if changes.is_empty() { SystemLine::Permissions { who } } else { SystemLine::Roles { who, changes } }
}

/// Everybody a line would name, so that their names are known.
pub(in crate::conversation) fn named(record: &MessageRecord) -> Vec<UserId> {
    match &record.previous {
        Some(before) if record.kind == "m.room.power_levels" => {
            changes(before, &record.content).into_iter().take(MOST).map(|(user, _)| user).collect()
        }
        _ => Vec::new(),
    }
}

fn changes(before: &Value, after: &Value) -> Vec<(UserId, Role)> {
    let (was, is) = (users(before), users(after));
    let (was_default, is_default) = (level(before.get("users_default")), level(after.get("users_default")));
    let all: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    all.into_iter()
        .filter_map(|user| {
            let before = role(was.get(user).copied().unwrap_or(was_default));
            let after = role(is.get(user).copied().unwrap_or(is_default));
            (before != after).then(|| (UserId::from(user), after))
        })
        .collect()
}

fn users(content: &Value) -> BTreeMap<&str, i64> {
    let users = content.get("users").and_then(Value::as_object);
    users.into_iter().flatten().take(LOOKED_AT).map(|(user, given)| (user.as_str(), level(Some(given)))).collect()
}

/// A level as servers wrote it: a number, or, in old rooms, a text of one.
fn level(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::String(text)) => text.trim().parse().unwrap_or_default(),
        Some(value) => value.as_i64().unwrap_or_default(),
        None => 0,
    }
}

fn role(level: i64) -> Role {
    match level {
        100.. => Role::Admin,
        50.. => Role::Moderator,
        _ => Role::Member,
    }
}
