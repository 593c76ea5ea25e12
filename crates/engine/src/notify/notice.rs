//! What a notification says.
//!
//! **Invariant:** title and body are plain text on one line, at most 100 and 250 characters, cut between graphemes, without
//! control and bidi characters. The desktop escapes them where its daemon reads markup.
//!
//! These sentences are the only ones that do not live in the page's `words/`: notifications come while no page runs.

use tidings_model::{SafeFileName, Trust, one_line};

/// Characters of a title.
const MAX_TITLE: usize = 100;
/// Characters of a body.
const MAX_BODY: usize = 250;
/// Characters of each name in a title: "in" between two of them still fits.
const MAX_NAME: usize = 48;

/// Who said what, and where. Names and texts are as others chose them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The sender's name; empty when it is not known.
    pub sender: &'a str,
    /// The chat's name in a group; `None` one to one.
    pub chat: Option<&'a str>,
    /// What was sent.
    pub what: What<'a>,
    /// How sure it is that the sender wrote it.
    pub trust: Trust,
    /// Neither names nor text may be shown (locked screen, setting, classification).
    pub private: bool,
}

/// What was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What<'a> {
    /// Text.
    Text(&'a str),
    /// An action (`m.emote`).
    Action(&'a str),
    /// A picture, with text or without.
    Photo(Option<&'a str>),
    /// A film, with text or without.
    Video(Option<&'a str>),
    /// A file, by the name the sender gave it.
    File(&'a str),
    /// A sound file.
    Audio,
    /// A voice message.
    Voice,
    /// A place.
    Location,
    /// A poll, by its question.
    Poll(&'a str),
    /// A sticker.
    Sticker,
    /// A call that rings, or was begun.
    Call,
    /// A call that was missed.
    MissedCall,
    /// An invitation into a group, or to a chat of two.
    Invitation,
    /// Something this version cannot show, or that has no text.
    Other,
}

/// Title and body of a notification.
#[must_use]
pub fn title_and_body(subject: &Subject<'_>) -> (String, String) {
    let invited = subject.what == What::Invitation;
    if subject.private {
        let body = if invited { "New invitation" } else { "New message" };
        return ("Tidings".to_owned(), body.to_owned());
    }
    let sender = one_line(subject.sender, MAX_NAME);
    let chat = subject.chat.map(|chat| one_line(chat, MAX_NAME)).filter(|chat| !chat.is_empty());
    let title = match (sender.is_empty(), &chat) {
        (false, Some(chat)) if !invited => format!("{sender} in {chat}"),
        (false, _) => sender.clone(),
        (true, Some(chat)) if !invited => chat.clone(),
        (true, _) if invited => "Invitation".to_owned(),
        (true, _) => "Tidings".to_owned(),
    };
    let body = match subject.what {
        What::Text(text) => text.to_owned(),
        What::Action(text) => format!("{sender} {text}"),
        What::Photo(caption) => with_caption("Photo", caption),
        What::Video(caption) => with_caption("Video", caption),
        What::File(name) => format!("File: {}", SafeFileName::new(name)),
        What::Audio => "Audio file".to_owned(),
        What::Voice => "Voice message".to_owned(),
        What::Location => "Location".to_owned(),
        What::Poll(question) => with_caption("Poll", Some(question)),
        What::Sticker => "Sticker".to_owned(),
        What::Call => "Call".to_owned(),
        What::MissedCall => "Missed call".to_owned(),
        What::Invitation => invitation(sender.is_empty(), chat.as_deref()),
        What::Other => String::new(),
    };
    // What anybody may have written is not repeated; what came from a doubtful device says so.
    let body = match subject.trust {
        trust if trust.may_be_anybody() => format!("A message that may not be from {}", known(&sender)),
        trust if trust.is_doubtful() => format!("Unconfirmed device: {body}"),
        _ => body,
    };
    let body = one_line(&body, MAX_BODY);
    let body = if body.is_empty() { "New message".to_owned() } else { body };
    (one_line(&title, MAX_TITLE), body)
}

fn known(sender: &str) -> &str {
    if sender.is_empty() { "its sender" } else { sender }
}

fn with_caption(kind: &str, caption: Option<&str>) -> String {
    match caption.map(|caption| one_line(caption, MAX_BODY)).filter(|caption| !caption.is_empty()) {
        Some(caption) => format!("{kind}: {caption}"),
        None => kind.to_owned(),
    }
}

fn invitation(unknown: bool, chat: Option<&str>) -> String {
    match (unknown, chat) {
        (false, Some(chat)) => format!("invites you to {chat}"),
        (false, None) => "invites you to a chat".to_owned(),
        (true, Some(chat)) => format!("You are invited to {chat}"),
        (true, None) => "You are invited to a chat".to_owned(),
    }
}
