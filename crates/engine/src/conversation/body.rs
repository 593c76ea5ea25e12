//! What a message says: from an event's content to what is drawn.
//!
//! **Invariant:** content is read by hand and trusts no shape; what cannot be read is shown as unsupported, never
//! dropped, and never stops the rows around it.

use serde_json::Value;
use tidings_model::{
    Block, Body, File, Image, Poll, PollAnswer, PreviewMark, RoomId, SafeFileName, UndecryptableCause, UserId,
};
use tidings_vault::{Encryption, MessageRecord};

use super::preview;
use crate::{
    media,
    people::People,
    rich_text::{self, Context},
    session::Session,
};

/// The longest side a sender may claim, in pixels; more is read as unknown.
const LARGEST_SIDE: u64 = 30_000;

/// What a record says.
pub(super) fn body(session: &Session, people: &People<'_>, record: &MessageRecord) -> Body {
    if record.redacted {
        return Body::Deleted;
    }
    if let Encryption::Undecryptable { cause, .. } = record.encryption {
        return Body::Undecryptable { cause };
    }
    let content = &record.content;
    match record.kind.as_str() {
        "m.room.message" => message(session, people, content),
        "m.sticker" => image(session, content, Vec::new()).unwrap_or_else(|| unsupported(&record.kind)),
        "m.poll.start" | "org.matrix.msc3381.poll.start" => poll(content).unwrap_or_else(|| unsupported(&record.kind)),
        "m.room.encrypted" => Body::Undecryptable { cause: UndecryptableCause::Unknown },
        kind => unsupported(kind),
    }
}

/// What a content that is not on the server yet says.
pub(super) fn draft_body(session: &Session, people: &People<'_>, event_type: &str, content: &Value) -> Body {
    if event_type == "m.room.message" { message(session, people, content) } else { unsupported(event_type) }
}

fn message(session: &Session, people: &People<'_>, content: &Value) -> Body {
    let kind = content.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "m.text" | "m.notice" | "m.emote" => match text(session, people, content) {
            Some(blocks) => Body::Text {
                jumbo: kind == "m.text" && rich_text::jumbo(&blocks),
                blocks,
                notice: kind == "m.notice",
                emote: kind == "m.emote",
            },
            None => unsupported("m.room.message"),
        },
        "m.image" => {
            let caption = caption(session, people, content);
            image(session, content, caption).unwrap_or_else(|| unsupported(kind))
        }
        "m.file" | "m.video" | "m.audio" => file(session, people, content).unwrap_or_else(|| unsupported(kind)),
        "m.location" => match content.get("body").and_then(Value::as_str) {
            Some(body) => Body::Location { text: preview::line(body) },
            None => unsupported(kind),
        },
        "" => unsupported("m.room.message"),
        kind => unsupported(kind),
    }
}

fn unsupported(what: &str) -> Body {
    Body::Unsupported { what: preview::line(what) }
}

/// The text of a content, from its HTML where it has some.
fn text(session: &Session, people: &People<'_>, content: &Value) -> Option<Vec<Block>> {
    let body = content.get("body").and_then(Value::as_str);
    let html = content
        .get("formatted_body")
        .and_then(Value::as_str)
        .filter(|_| content.get("format").and_then(Value::as_str) == Some("org.matrix.custom.html"));
    let mentions: Vec<UserId> = content
        .pointer("/m.mentions/user_ids")
        .and_then(Value::as_array)
        .map(|users| users.iter().filter_map(Value::as_str).take(100).map(UserId::from).collect())
        .unwrap_or_default();
    let room_mention = content.pointer("/m.mentions/room").and_then(Value::as_bool).unwrap_or(false);
    let names = |user: &UserId| Some(people.name(user));
    let context = Context { me: &session.user, names: &names, mentions: &mentions, room_mention };
    let formatted = html.map(|html| rich_text::from_html(html, context)).filter(|blocks| !blocks.is_empty());
    formatted.or_else(|| body.map(|body| rich_text::from_plain(body, context)))
}

/// The sender's name for a file (`filename`, before Matrix 1.10 `body`), made safe.
fn file_name(content: &Value) -> SafeFileName {
    let name = content.get("filename").or_else(|| content.get("body")).and_then(Value::as_str).unwrap_or_default();
    SafeFileName::new(name)
}

/// A caption: a `body` beside a `filename` that differs from it (Matrix 1.10).
fn caption(session: &Session, people: &People<'_>, content: &Value) -> Vec<Block> {
    let name = content.get("filename").and_then(Value::as_str);
    let body = content.get("body").and_then(Value::as_str);
    match (name, body) {
        (Some(name), Some(body)) if name != body => text(session, people, content).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn image(session: &Session, content: &Value, caption: Vec<Block>) -> Option<Body> {
    let name = file_name(content);
    let media = media::file(session, content, name.as_str())?;
    let side = |key: &str| {
        let side =
            content.pointer(&format!("/info/{key}")).and_then(Value::as_u64).filter(|side| *side <= LARGEST_SIDE);
        side.and_then(|side| u32::try_from(side).ok()).unwrap_or_default()
    };
    Some(Body::Image {
        image: Image {
            thumbnail: media::picture(session, content, name.as_str()),
            media,
            width: side("w"),
            height: side("h"),
            name: name.as_str().to_owned(),
        },
        caption,
    })
}

fn file(session: &Session, people: &People<'_>, content: &Value) -> Option<Body> {
    let name = file_name(content);
    let media = media::file(session, content, name.as_str())?;
    Some(Body::File {
        file: File {
            media,
            extension: name.extension(),
            name: name.as_str().to_owned(),
            size: content.pointer("/info/size").and_then(Value::as_u64),
        },
        caption: caption(session, people, content),
    })
}

/// A poll's question and answers (MSC3381, Matrix 1.7 "Polls": stable and unstable names).
fn poll(content: &Value) -> Option<Body> {
    let start = content.get("m.poll").or_else(|| content.get("org.matrix.msc3381.poll.start"))?;
    let answers = start.get("answers")?.as_array()?;
    Some(Body::Poll {
        poll: Poll {
            question: poll_text(start.get("question")?)?,
            answers: answers
                .iter()
                .take(20)
                .filter_map(|answer| poll_text(answer).map(|text| PollAnswer { text }))
                .collect(),
        },
    })
}

fn poll_text(value: &Value) -> Option<String> {
    let plain = ["body", "org.matrix.msc1767.text"].iter().find_map(|key| value.get(key)?.as_str());
    let listed = value.get("m.text").and_then(|texts| texts.as_str().or_else(|| texts.get(0)?.get("body")?.as_str()));
    plain.or(listed).map(preview::line)
}

/// One line that stands for a body, and what kind it is where it is not text.
pub(super) fn summary(body: &Body) -> (String, Option<PreviewMark>) {
    let captioned = |caption: &[Block], name: &str| {
        if caption.is_empty() { name.to_owned() } else { rich_text::to_plain(caption) }
    };
    match body {
        Body::Text { blocks, .. } => (rich_text::to_plain(blocks), None),
        Body::Image { caption, .. } => (rich_text::to_plain(caption), Some(PreviewMark::Image)),
        Body::File { file, caption } => (captioned(caption, &file.name), Some(PreviewMark::File)),
        Body::Poll { poll } => (poll.question.clone(), Some(PreviewMark::Poll)),
        Body::Location { text } => (text.clone(), Some(PreviewMark::Location)),
        Body::Deleted => (String::new(), Some(PreviewMark::Deleted)),
        Body::Undecryptable { .. } => (String::new(), Some(PreviewMark::Undecryptable)),
        Body::Unsupported { .. } => (String::new(), Some(PreviewMark::Unsupported)),
    }
}

/// What a record says in one line.
pub(crate) fn record_summary(
    session: &Session,
    room: &RoomId,
    record: &MessageRecord,
) -> (String, Option<PreviewMark>) {
    let mentioned = record.content.pointer("/m.mentions/user_ids").and_then(Value::as_array);
    let mentioned: Vec<UserId> =
        mentioned.into_iter().flatten().filter_map(Value::as_str).take(20).map(UserId::from).collect();
    let people = People::read(session, room, &mentioned);
    let (text, mark) = summary(&body(session, &people, record));
    // Films and sound are drawn as files in this version, but their lines can say what they are.
    let mark = match record.content.get("msgtype").and_then(Value::as_str) {
        Some("m.video") if mark == Some(PreviewMark::File) => Some(PreviewMark::Video),
        Some("m.audio") if mark == Some(PreviewMark::File) => {
            let voice = record.content.get("org.matrix.msc3245.voice").is_some();
            Some(if voice { PreviewMark::Voice } else { PreviewMark::Audio })
        }
        _ => mark,
    };
    (text, mark)
}
