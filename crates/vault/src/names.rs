//! Words that repeat in every event, kept once: user ids and event types.
//!
//! **Invariant:** a name's number never changes and is never given again, so that a row means the same for ever. The
//! number of `m.room.member` is 2: an index and a few statements say so.
//! **Invariant:** what is remembered in memory was committed, or is forgotten with the write that failed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _};

use crate::Result;

/// Names that are remembered; an organisation of more people asks the table now and then.
const REMEMBERED: usize = 8_192;

/// The numbers of names that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Names(Mutex<HashMap<String, i64>>);

impl Names {
    /// The number of a name.
    pub(crate) fn number(&self, db: &Connection, name: &str) -> Result<i64> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.get(name) {
            return Ok(*number);
        }
        let number = number(db, name)?;
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(name.to_owned(), number);
        Ok(number)
    }

    /// A write failed: what it brought was not committed.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

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
