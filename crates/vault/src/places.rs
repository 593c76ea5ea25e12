//! Places in a conversation: where an event stands, what stands around it, and where a day begins.
//!
//! **Invariant:** a question costs a few index lookups, however long the room is.
//!
//! A moment is looked for by halving positions, not through an index over time: the server's clock and order agree but
//! for moments, and a second order of a million rows would be read for nothing but this.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{EventId, RoomId, Timestamp};

use crate::event_id::{self, BY_ID};
use crate::pages::{MESSAGE, finish, message};
use crate::relation::Relation;
use crate::{EventPlace, Page, Result, Vault, rooms};

impl Vault {
    /// Where an event stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn place(&self, room: &RoomId, event: &EventId) -> Result<Option<EventPlace>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let mut query =
                db.prepare_cached(&format!("SELECT position, shown, relation, target FROM event WHERE {BY_ID}"))?;
            let found = query.query_row(params![room, event_id::pack(event.as_str())], |row| {
                let target = row.get_ref(3)?.as_blob()?;
                Ok(EventPlace {
                    position: row.get(0)?,
                    shown: row.get::<_, i64>(1)? > 0,
                    about: Some(target).filter(|target| !target.is_empty()).map(event_id::unpack),
                    in_thread: Relation::from_code(row.get(2)?) == Relation::Thread,
                })
            });
            Ok(found.optional()?)
        })
    }

    /// The shown rows from the position `from` to the position `to`, both included; to the end without it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page_between(&self, room: &RoomId, from: i64, to: Option<i64>) -> Result<Page> {
        let to = to.unwrap_or(i64::MAX);
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Page::default()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE m.room = ?1 AND m.shown > 0 AND m.position BETWEEN ?2 AND ?3 ORDER BY m.position"
            ))?;
            let messages = query
                .query_map(params![room, from, to], |row| message(row, 0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            finish(db, &self.own, room, messages, from, to)
        })
    }

    /// The positions of at most `limit` shown rows newer than the position `after`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newer(&self, room: &RoomId, after: i64, limit: usize) -> Result<Vec<i64>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(
                "SELECT position FROM event WHERE room = ?1 AND shown > 0 AND position > ?2 ORDER BY position LIMIT ?3",
            )?;
            let rows = query.query_map(params![room, after, count(limit)], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })
    }

    /// The positions of at most `limit` shown rows up to the position `until`, that one included, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn older(&self, room: &RoomId, until: i64, limit: usize) -> Result<Vec<i64>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(
                "SELECT position FROM event WHERE room = ?1 AND shown > 0 AND position <= ?2
                 ORDER BY position DESC LIMIT ?3",
            )?;
            let rows = query.query_map(params![room, until, count(limit)], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })
    }

    /// The position of the first message that was sent at this moment or after it (lines about the room do not count: a
    /// bridge makes a room today and fills it with what was said years ago). Where neighbours disagree about the
    /// time, one of those near it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_since(&self, room: &RoomId, time: Timestamp) -> Result<Option<i64>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let Some(oldest) = row_from(db, room, i64::MIN)? else { return Ok(None) };
            if oldest.time >= time.0 {
                return Ok(Some(oldest.position));
            }
            let newest = db
                .prepare_cached(
                    "SELECT position, time FROM event WHERE room = ?1 AND shown > 0 AND shown = 2
                     ORDER BY position DESC LIMIT 1",
                )?
                .query_row([room], row)
                .optional()?;
            let Some(newest) = newest.filter(|newest| newest.time >= time.0) else { return Ok(None) };
            // What stands at `low` was sent before, what stands at `high` or next after it was not.
            let (mut low, mut high) = (oldest.position, newest.position);
            while high.saturating_sub(low) > 1 {
                let middle = low.midpoint(high);
                match row_from(db, room, middle)? {
                    Some(row) if row.time < time.0 => low = row.position,
                    Some(_) | None => high = middle,
                }
            }
            Ok(row_from(db, room, high)?.map(|row| row.position))
        })
    }
}

/// A row as [`Vault::first_since`] looks at it.
struct Row {
    position: i64,
    time: i64,
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row { position: row.get(0)?, time: row.get(1)? })
}

/// The first message at this position or after it.
fn row_from(db: &Connection, room: i64, position: i64) -> Result<Option<Row>> {
    let mut query = db.prepare_cached(
        "SELECT position, time FROM event WHERE room = ?1 AND shown > 0 AND shown = 2 AND position >= ?2
         ORDER BY position LIMIT 1",
    )?;
    Ok(query.query_row(params![room, position], row).optional()?)
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
