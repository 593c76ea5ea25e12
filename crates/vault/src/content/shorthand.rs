//! JSON without what is known otherwise: single letters that JSON never has stand for it.
//!
//! `serde_json` writes letters below the space escaped, so one that stands there bare is ours. What the row's columns
//! say (the event it relates to, a reaction's key) is such a letter; a hash or key of 32 bytes, which no compression makes
//! shorter, is one too, and its bytes stand before the text, in their order.
//!
//! **Invariant:** a substitution of text, and reversible for every text: it does not ask where something stands or what
//! it means.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::Beside;
use crate::event_id;

/// Bytes of a hash.
pub(super) const HASH: usize = 32;
/// A content comes to far less (64 KiB; Matrix spec, "Size limits"), whatever a damaged file says.
const LONGEST: usize = 1 << 20;
/// Letters of a hash in unpadded Base64.
const LETTERS: usize = 43;

/// The event it relates to.
const TARGET: char = '\u{1}';
/// The detail, inside quotation marks.
const DETAIL: char = '\u{2}';
/// The next hash, as an event's id (room version 4 and later).
const EVENT: char = '\u{3}';
/// The next hash, in the URL-safe alphabet (an attachment's key).
const URL_SAFE: char = '\u{4}';
/// The next hash, in the plain alphabet (an attachment's hash).
const PLAIN: char = '\u{5}';
/// The detail as it is: JSON itself.
const DETAIL_JSON: char = '\u{6}';

/// The hashes of a JSON text, at most so many, and the text without them and without what is known beside it.
pub(super) fn shorten(json: &str, beside: Beside<'_>, most: usize) -> (Vec<u8>, String) {
    let mut json = json.to_owned();
    if !beside.target.is_empty() {
        json = replaced(json, &quoted(event_id::unpack(beside.target).as_str()), TARGET);
    }
    // A detail that anybody may write must not hold what was put in just now.
    let is_json = beside.detail.starts_with("[\"") && !beside.detail.contains(|letter| letter < ' ');
    if is_json {
        json = replaced(json, beside.detail, DETAIL_JSON);
    } else {
        json = replaced(json, &quoted(beside.detail), DETAIL);
    }
    let mut hashes = Vec::new();
    let mut text = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(begin) = rest.find(is_of_base64) {
        let (before, from) = rest.split_at(begin);
        let (run, after) = from.split_at(from.find(|letter| !is_of_base64(letter)).unwrap_or(from.len()));
        text.push_str(before);
        match hash(run).filter(|_| hashes.len() < most.saturating_mul(HASH)) {
            Some((URL_SAFE, hash)) if text.ends_with('$') => {
                text.pop();
                text.push(EVENT);
                hashes.extend(hash);
            }
            Some((kind, hash)) => {
                text.push(kind);
                hashes.extend(hash);
            }
            None => text.push_str(run),
        }
        rest = after;
    }
    text.push_str(rest);
    (hashes, text)
}

/// The text that was shortened; `None` where a hash is missing.
pub(super) fn lengthen(text: &str, hashes: &[u8], beside: Beside<'_>) -> Option<String> {
    let mut json = String::with_capacity(text.len().saturating_add(hashes.len().saturating_mul(2)));
    let mut hashes = hashes.chunks_exact(HASH);
    let mut rest = text;
    while let Some(at) = rest.find(|letter| letter <= DETAIL_JSON) {
        if json.len() > LONGEST {
            return None;
        }
        let (before, from) = rest.split_at(at);
        let mut letters = from.chars();
        json.push_str(before);
        match letters.next()? {
            TARGET => json.push_str(&quoted(event_id::unpack(beside.target).as_str())),
            DETAIL => json.push_str(&quoted(beside.detail)),
            DETAIL_JSON => json.push_str(beside.detail),
            EVENT => {
                json.push('$');
                URL_SAFE_NO_PAD.encode_string(hashes.next()?, &mut json);
            }
            URL_SAFE => URL_SAFE_NO_PAD.encode_string(hashes.next()?, &mut json),
            PLAIN => STANDARD_NO_PAD.encode_string(hashes.next()?, &mut json),
            _ => return None,
        }
        rest = letters.as_str();
    }
    json.push_str(rest);
    Some(json)
}

fn replaced(json: String, text: &str, letter: char) -> String {
    // One letter for one letter saves nothing.
    if text.len() > 1 && json.contains(text) { json.replace(text, letter.encode_utf8(&mut [0; 4])) } else { json }
}

/// A text as it stands between quotation marks in JSON.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or_default().to_owned()
}

fn is_of_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '+' | '/')
}

/// The bytes of a run of letters, where they are all that it says.
fn hash(run: &str) -> Option<(char, Vec<u8>)> {
    if run.len() != LETTERS {
        return None;
    }
    [(URL_SAFE, URL_SAFE_NO_PAD), (PLAIN, STANDARD_NO_PAD)].into_iter().find_map(|(kind, alphabet)| {
        let bytes = alphabet.decode(run).ok()?;
        (bytes.len() == HASH && alphabet.encode(&bytes) == run).then_some((kind, bytes))
    })
}
