//! What is missing of the rooms in the list, for whoever fills it: newest rooms first, the newest hole of each.
//!
//! **Invariant:** a hole is found by its index; looking for the next one reads no further than the first that is wanted.
//!
//! The token of a hole is kept with it, so filling goes on after a restart where it stopped.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tidings_model::{RoomId, Timestamp};

use crate::{Gap, Result, Vault, rooms};

/// How many events before a hole say whether it was encrypted.
const NEAREST: i64 = 200;

/// The newest hole of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomGap {
    /// The room.
    pub room: RoomId,
    /// The hole.
    pub gap: Gap,
    /// When the first row after the hole was sent: from there on nothing is missing.
    pub since: Timestamp,
    /// Older rows are here: what is missing lies between known ones.
    pub inside: bool,
    /// Rows after the hole, counted up to the number that was asked for.
    pub rows: u32,
    /// Something is unread, and how far this person has read is not known: the count grows as the hole is filled.
    pub uncounted: bool,
}

/// How far back a room is kept without a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From its beginning.
    Beginning,
    /// From this moment on.
    Since(Timestamp),
}

impl Vault {
    /// The first hole that is wanted, in the order of the chat list. Rows are counted up to `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_gap(&self, most: u32, wanted: impl Fn(&RoomGap) -> bool) -> Result<Option<RoomGap>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT r.id, r.room, r.unread, g.before, g.token FROM room r
                 JOIN gap g ON g.room = r.id AND g.before = (SELECT max(before) FROM gap WHERE room = r.id)
                 WHERE r.listed = 1 ORDER BY r.pinned DESC, r.sort DESC",
            )?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let found = self.gap_of(db, row, most)?;
                if wanted(&found) {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        })
    }

    /// Something that was encrypted stands among the nearest events before a hole: what is missing in it was encrypted, too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_encrypted_before(&self, room: &RoomId, token: &str) -> Result<bool> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(false) };
            let before: Option<i64> = db
                .prepare_cached("SELECT before FROM gap WHERE room = ?1 AND token = ?2")?
                .query_row(params![room, token], |row| row.get(0))
                .optional()?;
            let mut nearest = db.prepare_cached(
                "SELECT encryption FROM event WHERE room = ?1 AND shown > 0 AND position < ?2
                 ORDER BY position DESC LIMIT ?3",
            )?;
            let mut rows = nearest.query(params![room, before, NEAREST])?;
            while let Some(row) = rows.next()? {
                // Neither in the clear nor suspicious.
                if !matches!(row.get::<_, i64>(0)?, 0 | 2) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// The newest hole of a room in the list, with its rows counted up to `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_gap(&self, room: &RoomId, most: u32) -> Result<Option<RoomGap>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT r.id, r.room, r.unread, g.before, g.token FROM room r
                 JOIN gap g ON g.room = r.id AND g.before = (SELECT max(before) FROM gap WHERE room = r.id)
                 WHERE r.room = ?1 AND r.listed = 1",
            )?;
            let mut rows = query.query([room.as_str()])?;
            match rows.next()? {
                Some(row) => Ok(Some(self.gap_of(db, row, most)?)),
                None => Ok(None),
            }
        })
    }

    /// How far back a room is kept without a hole; `None` when nothing of it is here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn reach(&self, room: &RoomId) -> Result<Option<Reach>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let before: Option<i64> = db
                .prepare_cached("SELECT before FROM gap WHERE room = ?1 ORDER BY before DESC LIMIT 1")?
                .query_row([room], |row| row.get(0))
                .optional()?;
            let Some(time) = first_row(db, room, before.unwrap_or(i64::MIN))? else { return Ok(None) };
            Ok(Some(if before.is_some() { Reach::Since(time) } else { Reach::Beginning }))
        })
    }

    fn gap_of(&self, db: &Connection, row: &Row<'_>, most: u32) -> Result<RoomGap> {
        let (id, unread): (i64, i64) = (row.get(0)?, row.get(2)?);
        let before: i64 = row.get(3)?;
        let inside = db
            .prepare_cached("SELECT 1 FROM event WHERE room = ?1 AND shown > 0 AND position < ?2 LIMIT 1")?
            .exists(params![id, before])?;
        let mut counted =
            db.prepare_cached("SELECT 1 FROM event WHERE room = ?1 AND shown > 0 AND position >= ?2 LIMIT ?3")?;
        let mut found = counted.query(params![id, before, most])?;
        let mut rows: u32 = 0;
        while found.next()?.is_some() {
            rows = rows.saturating_add(1);
        }
        Ok(RoomGap {
            room: RoomId(row.get(1)?),
            gap: Gap { before, token: row.get(4)? },
            since: first_row(db, id, before)?.unwrap_or(Timestamp(i64::MAX)),
            inside,
            rows,
            uncounted: unread > 0 && rooms::read_position(db, id, &self.own)?.is_none(),
        })
    }
}

/// When the first row from this position on was sent.
fn first_row(db: &Connection, room: i64, position: i64) -> Result<Option<Timestamp>> {
    Ok(db
        .prepare_cached(
            "SELECT time FROM event WHERE room = ?1 AND shown > 0 AND position >= ?2 ORDER BY position LIMIT 1",
        )?
        .query_row(params![room, position], |row| row.get(0).map(Timestamp))
        .optional()?)
}
