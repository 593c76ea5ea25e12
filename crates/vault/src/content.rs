//! Content as it is kept. Most messages are plain text, and most of their JSON says so over and over: of those only the
//! text is kept, behind a letter that no JSON begins with.
//!
//! **Invariant:** what was kept reads as the same value again.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

/// `{"msgtype":"m.text","body":…}`
const TEXT: char = '\u{1}';
/// The same with `"m.mentions":{}`, as most clients write (Matrix spec, "User and room mentions").
const TEXT_MENTIONS: char = '\u{2}';

/// A content as it is kept.
pub(crate) fn pack(content: &Value) -> String {
    plain(content).unwrap_or_else(|| content.to_string())
}

fn plain(content: &Value) -> Option<String> {
    let content = content.as_object()?;
    let body = content.get("body")?.as_str()?;
    if content.get("msgtype")? != "m.text" {
        return None;
    }
    let form = match content.len() {
        2 => TEXT,
        3 if content.get("m.mentions")?.as_object()?.is_empty() => TEXT_MENTIONS,
        _ => return None,
    };
    Some(format!("{form}{body}"))
}

/// What a content that was just packed reads as: plain text as it is, the rest as the parser takes it.
pub(crate) fn as_read<'a>(content: &'a Value, packed: &str) -> Cow<'a, Value> {
    if packed.starts_with([TEXT, TEXT_MENTIONS]) { Cow::Borrowed(content) } else { Cow::Owned(unpack(packed)) }
}

/// A content that was kept; what does not parse (nesting beyond the parser's limit) counts as no content.
pub(crate) fn unpack(kept: &str) -> Value {
    let text = |body: &str| {
        let mut content = Map::new();
        content.insert("msgtype".to_owned(), json!("m.text"));
        content.insert("body".to_owned(), Value::String(body.to_owned()));
        content
    };
    if let Some(body) = kept.strip_prefix(TEXT) {
        return Value::Object(text(body));
    }
    if let Some(body) = kept.strip_prefix(TEXT_MENTIONS) {
        let mut content = text(body);
        content.insert("m.mentions".to_owned(), json!({}));
        return Value::Object(content);
    }
    serde_json::from_str(kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_reads_as_it_was_and_plain_text_costs_its_text() {
        let plain = json!({ "msgtype": "m.text", "body": "Ramp 3 is down" });
        assert_eq!(pack(&plain).len(), "Ramp 3 is down".len() + 1);
        for content in [
            plain,
            json!({ "msgtype": "m.text", "body": "", "m.mentions": {} }),
            json!({ "msgtype": "m.text", "body": "\u{1}", "m.mentions": { "room": true } }),
            json!({ "msgtype": "m.notice", "body": "x" }),
            json!({ "msgtype": "m.text", "body": 1 }),
            json!({ "msgtype": "m.text", "body": "x", "other": {} }),
            json!("\u{1}text"),
            json!(true),
            Value::Null,
        ] {
            assert_eq!(unpack(&pack(&content)), content);
        }
    }
}
