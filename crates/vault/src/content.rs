//! Content as it is kept: in as few bytes as it can be read back from.
//!
//! Most messages are plain text, and most of their JSON says so over and over: of those only the text is kept. Of other
//! JSON, what the row's columns say already, and hashes, are left out ([`shorthand`]). The rest is compressed with a
//! dictionary where that saves a tenth ([`squeeze`]). The first byte says how it was done.
//!
//! **Invariant:** what was kept reads as the same value again. What cannot be read counts as no content.
//! **Invariant:** a content is written together with the target and detail of its row ([`Beside`]): it may lean on them.
//!
//! Refused: a binary form of JSON (CBOR, MessagePack): the names of fields are most of it, and the dictionary has those.
//! Also refused: compressing pages instead of contents (`ZIPVFS`): nobody keeps that for SQLCipher.

mod shorthand;
mod squeeze;

use std::borrow::Cow;

use serde_json::{Map, Value, json};

/// `{"msgtype":"m.text","body":…}`: the text. The form's low half.
const TEXT: u8 = 1;
/// The same with `"m.mentions":{}`, as most clients write (Matrix spec, "User and room mentions").
const TEXT_MENTIONS: u8 = 2;
/// JSON. Larger ones say how many hashes come before it.
const JSON: u8 = 3;
/// Hashes that a content may have before it.
const MOST_HASHES: usize = 12;
/// The form's high half: the number of the dictionary; 0 for none.
const DICTIONARY: u8 = 4;
/// The field by which `serde_json` tells itself of a value that it is not to read (its feature `raw_value`).
const RAW: &str = "$serde_json::private::RawValue";
/// Nesting that the parser refuses.
const TOO_DEEP: u8 = 128;

/// What a row says beside its content, which the content need not repeat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    /// The event it relates to, as it is kept.
    pub(crate) target: &'a [u8],
    /// The row's detail: a reaction's key, the selections of a vote.
    pub(crate) detail: &'a str,
}

impl<'a> Beside<'a> {
    /// Nothing is known beside it.
    pub(crate) const NOTHING: Self = Beside { target: &[], detail: "" };

    /// Of an edit of this event.
    pub(crate) fn edit_of(event: &'a [u8]) -> Self {
        Self { target: event, detail: "" }
    }
}

/// A content as it is kept; nothing for no content.
pub(crate) fn pack(content: &Value, beside: Beside<'_>) -> Vec<u8> {
    if content.is_null() {
        return Vec::new();
    }
    let (form, hashes, text) = match plain(content) {
        Some((form, body)) => (form, Vec::new(), Cow::Borrowed(body)),
        None => {
            let (hashes, text) = shorthand::shorten(&content.to_string(), beside, MOST_HASHES);
            let form = JSON.saturating_add(u8::try_from(hashes.len() / shorthand::HASH).unwrap_or_default());
            (form, hashes, Cow::Owned(text))
        }
    };
    let (dictionary, rest) = match squeeze::squeeze(text.as_bytes()) {
        Some(squeezed) if squeezed.len().saturating_mul(10) <= text.len().saturating_mul(9) => {
            (squeeze::DICTIONARY, squeezed)
        }
        _ => (0, text.into_owned().into_bytes()),
    };
    [[form | dictionary << DICTIONARY].as_slice(), &hashes, &rest].concat()
}

fn plain(content: &Value) -> Option<(u8, &str)> {
    let content = content.as_object()?;
    let body = content.get("body")?.as_str()?;
    if content.get("msgtype")? != "m.text" {
        return None;
    }
    match content.len() {
        2 => Some((TEXT, body)),
        3 if content.get("m.mentions")?.as_object()?.is_empty() => Some((TEXT_MENTIONS, body)),
        _ => None,
    }
}

/// What a content will be read as once it is kept: what nests beyond the parser's limit, or begins as the parser's own
/// sign for something else, is no content.
pub(crate) fn as_read(content: &Value) -> &Value {
    if is_unreadable(content, TOO_DEEP) { &Value::Null } else { content }
}

fn is_unreadable(value: &Value, below: u8) -> bool {
    match (value, below.checked_sub(1)) {
        (Value::Object(fields), _) if fields.keys().next().is_some_and(|key| key == RAW) => true,
        (Value::Array(_) | Value::Object(_), None | Some(0)) => true,
        (Value::Array(list), Some(less)) => list.iter().any(|inner| is_unreadable(inner, less)),
        (Value::Object(fields), Some(less)) => fields.values().any(|inner| is_unreadable(inner, less)),
        _ => false,
    }
}

/// A content that was kept; what cannot be read counts as no content.
pub(crate) fn unpack(kept: &[u8], beside: Beside<'_>) -> Value {
    match words(kept, beside) {
        Some((form @ (TEXT | TEXT_MENTIONS), body)) => {
            let mut content = Map::new();
            content.insert("msgtype".to_owned(), json!("m.text"));
            content.insert("body".to_owned(), Value::String(body));
            if form == TEXT_MENTIONS {
                content.insert("m.mentions".to_owned(), json!({}));
            }
            Value::Object(content)
        }
        Some((_, json)) => serde_json::from_str(&json).unwrap_or_default(),
        None => Value::Null,
    }
}

/// What a content that was kept says, before it is read: the text of a plain text, or JSON.
pub(crate) fn said(kept: &[u8], beside: Beside<'_>) -> String {
    words(kept, beside).map(|(_, words)| words).unwrap_or_default()
}

/// A content that was kept as it is read fastest: without compression. `None` where it has none.
pub(crate) fn ease(kept: &[u8]) -> Option<Vec<u8>> {
    let is_squeezed = kept.first().is_some_and(|first| first >> DICTIONARY > 0);
    let (form, hashes, text) = parts(kept).filter(|_| is_squeezed)?;
    Some([&[form], hashes, text.as_bytes()].concat())
}

/// A content's form, its hashes, and the rest of it.
fn parts(kept: &[u8]) -> Option<(u8, &[u8], String)> {
    let (first, rest) = kept.split_first()?;
    let (dictionary, form) = (first >> DICTIONARY, first & 0xf);
    let hashes = usize::from(form.saturating_sub(JSON)).checked_mul(shorthand::HASH)?;
    let (hashes, rest) = rest.split_at_checked(hashes)?;
    let text = match dictionary {
        0 => std::str::from_utf8(rest).ok()?.to_owned(),
        dictionary => squeeze::unsqueeze(dictionary, rest)?,
    };
    Some((form, hashes, text))
}

/// A content's form, and its text or JSON.
fn words(kept: &[u8], beside: Beside<'_>) -> Option<(u8, String)> {
    let (form, hashes, text) = parts(kept)?;
    match form {
        0 => None,
        TEXT | TEXT_MENTIONS => Some((form, text)),
        _ => Some((form, shorthand::lengthen(&text, hashes, beside)?)),
    }
}

#[cfg(test)]
mod tests;
