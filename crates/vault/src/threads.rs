//! A thread as a conversation of its own: its root, and the replies in their order.
//!
//! **Invariant:** replies are read from an index by their position, so a page costs the same in a thread of ten and of a
//! thousand replies.
//! **Invariant:** what may be missing of a thread is what may be missing of the room since its root.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{EventId, RoomId};

use crate::event_id::IN_THREAD;
use crate::pages::{MESSAGE, by_id, gap, message, surround};
use crate::reading::NOWHERE;
use crate::{Gap, Page, Result, UnreadThread, Vault, event_id, rooms};

impl Vault {
    /// The replies of a thread from the position `from` to the position `to`, both included; to the end without it. Where
    /// no older reply is here, the root comes first, and its gaps are those between the root and the end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn thread_between(&self, room: &RoomId, root: &EventId, from: i64, to: Option<i64>) -> Result<Page> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Page::default()) };
            let packed = event_id::pack(root.as_str());
            let mut messages = db
                .prepare_cached(&format!(
                    "SELECT {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                     WHERE m.room = ?1 AND substr(m.target, 16, 4) = substr(?2, 16, 4) AND m.target = ?2
                         AND m.relation = 4 AND m.position BETWEEN ?3 AND ?4
                     ORDER BY m.position"
                ))?
                .query_map(params![room, packed, from, to.unwrap_or(i64::MAX)], |row| message(row, 0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let oldest = messages.first().map_or(from, |message| message.position);
            let older_here = db
                .prepare_cached(&format!("SELECT 1 FROM event WHERE {IN_THREAD} AND position < ?3 LIMIT 1"))?
                .exists(params![room, packed, oldest])?;
            if !older_here {
                messages.splice(0..0, by_id(db, room, &packed)?);
            }
            surround(db, &self.own, room, &mut messages)?;
            Ok(Page { messages, gaps: gaps(db, room, &packed)?, older_here })
        })
    }

    /// The positions of at most `limit` replies of a thread up to the position `until`, that one included, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn thread_older(&self, room: &RoomId, root: &EventId, until: i64, limit: usize) -> Result<Vec<i64>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT position FROM event WHERE {IN_THREAD} AND position <= ?3 ORDER BY position DESC LIMIT ?4"
            ))?;
            let packed = event_id::pack(root.as_str());
            let rows = query.query_map(params![room, packed, until, limit], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })
    }

    /// The newest reply of a thread that is here, else its root.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_in_thread(&self, room: &RoomId, root: &EventId) -> Result<Option<EventId>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let packed = event_id::pack(root.as_str());
            let newest: Option<Vec<u8>> = db
                .prepare_cached(&format!(
                    "SELECT event FROM event WHERE {IN_THREAD} AND redacted = 0 ORDER BY position DESC LIMIT 1"
                ))?
                .query_row(params![room, packed], |row| row.get(0))
                .optional()?;
            if let Some(newest) = newest {
                return Ok(Some(event_id::unpack(&newest)));
            }
            Ok(event_id::position(db, room, &packed)?.map(|_| root.clone()))
        })
    }

    /// How far this person has read a thread; `None` when nothing says so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn thread_read_position(&self, room: &RoomId, root: &EventId) -> Result<Option<i64>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let read = read_position(db, room, self.own.as_str(), &event_id::pack(root.as_str()))?;
            Ok(Some(read).filter(|read| *read > NOWHERE))
        })
    }

    /// How far every other joined member has read a thread. `None` as for [`Vault::read_by_all`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn thread_read_by_all(&self, room: &RoomId, root: &EventId) -> Result<Option<i64>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let mut query = db.prepare_cached(
                "SELECT count(*), (SELECT members FROM room WHERE id = ?1),
                     min(max(ifnull(r.everything, ?4), ifnull(t.position, ?4)))
                 FROM member m LEFT JOIN receipt r ON r.room = m.room AND r.user = m.user
                     LEFT JOIN thread_receipt t ON t.room = m.room AND t.user = m.user AND t.thread = ?3
                 WHERE m.room = ?1 AND m.joined = 1 AND m.user != ?2",
            )?;
            let packed = event_id::pack(root.as_str());
            let (others, joined, least): (u32, u32, Option<i64>) = query
                .query_row(params![room, self.own.as_str(), packed, NOWHERE], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let all = others > 0 && joined <= others.saturating_add(1);
            Ok(least.filter(|least| all && *least > NOWHERE))
        })
    }

    /// The threads of a room with replies that this person has not read, the newest such reply first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unread_threads(&self, room: &RoomId) -> Result<Vec<UnreadThread>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(
                "SELECT e.target FROM event e
                 WHERE e.room = ?1 AND e.counts = 1 AND e.relation = 4
                     AND e.position > ifnull((SELECT r.everything FROM receipt r WHERE r.room = ?1 AND r.user = ?2), ?3)
                     AND e.position > ifnull((SELECT t.position FROM thread_receipt t
                         WHERE t.room = ?1 AND t.user = ?2 AND t.thread = e.target), ?3)
                 ORDER BY e.position DESC",
            )?;
            let mut rows = query.query(params![room, self.own.as_str(), NOWHERE])?;
            let mut threads: Vec<UnreadThread> = Vec::new();
            while let Some(row) = rows.next()? {
                let root = event_id::unpack(row.get_ref(0)?.as_blob()?);
                match threads.iter_mut().find(|thread| thread.root == root) {
                    Some(thread) => thread.replies = thread.replies.saturating_add(1),
                    None => threads.push(UnreadThread { root, replies: 1 }),
                }
            }
            Ok(threads)
        })
    }
}

/// How far a person has read a thread: what they said for it alone, or for everything.
fn read_position(db: &Connection, room: i64, user: &str, root: &[u8]) -> Result<i64> {
    let mut query = db.prepare_cached(
        "SELECT max(ifnull((SELECT everything FROM receipt WHERE room = ?1 AND user = ?2), ?4),
                    ifnull((SELECT position FROM thread_receipt WHERE room = ?1 AND user = ?2 AND thread = ?3), ?4))",
    )?;
    Ok(query.query_row(params![room, user, root, NOWHERE], |row| row.get(0))?)
}

/// How many replies of a thread this person has not read.
pub(crate) fn unread(db: &Connection, room: i64, own: &str, root: &[u8]) -> Result<u32> {
    let read = read_position(db, room, own, root)?;
    let mut query =
        db.prepare_cached(&format!("SELECT count(*) FROM event WHERE {IN_THREAD} AND position > ?3 AND counts = 1"))?;
    Ok(query.query_row(params![room, root, read], |row| row.get(0))?)
}

/// The gaps that replies may lie in: those after the root, or all while the root is not here.
fn gaps(db: &Connection, room: i64, root: &[u8]) -> Result<Vec<Gap>> {
    let position = event_id::position(db, room, root)?;
    let mut query =
        db.prepare_cached("SELECT before, token FROM gap WHERE room = ?1 AND before > ?2 ORDER BY before")?;
    let rows = query.query_map(params![room, position.unwrap_or(i64::MIN)], gap)?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}
