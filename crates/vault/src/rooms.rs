//! Rooms as rows of numbers.
use rusqlite::{Connection, OptionalExtension as _};
use tidings_model::RoomId;

use crate::Result;

pub(crate) fn find(db: &Connection, room: &RoomId) -> Result<Option<i64>> {
    let mut query = db.prepare_cached("SELECT id FROM room WHERE room = ?1")?;
    Ok(query.query_row([room.as_str()], |row| row.get(0)).optional()?)
}

pub(crate) fn ensure(db: &Connection, room: &RoomId) -> Result<i64> {
    if let Some(id) = find(db, room)? {
        return Ok(id);
    }
    db.prepare_cached("INSERT INTO room (room) VALUES (?1)")?.execute([room.as_str()])?;
    Ok(db.last_insert_rowid())
}
