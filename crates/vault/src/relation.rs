//! What an event is to a conversation: a row of its own, or something said about another event.
//!
//! **Invariant:** pure, and total: content of any shape has a standing, and malformed relations leave the event a plain
//! one, so that it stays visible.
//!
//! Relations are read as the Matrix spec has them ("Forming relationships between events"): edits need `m.new_content`
//! ("Event replacements"), reactions a key ("Event annotations"), redactions name their event at the top level or,
//! since room version 11, in the content. An undecryptable event has its relation in the clear.

use serde_json::Value;
use tidings_model::EventId;

use crate::polls::{ENDS, RESPONSES, selections};
use crate::{Encryption, Event, event_id};

/// How an event relates to another. Redactions and edits come first: an index range finds them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    None = 0,
    Redaction = 1,
    Edit = 2,
    Reaction = 3,
    Thread = 4,
    /// A vote in a poll.
    Vote = 5,
    /// The end of a poll.
    PollEnd = 6,
    /// A step of a call.
    Call = 7,
}

impl Relation {
    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            1 => Self::Redaction,
            2 => Self::Edit,
            3 => Self::Reaction,
            4 => Self::Thread,
            5 => Self::Vote,
            6 => Self::PollEnd,
            7 => Self::Call,
            _ => Self::None,
        }
    }
}

/// What a conversation draws for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shown {
    /// Nothing.
    No = 0,
    /// A line about the room.
    Line = 1,
    /// A message.
    Message = 2,
}

impl Shown {
    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            2 => Self::Message,
            1 => Self::Line,
            _ => Self::No,
        }
    }
}

/// What an event is to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) shown: Shown,
    pub(crate) relation: Relation,
    /// The event it relates to; empty for none.
    pub(crate) target: String,
    /// A reaction's key, the membership of a member event, the selections of a vote (JSON), or the step of a call.
    pub(crate) detail: String,
}

impl Standing {
    fn plain(shown: Shown) -> Self {
        Self { shown, relation: Relation::None, target: String::new(), detail: String::new() }
    }

    /// The target as it is kept.
    pub(crate) fn packed_target(&self) -> Vec<u8> {
        if self.target.is_empty() { Vec::new() } else { event_id::pack(&self.target) }
    }

    /// The root of the thread it is in.
    pub(crate) fn thread(&self) -> Option<String> {
        (self.relation == Relation::Thread).then(|| self.target.clone())
    }

    fn related(relation: Relation, target: &str) -> Self {
        Self { shown: Shown::No, relation, target: target.to_owned(), detail: String::new() }
    }
}

/// State events that a conversation shows as a line.
const LINES: [&str; 7] = [
    "m.room.create",
    "m.room.name",
    "m.room.topic",
    "m.room.avatar",
    "m.room.encryption",
    "m.room.pinned_events",
    "m.room.tombstone",
];

/// State events that are a line where they change something: every room begins with one of each.
const CHANGES: [&str; 4] =
    ["m.room.power_levels", "m.room.history_visibility", "m.room.guest_access", "m.room.join_rules"];

/// Who is in a call of a group (MSC3401): the state key names a person or a device.
const CALL_MEMBERS: [&str; 2] = ["m.call.member", "org.matrix.msc3401.call.member"];

/// Event types that ring for a call of a group (MSC4075), under all their names.
pub const GROUP_CALLS: [&str; 4] =
    ["m.rtc.notification", "org.matrix.msc4075.rtc.notification", "m.call.notify", "org.matrix.msc4075.call.notify"];

/// What a call of two is named by, in the place of an event's id: ids of events begin with another letter.
const CALL: &str = "call:";
/// Bytes of a call's id; nobody needs more.
const LONGEST_CALL: usize = 255;

/// Message-like events that are machinery, or speak of another event that shows them.
const SILENT: [&str; 7] = [
    "m.beacon",
    "org.matrix.msc3672.beacon",
    "m.call.candidates",
    "m.call.negotiate",
    "m.call.select_answer",
    "m.call.sdp_stream_metadata_changed",
    "m.call.asserted_identity",
];

/// The standing of an event that was received.
pub(crate) fn standing(event: &Event) -> Standing {
    if event.state_key.is_some() {
        return of_state(event);
    }
    if event.kind == "m.room.redaction" {
        let target = event
            .redacts
            .as_ref()
            .map(EventId::as_str)
            .or_else(|| event.content.get("redacts").and_then(Value::as_str))
            .unwrap_or_default();
        // Only the server can tell who may delete what, and it cannot see into an encrypted payload: a redaction that
        // came inside one was never checked by anybody.
        let checked = event.encryption == Encryption::Clear && !target.is_empty();
        return Standing::related(if checked { Relation::Redaction } else { Relation::None }, target);
    }
    let undecryptable = matches!(event.encryption, Encryption::Undecryptable { .. });
    let is_vote = RESPONSES.contains(&event.kind.as_str()) || ENDS.contains(&event.kind.as_str());
    if is_vote && matches!(event.encryption, Encryption::Suspicious | Encryption::Forged) {
        // The server could have written it.
        return Standing::plain(Shown::No);
    }
    let mut standing = of_message(&event.kind, &event.content, undecryptable);
    if standing.target == event.id.as_str() {
        // An event that relates to itself says nothing; what it is on its own stays.
        standing = Standing::plain(if event.kind == "m.reaction" { Shown::No } else { Shown::Message });
    }
    standing
}

/// The standing of a message-like event, received or about to be sent.
pub(crate) fn of_message(kind: &str, content: &Value, undecryptable: bool) -> Standing {
    let relates = content.get("m.relates_to");
    let text = |name: &str| relates.and_then(|relates| relates.get(name)).and_then(Value::as_str).unwrap_or_default();
    let target = text("event_id");
    match (kind, text("rel_type")) {
        ("m.room.redaction", _) => Standing::plain(Shown::No),
        ("m.reaction", "m.annotation") if !target.is_empty() && !text("key").is_empty() => {
            Standing { detail: text("key").to_owned(), ..Standing::related(Relation::Reaction, target) }
        }
        ("m.reaction", _) => Standing::plain(Shown::No),
        (_, "m.replace")
            if !target.is_empty() && (undecryptable || content.get("m.new_content").is_some_and(Value::is_object)) =>
        {
            Standing::related(Relation::Edit, target)
        }
        (_, "m.thread") if !target.is_empty() => Standing::related(Relation::Thread, target),
        (kind, "m.reference") if RESPONSES.contains(&kind) && !target.is_empty() => {
            let detail = serde_json::to_string(&selections(content)).unwrap_or_default();
            Standing { detail, ..Standing::related(Relation::Vote, target) }
        }
        (kind, "m.reference") if ENDS.contains(&kind) && !target.is_empty() => {
            Standing::related(Relation::PollEnd, target)
        }
        (kind, _) if RESPONSES.contains(&kind) || ENDS.contains(&kind) => Standing::plain(Shown::No),
        ("m.rtc.decline" | "org.matrix.msc4310.rtc.decline", "m.reference") if !target.is_empty() => {
            Standing { detail: "reject".to_owned(), ..Standing::related(Relation::Call, target) }
        }
        ("m.call.answer" | "m.call.reject" | "m.call.hangup", _) => match call_name(content) {
            Some(name) => Standing {
                detail: kind.trim_start_matches("m.call.").to_owned(),
                ..Standing::related(Relation::Call, &name)
            },
            None => Standing::plain(Shown::No),
        },
        (kind, _) if SILENT.contains(&kind) || kind.starts_with("m.key.verification.") => Standing::plain(Shown::No),
        _ => Standing::plain(Shown::Message),
    }
}

fn of_state(event: &Event) -> Standing {
    if event.kind == "m.room.member" {
        let membership = event.content.get("membership").and_then(Value::as_str).unwrap_or_default();
        let shown =
            is_shown_membership(membership) && event.previous.as_ref().is_none_or(|before| changes(before, event));
        let shown = if shown { Shown::Line } else { Shown::No };
        return Standing { detail: membership.to_owned(), ..Standing::plain(shown) };
    }
    let kind = event.kind.as_str();
    if CALL_MEMBERS.contains(&kind) {
        let came_or_went = is_in_call(&event.content) != event.previous.as_ref().is_some_and(is_in_call);
        return Standing::plain(if came_or_went { Shown::Line } else { Shown::No });
    }
    let known = LINES.contains(&kind) || CHANGES.contains(&kind) && event.previous.is_some();
    let line = event.state_key.as_deref() == Some("") && known;
    Standing::plain(if line { Shown::Line } else { Shown::No })
}

/// Whether a member event changes the membership, the name or the picture.
fn changes(before: &Value, event: &Event) -> bool {
    ["membership", "displayname", "avatar_url"].iter().any(|name| {
        let text = |content: &Value| content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        text(before) != text(&event.content)
    })
}

/// A membership of a call: of a session, or, as it was before, of a list of devices.
fn is_in_call(content: &Value) -> bool {
    match content.get("memberships").and_then(Value::as_array) {
        Some(memberships) => !memberships.is_empty(),
        None => content.get("application").is_some(),
    }
}

/// What the steps of a call of two relate to.
pub(crate) fn call_name(content: &Value) -> Option<String> {
    let id = content.get("call_id")?.as_str()?;
    (!id.is_empty() && id.len() <= LONGEST_CALL).then(|| format!("{CALL}{id}"))
}

/// Memberships whose beginning is a line.
pub(crate) fn is_shown_membership(membership: &str) -> bool {
    matches!(membership, "join" | "leave" | "invite" | "ban" | "knock")
}

/// The message this content answers; a thread's fallback for clients without threads is no answer.
#[must_use]
pub fn reply_to(content: &Value) -> Option<EventId> {
    let relates = content.get("m.relates_to")?;
    let fallback = relates.get("rel_type").and_then(Value::as_str) == Some("m.thread")
        && relates.get("is_falling_back").and_then(Value::as_bool) == Some(true);
    let target = relates.get("m.in_reply_to")?.get("event_id")?.as_str()?;
    (!fallback && !target.is_empty()).then(|| EventId::from(target))
}
