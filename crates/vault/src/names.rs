//! Words that repeat in every event, kept once: user ids and event types.
//!
//! **Invariant:** a name's number never changes and is never given again, so that a row means the same for ever. The
//! number of `m.room.member` is 2: an index and a few statements say so.

use rusqlite::{Connection, OptionalExtension as _};

use crate::Result;

/// The number of a name, if it was ever kept.
pub(crate) fn find(db: &Connection, name: &str) -> Result<Option<i64>> {
    let mut query = db.prepare_cached("SELECT id FROM name WHERE name = ?1")?;
    Ok(query.query_row([name], |row| row.get(0)).optional()?)
}

/// The number of a name.
pub(crate) fn number(db: &Connection, name: &str) -> Result<i64> {
    if let Some(known) = find(db, name)? {
        return Ok(known);
    }
    db.prepare_cached("INSERT INTO name (name) VALUES (?1)")?.execute([name])?;
    Ok(db.last_insert_rowid())
}
