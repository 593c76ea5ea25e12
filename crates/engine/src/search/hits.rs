//! Hits as they are drawn: the words that were looked for are marked, the text is cut around the first of them.

use std::{ops::Range, sync::Arc};

use tidings_model::{
    Avatar, AvatarShape, ChatHit, ChatRow, FileHit, Fragment, PreviewMark, RoomId, SafeFileName, SearchGroup,
    SearchHit, Tint, UserId, initials, one_line,
};
use tidings_vault::{Hit, Query, marks, said};

use crate::{conversation::preview, people::People, session::Session};

/// Characters of a text that are looked through for marks.
const LOOKED_THROUGH: usize = 10_000;
/// Characters of a hit that are shown.
const SHOWN: usize = 220;
/// Characters before the first mark.
const BEFORE: usize = 60;

/// The hits of one chat.
pub(super) fn group<'a>(
    session: &Arc<Session>,
    chats: &[ChatRow],
    query: &Query,
    room: &RoomId,
    hits: impl Iterator<Item = &'a Hit>,
    total: u32,
) -> SearchGroup {
    let hits: Vec<&Hit> = hits.collect();
    let senders: Vec<UserId> = hits.iter().map(|hit| hit.message.sender.clone()).collect();
    let people = People::read(session, room, &senders);
    let row = chats.iter().find(|chat| chat.room == *room);
    SearchGroup {
        room: room.clone(),
        name: row.map_or_else(|| "…".to_owned(), |row| row.name.clone()),
        avatar: row.map_or_else(|| unknown(room), |row| row.avatar.clone()),
        hits: hits.into_iter().map(|found| hit(session, &people, query, found)).collect(),
        total,
    }
}

fn unknown(room: &RoomId) -> Avatar {
    Avatar { shape: AvatarShape::Group, initials: initials("…"), tint: Tint::of(room.as_str()), image: None }
}

fn hit(session: &Session, people: &People<'_>, query: &Query, found: &Hit) -> SearchHit {
    let message = &found.message;
    let text = |key: &str| message.content.get(key).and_then(serde_json::Value::as_str);
    let carries = message.kind == "m.room.message"
        && matches!(text("msgtype"), Some("m.file" | "m.image" | "m.video" | "m.audio"));
    let file = carries.then(|| {
        let name = SafeFileName::new(text("filename").or_else(|| text("body")).unwrap_or_default());
        FileHit {
            name: fragments(name.as_str(), &marks(name.as_str(), query)),
            extension: name.extension(),
            size: message.content.pointer("/info/size").and_then(serde_json::Value::as_u64),
        }
    });
    let (line, mark) = preview::of_record(session, &found.room, message);
    let text_of = match (carries, text("filename"), text("body")) {
        (true, Some(name), Some(body)) if name != body => one_line(body, LOOKED_THROUGH),
        (true, _, _) => String::new(),
        // Without the quotation that old clients put before an answer.
        (false, _, _) => said(&message.content).map_or(line, |body| one_line(body, LOOKED_THROUGH)),
    };
    SearchHit {
        event: message.event.clone(),
        time: message.time,
        sender: people.person(&message.sender),
        own: message.sender == session.user,
        thread: found.thread.clone(),
        starred: found.starred,
        text: snippet(&text_of, &marks(&text_of, query)),
        file,
        mark: mark.filter(|mark| !matches!(mark, PreviewMark::File)),
    }
}

/// The text around the first mark.
fn snippet(text: &str, marks: &[Range<usize>]) -> Vec<Fragment> {
    let first = marks.first().map_or(0, |mark| mark.start);
    let before = text.get(..first).unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(BEFORE);
    let start = before.char_indices().nth(skipped).map_or(first, |(at, _)| at);
    let start = if skipped == 0 { 0 } else { start };
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| start + at);
    let cut = text.get(start..end).unwrap_or_default();
    let inside: Vec<Range<usize>> = marks
        .iter()
        .filter(|mark| mark.start >= start && mark.end <= end)
        .map(|mark| mark.start - start..mark.end - start)
        .collect();
    let mut fragments = fragments(cut, &inside);
    if start > 0 {
        fragments.insert(0, Fragment { text: "…".to_owned(), hit: false });
    }
    if end < text.len() {
        fragments.push(Fragment { text: "…".to_owned(), hit: false });
    }
    fragments
}

/// A text cut at its marks.
fn fragments(text: &str, marks: &[Range<usize>]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut add = |range: Range<usize>, hit: bool| {
        if let Some(piece) = text.get(range).filter(|piece| !piece.is_empty()) {
            fragments.push(Fragment { text: piece.to_owned(), hit });
        }
    };
    let mut at = 0;
    for mark in marks {
        add(at..mark.start, false);
        add(mark.clone(), true);
        at = mark.end;
    }
    add(at..text.len(), false);
    fragments
}

/// Whether a name says what is looked for: each of its words begins a word of the name, or stands in one.
pub(super) fn named(name: &str, asked: &str) -> bool {
    let query = Query::parse(asked);
    query.filters.is_empty() && !query.clauses.is_empty() && says_all(name, &query)
}

fn says_all(name: &str, query: &Query) -> bool {
    query.clauses.iter().all(|clause| {
        let alone = Query { clauses: vec![clause.clone()], filters: Vec::new() };
        !marks(name, &alone).is_empty()
    })
}

/// Chats whose names say what is looked for, in the order of the list.
pub(super) fn chats(chats: &[ChatRow], query: &Query, most: usize) -> Vec<ChatHit> {
    if query.clauses.is_empty() || !query.filters.is_empty() {
        return Vec::new();
    }
    let found = chats.iter().filter(|chat| says_all(&chat.name, query)).take(most);
    found
        .map(|chat| ChatHit {
            room: chat.room.clone(),
            name: fragments(&chat.name, &marks(&chat.name, query)),
            avatar: chat.avatar.clone(),
            direct: chat.direct,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, asked: &str) -> String {
        let query = Query::parse(asked);
        snippet(text, &marks(text, &query))
            .into_iter()
            .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text })
            .collect()
    }

    #[test]
    fn what_was_looked_for_is_marked_where_it_stands() {
        assert_eq!(shown("The Berth plan, berthing", "berth"), "The [Berth] plan, [berthing]");
        assert_eq!(shown("the berth plan", "\"berth plan\""), "the [berth plan]");
        assert_eq!(shown("Überprüfung", "uberpruf"), "[Überprüfung]");
        assert_eq!(shown("北京大学", "京大"), "北[京大]学");
        assert_eq!(shown("nothing here", "other"), "nothing here");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_mark() {
        let text = format!("{} berth {}", "word ".repeat(100), "more ".repeat(100));
        let shown = shown(&text, "berth");
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("[berth]"), "{shown}");
        assert!(shown.chars().count() < SHOWN + 10);
    }

    #[test]
    fn chats_are_found_by_any_of_their_words() {
        assert!(named("Bridge and fleet", "fle"));
        assert!(named("Bridge and fleet", "fleet bri"));
        assert!(!named("Bridge and fleet", "ops"));
        assert!(!named("Bridge and fleet", ""));
    }
}
