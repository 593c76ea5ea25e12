//! The index follows the rows: what a transaction changed is written to it at the transaction's end, once.
//!
//! **Invariant:** a searchable event at or after the index's beginning ([`begin`]) is in the index exactly once, with the
//! text it has now; one before it is not. So the index can be built in the background, newest first, while new messages
//! come in.
//! **Invariant:** rows are written in the order of their ids: FTS5 collects a transaction's rows in memory and would
//! begin a new piece of the index whenever an id is smaller than the one before.
//!
//! **Invariant:** what is taken out is on the disk before anything is put in: of a row that does both, FTS5 (SQLite 3.51,
//! `secure-delete` with `detail=none`) would forget the rows after it, in every word that it said before and says again.
//!
//! A row is taken out by saying again what it said (the index keeps no texts), so its text is read before it changes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use super::vocabulary::{Met, Vocabulary};
use super::{blocks, tags, text};
use crate::content::{self, Beside};
use crate::relation::{Relation, Shown};
use crate::{Part, Result, documents, polls};

/// Changes whenever the same content would be kept otherwise; an older index is made anew.
const VERSION: u8 = 4;
const STATE: &str = "vault.index";

/// What the index has of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its words, between spaces.
    pub(crate) words: String,
    /// Its tags.
    pub(super) tags: String,
    pub(super) parts: Vec<Part>,
    room: i64,
    position: i64,
}

impl Entry {
    fn text(&self) -> String {
        format!("{} {}", self.words, self.tags)
    }
}

/// What the index needs of an event's row.
pub(crate) struct Row<'a> {
    pub(crate) room: i64,
    pub(crate) position: i64,
    pub(crate) sender: i64,
    pub(crate) kind: &'a str,
    pub(crate) mentions: bool,
    pub(crate) relation: Relation,
    pub(crate) shown: Shown,
    /// With the newest valid edit applied.
    pub(crate) content: &'a Value,
}

/// What a message says to the index; `None` for what is not searched for.
pub(crate) fn entry(row: &Row<'_>) -> Option<Entry> {
    if row.shown != Shown::Message && row.relation != Relation::Thread {
        return None;
    }
    let parts = tags::parts(row.kind, row.content);
    let mut words = String::new();
    for said in said(row.kind, row.content) {
        // A phrase does not reach from one text to the next.
        if !words.is_empty() {
            words.push_str(" _");
        }
        text::write_words(said, &mut words);
    }
    if words.is_empty() && parts.is_empty() {
        return None;
    }
    let mut tags = vec![tags::room(row.room), tags::sender(row.sender)];
    tags.extend(parts.iter().map(|part| tags::part(*part)));
    if row.mentions {
        tags.push(tags::MENTIONS_ME.to_owned());
    }
    if row.relation == Relation::Thread {
        tags.push(tags::THREAD.to_owned());
    }
    Some(Entry { words, tags: tags.join(" "), parts, room: row.room, position: row.position })
}

/// The texts of a message that are searched: body, caption, file name, question and answers of a poll.
pub(crate) fn said<'a>(kind: &str, content: &'a Value) -> Vec<&'a str> {
    match kind {
        "m.room.message" | "m.sticker" => {
            let name = content.get("filename").and_then(Value::as_str);
            body(content).into_iter().chain(name.filter(|name| Some(*name) != body(content))).collect()
        }
        kind if polls::STARTS.contains(&kind) => polls::texts(content),
        _ => Vec::new(),
    }
}

/// What a message says, without the quotation that old clients put before an answer (Matrix 1.12, "Fallbacks for rich
/// replies"); `None` for content without a body.
#[must_use]
pub fn body(content: &Value) -> Option<&str> {
    let body = content.get("body")?.as_str()?;
    let answers = content.pointer("/m.relates_to/m.in_reply_to").is_some();
    if !answers || !body.starts_with("> ") {
        return Some(body);
    }
    let mut rest = body;
    while let Some(quoted) = rest.strip_prefix("> ") {
        rest = quoted.split_once('\n').map_or("", |(_, rest)| rest);
    }
    Some(rest.strip_prefix('\n').unwrap_or(rest))
}

/// What a transaction changes in the index.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    changes: BTreeMap<i64, Change>,
}

#[derive(Debug)]
struct Change {
    before: Option<Entry>,
    after: After,
}

#[derive(Debug)]
enum After {
    /// Known: the event was just written.
    Is(Option<Entry>),
    /// To be read at the end.
    Read,
}

impl Texts {
    /// An event was written that was not there.
    pub(crate) fn insert(&mut self, id: i64, entry: Option<Entry>) {
        self.changes.insert(id, Change { before: None, after: After::Is(entry) });
    }

    /// An event is about to change.
    pub(crate) fn touch(&mut self, db: &Connection, id: i64) -> Result<()> {
        match self.changes.get_mut(&id) {
            Some(change) => change.after = After::Read,
            None => {
                self.changes.insert(id, Change { before: read(db, id)?, after: After::Read });
            }
        }
        Ok(())
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.changes.extend(other.changes);
    }

    /// Write what changed.
    pub(crate) fn write(self, db: &Connection, vocabulary: &Vocabulary) -> Result<Written> {
        let mut written = Written::default();
        if self.changes.is_empty() {
            return Ok(written);
        }
        let begin = begin(db)?;
        let (mut gone, mut come): (Vec<Entry>, Vec<(i64, Entry)>) = (Vec::new(), Vec::new());
        for (id, change) in self.changes {
            let after = match change.after {
                After::Is(entry) => entry,
                After::Read => read(db, id)?,
            };
            if change.before == after {
                continue;
            }
            // What is older than the index comes with it when it is built.
            if id < begin {
                written.said.push((id, after));
                continue;
            }
            if let Some(before) = change.before {
                take(db, id, &before)?;
                gone.push(before);
            }
            match after {
                Some(after) => come.push((id, after)),
                None => written.said.push((id, None)),
            }
        }
        if !gone.is_empty() && !come.is_empty() {
            db.prepare_cached("INSERT INTO words (words) VALUES ('flush')")?.execute([])?;
        }
        for (id, entry) in come {
            put(db, id, &entry)?;
            vocabulary.meet(&entry.words, &mut written.met);
            written.said.push((id, Some(entry)));
        }
        written.met.write(db)?;
        sweep(db, &gone, &mut written.met)?;
        Ok(written)
    }
}

/// What a transaction wrote, for what is in memory.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) met: Met,
    /// What events say now.
    pub(crate) said: Vec<(i64, Option<Entry>)>,
}

/// Put a message into the index.
pub(super) fn put(db: &Connection, id: i64, entry: &Entry) -> Result<()> {
    db.prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?.execute(params![id, entry.text()])?;
    for part in &entry.parts {
        db.prepare_cached(
            "INSERT INTO part (room, kind, position, event) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?
        .execute(params![entry.room, *part as i64, entry.position, id])?;
    }
    Ok(())
}

fn take(db: &Connection, id: i64, entry: &Entry) -> Result<()> {
    db.prepare_cached("INSERT INTO words (words, rowid, text) VALUES ('delete', ?1, ?2)")?
        .execute(params![id, entry.text()])?;
    for part in &entry.parts {
        db.prepare_cached("DELETE FROM part WHERE room = ?1 AND kind = ?2 AND position = ?3 AND event = ?4")?
            .execute(params![entry.room, *part as i64, entry.position, id])?;
    }
    Ok(())
}

/// Words that only removed texts said are kept nowhere.
fn sweep(db: &Connection, gone: &[Entry], met: &mut Met) -> Result<()> {
    let mut said = db.prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 LIMIT 1")?;
    let mut words: BTreeSet<&str> =
        gone.iter().flat_map(|entry| entry.words.split(' ')).filter(|word| !word.starts_with('_')).collect();
    words.remove("");
    let mut unsaid = BTreeSet::new();
    for word in words {
        if !said.exists([format!("\"{word}\"")])? {
            unsaid.insert(word);
        }
    }
    if unsaid.is_empty() { Ok(()) } else { met.remove(db, &unsaid) }
}

/// The columns of [`entry_of`], from `event m`; its id comes last.
pub(super) const ENTRY: &str = "m.room, m.position, m.sender, (SELECT name FROM name WHERE id = m.kind), m.mentions, m.relation, \
     m.shown, m.content, (SELECT content FROM event WHERE id = m.edit), m.redacted, m.encryption, m.state_key, m.id, \
     m.event, m.target, m.detail";

/// What an event says and what its edit does, as they are kept, from the columns [`ENTRY`].
pub(super) struct Kept<'a> {
    original: &'a [u8],
    beside: Beside<'a>,
    edit: Option<&'a [u8]>,
    event: &'a [u8],
}

impl<'a> Kept<'a> {
    pub(super) fn read(row: &'a rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            original: row.get_ref(7)?.as_blob()?,
            edit: row.get_ref(8)?.as_blob_or_null()?,
            event: row.get_ref(13)?.as_blob()?,
            beside: Beside { target: row.get_ref(14)?.as_blob()?, detail: row.get_ref(15)?.as_str()? },
        })
    }

    /// The texts, before they are read.
    pub(super) fn said(&self) -> impl Iterator<Item = String> {
        let edit = self.edit.map(|edit| content::said(edit, Beside::edit_of(self.event)));
        std::iter::once(content::said(self.original, self.beside)).chain(edit)
    }

    /// The content with its edit applied.
    fn current(&self) -> Value {
        let mut said = content::unpack(self.original, self.beside);
        if let Some(Value::Object(mut edit)) = self.edit.map(|edit| content::unpack(edit, Beside::edit_of(self.event)))
        {
            let relates = said.get("m.relates_to").cloned();
            said = edit.remove("m.new_content").unwrap_or_default();
            // An edit changes what is said, not what it answers.
            if let (Value::Object(said), Some(relates)) = (&mut said, relates) {
                said.insert("m.relates_to".to_owned(), relates);
            }
        }
        said
    }
}

/// What the index should have of an event as it is now.
pub(super) fn read(db: &Connection, id: i64) -> Result<Option<Entry>> {
    let mut query = db.prepare_cached(&format!("SELECT {ENTRY} FROM event m WHERE m.id = ?1"))?;
    Ok(query.query_row([id], entry_of).optional()?.flatten())
}

/// The newest events before an id, at most so many, oldest first, and what the index should have of each.
pub(super) fn before(db: &Connection, id: i64, most: usize) -> Result<Vec<(i64, Option<Entry>)>> {
    let mut query =
        db.prepare_cached(&format!("SELECT {ENTRY} FROM event m WHERE m.id < ?1 ORDER BY m.id DESC LIMIT ?2"))?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut found = query
        .query_map([id, most], |row| Ok((row.get::<_, i64>(12)?, entry_of(row)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    found.reverse();
    Ok(found)
}

/// An entry from the columns [`ENTRY`].
pub(super) fn entry_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let (redacted, encryption): (bool, i64) = (row.get(9)?, row.get(10)?);
    if redacted || encryption == 3 || row.get_ref(11)?.as_str_or_null()?.is_some() {
        return Ok(None);
    }
    let said = Kept::read(row)?.current();
    Ok(entry(&Row {
        room: row.get(0)?,
        position: row.get(1)?,
        sender: row.get(2)?,
        kind: row.get_ref(3)?.as_str()?,
        mentions: row.get(4)?,
        relation: Relation::from_code(row.get(5)?),
        shown: Shown::from_code(row.get(6)?),
        content: &said,
    }))
}

/// The id from which on events are in the index; the smallest number when all are.
pub(super) fn begin(db: &Connection) -> Result<i64> {
    let state = documents::get(db, STATE)?;
    Ok(match state.as_deref().and_then(<[u8]>::split_first) {
        Some((&VERSION, begin)) => begin.try_into().map_or(i64::MAX, i64::from_le_bytes),
        _ => i64::MAX,
    })
}

/// Keep from where on events are in the index.
pub(super) fn set_begin(db: &Connection, begin: i64) -> Result<()> {
    documents::set(db, STATE, &[&[VERSION], begin.to_le_bytes().as_slice()].concat())
}

/// Empty the index; it is to be built anew.
pub(super) fn clear(db: &Connection) -> Result<()> {
    db.execute_batch("INSERT INTO words (words) VALUES ('delete-all'); DELETE FROM part;")?;
    blocks::clear(db)?;
    set_begin(db, i64::MAX)
}

/// The index is of this program's version; else it is emptied.
pub(crate) fn recognise(db: &Connection) -> Result<()> {
    let state = documents::get(db, STATE)?;
    if state.as_deref().and_then(<[u8]>::first) == Some(&VERSION) {
        return Ok(());
    }
    clear(db)
}
