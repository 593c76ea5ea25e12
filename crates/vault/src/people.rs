//! Members of rooms, and how far they have read.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{RoomId, UserId};

use crate::search::text;
use crate::{MemberRecord, Result, Vault, rooms};

/// Keep how a person is called, to be found by it; the latest name that any room knows.
pub(crate) fn keep(db: &Connection, user: &str, name: Option<&str>) -> Result<()> {
    let local = user.trim_start_matches('@').split(':').next().unwrap_or_default();
    let words = text::words(name.unwrap_or_default()).into_iter().chain(text::words(local));
    let folded = words.map(|word| word.word).collect::<Vec<_>>().join(" ");
    db.prepare_cached(
        "INSERT INTO person (user, name, folded) VALUES (?1, ?2, ?3)
         ON CONFLICT (user) DO UPDATE SET name = excluded.name, folded = excluded.folded WHERE folded != excluded.folded",
    )?
    .execute(params![user, name, folded])?;
    Ok(())
}

impl Vault {
    /// These people as the room knows them, in the order asked for; those it does not know are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members(&self, room: &RoomId, users: &[UserId]) -> Result<Vec<MemberRecord>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(
                "SELECT name, avatar,
                        EXISTS (SELECT 1 FROM member o
                                WHERE o.room = m.room AND o.joined = 1 AND o.name = m.name AND o.user != m.user)
                 FROM member m WHERE m.room = ?1 AND m.user = ?2",
            )?;
            let mut found = Vec::with_capacity(users.len());
            for user in users {
                let record = query.query_row(params![room, user.as_str()], |row| {
                    Ok(MemberRecord {
                        user: user.clone(),
                        name: row.get(0)?,
                        avatar: row.get(1)?,
                        ambiguous: row.get(2)?,
                    })
                });
                found.extend(record.optional()?);
            }
            Ok(found)
        })
    }

    /// Joined members that the vault knows, at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn joined(&self, room: &RoomId, limit: usize) -> Result<Vec<UserId>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query =
                db.prepare_cached("SELECT user FROM member WHERE room = ?1 AND joined = 1 ORDER BY name LIMIT ?2")?;
            let rows = query.query_map(params![room, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
            Ok(rows.map(|row| row.map(UserId)).collect::<rusqlite::Result<Vec<_>>>()?)
        })
    }

    /// How many joined members the vault knows by name; the room may have more ([`RoomSummary::members`]).
    ///
    /// [`RoomSummary::members`]: crate::RoomSummary
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn joined_count(&self, room: &RoomId) -> Result<u32> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(0) };
            let mut query = db.prepare_cached("SELECT count(*) FROM member WHERE room = ?1 AND joined = 1")?;
            Ok(query.query_row([room], |row| row.get(0))?)
        })
    }

    /// How far this person has read, by receipts or by writing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read_position(&self, room: &RoomId) -> Result<Option<i64>> {
        self.read(|db| match rooms::find(db, room)? {
            Some(room) => rooms::read_position(db, room, &self.own),
            None => Ok(None),
        })
    }

    /// How far every other joined member has read, by receipts or by writing. `None` when that is not known of one of
    /// them, when not all of them are known, or when there is nobody else.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read_by_all(&self, room: &RoomId) -> Result<Option<i64>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let mut query = db.prepare_cached(
                "SELECT count(*), count(r.position), min(r.position), (SELECT members FROM room WHERE id = ?1)
                 FROM member m LEFT JOIN receipt r ON r.room = m.room AND r.user = m.user
                 WHERE m.room = ?1 AND m.joined = 1 AND m.user != ?2",
            )?;
            let (others, readers, least, joined): (u32, u32, Option<i64>, u32) = query
                .query_row(params![room, self.own.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?;
            let all = others > 0 && readers == others && joined <= others.saturating_add(1);
            Ok(least.filter(|_| all))
        })
    }
}
