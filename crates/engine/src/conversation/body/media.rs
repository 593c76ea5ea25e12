//! Pictures, films, sounds and files of a message.
//!
//! **Invariant:** sizes, lengths and loudness are the sender's word and only decide how much room is kept; what a file
//! is, its first bytes decide when it is fetched.

use serde_json::Value;
use tidings_model::{Block, Body, File, Image, SafeFileName, Sound, Video};

use crate::{media, session::Session};

/// The longest side a sender may claim, in pixels; more is read as unknown.
const LARGEST_SIDE: u64 = 30_000;
/// Milliseconds a sender may claim: a day.
const LONGEST: u64 = 24 * 60 * 60 * 1000;
/// How many bars a voice message is drawn with.
const BARS: usize = 48;
/// The loudest value of MSC1767's `waveform`.
const LOUDEST: u64 = 1024;
/// Values of a waveform that are looked at.
const MOST_VALUES: usize = 4096;

/// The sender's name for a file (`filename`, before Matrix 1.10 `body`), made safe.
fn file_name(content: &Value) -> SafeFileName {
    let name = content.get("filename").or_else(|| content.get("body")).and_then(Value::as_str).unwrap_or_default();
    SafeFileName::new(name)
}

pub(super) fn image(session: &Session, content: &Value) -> Option<Image> {
    let name = file_name(content);
    let media = media::file(session, content, name.as_str())?;
    Some(Image {
        thumbnail: media::picture(session, content, name.as_str()),
        media,
        width: side(content, "w"),
        height: side(content, "h"),
        name: name.as_str().to_owned(),
    })
}

pub(super) fn file(session: &Session, content: &Value) -> Option<File> {
    let name = file_name(content);
    Some(File {
        media: media::file(session, content, name.as_str())?,
        extension: name.extension(),
        name: name.as_str().to_owned(),
        size: content.pointer("/info/size").and_then(Value::as_u64),
    })
}

pub(super) fn video(session: &Session, content: &Value) -> Option<Video> {
    Some(Video {
        file: file(session, content)?,
        poster: media::still(session, content, file_name(content).as_str()),
        width: side(content, "w"),
        height: side(content, "h"),
        duration: duration(content),
    })
}

/// A sound, as a voice message if it says that it is one (MSC3245).
pub(super) fn sound(session: &Session, content: &Value, caption: Vec<Block>) -> Option<Body> {
    let sound = Sound { file: file(session, content)?, duration: duration(content), waveform: waveform(content) };
    let voice =
        ["org.matrix.msc3245.voice", "m.voice"].iter().any(|name| content.get(name).is_some_and(Value::is_object));
    Some(if voice { Body::Voice { sound } } else { Body::Audio { sound, caption } })
}

fn side(content: &Value, key: &str) -> u32 {
    let side = content.pointer(&format!("/info/{key}")).and_then(Value::as_u64).filter(|side| *side <= LARGEST_SIDE);
    side.and_then(|side| u32::try_from(side).ok()).unwrap_or_default()
}

/// Milliseconds.
fn duration(content: &Value) -> Option<u32> {
    let extended = content.pointer("/org.matrix.msc1767.audio/duration");
    let said = extended.or_else(|| content.pointer("/info/duration")).and_then(Value::as_u64);
    said.filter(|said| (1..=LONGEST).contains(said)).and_then(|said| u32::try_from(said).ok())
}

/// The loudest of each stretch, so that short words stay visible.
fn waveform(content: &Value) -> Vec<u8> {
    let values = content.pointer("/org.matrix.msc1767.audio/waveform").and_then(Value::as_array);
    let values: Vec<u8> = values
        .into_iter()
        .flatten()
        .take(MOST_VALUES)
        .map(|value| value.as_u64().unwrap_or_default().min(LOUDEST))
        .map(|value| u8::try_from(value * 100 / LOUDEST).unwrap_or_default())
        .collect();
    if values.len() <= BARS {
        return values;
    }
    let edge = |bar: usize| bar * values.len() / BARS;
    (0..BARS)
        .map(|bar| values.get(edge(bar)..edge(bar + 1)).into_iter().flatten().copied().max().unwrap_or_default())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn loud(values: &Value) -> Vec<u8> {
        waveform(&json!({"org.matrix.msc1767.audio": {"waveform": values}}))
    }

    #[test]
    fn a_waveform_of_any_length_is_drawn_with_the_same_bars() {
        assert_eq!(loud(&json!([0, 512, 1024])), [0, 50, 100]);
        let long: Vec<u32> = (0..1000).map(|n| if n == 500 { 1024 } else { 10 }).collect();
        let bars = loud(&json!(long));
        assert_eq!((bars.len(), bars.iter().filter(|bar| **bar == 100).count()), (BARS, 1));
        assert_eq!(loud(&json!([-4, 1e300, "loud", null, 99_999])), [0, 0, 0, 0, 100]);
        assert!(loud(&json!("loud")).is_empty());
    }

    #[test]
    fn a_length_nobody_can_mean_is_no_length() {
        for (content, expected) in [
            (json!({"info": {"duration": 42_000}}), Some(42_000)),
            (json!({"info": {"duration": 1}, "org.matrix.msc1767.audio": {"duration": 20_000}}), Some(20_000)),
            (json!({"info": {"duration": 0}}), None),
            (json!({"info": {"duration": 1e12}}), None),
            (json!({"info": {"duration": -5}}), None),
            (json!({"info": "long"}), None),
        ] {
            assert_eq!(duration(&content), expected, "{content}");
        }
    }
}
