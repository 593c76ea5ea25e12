//! What the messages of a room carry: pictures, files, links.
//!
//! **Invariant:** a list is read from its index, newest first, however much there is.

use rusqlite::{Connection, Row, params};
use tidings_model::{EventId, RoomId};

use crate::pages::{MESSAGE, MESSAGE_COLUMNS, message};
use crate::relation::Relation;
use crate::{MessageRecord, Part, Result, Vault, event_id, rooms};

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

/// A message that carries something.
#[derive(Clone, Debug, PartialEq)]
pub struct Carrier {
    /// The message, without reactions and thread.
    pub message: MessageRecord,
    /// The root of the thread it is a reply in.
    pub thread: Option<EventId>,
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
                     WHERE p.room = ?1 AND substr(e.event, 16, 4) = substr(p.event, 16, 4) AND e.room = p.room
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
    pub fn parts(&self, room: &RoomId, kinds: &[Part], before: Option<i64>, limit: usize) -> Result<Vec<Carrier>> {
        let (before, limit) = (before.unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT {MESSAGE}, m.relation, m.target FROM part p CROSS JOIN event m ON m.id = p.event
                 LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE p.room = ?1 AND p.kind = ?2 AND p.position < ?3 ORDER BY p.position DESC LIMIT ?4"
            ))?;
            let mut found: Vec<Carrier> = Vec::new();
            for kind in kinds {
                let rows = query.query_map(params![room, *kind as i64, before, limit], carrier)?;
                found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            found.sort_by_key(|carrier| std::cmp::Reverse(carrier.message.position));
            found.dedup_by(|one, other| one.message.event == other.message.event);
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(found)
        })
    }
}

fn carrier(row: &Row<'_>) -> rusqlite::Result<Carrier> {
    Ok(Carrier {
        message: message(row, 0)?,
        thread: match Relation::from_code(row.get(MESSAGE_COLUMNS)?) {
            Relation::Thread => Some(event_id::unpack(row.get_ref(MESSAGE_COLUMNS + 1)?.as_blob()?)),
            _ => None,
        },
    })
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
