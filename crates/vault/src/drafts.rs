//! What lies in composers: of chats, and of their threads.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{EventId, RoomId, Timestamp};

use crate::{Changes, Result, Vault, event_id, rooms};

/// What was written and not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftRecord {
    /// The text.
    pub text: String,
    /// The message it answers.
    pub reply_to: Option<EventId>,
}

impl DraftRecord {
    /// Nothing was written and nothing is answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.reply_to.is_none()
    }
}

impl From<&str> for DraftRecord {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), reply_to: None }
    }
}

/// A draft and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    /// The chat.
    pub room: RoomId,
    /// The thread, by its root; `None` for the chat's own composer.
    pub thread: Option<EventId>,
    /// The draft.
    pub draft: DraftRecord,
    /// When it was last changed.
    pub time: Timestamp,
}

impl Vault {
    /// Keep what is written in a composer and not sent, that of a chat or of a thread in it; an empty draft is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_draft(
        &self,
        room: &RoomId,
        thread: Option<&EventId>,
        draft: &DraftRecord,
        now: Timestamp,
    ) -> Result<Changes> {
        self.write(|db| {
            let mut changes = Changes::default();
            if set(db, room, thread, draft, now)? && thread.is_none() {
                changes.rows.insert(room.clone());
            }
            Ok(changes)
        })
    }

    /// What was left in a composer, that of a chat or of a thread in it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft(&self, room: &RoomId, thread: Option<&EventId>) -> Result<DraftRecord> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(DraftRecord::default()) };
            let read = |row: &rusqlite::Row<'_>| {
                let reply: String = row.get(1)?;
                Ok(DraftRecord { text: row.get(0)?, reply_to: Some(reply).filter(|id| !id.is_empty()).map(EventId) })
            };
            let draft = match thread {
                None => db
                    .prepare_cached("SELECT draft, draft_reply FROM room WHERE id = ?1")?
                    .query_row([room], read)
                    .optional()?,
                Some(root) => db
                    .prepare_cached("SELECT text, reply FROM thread_draft WHERE room = ?1 AND thread = ?2")?
                    .query_row(params![room, event_id::pack(root.as_str())], read)
                    .optional()?,
            };
            Ok(draft.unwrap_or_default())
        })
    }
}

/// Keep a draft; whether anything changed.
pub(crate) fn set(
    db: &Connection,
    room: &RoomId,
    thread: Option<&EventId>,
    draft: &DraftRecord,
    now: Timestamp,
) -> Result<bool> {
    let id = rooms::ensure(db, room)?;
    let reply = draft.reply_to.as_ref().map(EventId::as_str).unwrap_or_default();
    let Some(root) = thread else {
        let mut update = db.prepare_cached(
            "UPDATE room SET draft = ?2, draft_reply = ?3, drafted = ?4
             WHERE id = ?1 AND (draft != ?2 OR draft_reply != ?3)",
        )?;
        return Ok(update.execute(params![id, draft.text, reply, now.0])? > 0);
    };
    let root = event_id::pack(root.as_str());
    let changed = if draft.is_empty() {
        db.prepare_cached("DELETE FROM thread_draft WHERE room = ?1 AND thread = ?2")?.execute(params![id, root])?
    } else {
        db.prepare_cached(
            "INSERT INTO thread_draft (room, thread, text, reply, drafted) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (room, thread) DO UPDATE SET text = excluded.text, reply = excluded.reply,
                 drafted = excluded.drafted
             WHERE text != excluded.text OR reply != excluded.reply",
        )?
        .execute(params![id, root, draft.text, reply, now.0])?
    };
    Ok(changed > 0)
}
