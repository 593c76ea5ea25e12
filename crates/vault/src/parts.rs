//! What the messages of a room carry: pictures, files, links.
//!
//! **Invariant:** a list is read from its index, newest first, however much there is.

use rusqlite::{Connection, params};
use tidings_model::RoomId;

use crate::pages::{MESSAGE, message};
use crate::{MessageRecord, Part, Result, Vault, rooms};

/// How much of a room there is to look through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Starred messages.
    pub starred: u32,
    /// Pinned messages that are here.
    pub pinned: u32,
    /// Messages for each of the lists that were asked for, in their order; counted up to the bound that was given.
    pub parts: Vec<u32>,
}

impl Vault {
    /// How many messages of a room are starred, pinned, and carry these kinds, counted up to `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn carried(&self, room: &RoomId, lists: &[&[Part]], most: u32) -> Result<Carried> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Carried::default()) };
            let count = |sql: &str| -> Result<u32> { Ok(db.prepare_cached(sql)?.query_row([room], |row| row.get(0))?) };
            Ok(Carried {
                starred: count("SELECT count(*) FROM star WHERE room = ?1")?,
                pinned: count(
                    "SELECT count(*) FROM pin p CROSS JOIN event e
                     WHERE p.room = ?1 AND substr(e.event, 1, 8) = substr(p.event, 1, 8) AND e.room = p.room
                         AND e.event = p.event",
                )?,
                parts: lists.iter().map(|kinds| counted(db, room, kinds, most)).collect::<Result<_>>()?,
            })
        })
    }

    /// Messages of a room that carry one of these, newest first, before a position.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn parts(
        &self,
        room: &RoomId,
        kinds: &[Part],
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<MessageRecord>> {
        let (before, limit) = (before.unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT {MESSAGE} FROM part p CROSS JOIN event m ON m.id = p.event
                 LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE p.room = ?1 AND p.kind = ?2 AND p.position < ?3 ORDER BY p.position DESC LIMIT ?4"
            ))?;
            let mut found: Vec<MessageRecord> = Vec::new();
            for kind in kinds {
                let rows = query.query_map(params![room, *kind as i64, before, limit], |row| message(row, 0))?;
                found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            found.sort_by_key(|message| std::cmp::Reverse(message.position));
            found.dedup_by(|one, other| one.event == other.event);
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(found)
        })
    }
}

fn counted(db: &Connection, room: i64, kinds: &[Part], most: u32) -> Result<u32> {
    let mut query = db.prepare_cached("SELECT position FROM part WHERE room = ?1 AND kind = ?2 LIMIT ?3")?;
    let mut count = 0_u32;
    for kind in kinds {
        let mut rows = query.query(params![room, *kind as i64, most])?;
        while rows.next()?.is_some() && count < most {
            count = count.saturating_add(1);
        }
    }
    Ok(count)
}
