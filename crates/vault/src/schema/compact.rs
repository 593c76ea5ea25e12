//! Version 2 keeps each event in fewer bytes and in the order of time: every row moves to a new place.
//!
//! **Invariant:** what a conversation, a count or the chat list showed before is shown after; only ids of rows change.
//!
//! Messages that were kept before are not searchable at once: the index is filled in the background, newest first.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use serde_json::Value;
use tidings_model::Timestamp;

use super::content_2;
use crate::{Result, event_id, names, order};

/// Move the rows of version 1.
pub(super) fn rows(db: &Connection) -> Result<()> {
    let moved = places(db)?;
    move_events(db, &moved)?;
    db.execute_batch(include_str!("0002_indexes.sql"))?;
    move_latest(db, &moved)?;
    people(db)
}

/// Members of rooms become people that can be found.
fn people(db: &Connection) -> Result<()> {
    let mut query = db.prepare("SELECT user, name FROM member")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        crate::people::keep(db, row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str_or_null()?)?;
    }
    Ok(())
}

/// The new id of each event, by its old one.
fn places(db: &Connection) -> Result<BTreeMap<i64, i64>> {
    let mut taken = BTreeSet::new();
    let mut moved = BTreeMap::new();
    let mut query = db.prepare("SELECT id, event, time FROM event ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let packed = event_id::pack(row.get_ref(1)?.as_str()?);
        let mut places = order::places(Timestamp(row.get(2)?), &packed);
        if let Some(place) = places.find(|place| *place > 0 && !taken.contains(place)) {
            taken.insert(place);
            moved.insert(row.get(0)?, place);
        }
    }
    Ok(moved)
}

fn move_events(db: &Connection, moved: &BTreeMap<i64, i64>) -> Result<()> {
    let mut query = db.prepare(
        "SELECT id, edit, event, sender, kind, content, target, room, position, time, state_key, redacted,
                transaction_id, encryption, session, cause, waiting, notifies, mentions, counts, shown, relation, detail
         FROM event ORDER BY time",
    )?;
    let mut insert = db.prepare(
        "INSERT INTO event_2 (id, edit, event, sender, kind, content, target, room, position, time, state_key, redacted,
             transaction_id, encryption, session, cause, waiting, notifies, mentions, counts, shown, relation, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
    )?;
    let place = |old: i64| moved.get(&old).copied().unwrap_or_default();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let said = row.get_ref(5)?.as_str()?;
        // What does not parse is kept as it is.
        let said =
            serde_json::from_str::<Value>(said).map_or_else(|_| said.to_owned(), |value| content_2::pack(&value));
        let target = row.get_ref(6)?.as_str()?;
        insert.execute(params![
            place(row.get(0)?),
            place(row.get(1)?),
            event_id::pack(row.get_ref(2)?.as_str()?),
            names::number(db, row.get_ref(3)?.as_str()?)?,
            names::number(db, row.get_ref(4)?.as_str()?)?,
            said,
            if target.is_empty() { Vec::new() } else { event_id::pack(target) },
            row.get::<_, rusqlite::types::Value>(7)?,
            row.get::<_, rusqlite::types::Value>(8)?,
            row.get::<_, rusqlite::types::Value>(9)?,
            row.get::<_, rusqlite::types::Value>(10)?,
            row.get::<_, rusqlite::types::Value>(11)?,
            row.get::<_, rusqlite::types::Value>(12)?,
            row.get::<_, rusqlite::types::Value>(13)?,
            row.get::<_, rusqlite::types::Value>(14)?,
            row.get::<_, rusqlite::types::Value>(15)?,
            row.get::<_, rusqlite::types::Value>(16)?,
            row.get::<_, rusqlite::types::Value>(17)?,
            row.get::<_, rusqlite::types::Value>(18)?,
            row.get::<_, rusqlite::types::Value>(19)?,
            row.get::<_, rusqlite::types::Value>(20)?,
            row.get::<_, rusqlite::types::Value>(21)?,
            row.get::<_, rusqlite::types::Value>(22)?,
        ])?;
    }
    Ok(())
}

fn move_latest(db: &Connection, moved: &BTreeMap<i64, i64>) -> Result<()> {
    let latest: Vec<(i64, i64)> = db
        .prepare("SELECT id, latest FROM room WHERE latest != 0")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update = db.prepare("UPDATE room SET latest = ?2 WHERE id = ?1")?;
    for (room, old) in latest {
        update.execute([room, moved.get(&old).copied().unwrap_or_default()])?;
    }
    db.execute_batch(
        "INSERT INTO latest (room, event, transaction_id, position, sender, time, kind, state_key, content, redacted,
             encryption, session, cause, mentions, notifies, edit)
         SELECT m.room, m.event, m.transaction_id, m.position, (SELECT name FROM name WHERE id = m.sender), m.time,
             (SELECT name FROM name WHERE id = m.kind), m.state_key, m.content, m.redacted, m.encryption, m.session,
             m.cause, m.mentions, m.notifies, e.content
         FROM room r JOIN event m ON m.id = r.latest LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
         WHERE r.latest != 0",
    )?;
    Ok(())
}
