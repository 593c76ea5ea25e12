//! What votes, ends of polls and steps of calls say of others: rows of earlier versions learn it.

use rusqlite::{Connection, params};

use super::content_2;
use crate::polls::{ENDS, RESPONSES};
use crate::relation::of_message;
use crate::{Result, names};

/// Steps of calls.
const CALLS: [&str; 5] =
    ["m.call.answer", "m.call.reject", "m.call.hangup", "m.rtc.decline", "org.matrix.msc4310.rtc.decline"];
/// In the clear in an encrypted room: the server could have written it.
const SUSPICIOUS: i64 = 2;

/// Give the rows of earlier versions their relations.
pub(super) fn relate(db: &Connection) -> Result<()> {
    let mut update =
        db.prepare("UPDATE event SET relation = ?2, target = ?3, detail = ?4, shown = ?5 WHERE id = ?1")?;
    for kind in RESPONSES.into_iter().chain(ENDS).chain(CALLS) {
        let Some(number) = names::find(db, kind)? else { continue };
        let mut query = db.prepare(
            "SELECT id, content FROM event
             WHERE kind = ?1 AND state_key IS NULL AND redacted = 0 AND encryption != ?2",
        )?;
        let rows = query
            .query_map(params![number, SUSPICIOUS], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        for (id, kept) in rows {
            let standing = of_message(kind, &content_2::unpack(&kept), false);
            update.execute(params![
                id,
                standing.relation as i64,
                standing.packed_target(),
                standing.detail,
                standing.shown as i64
            ])?;
        }
    }
    Ok(())
}
