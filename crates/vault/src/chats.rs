//! The chat list: rooms as their rows show them.
//!
//! **Invariant:** the list is read in its order from one index; counts and latest messages were kept by the writes.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row};
use tidings_model::{RoomId, Timestamp, UserId};

use crate::outbox::{INTENT, intent};
use crate::pages::{message, surround};
use crate::{ChatRecord, Intent, IntentState, Result, Vault, rooms};

/// Columns before those of the latest message.
const ROOM: &str = "r.room, r.summary, r.unread, r.mentions, r.draft, r.sort, r.latest, r.latest_position, r.id, \
     r.marked, r.listed";
const ROOM_COLUMNS: usize = 11;

/// The columns of [`message`], from `latest m`, which has the edit's content itself.
const LATEST: &str = "m.event, m.transaction_id, m.position, m.sender, m.time, m.kind, m.state_key, m.content, \
     m.redacted, m.encryption, m.session, m.cause, m.mentions, m.notifies, m.target, m.detail, m.edit";

/// What the outbox adds to a row.
#[derive(Default)]
struct Unsent {
    /// The newest message that is still in the outbox, and the room's newest position when it was written.
    newest: Option<(Intent, i64)>,
    failed: Option<Intent>,
}

impl Unsent {
    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let intent = intent(row)?;
        if matches!(intent.state, IntentState::Failed { .. }) {
            self.failed = Some(intent.clone());
        }
        if row.get(12)? {
            self.newest = Some((intent, row.get(13)?));
        }
        Ok(())
    }
}

impl Vault {
    /// Joined and invited rooms that are no spaces: pinned first, then newest first. Their latest messages come without
    /// reactions and threads, which no row shows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn chat_list(&self, limit: Option<usize>) -> Result<Vec<ChatRecord>> {
        let limit = limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
        self.read(|db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.kind = 0 ORDER BY i.room, i.id"
            ))?;
            let mut unsent: BTreeMap<i64, Unsent> = BTreeMap::new();
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                unsent.entry(row.get(10)?).or_default().add(row)?;
            }
            let mut query = db.prepare_cached(&format!(
                "SELECT {ROOM}, {LATEST} FROM room r LEFT JOIN latest m ON m.room = r.id
                 WHERE r.listed = 1 ORDER BY r.pinned DESC, r.sort DESC LIMIT ?1"
            ))?;
            let mut chats = query
                .query_map([limit], |row| {
                    let room = row.get(8)?;
                    Ok((room, chat(row, unsent.remove(&room).unwrap_or_default())?))
                })?
                .collect::<rusqlite::Result<Vec<(i64, ChatRecord)>>>()?;
            chats.iter_mut().try_for_each(|(room, chat)| with_call(db, &self.own, *room, chat))?;
            Ok(chats.into_iter().map(|(_, chat)| chat).collect())
        })
    }

    /// A room, in the list or not (left rooms and spaces are not).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn chat(&self, room: &RoomId) -> Result<Option<ChatRecord>> {
        self.read(|db| {
            let Some(id) = rooms::find(db, room)? else { return Ok(None) };
            let unsent = unsent(db, id)?;
            let mut query = db.prepare_cached(&format!(
                "SELECT {ROOM}, {LATEST} FROM room r LEFT JOIN latest m ON m.room = r.id
                 WHERE r.id = ?1"
            ))?;
            let mut found = query.query_row([id], |row| chat(row, unsent)).optional()?;
            found.iter_mut().try_for_each(|chat| with_call(db, &self.own, id, chat))?;
            Ok(found)
        })
    }

    /// Whether messages of any room in the list are encrypted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn any_encrypted(&self) -> Result<bool> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM room INDEXED BY room_list WHERE listed = 1
                     AND CASE WHEN json_valid(summary) THEN json_extract(summary, '$.encrypted') IS TRUE ELSE 0 END)",
            )?;
            Ok(query.query_row([], |row| row.get(0))?)
        })
    }

    /// How many chats ask for attention: unread or marked so and not muted, and invitations.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unread_chats(&self) -> Result<u32> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT (SELECT count(*) FROM room WHERE listed = 1 AND invited = 1)
                      + (SELECT count(*) FROM room WHERE listed = 1 AND invited = 0 AND muted = 0 AND unread > 0)
                      + (SELECT count(*) FROM room
                         WHERE listed = 1 AND invited = 0 AND muted = 0 AND unread = 0 AND marked = 1)",
            )?;
            Ok(query.query_row([], |row| row.get(0))?)
        })
    }
}

/// A row says what became of a call; nothing else that was said about a message is drawn in a row.
fn with_call(db: &Connection, own: &UserId, room: i64, chat: &mut ChatRecord) -> Result<()> {
    match &mut chat.latest {
        Some(latest) if latest.kind == "m.call.invite" => surround(db, own, room, std::slice::from_mut(latest)),
        _ => Ok(()),
    }
}

fn unsent(db: &Connection, room: i64) -> Result<Unsent> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.kind = 0 AND i.room = ?1 ORDER BY i.id"
    ))?;
    let mut unsent = Unsent::default();
    let mut rows = query.query([room])?;
    while let Some(row) = rows.next()? {
        unsent.add(row)?;
    }
    Ok(unsent)
}

fn chat(row: &Row<'_>, unsent: Unsent) -> rusqlite::Result<ChatRecord> {
    let draft: String = row.get(4)?;
    let latest: i64 = row.get(6)?;
    let latest_position: i64 = row.get(7)?;
    let newest = unsent.newest.filter(|(_, after)| latest == 0 || *after >= latest_position);
    Ok(ChatRecord {
        room: RoomId(row.get(0)?),
        summary: serde_json::from_str(row.get_ref(1)?.as_str()?).unwrap_or_default(),
        unread: row.get(2)?,
        mentions: row.get(3)?,
        marked_unread: row.get(9)?,
        listed: row.get(10)?,
        latest: if latest == 0 { None } else { Some(message(row, ROOM_COLUMNS)?) },
        latest_intent: newest.map(|(intent, _)| intent),
        failed: unsent.failed,
        draft: Some(draft).filter(|draft| !draft.is_empty()),
        order: Timestamp(row.get(5)?),
    })
}
