//! The single entry: what the server said is written here, and nowhere else.
//!
//! **Invariant:** a batch is one transaction; it is kept whole or not at all, and it is on the disk when
//! [`Vault::record`] returns.
//! **Invariant:** the order in which events arrive does not matter: edits, reactions, redactions and receipts that come
//! before the event they speak of take effect when it comes.
//! **Invariant:** recording the same thing again changes nothing.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use tidings_model::{EventId, RoomId};

use crate::entry::Entry;
use crate::{Batch, Changes, Event, Membership, Result, RoomBatch, Seal, Vault, event_id, outbox, retention, rooms};

impl Vault {
    /// Record everything one response said. What it changed is told in the result; readers re-read what they show.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of the batch is kept then.
    pub fn record(&self, batch: &Batch) -> Result<Changes> {
        self.change(|db, texts| {
            let mut changes = Changes::default();
            let since = retention::kept_since(db)?;
            for said in &batch.rooms {
                if is_being_left(db, said)? {
                    continue;
                }
                let mut entry = Entry::open(db, self, &said.room)?;
                if let Some(summary) = &said.summary {
                    entry.summary(summary)?;
                }
                entry.members(&said.members)?;
                if let Some(timeline) = &said.timeline {
                    entry.timeline(timeline, since)?;
                }
                entry.seals(&said.seals)?;
                entry.receipts(&said.receipts)?;
                entry.thread_receipts(&said.thread_receipts)?;
                if let Some(unread) = said.marked_unread {
                    entry.mark(unread)?;
                }
                texts.append(entry.finish(&mut changes)?);
            }
            Ok(changes)
        })
    }

    /// Record what came of events that could not be decrypted before. They keep their place and their sender; those
    /// that count as unread and are not read yet are in [`Changes::arrived`] (again), so that they may notify with their
    /// text. Events that are not here, or do not wait for a key, are left as they are.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn redecrypt(&self, room: &RoomId, events: &[Event]) -> Result<Changes> {
        self.redecrypt_sealed(room, events, &BTreeMap::new())
    }

    /// The same, and how they were sealed.
    ///
    /// # Errors
    /// As [`Vault::redecrypt`].
    pub fn redecrypt_sealed(
        &self,
        room: &RoomId,
        events: &[Event],
        seals: &BTreeMap<EventId, Seal>,
    ) -> Result<Changes> {
        self.change(|db, texts| {
            let mut changes = Changes::default();
            if rooms::find(db, room)?.is_some() {
                let mut entry = Entry::open(db, self, room)?;
                for event in events {
                    entry.decrypted(event)?;
                }
                entry.seals(seals)?;
                texts.append(entry.finish(&mut changes)?);
            }
            Ok(changes)
        })
    }

    /// Events that wait for a key, newest first; of one room, of one Megolm session, or all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn undecryptable(
        &self,
        room: Option<&RoomId>,
        session: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(RoomId, EventId)>> {
        const ALL: &str = "SELECT r.room, e.event FROM event e JOIN room r ON r.id = e.room WHERE e.waiting = 1
                           ORDER BY e.id DESC LIMIT ?1";
        const OF_ROOM: &str = "SELECT r.room, e.event FROM event e JOIN room r ON r.id = e.room
                               WHERE e.waiting = 1 AND e.room = ?2 ORDER BY e.id DESC LIMIT ?1";
        const OF_SESSION: &str = "SELECT r.room, e.event FROM event e JOIN room r ON r.id = e.room
                                  WHERE e.waiting = 1 AND e.session = ?2 AND e.room BETWEEN ?3 AND ?4
                                  ORDER BY e.room DESC, e.id DESC LIMIT ?1";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|db| {
            let room = match room {
                None => None,
                Some(room) => match rooms::find(db, room)? {
                    None => return Ok(Vec::new()),
                    found => found,
                },
            };
            let ids = |row: &rusqlite::Row<'_>| Ok((RoomId(row.get(0)?), event_id::unpack(row.get_ref(1)?.as_blob()?)));
            let found: rusqlite::Result<Vec<_>> = match (room, session) {
                (None, None) => db.prepare_cached(ALL)?.query_map([limit], ids)?.collect(),
                (Some(room), None) => db.prepare_cached(OF_ROOM)?.query_map([limit, room], ids)?.collect(),
                (room, Some(session)) => {
                    let (from, to) = room.map_or((i64::MIN, i64::MAX), |room| (room, room));
                    db.prepare_cached(OF_SESSION)?.query_map(params![limit, session, from, to], ids)?.collect()
                }
            };
            Ok(found?)
        })
    }
}

/// This person left the room, and the server does not know yet: what it says until then is of a chat that is not here any
/// more. An invitation is news, and so is that they are not in it.
fn is_being_left(db: &Connection, said: &RoomBatch) -> Result<bool> {
    match said.summary.as_ref().map(|summary| summary.membership) {
        Some(Membership::Invited | Membership::Left) => return Ok(false),
        Some(Membership::Joined) | None => {}
    }
    let Some(room) = rooms::find(db, &said.room)? else { return Ok(false) };
    outbox::leaves(db, room)
}
