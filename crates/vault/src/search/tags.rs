//! Who, where and what of a message, as words of the index: filters are intersected like words.
//!
//! **Invariant:** a tag begins with `_`, which no word of a text has.

use serde_json::Value;

use crate::Part;

/// The tag of a room's row.
pub(super) fn room(room: i64) -> String {
    format!("_r{room}")
}

/// The tag of a sender's number.
pub(super) fn sender(sender: i64) -> String {
    format!("_s{sender}")
}

/// The tag of what a message carries.
pub(super) fn part(part: Part) -> String {
    format!("_p{}", part as i64)
}

/// The tag of messages that mention this person.
pub(super) const MENTIONS_ME: &str = "_m";
/// The tag of replies in threads.
pub(super) const THREAD: &str = "_t";

/// What a content carries.
pub(crate) fn parts(kind: &str, content: &Value) -> Vec<Part> {
    let text = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut parts = match (kind, text("msgtype")) {
        ("m.room.message", "m.image") => vec![Part::Image],
        ("m.room.message", "m.video") => vec![Part::Video],
        ("m.room.message", "m.audio") if is_voice(content) => vec![Part::Voice],
        ("m.room.message", "m.audio") => vec![Part::Audio],
        ("m.room.message", "m.file") => vec![Part::File],
        ("m.room.message", _) => Vec::new(),
        ("m.poll.start" | "org.matrix.msc3381.poll.start", _) => vec![Part::Poll],
        _ => return Vec::new(),
    };
    let body = super::index::body(content).unwrap_or_default();
    if ["https://", "http://", "www."].iter().any(|begin| body.contains(begin)) {
        parts.push(Part::Link);
    }
    parts
}

/// A voice message (MSC3245, stable and unstable names).
fn is_voice(content: &Value) -> bool {
    content.get("org.matrix.msc3245.voice").is_some() || content.get("m.voice").is_some()
}
