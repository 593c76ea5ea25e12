//! Contents as versions 2 to 8 kept them: JSON, or only the text of a plain text.

use serde_json::{Map, Value, json};

/// `{"msgtype":"m.text","body":…}`
const TEXT: char = '\u{1}';
/// The same with `"m.mentions":{}`.
const TEXT_MENTIONS: char = '\u{2}';

pub(super) fn pack(content: &Value) -> String {
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

/// What does not parse counts as no content.
pub(super) fn unpack(kept: &str) -> Value {
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
