//! What a message says: from an event's content to what is drawn.
//!
//! **Invariant:** content is read by hand and trusts no shape; what cannot be read is shown as unsupported, never
//! dropped, and never stops the rows around it.

mod call;
mod location;
mod media;
mod poll;

use serde_json::Value;
use tidings_model::{Block, Body, CallState, PreviewMark, RoomId, UndecryptableCause, UserId};
use tidings_vault::{Encryption, GROUP_CALLS, MessageRecord, Vault, VaultError};

use super::preview;
use crate::{
    people::People,
    rich_text::{self, Context},
    session::Session,
};

/// What a message is drawn in front of.
pub(super) struct Scene<'a> {
    pub(super) session: &'a Session,
    pub(super) people: &'a People<'a>,
    pub(super) rights: Rights,
}

/// What this person may do in a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rights {
    /// Write, and so vote and change own messages.
    pub(super) can_write: bool,
    /// Delete what others wrote.
    pub(super) can_redact: bool,
}

impl Rights {
    /// As the vault has them.
    pub(super) fn of(vault: &Vault, room: &RoomId, me: &UserId) -> Result<Self, VaultError> {
        let Some(chat) = vault.chat(room)? else { return Ok(Self::default()) };
        let can_write = chat.summary.can_write;
        Ok(Self { can_write, can_redact: can_write && chat.summary.moderators.contains(me) })
    }
}

/// What a record says.
pub(super) fn body(scene: &Scene<'_>, record: &MessageRecord) -> Body {
    if record.redacted {
        return Body::Deleted;
    }
    if let Encryption::Undecryptable { cause, .. } = record.encryption {
        return Body::Undecryptable { cause };
    }
    let content = &record.content;
    match record.kind.as_str() {
        "m.room.message" => message(scene, content),
        "m.sticker" => sticker(scene.session, content).unwrap_or_else(|| unsupported(&record.kind)),
        "m.poll.start" | "org.matrix.msc3381.poll.start" => {
            poll::body(scene, record).unwrap_or_else(|| unsupported(&record.kind))
        }
        kind if kind == "m.call.invite" || GROUP_CALLS.contains(&kind) => {
            call::body(record, scene.session.ports.clock.now())
        }
        "m.room.encrypted" => Body::Undecryptable { cause: UndecryptableCause::Unknown },
        kind => unsupported(kind),
    }
}

/// What a content that is not on the server yet says.
pub(super) fn draft_body(scene: &Scene<'_>, event_type: &str, content: &Value) -> Body {
    if event_type == "m.room.message" { message(scene, content) } else { unsupported(event_type) }
}

fn message(scene: &Scene<'_>, content: &Value) -> Body {
    let Scene { session, people, .. } = *scene;
    let kind = content.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let caption = || caption(session, people, content);
    let body = match kind {
        "m.text" | "m.notice" | "m.emote" => text(session, people, content).map(|blocks| Body::Text {
            jumbo: kind == "m.text" && rich_text::jumbo(&blocks),
            blocks,
            notice: kind == "m.notice",
            emote: kind == "m.emote",
        }),
        "m.image" => media::image(session, content).map(|image| Body::Image { image, caption: caption() }),
        "m.video" => media::video(session, content).map(|video| Body::Video { video, caption: caption() }),
        "m.audio" => media::sound(session, content, caption()),
        "m.file" => media::file(session, content).map(|file| Body::File { file, caption: caption() }),
        "m.location" => location::body(content),
        _ => None,
    };
    body.unwrap_or_else(|| unsupported(if kind.is_empty() { "m.room.message" } else { kind }))
}

fn sticker(session: &Session, content: &Value) -> Option<Body> {
    let text = content.get("body").and_then(Value::as_str).map(preview::line).unwrap_or_default();
    Some(Body::Sticker { image: media::image(session, content)?, text })
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

/// A caption: a `body` beside a `filename` that differs from it (Matrix 1.10).
fn caption(session: &Session, people: &People<'_>, content: &Value) -> Vec<Block> {
    let name = content.get("filename").and_then(Value::as_str);
    let body = content.get("body").and_then(Value::as_str);
    match (name, body) {
        (Some(name), Some(body)) if name != body => text(session, people, content).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// One line that stands for a body, and what kind it is where it is not text.
pub(super) fn summary(body: &Body) -> (String, Option<PreviewMark>) {
    let captioned = |caption: &[Block], name: &str| {
        if caption.is_empty() { name.to_owned() } else { rich_text::to_plain(caption) }
    };
    match body {
        Body::Text { blocks, .. } => (rich_text::to_plain(blocks), None),
        Body::Image { caption, .. } => (rich_text::to_plain(caption), Some(PreviewMark::Image)),
        Body::Video { caption, .. } => (rich_text::to_plain(caption), Some(PreviewMark::Video)),
        Body::Audio { sound, caption } => (captioned(caption, &sound.file.name), Some(PreviewMark::Audio)),
        Body::Voice { .. } => (String::new(), Some(PreviewMark::Voice)),
        Body::Sticker { text, .. } => (text.clone(), Some(PreviewMark::Sticker)),
        Body::File { file, caption } => (captioned(caption, &file.name), Some(PreviewMark::File)),
        Body::Poll { poll } => (poll.question.clone(), Some(PreviewMark::Poll)),
        Body::Location { location } => (location.text.clone(), Some(PreviewMark::Location)),
        Body::Call { call } => {
            let missed = call.state == CallState::Missed;
            (String::new(), Some(if missed { PreviewMark::MissedCall } else { PreviewMark::Call }))
        }
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
    let scene = Scene { session, people: &people, rights: Rights::default() };
    let (text, mark) = summary(&body(&scene, record));
    // A call nobody answered is not missed by the one who called.
    let own_call = mark == Some(PreviewMark::MissedCall) && record.sender == session.user;
    (text, if own_call { Some(PreviewMark::Call) } else { mark })
}
