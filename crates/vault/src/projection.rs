//! What events make of each other: edits, reactions, redactions, threads, echoes.
//!
//! **Invariant:** the result depends on the set of events and their positions, not on the order in which they came.
//! Whatever comes second of two that belong together settles them.
//! **Invariant:** a redaction removes content for good, that of the event and that of its edits (with `secure_delete`
//! also from the file's free space).
//!
//! Only what would be costly to find is kept: the winning edit of an event is a column; reactions and threads are read
//! from an index when a page is read. So nothing has to be repaired when one of them is redacted.

use rusqlite::{OptionalExtension as _, params};
use tidings_model::{EventId, Timestamp, UndecryptableCause};

use crate::content::Beside;
use crate::entry::{ArrivedRow, Entry, Written};
use crate::event_id::{self, ABOUT, BY_ID};
use crate::marks::{Marks, REDACT, SHOW};
use crate::relation::{Relation, Shown, Standing, is_shown_membership, standing};
use crate::search::index;
use crate::{Arrived, Encryption, Event, Result, content, order, retention};

/// The latest moment that a date can stand for on the page (ECMA-262, "Time Values").
const LATEST_TIME: i64 = 8_640_000_000_000_000;

/// What the vault has of an event that comes again.
pub(crate) struct Known {
    pub(crate) id: i64,
    pub(crate) position: i64,
    redacted: bool,
    waiting: bool,
    unnamed: bool,
}

/// How an event travelled, as columns.
struct Travelled {
    encryption: i64,
    session: String,
    cause: i64,
}

impl From<&Encryption> for Travelled {
    fn from(encryption: &Encryption) -> Self {
        let plain = |encryption| Self { encryption, session: String::new(), cause: 0 };
        match encryption {
            Encryption::Clear => plain(0),
            Encryption::Decrypted => plain(1),
            Encryption::Suspicious => plain(2),
            Encryption::Verified => plain(4),
            Encryption::Unproven => plain(5),
            Encryption::UnknownDevice => plain(6),
            Encryption::UnverifiedDevice => plain(7),
            Encryption::ChangedIdentity => plain(8),
            Encryption::Forged => plain(9),
            Encryption::Undecryptable { session, cause } => Self {
                encryption: 3,
                session: session.clone().unwrap_or_default(),
                cause: match cause {
                    UndecryptableCause::Waiting => 0,
                    UndecryptableCause::BeforeSignIn => 1,
                    UndecryptableCause::Withheld => 2,
                    UndecryptableCause::Unknown => 3,
                },
            },
        }
    }
}

/// The inverse of the columns above.
pub(crate) fn travelled(encryption: i64, session: String, cause: i64) -> Encryption {
    match encryption {
        0 => Encryption::Clear,
        1 => Encryption::Decrypted,
        3 => Encryption::Undecryptable {
            session: Some(session).filter(|session| !session.is_empty()),
            cause: match cause {
                0 => UndecryptableCause::Waiting,
                1 => UndecryptableCause::BeforeSignIn,
                2 => UndecryptableCause::Withheld,
                _ => UndecryptableCause::Unknown,
            },
        },
        4 => Encryption::Verified,
        5 => Encryption::Unproven,
        6 => Encryption::UnknownDevice,
        7 => Encryption::UnverifiedDevice,
        8 => Encryption::ChangedIdentity,
        9 => Encryption::Forged,
        _ => Encryption::Suspicious,
    }
}

impl Entry<'_> {
    pub(crate) fn find(&self, event: &str) -> Result<Option<Known>> {
        let mut query = self.db.prepare_cached(&format!(
            "SELECT id, position, redacted, waiting, transaction_id = '' FROM event WHERE {BY_ID}"
        ))?;
        Ok(query
            .query_row(params![self.row.id, event_id::pack(event)], |row| {
                Ok(Known {
                    id: row.get(0)?,
                    position: row.get(1)?,
                    redacted: row.get(2)?,
                    waiting: row.get(3)?,
                    unnamed: row.get(4)?,
                })
            })
            .optional()?)
    }

    pub(crate) fn position(&self, event: &str) -> Result<Option<i64>> {
        event_id::position(self.db, self.row.id, &event_id::pack(event))
    }

    /// Whether an event counts as unread until it is read: only what a conversation shows, or a thread does.
    fn counts(&self, event: &Event, standing: &Standing) -> bool {
        let visible = standing.shown > Shown::No || standing.relation == Relation::Thread;
        event.notifies && visible && !event.redacted && event.sender != *self.own
    }

    /// Write an event that is not here yet; the root of the thread it is in.
    pub(crate) fn insert(&mut self, event: &Event, position: i64, live: bool) -> Result<Option<String>> {
        let mut standing = standing(event);
        if is_membership(event) {
            self.settle_membership(event, position, &mut standing)?;
        }
        let counts = self.counts(event, &standing);
        let travelled = Travelled::from(&event.encryption);
        let packed = event_id::pack(event.id.as_str());
        let sender = self.names.number(self.db, event.sender.as_str())?;
        let kind = self.names.number(self.db, &event.kind)?;
        // What is redacted relates to nothing any more, but a redaction stays one.
        let related = !event.redacted || standing.relation == Relation::Redaction;
        let target = if related { standing.packed_target() } else { Vec::new() };
        let beside = Beside { target: &target, detail: &standing.detail };
        let content = if event.redacted { Vec::new() } else { content::pack(&event.content, beside) };
        let previous = event.previous.as_ref().filter(|_| event.state_key.is_some());
        let previous = previous.map(|previous| content::pack(previous, Beside::NOTHING));
        let marks = Marks {
            encryption: travelled.encryption,
            shown: standing.shown,
            relation: standing.relation,
            notifies: event.notifies,
            mentions: event.mentions_me,
            counts,
            redacted: event.redacted,
            waiting: travelled.encryption == 3 && !event.redacted,
        };
        let mut insert = self.db.prepare_cached(
            "INSERT INTO event (id, room, position, event, sender, late, kind, marks, state_key, content,
                 transaction_id, session, cause, target, detail, previous)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
             ON CONFLICT (id) DO NOTHING",
        )?;
        let id = order::first_free(self.db, clamp_time(event.time), &packed, |id| {
            let inserted = insert.execute(params![
                id,
                self.row.id,
                position,
                packed,
                sender,
                order::late(id, clamp_time(event.time)),
                kind,
                marks.bits(),
                event.state_key,
                content,
                event.transaction.as_ref().map_or("", |transaction| transaction.as_str()),
                travelled.session,
                travelled.cause,
                target,
                standing.detail,
                previous
            ])?;
            Ok(inserted > 0)
        })?;
        drop(insert);
        let thread = standing.thread();
        let mentions = event.mentions_me;
        self.note(Written { id, position, shown: standing.shown, counts, mentions, thread: thread.clone() });
        let searched = travelled.encryption != 3 && event.state_key.is_none() && !event.redacted;
        let entry = index::Row {
            room: self.row.id,
            position,
            sender,
            kind: &event.kind,
            mentions: event.mentions_me,
            relation: standing.relation,
            shown: standing.shown,
            // What nests beyond the parser's limit says nothing.
            content: content::as_read(&event.content),
        };
        self.texts.insert(id, if searched { index::entry(&entry) } else { None });
        if live && counts {
            self.arrived(id, position, thread.clone(), event, false);
        }
        if event.sender == *self.own {
            self.echoed(id, event)?;
        }
        if related {
            self.say(&standing)?;
        }
        self.hear(id, event.id.as_str())?;
        Ok(thread)
    }

    /// An event that is here already comes again: it may know more.
    pub(crate) fn again(&mut self, known: &Known, event: &Event) -> Result<()> {
        if known.unnamed
            && let Some(transaction) = &event.transaction
        {
            self.db
                .prepare_cached("UPDATE event SET transaction_id = ?2 WHERE id = ?1")?
                .execute(params![known.id, transaction.as_str()])?;
            self.told.conversation = true;
        }
        if event.sender == *self.own {
            self.echoed(known.id, event)?;
        }
        if event.redacted && !known.redacted {
            self.redact(known.id)?;
        } else if known.waiting {
            self.decrypted(event)?;
        }
        Ok(())
    }

    /// An event that waits for a key, as it is now. It keeps its place, its sender and its time.
    pub(crate) fn decrypted(&mut self, event: &Event) -> Result<()> {
        let Some(known) = self.find(event.id.as_str())?.filter(|known| known.waiting) else { return Ok(()) };
        let travelled = Travelled::from(&event.encryption);
        if travelled.encryption == 3 {
            let changed = self
                .db
                .prepare_cached(
                    "UPDATE event SET session = ?2, cause = ?3 WHERE id = ?1 AND (session != ?2 OR cause != ?3)",
                )?
                .execute(params![known.id, travelled.session, travelled.cause])?;
            self.told.conversation |= changed > 0;
            return Ok(());
        }
        self.texts.touch(self.db, known.id)?;
        let standing = standing(event);
        let counts = self.counts(event, &standing);
        let target = standing.packed_target();
        let marks = Marks {
            encryption: travelled.encryption,
            shown: standing.shown,
            relation: standing.relation,
            notifies: event.notifies,
            mentions: event.mentions_me,
            counts,
            redacted: false,
            waiting: false,
        };
        self.db
            .prepare_cached(
                "UPDATE event SET kind = ?2, content = ?3, marks = ?4, session = '', cause = 0, target = ?5, detail = ?6
                 WHERE id = ?1",
            )?
            .execute(params![
                known.id,
                self.names.number(self.db, &event.kind)?,
                content::pack(&event.content, Beside { target: &target, detail: &standing.detail }),
                marks.bits(),
                target,
                standing.detail
            ])?;
        self.told.recount = true;
        self.told.relatest = true;
        self.told.conversation = true;
        self.told.row = true;
        if counts {
            self.arrived(known.id, known.position, standing.thread(), event, true);
        }
        self.say(&standing)?;
        self.hear(known.id, event.id.as_str())
    }

    fn arrived(&mut self, id: i64, position: i64, thread: Option<String>, event: &Event, late: bool) {
        let arrived = Arrived {
            room: self.room.clone(),
            event: event.id.clone(),
            sender: event.sender.clone(),
            time: clamp_time(event.time),
            mentions_me: event.mentions_me,
            undecryptable: matches!(event.encryption, Encryption::Undecryptable { .. }),
            late,
        };
        self.told.arrived.push(ArrivedRow { id, position, thread, arrived });
    }

    /// Let an event take effect on the one it speaks of, if that is here.
    fn say(&mut self, standing: &Standing) -> Result<()> {
        match standing.relation {
            Relation::Edit => self.elect(&standing.target),
            Relation::Redaction => match self.find(&standing.target)? {
                Some(target) => self.redact(target.id),
                None => Ok(()),
            },
            Relation::Call => {
                // A row of the chat list says what became of a call.
                self.told.row = true;
                Ok(())
            }
            Relation::Reaction | Relation::Thread | Relation::Vote | Relation::PollEnd | Relation::None => Ok(()),
        }
    }

    /// Let what was said of an event before it came take effect on it.
    fn hear(&mut self, id: i64, event: &str) -> Result<()> {
        let first: Option<i64> = self
            .db
            .prepare_cached(&format!(
                "SELECT relation FROM event WHERE {ABOUT} AND relation IN (1, 2) ORDER BY relation LIMIT 1"
            ))?
            .query_row(params![self.row.id, event_id::pack(event)], |row| row.get(0))
            .optional()?;
        match first.map(Relation::from_code) {
            Some(Relation::Redaction) => self.redact(id),
            Some(Relation::Edit) => self.elect(event),
            _ => Ok(()),
        }
    }

    /// Choose the edit that counts: the newest by the same sender, of the same type, that can be read. What came
    /// encrypted is edited encrypted only, by a device that is as sure: the server could write the rest itself.
    fn elect(&mut self, target: &str) -> Result<()> {
        let packed = event_id::pack(target);
        let found = self
            .db
            .prepare_cached(&format!(
                "SELECT id, sender, kind, redacted, state_key IS NULL, edit, encryption FROM event WHERE {BY_ID}"
            ))?
            .query_row(params![self.row.id, packed], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, bool>(3)?,
                    row.get::<_, bool>(4)?,
                    row.get::<_, i64>(5)?,
                    row.get::<_, i64>(6)?,
                ))
            })
            .optional()?;
        let Some((id, sender, kind, redacted, message, before, encryption)) = found else { return Ok(()) };
        if redacted {
            return self.erase_edits(target);
        }
        let winner = if message { self.winner(&packed, sender, kind, encryption)? } else { 0 };
        if winner != before {
            self.texts.touch(self.db, id)?;
            self.db.prepare_cached("UPDATE event SET edit = ?2 WHERE id = ?1")?.execute([id, winner])?;
            self.altered(target);
        }
        Ok(())
    }

    /// The edit that counts; 0 for none. Of two with the same time it is the one whose id is greater as text (Matrix spec,
    /// "Event replacements"), and packed ids have another order.
    fn winner(&self, packed: &[u8], sender: i64, kind: i64, encryption: i64) -> Result<i64> {
        let mut edits = self.db.prepare_cached(&format!(
            "SELECT id, time, event FROM event
             WHERE {ABOUT} AND relation = 2 AND sender = ?3 AND kind = ?4 AND redacted = 0 AND encryption != 3
                 AND (?5 IN (0, 2) OR encryption IN (1, 4) OR encryption = ?5) AND state_key IS NULL
             ORDER BY time DESC"
        ))?;
        let mut rows = edits.query(params![self.row.id, packed, sender, kind, encryption])?;
        let mut best: Option<(i64, String, i64)> = None;
        while let Some(row) = rows.next()? {
            let time = row.get(1)?;
            if best.as_ref().is_some_and(|(newest, ..)| *newest > time) {
                break;
            }
            best = best.max(Some((time, event_id::unpack(row.get_ref(2)?.as_blob()?).0, row.get(0)?)));
        }
        Ok(best.map_or(0, |(_, _, id)| id))
    }

    fn altered(&mut self, event: &str) {
        self.told.altered.push(EventId::from(event));
        self.told.conversation = true;
        self.told.row = true;
    }

    /// Remove an event's content, and that of its edits, for good. What it said of another event is taken back.
    fn redact(&mut self, id: i64) -> Result<()> {
        let (event, relation, target, redacted) = self
            .db
            .prepare_cached("SELECT event, relation, target, redacted FROM event WHERE id = ?1")?
            .query_row([id], |row| {
                Ok((
                    event_id::unpack(row.get_ref(0)?.as_blob()?).0,
                    Relation::from_code(row.get(1)?),
                    event_id::unpack(row.get_ref(2)?.as_blob()?).0,
                    row.get::<_, bool>(3)?,
                ))
            })?;
        if redacted {
            // It came without content, and its edits may have come before it.
            return self.erase_edits(&event);
        }
        self.texts.touch(self.db, id)?;
        retention::orphan_files(self.db, id)?;
        if relation == Relation::Edit
            && let Some(edited) = self.find(&target)?
        {
            // What it says now is this edit, which is about to lose its content.
            self.texts.touch(self.db, edited.id)?;
        }
        self.db
            .prepare_cached(&format!(
                "UPDATE event SET {REDACT}, content = x'', previous = NULL, session = '', edit = 0,
                     target = CASE relation WHEN 1 THEN target ELSE x'' END,
                     detail = CASE kind WHEN 2 THEN detail ELSE '' END
                 WHERE id = ?1"
            ))?
            .execute([id])?;
        self.told.redacted.insert(id);
        self.told.recount = true;
        self.altered(&event);
        self.erase_edits(&event)?;
        if relation == Relation::Edit { self.elect(&target) } else { Ok(()) }
    }

    fn erase_edits(&mut self, target: &str) -> Result<()> {
        let packed = event_id::pack(target);
        let mut edits =
            self.db.prepare_cached(&format!("SELECT id FROM event WHERE {ABOUT} AND relation = 2 AND redacted = 0"))?;
        let mut rows = edits.query(params![self.row.id, packed])?;
        while let Some(row) = rows.next()? {
            retention::orphan_files(self.db, row.get(0)?)?;
        }
        self.db
            .prepare_cached(&format!(
                "UPDATE event SET {REDACT}, content = x'', session = ''
                 WHERE {ABOUT} AND relation = 2 AND redacted = 0"
            ))?
            .execute(params![self.row.id, packed])?;
        Ok(())
    }

    /// A member event is a line only where it changes something. Where it does not say itself what was before, the
    /// events around it say so, whichever came first.
    fn settle_membership(&mut self, event: &Event, position: i64, standing: &mut Standing) -> Result<()> {
        let before: Option<String> = self
            .db
            .prepare_cached(
                "SELECT detail FROM event WHERE room = ?1 AND kind = 2 AND state_key = ?2
                     AND position < ?3 ORDER BY position DESC LIMIT 1",
            )?
            .query_row(params![self.row.id, event.state_key, position], |row| row.get(0))
            .optional()?;
        // What the server says was before is surer than what is here; without it a change of name is none.
        if event.previous.is_none() && before.as_deref() == Some(standing.detail.as_str()) {
            standing.shown = Shown::No;
        }
        let after: Option<(i64, String, bool)> = self
            .db
            .prepare_cached(
                "SELECT id, detail, previous IS NULL FROM event WHERE room = ?1 AND kind = 2 AND state_key = ?2
                     AND position > ?3 ORDER BY position LIMIT 1",
            )?
            .query_row(params![self.row.id, event.state_key, position], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        if let Some((id, membership, true)) = after {
            let shown = membership != standing.detail && is_shown_membership(&membership);
            let shown = if shown { Shown::Line } else { Shown::No };
            // What is no line counts for nothing.
            self.db.prepare_cached(&format!("UPDATE event SET {SHOW} WHERE id = ?1"))?.execute(params![
                id,
                shown as i64,
                self.names.number(self.db, self.own.as_str())?
            ])?;
            self.told.recount = true;
        }
        Ok(())
    }
}

fn is_membership(event: &Event) -> bool {
    event.kind == "m.room.member" && event.state_key.is_some()
}

/// A moment that a date can stand for; servers and senders say anything.
pub(crate) fn clamp_time(time: Timestamp) -> Timestamp {
    Timestamp(clamp(time))
}

fn clamp(time: Timestamp) -> i64 {
    time.0.clamp(0, LATEST_TIME)
}
