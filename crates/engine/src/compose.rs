//! What a person wrote, as the content of an `m.room.message` (Matrix spec, "m.room.message").
//!
//! **Invariant:** pure; the same draft gives the same content. What the person typed is always the `body`; a
//! `formatted_body` exists only where markdown makes a difference, and holds no tag that the person's markdown did not ask
//! for: HTML that was typed is shown as typed.
//!
//! A reply carries no copy of the message it answers: the fallback left the specification with version 1.13, and it would
//! repeat encrypted text of others. `m.mentions` is always there, empty if need be, because without it other clients search
//! the text for names (MSC3952).

mod markdown;
mod related;

pub use related::{edit_content, editable_text, poll_end, reaction_content, vote};

use serde_json::{Map, Value, json};
use tidings_model::{Draft, EventId, UserId};

/// Bytes of the content as JSON. A whole event holds 65,536 at most (Matrix spec, "Size limits").
pub const MAX_CONTENT: usize = 60 * 1024;

/// The message that is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyContext {
    /// Its event id.
    pub event: EventId,
    /// Who wrote it: told of the answer.
    pub sender: UserId,
}

/// The thread a message goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadContext {
    /// Its root.
    pub root: EventId,
    /// The newest message in it: what clients without threads show as answered.
    pub latest: EventId,
}

/// Why a draft cannot become a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// It is longer than an event may be.
    #[error("the message has {bytes} bytes, {MAX_CONTENT} are allowed")]
    TooLarge {
        /// Bytes of its content.
        bytes: usize,
    },
}

/// The content of a draft; `None` when it says nothing.
///
/// # Errors
/// [`ComposeError::TooLarge`] over [`MAX_CONTENT`].
pub fn message_content(
    draft: &Draft,
    reply: Option<&ReplyContext>,
    thread: Option<&ThreadContext>,
    me: &UserId,
) -> Result<Option<Value>, ComposeError> {
    let (kind, text) = match draft.text.strip_prefix("/me ") {
        Some(action) => ("m.emote", action),
        None => ("m.text", draft.text.as_str()),
    };
    // Leading spaces stay: they may be the first line of code.
    let text = text.trim_end().trim_start_matches(['\n', '\r']);
    if text.trim().is_empty() {
        return Ok(None);
    }
    // Before any parsing: what cannot be sent need not be understood.
    if text.len() > MAX_CONTENT {
        return Err(ComposeError::TooLarge { bytes: text.len() });
    }
    let mut content = Map::new();
    content.insert("msgtype".to_owned(), json!(kind));
    content.insert("body".to_owned(), json!(text));
    content.insert("m.mentions".to_owned(), mentions(draft, reply, me));
    if let Some(relates) = relates_to(reply, thread) {
        content.insert("m.relates_to".to_owned(), relates);
    }
    let plain = Value::Object(content.clone());
    let bytes = plain.to_string().len();
    if bytes > MAX_CONTENT {
        return Err(ComposeError::TooLarge { bytes });
    }
    let Some(html) = markdown::to_html(text) else { return Ok(Some(plain)) };
    content.insert("format".to_owned(), json!("org.matrix.custom.html"));
    content.insert("formatted_body".to_owned(), json!(html));
    let formatted = Value::Object(content);
    // The words matter more than their formatting.
    Ok(Some(if formatted.to_string().len() > MAX_CONTENT { plain } else { formatted }))
}

/// What a message answers, and the thread it is in (Matrix spec, "Rich replies" and "Threading").
fn relates_to(reply: Option<&ReplyContext>, thread: Option<&ThreadContext>) -> Option<Value> {
    let Some(thread) = thread else {
        return reply.map(|reply| json!({ "m.in_reply_to": { "event_id": reply.event } }));
    };
    let answered = reply.map_or(&thread.latest, |reply| &reply.event);
    Some(json!({
        "rel_type": "m.thread",
        "event_id": thread.root,
        "is_falling_back": reply.is_none(),
        "m.in_reply_to": { "event_id": answered },
    }))
}

/// Everyone picked, and who is answered; nobody twice, and never oneself.
fn mentions(draft: &Draft, reply: Option<&ReplyContext>, me: &UserId) -> Value {
    let mut users: Vec<&UserId> = Vec::new();
    for user in draft.mentions.iter().chain(reply.map(|reply| &reply.sender)) {
        if user != me && !users.contains(&user) {
            users.push(user);
        }
    }
    if users.is_empty() { json!({}) } else { json!({ "user_ids": users }) }
}

#[cfg(test)]
mod tests;
