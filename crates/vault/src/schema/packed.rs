//! Version 9 keeps contents in fewer bytes, and slimmer indexes: every row is written anew, under the id it had.
//!
//! **Invariant:** what was shown, counted or found before is after; the index of words stays as it is.

use rusqlite::{Connection, params};

use super::content_2;
use crate::Result;
use crate::content::{self, Beside};

/// Rows that are moved before their old ones are deleted: new rows take the room of old ones, and the file does not grow.
const AT_ONCE: i64 = 4_000;

/// Move the rows of version 8.
pub(super) fn rows(db: &Connection) -> Result<()> {
    let mut moved = i64::MIN;
    while let Some(last) = move_events(db, moved)? {
        db.prepare_cached("DELETE FROM event WHERE id <= ?1")?.execute([last])?;
        moved = last;
    }
    db.execute_batch(include_str!("0009_indexes.sql"))?;
    ease_latest(db)
}

/// What the chat list shows is kept as it is read fastest.
fn ease_latest(db: &Connection) -> Result<()> {
    let mut query = db.prepare("SELECT room, content, edit FROM latest")?;
    let mut update = db.prepare("UPDATE latest SET content = ?2, edit = ?3 WHERE room = ?1")?;
    let latest = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (room, said, edit) in latest.collect::<rusqlite::Result<Vec<(i64, Vec<u8>, Option<Vec<u8>>)>>>()? {
        let edit = edit.map(|edit| content::ease(&edit).unwrap_or(edit));
        update.execute(params![room, content::ease(&said).unwrap_or(said), edit])?;
    }
    Ok(())
}

/// Move the rows that come next; the last of them.
fn move_events(db: &Connection, after: i64) -> Result<Option<i64>> {
    let mut query = db
        .prepare_cached("SELECT id, content, target, detail, previous FROM event WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    // What did count without having a row counts no more.
    let mut insert = db.prepare_cached(
        "INSERT INTO event_9 (id, content, previous, room, position, event, sender, late, kind, marks, state_key,
             transaction_id, session, cause, target, detail, edit, print, turn)
         SELECT id, ?2, ?3, room, position, event, sender, time - ((id & 17592186044415) * 500 + 1388534400000), kind,
             (encryption & 15) | (shown << 4) | (relation << 6) | (notifies << 9) | (mentions << 10)
                 | ((counts AND (shown > 0 OR relation = 4)) << 11) | (redacted << 12) | (waiting << 13),
             state_key, transaction_id, session, cause, target, detail, edit, print, turn
         FROM event WHERE id = ?1",
    )?;
    let mut rows = query.query([after, AT_ONCE])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let said = content_2::unpack(row.get_ref(1)?.as_str()?);
        let beside = Beside { target: row.get_ref(2)?.as_blob()?, detail: row.get_ref(3)?.as_str()? };
        let previous = row.get_ref(4)?.as_str_or_null()?.map(content_2::unpack);
        let previous = previous.map(|previous| content::pack(&previous, Beside::NOTHING));
        insert.execute(params![id, content::pack(&said, beside), previous])?;
        last = Some(id);
    }
    Ok(last)
}
