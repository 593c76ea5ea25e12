//! Messages that this person wants to find again. Only this computer knows them.
//!
//! **Invariant:** a star belongs to an event id, not to a row: a vault that is built anew has them before it has the
//! messages.

use rusqlite::{Connection, params};
use tidings_model::{EventId, RoomId, Timestamp};

use crate::{Changes, Result, Vault, VaultError, event_id, rooms};

/// A message that is to be found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarRecord {
    /// The room.
    pub room: RoomId,
    /// The message.
    pub event: EventId,
    /// When it was starred.
    pub time: Timestamp,
}

impl Vault {
    /// Keep that this person wants to find a message again, or not any more.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] for a message that is not here; when the database cannot be written.
    pub fn set_starred(&self, room: &RoomId, event: &EventId, starred: bool, now: Timestamp) -> Result<Changes> {
        self.write(|db| {
            let id = rooms::find(db, room)?.ok_or(VaultError::NotFound)?;
            let packed = event_id::pack(event.as_str());
            event_id::position(db, id, &packed)?.ok_or(VaultError::NotFound)?;
            let changed = if starred {
                set(db, id, &packed, now)?
            } else {
                db.prepare_cached("DELETE FROM star WHERE room = ?1 AND event = ?2")?.execute(params![id, packed])? > 0
            };
            let mut changes = Changes::default();
            if changed {
                changes.conversations.insert(room.clone());
            }
            Ok(changes)
        })
    }
}

/// Keep a star; whether it is new.
pub(crate) fn set(db: &Connection, room: i64, event: &[u8], time: Timestamp) -> Result<bool> {
    let mut insert =
        db.prepare_cached("INSERT INTO star (room, event, time) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    Ok(insert.execute(params![room, event, time.0])? > 0)
}
