//! What a person did and the server does not know yet.
//!
//! **Invariant:** an intent is on the disk when [`Vault::enqueue`] returns, with the transaction id it will be sent with
//! every time; so nothing acknowledged is lost, and nothing is sent twice.
//! **Invariant:** messages of a room go out in the order they were written. One that was refused waits for the person
//! and holds nothing up.
//! **Invariant:** a message is in the outbox until its remote echo is recorded, and an event from then on: it is
//! always drawn once.
//! **Invariant:** ids are never reused (`AUTOINCREMENT`), so a late answer never meets another intent.
//!
//! What the engine learns late (an answer for an intent that its echo removed already) is no error and changes nothing.
//! A receipt takes effect here when it is recorded, not when the server has it: reading works without a network.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId};

use crate::entry::Entry;
use crate::event_id::{self, BY_ID};
use crate::relation::{Relation, Shown, of_message};
use crate::{
    Action, Changes, DraftRecord, Event, Intent, IntentState, NewIntent, Receipt, ReceiptThread, Result, Vault,
    VaultError, drafts, rooms,
};

/// The columns of [`intent`], from `intent i` and its room `room r`.
pub(crate) const INTENT: &str = "i.id, r.room, i.action, i.transaction_id, i.time, i.state, i.event, i.reason, \
     i.attempts, i.next_try, i.room, i.kind, i.shown, i.after";

const PENDING: i64 = 0;
const SENT: i64 = 1;
const FAILED: i64 = 2;

const MESSAGE: i64 = 0;
const RECEIPT: i64 = 1;
const MEMBERSHIP: i64 = 2;
/// `Entry::mark` asks for it by its number.
const MARK: i64 = 3;

/// An intent from the columns [`INTENT`].
pub(crate) fn intent(row: &Row<'_>) -> rusqlite::Result<Intent> {
    let action = serde_json::from_str(row.get_ref(2)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(error)))?;
    let state = match row.get::<_, i64>(5)? {
        SENT => IntentState::Sent { event: EventId(row.get(6)?) },
        FAILED => {
            let reason = serde_json::from_str(row.get_ref(7)?.as_str()?).unwrap_or(FailReason::Refused);
            IntentState::Failed { reason }
        }
        _ => IntentState::Pending,
    };
    Ok(Intent {
        id: row.get(0)?,
        room: RoomId(row.get(1)?),
        action,
        transaction: TransactionId(row.get(3)?),
        time: Timestamp(row.get(4)?),
        state,
        attempts: row.get(8)?,
        next_try: Timestamp(row.get(9)?),
    })
}

fn by_transaction(db: &Connection, transaction: &TransactionId) -> Result<Option<Intent>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.transaction_id = ?1"
    ))?;
    Ok(query.query_row([transaction.as_str()], intent).optional()?)
}

fn by_id(db: &Connection, id: i64) -> Result<Option<Intent>> {
    let mut query =
        db.prepare_cached(&format!("SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.id = ?1"))?;
    Ok(query.query_row([id], intent).optional()?)
}

fn remove(db: &Connection, id: i64) -> Result<()> {
    db.prepare_cached("DELETE FROM intent WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Those that may be sent next: the first pending message of each room, and all else that is pending. Oldest first.
fn next_of_each(db: &Connection) -> Result<Vec<Intent>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.state = 0 ORDER BY i.id"
    ))?;
    let mut rows = query.query([])?;
    let mut begun = BTreeSet::new();
    let mut next = Vec::new();
    while let Some(row) = rows.next()? {
        let (room, kind): (i64, i64) = (row.get(10)?, row.get(11)?);
        if kind != MESSAGE || begun.insert(room) {
            next.push(intent(row)?);
        }
    }
    Ok(next)
}

/// A room is about to be left.
pub(crate) fn leaves(db: &Connection, room: i64) -> Result<bool> {
    let mut query = db.prepare_cached("SELECT action FROM intent WHERE room = ?1 AND kind > 0 AND kind = 2")?;
    let action: Option<String> = query.query_row([room], |row| row.get(0)).optional()?;
    let action = action.and_then(|action| serde_json::from_str(&action).ok());
    Ok(matches!(action, Some(Action::Membership { join: false })))
}

/// What waits at the moment of a setback may have been sent already. Messages wait for the person. Who comes and goes is
/// not decided anew, and a reaction or a vote may be another by now: these are dropped. What deletes a message, ends a
/// poll or tells what was read does the same when it is sent twice.
pub(crate) fn hold_back(db: &Connection) -> Result<()> {
    let waiting = db
        .prepare_cached(&format!(
            "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.state = 0 ORDER BY i.id"
        ))?
        .query_map([], intent)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let unsure = serde_json::to_string(&FailReason::Unsure).unwrap_or_default();
    for intent in waiting {
        match after_setback(&intent.action) {
            After::Sent => {}
            After::Dropped => remove(db, intent.id)?,
            After::Asked => {
                db.prepare_cached("UPDATE intent SET state = 2, reason = ?2 WHERE id = ?1")?
                    .execute(params![intent.id, unsure])?;
            }
        }
    }
    Ok(())
}

/// What happens after a setback to what may have been sent already.
#[derive(PartialEq, Eq)]
enum After {
    Sent,
    Dropped,
    Asked,
}

fn after_setback(action: &Action) -> After {
    match action {
        Action::Receipt { .. } | Action::MarkUnread { .. } => After::Sent,
        Action::Membership { .. } => After::Dropped,
        Action::Message { event_type, .. } if event_type == "m.room.redaction" => After::Sent,
        Action::Message { event_type, content } => match of_message(event_type, content, false).relation {
            Relation::PollEnd => After::Sent,
            Relation::Reaction | Relation::Vote => After::Dropped,
            _ => After::Asked,
        },
    }
}

/// Remove the receipts that a newer one makes needless: those for the same thread; for everything, all.
fn replace_receipts(db: &Connection, room: i64, thread: &ReceiptThread) -> Result<()> {
    let waiting = db
        .prepare_cached(&format!(
            "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room
             WHERE i.room = ?1 AND i.kind > 0 AND i.kind = ?2"
        ))?
        .query_map([room, RECEIPT], intent)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for old in waiting {
        let same = matches!(&old.action, Action::Receipt { thread: of, .. } if of == thread);
        if same || *thread == ReceiptThread::Unthreaded {
            remove(db, old.id)?;
        }
    }
    Ok(())
}

/// Put back what was saved of another vault. What may have been sent already waits for the person.
pub(crate) fn put_back(db: &Connection, intent: &Intent, current: bool) -> Result<()> {
    let (kind, shown) = match &intent.action {
        Action::Message { event_type, content } => {
            (MESSAGE, of_message(event_type, content, false).shown == Shown::Message)
        }
        Action::Receipt { .. } => (RECEIPT, false),
        Action::Membership { .. } => (MEMBERSHIP, false),
        Action::MarkUnread { .. } => (MARK, false),
    };
    let reason = match &intent.state {
        IntentState::Failed { reason } => Some(*reason),
        _ if current => None,
        _ => match after_setback(&intent.action) {
            After::Dropped => return Ok(()),
            After::Asked => Some(FailReason::Unsure),
            After::Sent => None,
        },
    };
    let room = rooms::ensure(db, &intent.room)?;
    db.prepare_cached(
        "INSERT INTO intent (room, kind, action, transaction_id, time, after, shown, state, reason, next_try)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        room,
        kind,
        serde_json::to_string(&intent.action).unwrap_or_default(),
        intent.transaction.as_str(),
        intent.time.0,
        i64::MIN,
        shown,
        if reason.is_some() { FAILED } else { PENDING },
        reason.map(|reason| serde_json::to_string(&reason).unwrap_or_default()).unwrap_or_default(),
    ])?;
    Ok(())
}

impl Vault {
    /// Record what a person did. The same transaction id again records nothing: the intent that has it comes back.
    ///
    /// # Errors
    /// When the database cannot be written ([`VaultError::DiskFull`]): nothing was recorded then.
    pub fn enqueue(&self, new: &NewIntent) -> Result<(Intent, Changes)> {
        self.write(|db| self.enqueue_in(db, new))
    }

    /// Record a message that was written in the composer of a chat or of one of its threads; nothing is left in it then.
    /// Both or neither: what was sent is not found there again, and what was not is.
    ///
    /// # Errors
    /// As [`Vault::enqueue`].
    pub fn enqueue_written(&self, new: &NewIntent, thread: Option<&EventId>) -> Result<(Intent, Changes)> {
        self.write(|db| {
            if by_transaction(db, &new.transaction)?.is_none() {
                // A message changes its chat's row, and so tells of the draft too.
                drafts::set(db, &new.room, thread, &DraftRecord::default(), new.time)?;
            }
            self.enqueue_in(db, new)
        })
    }

    fn enqueue_in(&self, db: &Connection, new: &NewIntent) -> Result<(Intent, Changes)> {
        if let Some(known) = by_transaction(db, &new.transaction)? {
            return Ok((known, Changes::default()));
        }
        let mut entry = Entry::open(db, self, &new.room)?;
        let (kind, shown) = match &new.action {
            Action::Message { event_type, content } => {
                entry.told.conversation = true;
                entry.told.row = true;
                (MESSAGE, of_message(event_type, content, false).shown == Shown::Message)
            }
            Action::Receipt { event, thread } => {
                let read = Receipt { user: self.own.clone(), event: event.clone(), time: new.time };
                entry.own_receipt(&read, thread)?;
                (RECEIPT, false)
            }
            Action::Membership { .. } => (MEMBERSHIP, false),
            Action::MarkUnread { unread } => {
                entry.told.row |= entry.row.marked != *unread;
                entry.row.marked = *unread;
                (MARK, false)
            }
        };
        if let Action::Receipt { thread, .. } = &new.action {
            replace_receipts(db, entry.row.id, thread)?;
        } else if kind != MESSAGE {
            db.prepare_cached("DELETE FROM intent WHERE room = ?1 AND kind > 0 AND kind = ?2")?
                .execute([entry.row.id, kind])?;
        }
        db.prepare_cached(
            "INSERT INTO intent (room, kind, action, transaction_id, time, after, shown, next_try)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5)",
        )?
        .execute(params![
            entry.row.id,
            kind,
            serde_json::to_string(&new.action).unwrap_or_default(),
            new.transaction.as_str(),
            new.time.0,
            // Before every position while there is none.
            entry.row.newest.unwrap_or(i64::MIN),
            shown
        ])?;
        let id = db.last_insert_rowid();
        entry.told.outbox = true;
        let mut changes = Changes::default();
        // An intent changes no text that is searched.
        drop(entry.finish(&mut changes)?);
        Ok((by_id(db, id)?.ok_or(VaultError::NotFound)?, changes))
    }

    /// The intent with this transaction id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn intent(&self, transaction: &TransactionId) -> Result<Option<Intent>> {
        self.read(|db| by_transaction(db, transaction))
    }

    /// The messages of a room that have no remote echo yet, in any state, oldest first: they are drawn after all events.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pending(&self, room: &RoomId) -> Result<Vec<Intent>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room
                 WHERE i.kind = 0 AND i.room = ?1 ORDER BY i.id"
            ))?;
            let intents = query.query_map([room], intent)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(intents)
        })
    }

    /// What to send now, oldest first: of each room the first message that the server does not have (unless it waits for
    /// its next try), and all receipts and memberships whose time has come.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn due(&self, now: Timestamp) -> Result<Vec<Intent>> {
        self.read(|db| Ok(next_of_each(db)?.into_iter().filter(|intent| intent.next_try <= now).collect()))
    }

    /// When [`Vault::due`] has something next that it has not now; `None` when there is nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let later = |intent: Intent| Some(intent.next_try).filter(|next| *next > now);
        self.read(|db| Ok(next_of_each(db)?.into_iter().filter_map(later).min()))
    }

    /// Count an attempt, and schedule the next in case this one fails.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn attempt(&self, id: i64, next_try: Timestamp) -> Result<()> {
        self.write(|db| {
            db.prepare_cached("UPDATE intent SET attempts = attempts + 1, next_try = ?2 WHERE id = ?1 AND state = 0")?
                .execute(params![id, next_try.0])?;
            Ok(())
        })
    }

    /// The server has it. A message stays until its remote echo is recorded, and goes at once if it was; everything else
    /// goes at once. `event` is the message's event.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sent(&self, id: i64, event: Option<&EventId>) -> Result<Changes> {
        self.settle(id, |entry, intent| {
            let Action::Message { .. } = intent.action else { return remove(entry.db, id) };
            let event = event.map_or("", EventId::as_str);
            let echo: Option<i64> = entry
                .db
                .prepare_cached(&format!(
                    "UPDATE event SET transaction_id = ?3
                     WHERE {BY_ID} AND sender = (SELECT id FROM name WHERE name = ?4) RETURNING id"
                ))?
                .query_row(
                    params![entry.row.id, event_id::pack(event), intent.transaction.as_str(), entry.own.as_str()],
                    |row| row.get(0),
                )
                .optional()?;
            if echo.is_some() {
                return remove(entry.db, id);
            }
            entry
                .db
                .prepare_cached("UPDATE intent SET state = 1, event = ?2, reason = '' WHERE id = ?1")?
                .execute(params![id, event])?;
            Ok(())
        })
    }

    /// The server will never take it. A message waits for the person; everything else is dropped.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn refused(&self, id: i64, reason: FailReason) -> Result<Changes> {
        self.settle(id, |entry, intent| {
            let Action::Message { event_type, content } = &intent.action else { return remove(entry.db, id) };
            let standing = of_message(event_type, content, false);
            // A message and a change hold words of the person's; a reaction, a vote or a deletion is simply not there.
            let holds_words = matches!(standing.relation, Relation::Edit | Relation::Thread);
            if standing.shown != Shown::Message && !holds_words {
                return remove(entry.db, id);
            }
            let reason = serde_json::to_string(&reason).unwrap_or_default();
            entry
                .db
                .prepare_cached("UPDATE intent SET state = 2, reason = ?2 WHERE id = ?1 AND state = 0")?
                .execute(params![id, reason])?;
            Ok(())
        })
    }

    /// Change an intent that may be gone already. What was behind it may be due now.
    fn settle(&self, id: i64, change: impl FnOnce(&Entry<'_>, &Intent) -> Result<()>) -> Result<Changes> {
        self.write(|db| {
            let mut changes = Changes::default();
            let Some(intent) = by_id(db, id)? else { return Ok(changes) };
            let mut entry = Entry::open(db, self, &intent.room)?;
            change(&entry, &intent)?;
            entry.told.outbox = true;
            if matches!(intent.action, Action::Message { .. }) {
                entry.told.conversation = true;
                entry.told.row = true;
            }
            // An intent changes no text that is searched.
            drop(entry.finish(&mut changes)?);
            Ok(changes)
        })
    }

    /// Try again now, at the place in the order it had.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; when the database cannot be written.
    pub fn retry(&self, transaction: &TransactionId, now: Timestamp) -> Result<Changes> {
        let id = self.intent(transaction)?.ok_or(VaultError::NotFound)?.id;
        self.settle(id, |entry, _| {
            entry
                .db
                .prepare_cached(
                    "UPDATE intent SET state = 0, reason = '', attempts = 0, next_try = ?2 WHERE id = ?1 AND state != 1",
                )?
                .execute(params![id, now.0])?;
            Ok(())
        })
    }

    /// Forget a message that was refused.
    ///
    /// # Errors
    /// [`VaultError::OnItsWay`] unless it was refused; [`VaultError::NotFound`]; when the database cannot be written.
    pub fn discard(&self, transaction: &TransactionId) -> Result<Changes> {
        let id = self.intent(transaction)?.ok_or(VaultError::NotFound)?.id;
        self.settle(id, |entry, intent| match intent.state {
            IntentState::Failed { .. } => remove(entry.db, id),
            IntentState::Pending | IntentState::Sent { .. } => Err(VaultError::OnItsWay),
        })
    }

    /// The network came back: everything pending is due now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn retry_all_now(&self, now: Timestamp) -> Result<Changes> {
        self.write(|db| {
            let due = db
                .prepare_cached("UPDATE intent SET next_try = ?1 WHERE state = 0 AND next_try > ?1")?
                .execute([now.0])?;
            Ok(Changes { outbox: due > 0, ..Changes::default() })
        })
    }
}

impl Entry<'_> {
    /// An own event is here: the intent it came from is done, and gives it its transaction id.
    pub(crate) fn echoed(&mut self, id: i64, event: &Event) -> Result<()> {
        let transaction = event.transaction.as_ref().map_or("", TransactionId::as_str);
        let found: Option<(i64, String)> = self
            .db
            .prepare_cached(
                "SELECT id, transaction_id FROM intent WHERE transaction_id = ?2 AND room = ?1 AND kind = 0
                 UNION ALL SELECT id, transaction_id FROM intent WHERE room = ?1 AND event = ?3 AND state = 1",
            )?
            .query_row(params![self.row.id, transaction, event.id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((intent, transaction)) = found else { return Ok(()) };
        remove(self.db, intent)?;
        self.db
            .prepare_cached("UPDATE event SET transaction_id = ?2 WHERE id = ?1")?
            .execute(params![id, transaction])?;
        self.told.outbox = true;
        self.told.conversation = true;
        self.told.row = true;
        Ok(())
    }
}
