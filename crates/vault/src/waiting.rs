//! Which keys are waited for.

use rusqlite::{OptionalExtension as _, params};
use tidings_model::RoomId;

use crate::{Result, Vault};

impl Vault {
    /// The Megolm sessions whose key would open something, each once with its room.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting_sessions(&self) -> Result<Vec<(RoomId, String)>> {
        self.read(|db| {
            // From one to the next: the index is not read through a room's whole backlog.
            let mut next = db.prepare_cached(
                "SELECT e.session, e.room, (SELECT room FROM room WHERE id = e.room) FROM event e
                 WHERE e.waiting = 1 AND (e.session, e.room) > (?1, ?2) ORDER BY e.session, e.room LIMIT 1",
            )?;
            let mut found = Vec::new();
            // What does not say its session has none to ask for.
            let mut after = (String::new(), i64::MAX);
            while let Some((session, id, room)) = next
                .query_row(params![after.0, after.1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?
            {
                after = (session, id);
                found.push((RoomId(room), after.0.clone()));
            }
            Ok(found)
        })
    }
}
