//! How encrypted events were sealed: what a server sends again under another id is noticed by it.
//!
//! An event is named by the server, and its Megolm ciphertext does not know that name; but within a session every message
//! has an index of its own. Two events of one session, one sender and the same words are two messages when their indices
//! differ, and one message sent twice when they do not. A print of session, sender and words finds the pairs; only for
//! those are indices needed.

use rusqlite::params;
use tidings_model::{EventId, RoomId};

use crate::entry::Entry;
use crate::event_id::{self, BY_ID};
use crate::{Result, Vault, rooms};

/// How an event was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Stands for its session, sender and words; never 0. Two events with one print are the same but for their index.
    pub print: i64,
    /// Its index in the Megolm session, where it is known.
    pub index: Option<u32>,
}

/// An event that is here already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// It.
    pub event: EventId,
    /// How it was sealed.
    pub seal: Seal,
    /// It was deleted: no server has its ciphertext any more.
    pub redacted: bool,
}

impl Vault {
    /// The events of a room that have one of these prints.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn twins(&self, room: &RoomId, prints: &[i64]) -> Result<Vec<Twin>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(
                "SELECT event, print, turn, redacted FROM event WHERE room = ?1 AND print = ?2 AND print != 0",
            )?;
            let mut found = Vec::new();
            for print in prints {
                let twins = query.query_map(params![room, print], |row| {
                    let turn: i64 = row.get(2)?;
                    Ok(Twin {
                        event: event_id::unpack(row.get_ref(0)?.as_blob()?),
                        seal: Seal { print: row.get(1)?, index: u32::try_from(turn.saturating_sub(1)).ok() },
                        redacted: row.get(3)?,
                    })
                })?;
                for twin in twins {
                    found.push(twin?);
                }
            }
            Ok(found)
        })
    }
}

impl Entry<'_> {
    /// Keep how events were sealed. What is known of an index stays known.
    pub(crate) fn seals<'a>(&mut self, seals: impl IntoIterator<Item = (&'a EventId, &'a Seal)>) -> Result<()> {
        let mut update = self.db.prepare_cached(&format!(
            "UPDATE event SET print = ?3, turn = max(turn, ?4) WHERE {BY_ID} AND (print != ?3 OR turn < ?4)"
        ))?;
        for (event, seal) in seals {
            let turn = seal.index.map_or(0, |index| i64::from(index).saturating_add(1));
            update.execute(params![self.row.id, event_id::pack(event.as_str()), seal.print, turn])?;
        }
        Ok(())
    }
}
