//! Rooms as rows: found by id, loaded to be written to, saved.
//!
//! **Invariant:** a row's counts, latest message and order are right after every write that returns; readers never
//! compute them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{RoomId, UserId};

use crate::positions::Stretches;
use crate::{Membership, Result, RoomSummary, event_id};

/// The row of a room, if it has one.
pub(crate) fn find(db: &Connection, room: &RoomId) -> Result<Option<i64>> {
    let mut query = db.prepare_cached("SELECT id FROM room WHERE room = ?1")?;
    Ok(query.query_row([room.as_str()], |row| row.get(0)).optional()?)
}

/// The row of a room; a new one is in no list until something was recorded of it.
pub(crate) fn ensure(db: &Connection, room: &RoomId) -> Result<i64> {
    if let Some(id) = find(db, room)? {
        return Ok(id);
    }
    db.prepare_cached("INSERT INTO room (room) VALUES (?1)")?.execute([room.as_str()])?;
    Ok(db.last_insert_rowid())
}

/// What of a room's row a write reads and changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoomRow {
    pub(crate) id: i64,
    pub(crate) summary: String,
    pub(crate) listed: bool,
    pub(crate) invited: bool,
    pub(crate) pinned: bool,
    pub(crate) muted: bool,
    pub(crate) marked: bool,
    pub(crate) members: u32,
    pub(crate) oldest: Option<i64>,
    pub(crate) newest: Option<i64>,
    pub(crate) ahead: String,
    pub(crate) unread: i64,
    pub(crate) mentions: i64,
    pub(crate) latest: i64,
    pub(crate) latest_position: i64,
    pub(crate) floor: i64,
    pub(crate) sort: i64,
}

impl RoomRow {
    pub(crate) fn load(db: &Connection, room: &RoomId) -> Result<Self> {
        let id = ensure(db, room)?;
        let mut query = db.prepare_cached(
            "SELECT summary, listed, invited, pinned, muted, members, oldest, newest, ahead, unread, mentions, latest,
                    latest_position, floor, sort, marked
             FROM room WHERE id = ?1",
        )?;
        Ok(query.query_row([id], |row| {
            Ok(Self {
                id,
                summary: row.get(0)?,
                listed: row.get(1)?,
                invited: row.get(2)?,
                pinned: row.get(3)?,
                muted: row.get(4)?,
                members: row.get(5)?,
                oldest: row.get(6)?,
                newest: row.get(7)?,
                ahead: row.get(8)?,
                unread: row.get(9)?,
                mentions: row.get(10)?,
                latest: row.get(11)?,
                latest_position: row.get(12)?,
                floor: row.get(13)?,
                sort: row.get(14)?,
                marked: row.get(15)?,
            })
        })?)
    }

    pub(crate) fn save(&self, db: &Connection) -> Result<()> {
        let mut update = db.prepare_cached(
            "UPDATE room SET summary = ?2, listed = ?3, invited = ?4, pinned = ?5, muted = ?6, members = ?7,
                    oldest = ?8, newest = ?9, ahead = ?10, unread = ?11, mentions = ?12, latest = ?13,
                    latest_position = ?14, floor = ?15, sort = ?16, marked = ?17
             WHERE id = ?1",
        )?;
        update.execute(params![
            self.id,
            self.summary,
            self.listed,
            self.invited,
            self.pinned,
            self.muted,
            self.members,
            self.oldest,
            self.newest,
            self.ahead,
            self.unread,
            self.mentions,
            self.latest,
            self.latest_position,
            self.floor,
            self.sort,
            self.marked
        ])?;
        Ok(())
    }

    /// Take a new summary over; whether anything changed.
    ///
    /// An encrypted room stays one: encryption cannot be turned off (Matrix spec, `m.room.encryption`), so who says that
    /// it is off does not know, or wants what is written next in the clear.
    pub(crate) fn summarise(&mut self, db: &Connection, summary: &RoomSummary) -> Result<bool> {
        let encrypted = !summary.encrypted && self.summary.contains("\"encrypted\":true") && self.is_encrypted();
        let kept = encrypted.then(|| RoomSummary { encrypted, ..summary.clone() });
        let summary = kept.as_ref().unwrap_or(summary);
        let text = serde_json::to_string(summary).unwrap_or_default();
        let listed = !summary.space && summary.membership != Membership::Left;
        if self.summary == text && self.listed == listed {
            return Ok(false);
        }
        self.keep_pins(db, summary)?;
        let invited = summary.membership == Membership::Invited;
        if invited && !self.invited {
            // An invitation has no time. It is news, so it stands with the newest message there is.
            let mut query = db.prepare_cached(
                "SELECT max(
                     ifnull((SELECT sort FROM room WHERE listed = 1 AND pinned = 0 ORDER BY pinned DESC, sort DESC LIMIT 1), 0),
                     ifnull((SELECT sort FROM room WHERE listed = 1 AND pinned = 1 ORDER BY pinned DESC, sort DESC LIMIT 1), 0))",
            )?;
            self.floor = query.query_row([], |row| row.get(0))?;
        }
        self.summary = text;
        self.listed = listed;
        self.invited = invited;
        self.pinned = summary.pinned;
        self.muted = summary.muted;
        self.members = summary.members;
        Ok(true)
    }

    fn is_encrypted(&self) -> bool {
        serde_json::from_str(&self.summary).is_ok_and(|summary: RoomSummary| summary.encrypted)
    }

    /// Keep which messages the room pinned, as rows that a search can use.
    fn keep_pins(&self, db: &Connection, summary: &RoomSummary) -> Result<()> {
        let before: RoomSummary = serde_json::from_str(&self.summary).unwrap_or_default();
        if before.pinned_events == summary.pinned_events {
            return Ok(());
        }
        db.prepare_cached("DELETE FROM pin WHERE room = ?1")?.execute([self.id])?;
        let mut insert =
            db.prepare_cached("INSERT INTO pin (room, event, place) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
        for (place, event) in (0_i64..).zip(&summary.pinned_events) {
            insert.execute(params![self.id, event_id::pack(event.as_str()), place])?;
        }
        Ok(())
    }

    pub(crate) fn stretches(&self, db: &Connection) -> Result<Stretches> {
        let mut query = db.prepare_cached("SELECT before, token FROM gap WHERE room = ?1")?;
        let gaps = query
            .query_map([self.id], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<BTreeMap<i64, String>>>()?;
        Ok(Stretches { oldest: self.oldest, newest: self.newest, gaps, ahead: self.ahead.clone() })
    }

    /// Keep what placing a run changed.
    pub(crate) fn keep(&mut self, db: &Connection, before: &Stretches, after: &Stretches) -> Result<()> {
        for (position, token) in &before.gaps {
            if after.gaps.get(position) != Some(token) {
                db.prepare_cached("DELETE FROM gap WHERE room = ?1 AND before = ?2")?
                    .execute(params![self.id, position])?;
            }
        }
        for (position, token) in &after.gaps {
            if before.gaps.get(position) != Some(token) {
                db.prepare_cached("INSERT INTO gap (room, before, token) VALUES (?1, ?2, ?3)")?
                    .execute(params![self.id, position, token])?;
            }
        }
        self.oldest = after.oldest;
        self.newest = after.newest;
        self.ahead.clone_from(&after.ahead);
        Ok(())
    }
}

/// How far a person has read, as a position.
pub(crate) fn read_position(db: &Connection, room: i64, user: &UserId) -> Result<Option<i64>> {
    let mut query = db.prepare_cached("SELECT position FROM receipt WHERE room = ?1 AND user = ?2")?;
    Ok(query.query_row(params![room, user.as_str()], |row| row.get(0)).optional()?)
}

/// Everybody who may delete what others wrote in a room.
pub(crate) fn moderators(db: &Connection, room: i64) -> Result<BTreeSet<UserId>> {
    let summary: Option<String> =
        db.prepare_cached("SELECT summary FROM room WHERE id = ?1")?.query_row([room], |row| row.get(0)).optional()?;
    let summary: RoomSummary = summary.and_then(|summary| serde_json::from_str(&summary).ok()).unwrap_or_default();
    Ok(summary.moderators.into_iter().collect())
}
