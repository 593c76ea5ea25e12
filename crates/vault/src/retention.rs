//! Deleting for good: by age, and whole rooms.
//!
//! **Invariant:** what was deleted is in no row, no index, no free page and, once [`Vault::fold`] ran, in no log:
//! `secure_delete` overwrites pages and FTS5's takes words out of the middle of its lists. The damaged files that were set
//! aside are not looked into; they are deleted as a whole ([`Vault::remove_set_aside`]).
//! **Invariant:** what was deleted does not come back: until [`Vault::keep_everything`], events older than what was
//! deleted are not recorded, and the history before them counts as complete.
//! **Invariant:** deleting goes on where it was interrupted. A room that is deleted is in no list and no search from the
//! first moment on, and may be joined again meanwhile: it is another row then.
//!
//! An edit, a reaction or a vote goes with the message it speaks of, however new it is: it repeats its words or means
//! nothing. A reply in a thread stays.
//!
//! The names of people, and their numbers, stay: they are the directory of the organisation, not what anybody said.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;
use tidings_model::{RoomId, Timestamp};

use crate::content::Beside;
use crate::entry::Entry;
use crate::event_id::{ABOUT, BY_ID};
use crate::relation::Relation;
use crate::search::index::Texts;
use crate::{Changes, Result, Vault, content, documents, order, rooms};

/// Events that are older than this moment are not kept (milliseconds since 1970, little endian).
const SINCE: &str = "vault.kept_since";
/// How many ids beyond the moment's own are looked at: ids are only nearly in the order of time.
const NEARLY: i64 = 1 << 12;

/// What a step of deleting did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// What readers re-read.
    pub changes: Changes,
    /// There is more to delete.
    pub more: bool,
}

/// An event that is about to go.
struct Doomed {
    id: i64,
    room: i64,
    position: i64,
    event: Vec<u8>,
}

impl Vault {
    /// Delete the oldest `events` events that were sent before this moment; from now on nothing older is recorded. To be
    /// called until there is no more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_before(&self, time: Timestamp, events: usize) -> Result<Forgotten> {
        let limit = i64::try_from(events).unwrap_or(i64::MAX);
        self.change(|db, texts| {
            documents::set(db, SINCE, &time.0.to_le_bytes())?;
            let to = order::of(time).saturating_add(NEARLY);
            let doomed = db
                .prepare_cached(
                    "SELECT id, room, position, event FROM event WHERE id < ?1 AND time < ?2 ORDER BY id LIMIT ?3",
                )?
                .query_map(params![to, time.0, limit], doomed)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let more = doomed.len() >= events;
            let mut forgotten = self.forget(db, texts, doomed)?;
            forgotten.more = more;
            Ok(forgotten)
        })
    }

    /// Since when events are kept; `None`: whatever their age.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_since(&self) -> Result<Option<Timestamp>> {
        self.read(kept_since)
    }

    /// When the newest event that is here was sent.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_time(&self) -> Result<Option<Timestamp>> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT time FROM event WHERE id = (SELECT max(id) FROM event)")?;
            Ok(query.query_row([], |row| row.get(0)).optional()?.map(Timestamp))
        })
    }

    /// Keep messages whatever their age again. What was deleted stays deleted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_everything(&self) -> Result<()> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM document WHERE name = ?1")?.execute([SINCE])?;
            Ok(())
        })
    }

    /// Delete a room from this computer: it is in no list and no search when this returns, and [`Vault::forget_more`]
    /// deletes what was said in it. What was still to be sent into it is dropped, but for leaving it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_room(&self, room: &RoomId) -> Result<Changes> {
        self.write(|db| {
            let mut changes = Changes::default();
            let Some(id) = rooms::find(db, room)? else { return Ok(changes) };
            let leaving = db
                .prepare_cached("SELECT action, transaction_id, time, next_try FROM intent WHERE room = ?1 AND kind > 0 AND kind = 2")?
                .query_row([id], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
                })
                .optional()?;
            for sql in [
                "DELETE FROM intent WHERE room = ?1 AND kind = 0",
                "DELETE FROM intent WHERE room = ?1 AND kind > 0",
                "DELETE FROM latest WHERE room = ?1",
                "DELETE FROM gap WHERE room = ?1",
                "DELETE FROM receipt WHERE room = ?1",
                "DELETE FROM receipt_ahead WHERE room = ?1",
                "DELETE FROM thread_receipt WHERE room = ?1",
                "DELETE FROM thread_draft WHERE room = ?1",
                "DELETE FROM member WHERE room = ?1",
                "DELETE FROM notified WHERE room = ?1",
                "DELETE FROM star WHERE room = ?1",
                "DELETE FROM pin WHERE room = ?1",
            ] {
                db.prepare_cached(sql)?.execute([id])?;
            }
            // Nothing else of the row is needed to delete what hangs on it.
            db.prepare_cached(
                "UPDATE room SET room = ?2, summary = '{}', listed = 0, invited = 0, pinned = 0, muted = 0, marked = 0,
                     members = 0, unread = 0, mentions = 0, latest = 0, draft = '', draft_reply = ''
                 WHERE id = ?1",
            )?
            .execute(params![id, format!("forgotten {id}")])?;
            db.prepare_cached("INSERT INTO forgetting (room) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([id])?;
            if let Some((action, transaction, time, next_try)) = leaving {
                let fresh = rooms::ensure(db, room)?;
                db.prepare_cached(
                    "INSERT INTO intent (room, kind, action, transaction_id, time, after, shown, next_try)
                     VALUES (?1, 2, ?2, ?3, ?4, ?5, 0, ?6)",
                )?
                .execute(params![fresh, action, transaction, time, i64::MIN, next_try])?;
            }
            changes.rows.insert(room.clone());
            changes.conversations.insert(room.clone());
            changes.read.insert(room.clone());
            changes.outbox = true;
            Ok(changes)
        })
    }

    /// Delete so many events of rooms that were forgotten. To be called until there is no more, and at every start.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_more(&self, events: usize) -> Result<Forgotten> {
        let limit = i64::try_from(events).unwrap_or(i64::MAX);
        self.change(|db, texts| {
            let room: Option<i64> = db
                .prepare_cached("SELECT room FROM forgetting ORDER BY room LIMIT 1")?
                .query_row([], |row| row.get(0))
                .optional()?;
            let Some(room) = room else { return Ok(Forgotten::default()) };
            let doomed = db
                .prepare_cached("SELECT id, room, position, event FROM event WHERE room = ?1 LIMIT ?2")?
                .query_map(params![room, limit], doomed)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            if doomed.is_empty() {
                db.prepare_cached("DELETE FROM forgetting WHERE room = ?1")?.execute([room])?;
                db.prepare_cached("DELETE FROM room WHERE id = ?1")?.execute([room])?;
                return Ok(Forgotten { more: true, ..Forgotten::default() });
            }
            for event in &doomed {
                erase(db, texts, event)?;
            }
            Ok(Forgotten { more: true, ..Forgotten::default() })
        })
    }

    /// Files of deleted messages (`mxc:` addresses) whose copies are still to be deleted, at most so many. Where another
    /// message names the same file, its copy is fetched again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn orphans(&self, limit: usize) -> Result<Vec<String>> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT address FROM orphan ORDER BY address LIMIT ?1")?;
            let rows = query.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })
    }

    /// The copies of these files were deleted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn orphans_gone(&self, addresses: &[String]) -> Result<()> {
        self.write(|db| {
            let mut delete = db.prepare_cached("DELETE FROM orphan WHERE address = ?1")?;
            addresses.iter().try_for_each(|address| Ok(delete.execute([address]).map(|_| ())?))
        })
    }

    /// Fold the log into the database and empty it, so that nothing that was deleted is left in it.
    ///
    /// # Errors
    /// When that cannot be written. A reader that is still at an older moment is no error: the next one folds.
    pub fn fold(&self) -> Result<()> {
        self.maintain(|db| Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?))
    }

    /// Delete these events, and bring their rooms up to date.
    fn forget(&self, db: &Connection, texts: &mut Texts, doomed: Vec<Doomed>) -> Result<Forgotten> {
        let mut forgotten = Forgotten::default();
        let mut by_room: BTreeMap<i64, Vec<Doomed>> = BTreeMap::new();
        for event in doomed {
            by_room.entry(event.room).or_default().push(event);
        }
        for (id, mut doomed) in by_room {
            let name: Option<String> = db
                .prepare_cached("SELECT room FROM room WHERE id = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            let Some(room) = name.map(RoomId) else { continue };
            let mut entry = Entry::open(db, self, &room)?;
            for event in &doomed {
                said_of(db, id, &event.event)?.iter().try_for_each(|said| erase(db, texts, said))?;
                erase(db, texts, event)?;
            }
            // A hole with nothing older behind it, among what was deleted, is none any more.
            doomed.sort_by_key(|event| event.position);
            if let Some(newest) = doomed.last() {
                db.prepare_cached(
                    "DELETE FROM gap WHERE room = ?1 AND before <= ?2 AND before <=
                         ifnull((SELECT position FROM event WHERE room = ?1 AND shown > 0 ORDER BY position LIMIT 1), before)",
                )?
                .execute(params![id, newest.position])?;
            }
            // The chat keeps its place in the list.
            entry.row.floor = entry.row.floor.max(entry.row.sort);
            (entry.told.recount, entry.told.relatest) = (true, true);
            (entry.told.conversation, entry.told.row) = (true, true);
            texts.append(entry.finish(&mut forgotten.changes)?);
        }
        Ok(forgotten)
    }
}

/// Since when events are kept.
pub(crate) fn kept_since(db: &Connection) -> Result<Option<Timestamp>> {
    let kept = documents::get(db, SINCE)?;
    Ok(kept.and_then(|bytes| bytes.as_slice().try_into().ok()).map(|bytes| Timestamp(i64::from_le_bytes(bytes))))
}

fn doomed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Doomed> {
    Ok(Doomed { id: row.get(0)?, room: row.get(1)?, position: row.get(2)?, event: row.get(3)? })
}

/// What means nothing without an event: its edits, reactions, votes.
fn said_of(db: &Connection, room: i64, event: &[u8]) -> Result<Vec<Doomed>> {
    let mut query =
        db.prepare_cached(&format!("SELECT id, room, position, event, relation FROM event WHERE {ABOUT}"))?;
    let rows = query.query_map(params![room, event], |row| Ok((doomed(row)?, row.get(4)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (event, relation) = row?;
        if Relation::from_code(relation) != Relation::Redaction {
            found.push(event);
        }
    }
    Ok(found)
}

/// Delete an event's row, what the index has of it, and what is kept beside it. Not being there any more is no error.
fn erase(db: &Connection, texts: &mut Texts, event: &Doomed) -> Result<()> {
    texts.touch(db, event.id)?;
    let kept: Option<(i64, Vec<u8>)> = db
        .prepare_cached("SELECT relation, target FROM event WHERE id = ?1")?
        .query_row([event.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((relation, target)) = kept else { return Ok(()) };
    if Relation::from_code(relation) == Relation::Edit {
        unsay(db, texts, event, &target)?;
    }
    orphan_files(db, event.id)?;
    db.prepare_cached("DELETE FROM event WHERE id = ?1")?.execute([event.id])?;
    db.prepare_cached("DELETE FROM star WHERE room = ?1 AND event = ?2")?.execute(params![event.room, event.event])?;
    let name = crate::event_id::unpack(&event.event);
    db.prepare_cached("DELETE FROM notified WHERE room = ?1 AND event = ?2")?
        .execute(params![event.room, name.as_str()])?;
    Ok(())
}

/// What an edit says is what the index has of the message it edits: that is taken out before it goes.
fn unsay(db: &Connection, texts: &mut Texts, edit: &Doomed, target: &[u8]) -> Result<()> {
    let edited: Option<i64> = db
        .prepare_cached(&format!("SELECT id FROM event WHERE {BY_ID} AND edit = ?3"))?
        .query_row(params![edit.room, target, edit.id], |row| row.get(0))
        .optional()?;
    if let Some(edited) = edited {
        texts.touch(db, edited)?;
        db.prepare_cached("UPDATE event SET edit = 0 WHERE id = ?1")?.execute([edited])?;
    }
    Ok(())
}

/// The files that an event names have no message any more: their copies are to be deleted.
pub(crate) fn orphan_files(db: &Connection, event: i64) -> Result<()> {
    let mut query = db.prepare_cached("SELECT content, target, detail FROM event WHERE id = ?1")?;
    let said = query.query_row([event], |row| {
        let beside = Beside { target: row.get_ref(1)?.as_blob()?, detail: row.get_ref(2)?.as_str()? };
        Ok(content::unpack(row.get_ref(0)?.as_blob()?, beside))
    })?;
    let mut insert = db.prepare_cached("INSERT INTO orphan (address) VALUES (?1) ON CONFLICT DO NOTHING")?;
    addresses(&said).into_iter().try_for_each(|address| Ok(insert.execute([address]).map(drop)?))
}

/// The files that a content names, itself or as it was changed to.
fn addresses(content: &Value) -> BTreeSet<String> {
    const PLACES: [&str; 4] = ["/url", "/file/url", "/info/thumbnail_url", "/info/thumbnail_file/url"];
    [Some(content), content.get("m.new_content")]
        .into_iter()
        .flatten()
        .flat_map(|content| PLACES.iter().filter_map(|place| content.pointer(place)?.as_str()))
        .filter(|address| address.starts_with("mxc://"))
        .map(str::to_owned)
        .collect()
}
