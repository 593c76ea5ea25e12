//! A room while something is recorded of it: loaded, changed step by step, finished once.
//!
//! **Invariant:** what readers find in the room's row (counts, latest message, order) is brought up to date in
//! [`Entry::finish`] and nowhere else.
//!
//! Counts grow by what was added, and are counted anew only when something else moved (a receipt, a redaction): a room
//! that nobody reads would otherwise be counted from its beginning with every batch.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{RoomId, UserId};

use crate::pages::MESSAGE;
use crate::relation::Shown;
use crate::rooms::{self, RoomRow};
use crate::search::index::Texts;
use crate::{Arrived, Changes, Event, Member, Place, Receipt, Result, RoomSummary, Timeline, people};

/// A room while something is recorded of it.
pub(crate) struct Entry<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) own: &'a UserId,
    pub(crate) room: &'a RoomId,
    pub(crate) row: RoomRow,
    before: RoomRow,
    /// How far this person has read.
    read: Option<i64>,
    /// What this write told so far.
    pub(crate) told: Told,
    /// What searchable messages said before it.
    pub(crate) texts: Texts,
}

/// What a write to a room changed, for readers and for [`Entry::finish`].
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) row: bool,
    pub(crate) conversation: bool,
    pub(crate) outbox: bool,
    /// Unread messages must be counted anew.
    pub(crate) recount: bool,
    /// The latest message must be looked up anew.
    pub(crate) relatest: bool,
    pub(crate) altered: Vec<tidings_model::EventId>,
    /// What may notify, with its row and position.
    pub(crate) arrived: Vec<(i64, i64, Arrived)>,
    /// Rows that were redacted by this write.
    pub(crate) redacted: BTreeSet<i64>,
    /// Unread messages that were added, as positions and whether they mention this person.
    added: Vec<(i64, bool)>,
}

/// An event that was just written, for the counts.
pub(crate) struct Written {
    pub(crate) id: i64,
    pub(crate) position: i64,
    pub(crate) shown: Shown,
    pub(crate) counts: bool,
    pub(crate) mentions: bool,
}

impl<'a> Entry<'a> {
    pub(crate) fn open(db: &'a Connection, own: &'a UserId, room: &'a RoomId) -> Result<Self> {
        let row = RoomRow::load(db, room)?;
        let read = rooms::read_position(db, row.id, own)?;
        Ok(Self { db, own, room, before: row.clone(), row, read, told: Told::default(), texts: Texts::default() })
    }

    pub(crate) fn summary(&mut self, summary: &RoomSummary) -> Result<()> {
        if self.row.summarise(self.db, summary)? {
            self.told.row = true;
            self.told.conversation = true;
        }
        Ok(())
    }

    pub(crate) fn members(&mut self, members: &[Member]) -> Result<()> {
        let mut upsert = self.db.prepare_cached(
            "INSERT INTO member (room, user, name, avatar, joined) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (room, user) DO UPDATE
             SET name = excluded.name, avatar = excluded.avatar, joined = excluded.joined
             WHERE name IS NOT excluded.name OR avatar IS NOT excluded.avatar OR joined != excluded.joined",
        )?;
        for member in members {
            let changed = upsert.execute(params![
                self.row.id,
                member.user.as_str(),
                member.name,
                member.avatar,
                member.joined
            ])?;
            if changed > 0 {
                people::keep(self.db, member.user.as_str(), member.name.as_deref())?;
                self.told.row = true;
                self.told.conversation = true;
            }
        }
        Ok(())
    }

    pub(crate) fn timeline(&mut self, timeline: &Timeline) -> Result<()> {
        let mut seen = BTreeSet::new();
        let events: Vec<&Event> = timeline.events.iter().filter(|event| seen.insert(&event.id)).collect();
        let known = events
            .iter()
            .map(|event| self.find(event.id.as_str()))
            .collect::<Result<Vec<Option<crate::projection::Known>>>>()?;
        let positions: Vec<Option<i64>> =
            known.iter().map(|known| known.as_ref().map(|known| known.position)).collect();
        let before = self.row.stretches(self.db)?;
        let mut after = before.clone();
        let Some(positions) = after.place(&positions, &timeline.place) else { return Ok(()) };
        self.row.keep(self.db, &before, &after)?;
        self.told.conversation |= before.gaps != after.gaps;

        let live = matches!(timeline.place, Place::Live { .. });
        let mut readers: BTreeMap<&UserId, i64> = BTreeMap::new();
        for ((event, known), position) in events.into_iter().zip(known).zip(positions) {
            if let Some(known) = known {
                self.again(&known, event)?;
            } else {
                self.insert(event, position, live)?;
                let read = readers.entry(&event.sender).or_insert(position);
                *read = position.max(*read);
                self.receipts_for(event.id.as_str(), position)?;
            }
        }
        // Who writes has read.
        for (user, position) in readers {
            self.has_read(user.as_str(), position)?;
        }
        Ok(())
    }

    /// Note an event that was just inserted, or became what it is, for the counts and the latest message.
    pub(crate) fn note(&mut self, written: &Written) {
        self.told.conversation = true;
        if written.counts {
            self.told.added.push((written.position, written.mentions));
        }
        let newer = self.row.latest == 0 || written.position > self.row.latest_position;
        if written.shown == Shown::Message && newer {
            self.row.latest = written.id;
            self.row.latest_position = written.position;
        }
    }

    pub(crate) fn receipts(&mut self, receipts: &[Receipt]) -> Result<()> {
        for receipt in receipts {
            match self.position(receipt.event.as_str())? {
                Some(position) => self.has_read(receipt.user.as_str(), position)?,
                None => {
                    self.db
                        .prepare_cached(
                            "INSERT INTO receipt_ahead (room, event, user) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                        )?
                        .execute(params![self.row.id, receipt.event.as_str(), receipt.user.as_str()])?;
                }
            }
        }
        Ok(())
    }

    /// Receipts that were waiting for this event.
    fn receipts_for(&mut self, event: &str, position: i64) -> Result<()> {
        let users = self
            .db
            .prepare_cached("SELECT user FROM receipt_ahead WHERE room = ?1 AND event = ?2")?
            .query_map(params![self.row.id, event], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        if users.is_empty() {
            return Ok(());
        }
        self.db
            .prepare_cached("DELETE FROM receipt_ahead WHERE room = ?1 AND event = ?2")?
            .execute(params![self.row.id, event])?;
        users.iter().try_for_each(|user| self.has_read(user, position))
    }

    /// This person has read up to here; never less than before.
    fn has_read(&mut self, user: &str, position: i64) -> Result<()> {
        let moved = self
            .db
            .prepare_cached(
                "INSERT INTO receipt (room, user, position) VALUES (?1, ?2, ?3)
                 ON CONFLICT (room, user) DO UPDATE SET position = excluded.position
                 WHERE excluded.position > position",
            )?
            .execute(params![self.row.id, user, position])?;
        if moved > 0 {
            self.told.conversation = true;
            if user == self.own.as_str() {
                self.read = Some(position);
                self.told.recount = true;
                self.told.row = true;
            } else if self.row.latest != 0 {
                // The row shows whether an own message was read.
                self.told.row = true;
            }
        }
        Ok(())
    }

    fn is_read(&self, position: i64) -> bool {
        self.read.is_some_and(|read| position <= read)
    }

    fn count(&mut self) -> Result<()> {
        if self.told.recount {
            // "Nothing read" is before every position there is.
            let read = self.read.unwrap_or(i64::MIN);
            let (unread, mentions) = self
                .db
                .prepare_cached(
                    "SELECT count(*), ifnull(sum(mentions), 0) FROM event WHERE room = ?1 AND counts = 1 AND position > ?2",
                )?
                .query_row(params![self.row.id, read], |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.row.unread = unread;
            self.row.mentions = mentions;
            return Ok(());
        }
        for (position, mentions) in std::mem::take(&mut self.told.added) {
            if !self.is_read(position) {
                self.row.unread = self.row.unread.saturating_add(1);
                self.row.mentions = self.row.mentions.saturating_add(i64::from(mentions));
            }
        }
        Ok(())
    }

    fn find_latest(&mut self) -> Result<()> {
        if self.told.relatest {
            let latest = self
                .db
                .prepare_cached(
                    "SELECT id, position FROM event WHERE room = ?1 AND shown > 0 AND shown = 2
                     ORDER BY position DESC LIMIT 1",
                )?
                .query_row([self.row.id], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            (self.row.latest, self.row.latest_position) = latest.unwrap_or_default();
        }
        Ok(())
    }

    /// Repeat the latest message for the chat list; nothing of what it said before stays.
    fn repeat_latest(&self) -> Result<()> {
        if self.row.latest == 0 {
            self.db.prepare_cached("DELETE FROM latest WHERE room = ?1")?.execute([self.row.id])?;
            return Ok(());
        }
        self.db
            .prepare_cached(&format!(
                "REPLACE INTO latest (room, event, transaction_id, position, sender, time, kind, state_key, content,
                     redacted, encryption, session, cause, mentions, notifies, edit)
                 SELECT m.room, {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE m.id = ?1"
            ))?
            .execute([self.row.latest])?;
        Ok(())
    }

    /// The time the chat list sorts by: the newest message's or intent's, else the newest line's.
    fn order(&self) -> Result<i64> {
        let time: i64 = if self.row.latest == 0 {
            self.db
                .prepare_cached("SELECT time FROM event WHERE room = ?1 AND shown > 0 ORDER BY position DESC LIMIT 1")?
                .query_row([self.row.id], |row| row.get::<_, i64>(0))
                .optional()?
                .unwrap_or_default()
                .max(self.row.floor)
        } else {
            self.db
                .prepare_cached("SELECT time FROM event WHERE id = ?1")?
                .query_row([self.row.latest], |row| row.get::<_, i64>(0))?
        };
        let intent: Option<i64> = self
            .db
            .prepare_cached("SELECT max(time) FROM intent WHERE room = ?1 AND kind = 0 AND shown = 1")?
            .query_row([self.row.id], |row| row.get(0))?;
        Ok(time.max(intent.unwrap_or_default()))
    }

    /// Bring the room's row up to date, and tell what changed. What is left to do is the index.
    pub(crate) fn finish(mut self, changes: &mut Changes) -> Result<Texts> {
        self.count()?;
        self.find_latest()?;
        if self.told.conversation {
            self.repeat_latest()?;
        }
        self.row.sort = self.order()?;
        if self.row != self.before {
            self.row.save(self.db)?;
        }
        self.told.row |= (self.row.unread, self.row.mentions, self.row.latest, self.row.sort)
            != (self.before.unread, self.before.mentions, self.before.latest, self.before.sort);
        if self.told.row {
            changes.rows.insert(self.room.clone());
        }
        if self.told.conversation {
            changes.conversations.insert(self.room.clone());
        }
        if self.before.unread > 0 && self.row.unread == 0 {
            changes.read.insert(self.room.clone());
        }
        changes.outbox |= self.told.outbox;
        let mut altered = BTreeSet::new();
        for event in std::mem::take(&mut self.told.altered) {
            if altered.insert(event.clone()) {
                changes.altered.push((self.room.clone(), event));
            }
        }
        let mut arrived = std::mem::take(&mut self.told.arrived);
        arrived.retain(|(id, position, _)| !self.is_read(*position) && !self.told.redacted.contains(id));
        arrived.sort_by_key(|(_, position, _)| *position);
        changes.arrived.extend(arrived.into_iter().map(|(_, _, arrived)| arrived));
        Ok(self.texts)
    }
}
