//! A room while something is recorded of it: loaded, changed step by step, finished once.
//!
//! **Invariant:** what readers find in the room's row (counts, latest message, order) is brought up to date in
//! [`Entry::finish`] and nowhere else.
//!
//! What is unread is `reading`'s.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{RoomId, Timestamp, UserId};

use crate::names::Names;
use crate::pages::MESSAGE;
use crate::reading::{Added, Reading, Scope};
use crate::relation::Shown;
use crate::rooms::RoomRow;
use crate::search::index::Texts;
use crate::{Arrived, Changes, Event, Member, Place, Result, RoomSummary, Timeline, Vault, content, people};

/// A room while something is recorded of it.
pub(crate) struct Entry<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) own: &'a UserId,
    pub(crate) names: &'a Names,
    pub(crate) room: &'a RoomId,
    pub(crate) row: RoomRow,
    before: RoomRow,
    pub(crate) reading: Reading,
    /// What this write told so far.
    pub(crate) told: Told,
    /// What searchable messages said before it.
    pub(crate) texts: Texts,
    /// Some receipts of this room wait for their event.
    pub(crate) awaited: Option<bool>,
}

/// Whoever sent this was looking at the chat. State is set from anywhere (a new name is told to every room), and what is
/// deleted may be old.
fn says(event: &Event) -> bool {
    event.state_key.is_none() && event.kind != "m.room.redaction"
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
    /// What may notify.
    pub(crate) arrived: Vec<ArrivedRow>,
    /// Rows that were redacted by this write.
    pub(crate) redacted: BTreeSet<i64>,
    /// Unread messages that were added.
    pub(crate) added: Vec<Added>,
}

/// A message that may notify, where it stands.
pub(crate) struct ArrivedRow {
    pub(crate) id: i64,
    pub(crate) position: i64,
    /// The root of the thread it is in.
    pub(crate) thread: Option<String>,
    pub(crate) arrived: Arrived,
}

/// An event that was just written, for the counts.
pub(crate) struct Written {
    pub(crate) id: i64,
    pub(crate) position: i64,
    pub(crate) shown: Shown,
    pub(crate) counts: bool,
    pub(crate) mentions: bool,
    /// The root of the thread it is in.
    pub(crate) thread: Option<String>,
}

impl<'a> Entry<'a> {
    pub(crate) fn open(db: &'a Connection, vault: &'a Vault, room: &'a RoomId) -> Result<Self> {
        let row = RoomRow::load(db, room)?;
        let mut entry = Self {
            db,
            own: &vault.own,
            names: &vault.names,
            room,
            awaited: None,
            before: row.clone(),
            row,
            reading: Reading::default(),
            told: Told::default(),
            texts: Texts::default(),
        };
        entry.load_reading()?;
        Ok(entry)
    }

    pub(crate) fn summary(&mut self, summary: &RoomSummary) -> Result<()> {
        if self.row.summarise(self.db, summary)? {
            self.told.row = true;
            self.told.conversation = true;
        }
        Ok(())
    }

    /// This person marked the room as unread, or not any more. What they did here and the server does not know yet wins.
    pub(crate) fn mark(&mut self, unread: bool) -> Result<()> {
        let waits = self
            .db
            .prepare_cached("SELECT 1 FROM intent WHERE room = ?1 AND kind > 0 AND kind = 3")?
            .exists([self.row.id])?;
        if !waits {
            self.told.row |= self.row.marked != unread;
            self.row.marked = unread;
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

    /// Record a run of events, but for those that are too old to be kept. Where all of them are, what lies before them is
    /// not kept either; one with an old date among newer ones (a bridge's, a wrong clock's) ends nothing. What deletes
    /// something takes effect whatever its date.
    pub(crate) fn timeline(&mut self, timeline: &Timeline, since: Option<Timestamp>) -> Result<()> {
        let mut seen = BTreeSet::new();
        let (events, old): (Vec<&Event>, Vec<&Event>) = timeline
            .events
            .iter()
            .filter(|event| seen.insert(&event.id))
            .partition(|event| since.is_none_or(|since| event.time >= since) || event.redacts.is_some());
        let place = match &timeline.place {
            place if old.is_empty() || !events.is_empty() => place.clone(),
            Place::Live { .. } => return Ok(()),
            Place::Older { from, .. } => Place::Older { from: from.clone(), next: None },
        };
        let known = events
            .iter()
            .map(|event| self.find(event.id.as_str()))
            .collect::<Result<Vec<Option<crate::projection::Known>>>>()?;
        let positions: Vec<Option<i64>> =
            known.iter().map(|known| known.as_ref().map(|known| known.position)).collect();
        let before = self.row.stretches(self.db)?;
        let mut after = before.clone();
        let Some(positions) = after.place(&positions, &place) else { return Ok(()) };
        self.row.keep(self.db, &before, &after)?;
        self.told.conversation |= before.gaps != after.gaps;

        let live = matches!(place, Place::Live { .. });
        let mut readers: BTreeMap<(&UserId, Option<String>), i64> = BTreeMap::new();
        for ((event, known), position) in events.into_iter().zip(known).zip(positions) {
            if let Some(known) = known {
                self.again(&known, event)?;
            } else {
                let thread = self.insert(event, position, live)?;
                if says(event) {
                    let read = readers.entry((&event.sender, thread)).or_insert(position);
                    *read = position.max(*read);
                }
                self.receipts_for(event.id.as_str(), position)?;
            }
        }
        // Who writes has read; who answers in a thread, that thread.
        for ((user, thread), position) in readers {
            self.has_read(user.as_str(), position, thread.as_deref().map_or(Scope::All, Scope::Thread))?;
        }
        Ok(())
    }

    /// Note an event that was just inserted, or became what it is, for the counts and the latest message.
    pub(crate) fn note(&mut self, written: Written) {
        self.told.conversation = true;
        if written.counts {
            let Written { position, mentions, .. } = written;
            self.told.added.push(Added { position, mentions, thread: written.thread });
        }
        let newer = self.row.latest == 0 || written.position > self.row.latest_position;
        if written.shown == Shown::Message && newer {
            self.row.latest = written.id;
            self.row.latest_position = written.position;
        }
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
                     redacted, encryption, session, cause, mentions, notifies, target, detail, edit)
                 SELECT m.room, {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE m.id = ?1"
            ))?
            .execute([self.row.latest])?;
        // The list is read whole, and nothing in it should have to be unpacked.
        let (content, edit): (Vec<u8>, Option<Vec<u8>>) = self
            .db
            .prepare_cached("SELECT content, edit FROM latest WHERE room = ?1")?
            .query_row([self.row.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (eased, eased_edit) = (content::ease(&content), edit.as_deref().and_then(content::ease));
        if eased.is_some() || eased_edit.is_some() {
            self.db.prepare_cached("UPDATE latest SET content = ?2, edit = ?3 WHERE room = ?1")?.execute(params![
                self.row.id,
                eased.unwrap_or(content),
                eased_edit.or(edit)
            ])?;
        }
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
        arrived.sort_by_key(|row| row.position);
        for row in arrived {
            if !self.told.redacted.contains(&row.id) && !self.is_read(row.position, row.thread.as_deref())? {
                changes.arrived.push(row.arrived);
            }
        }
        Ok(self.texts)
    }
}
