//! How far people have read, and what that leaves unread.
//!
//! **Invariant:** a position of reading never moves back.
//! **Invariant:** a reply in a thread is unread until it is read in that thread or with everything; every other message
//! until it is read in the main timeline or with everything (MSC3771, Matrix spec "Threaded read receipts").
//!
//! Counts grow by what was added, and are counted anew only when something else moved (a receipt, a redaction): a room
//! that nobody reads would otherwise be counted from its beginning with every batch.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use crate::entry::Entry;
use crate::{Receipt, ReceiptThread, Result, ThreadReceipt, event_id};

/// Before every position there is.
pub(crate) const NOWHERE: i64 = -i64::MAX;
/// How `receipt_ahead` names the main timeline.
const MAIN: &str = "main";

/// What of a room a receipt speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope<'a> {
    /// Everything up to there, threads too.
    All,
    /// What is in no thread.
    Main,
    /// The thread that begins with this event.
    Thread(&'a str),
}

impl<'a> Scope<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::All => "",
            Self::Main => MAIN,
            Self::Thread(root) => root,
        }
    }

    fn named(name: &'a str) -> Self {
        match name {
            "" => Self::All,
            MAIN => Self::Main,
            root => Self::Thread(root),
        }
    }
}

/// How far this person has read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// The main timeline.
    main: Option<i64>,
    /// Everything.
    all: Option<i64>,
    /// Threads, where they were asked for.
    threads: BTreeMap<String, Option<i64>>,
}

/// An unread message that was added.
pub(crate) struct Added {
    pub(crate) position: i64,
    pub(crate) mentions: bool,
    /// The root of the thread it is in.
    pub(crate) thread: Option<String>,
}

impl Entry<'_> {
    /// How far this person had read before this write.
    pub(crate) fn load_reading(&mut self) -> Result<()> {
        let found = self
            .db
            .prepare_cached("SELECT position, everything FROM receipt WHERE room = ?1 AND user = ?2")?
            .query_row(params![self.row.id, self.own.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (main, all) = found.unzip();
        let written = |position: Option<i64>| position.filter(|position| *position > NOWHERE);
        self.reading = Reading { main: written(main), all: written(all), threads: BTreeMap::new() };
        Ok(())
    }

    pub(crate) fn receipts(&mut self, receipts: &[Receipt]) -> Result<()> {
        receipts.iter().try_for_each(|receipt| self.receipt(receipt, Scope::All))
    }

    pub(crate) fn thread_receipts(&mut self, receipts: &[ThreadReceipt]) -> Result<()> {
        receipts.iter().try_for_each(|said| {
            self.receipt(&said.receipt, said.root.as_ref().map_or(Scope::Main, |root| Scope::Thread(root.as_str())))
        })
    }

    /// What this person read here.
    pub(crate) fn own_receipt(&mut self, receipt: &Receipt, thread: &ReceiptThread) -> Result<()> {
        let scope = match thread {
            ReceiptThread::Unthreaded => Scope::All,
            ReceiptThread::Main => Scope::Main,
            ReceiptThread::Thread { root } => Scope::Thread(root.as_str()),
        };
        self.receipt(receipt, scope)
    }

    fn receipt(&mut self, receipt: &Receipt, scope: Scope<'_>) -> Result<()> {
        match self.position(receipt.event.as_str())? {
            Some(position) => self.has_read(receipt.user.as_str(), position, scope),
            None => {
                self.db
                    .prepare_cached(
                        "INSERT INTO receipt_ahead (room, event, user, thread) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![self.row.id, receipt.event.as_str(), receipt.user.as_str(), scope.name()])?;
                Ok(())
            }
        }
    }

    /// Receipts that were waiting for this event.
    pub(crate) fn receipts_for(&mut self, event: &str, position: i64) -> Result<()> {
        let awaited = match self.awaited {
            Some(awaited) => awaited,
            None => {
                self.db.prepare_cached("SELECT 1 FROM receipt_ahead WHERE room = ?1 LIMIT 1")?.exists([self.row.id])?
            }
        };
        self.awaited = Some(awaited);
        if !awaited {
            return Ok(());
        }
        let waiting = self
            .db
            .prepare_cached("SELECT user, thread FROM receipt_ahead WHERE room = ?1 AND event = ?2")?
            .query_map(params![self.row.id, event], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        if waiting.is_empty() {
            return Ok(());
        }
        self.db
            .prepare_cached("DELETE FROM receipt_ahead WHERE room = ?1 AND event = ?2")?
            .execute(params![self.row.id, event])?;
        waiting.iter().try_for_each(|(user, thread)| self.has_read(user, position, Scope::named(thread)))
    }

    /// Somebody has read up to here; never less than before.
    pub(crate) fn has_read(&mut self, user: &str, position: i64, scope: Scope<'_>) -> Result<()> {
        let moved = match scope {
            Scope::All | Scope::Main => {
                let everything = if scope == Scope::All { position } else { NOWHERE };
                self.db
                    .prepare_cached(
                        "INSERT INTO receipt (room, user, position, everything) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (room, user) DO UPDATE SET position = max(position, excluded.position),
                             everything = max(everything, excluded.everything)
                         WHERE excluded.position > position OR excluded.everything > everything",
                    )?
                    .execute(params![self.row.id, user, position, everything])?
            }
            Scope::Thread(root) => self
                .db
                .prepare_cached(
                    "INSERT INTO thread_receipt (room, user, thread, position) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (room, user, thread) DO UPDATE SET position = excluded.position
                     WHERE excluded.position > position",
                )?
                .execute(params![self.row.id, user, event_id::pack(root), position])?,
        };
        if moved > 0 {
            self.told.conversation = true;
            if user == self.own.as_str() {
                self.load_reading()?;
                self.told.recount = true;
                self.told.row = true;
            } else if self.row.latest != 0 {
                // The row shows whether an own message was read.
                self.told.row = true;
            }
        }
        Ok(())
    }

    /// This person has read a message.
    pub(crate) fn is_read(&mut self, position: i64, thread: Option<&str>) -> Result<bool> {
        let here = |read: Option<i64>| read.is_some_and(|read| position <= read);
        if here(self.reading.all) {
            return Ok(true);
        }
        let Some(root) = thread else { return Ok(here(self.reading.main)) };
        if let Some(read) = self.reading.threads.get(root) {
            return Ok(here(*read));
        }
        let read = self
            .db
            .prepare_cached("SELECT position FROM thread_receipt WHERE room = ?1 AND user = ?2 AND thread = ?3")?
            .query_row(params![self.row.id, self.own.as_str(), event_id::pack(root)], |row| row.get(0))
            .optional()?;
        self.reading.threads.insert(root.to_owned(), read);
        Ok(here(read))
    }

    pub(crate) fn count(&mut self) -> Result<()> {
        if self.told.recount {
            return self.recount();
        }
        for Added { position, mentions, thread } in std::mem::take(&mut self.told.added) {
            if !self.is_read(position, thread.as_deref())? {
                self.row.unread = self.row.unread.saturating_add(1);
                self.row.mentions = self.row.mentions.saturating_add(i64::from(mentions));
            }
        }
        Ok(())
    }

    fn recount(&mut self) -> Result<()> {
        let main = self.reading.main.max(self.reading.all).unwrap_or(NOWHERE);
        let all = self.reading.all.unwrap_or(NOWHERE);
        let (unread, mentions): (i64, i64) = self
            .db
            .prepare_cached(
                "SELECT count(*), ifnull(sum(mentions), 0) FROM event
                 WHERE room = ?1 AND shown > 0 AND counts = 1 AND position > ?2",
            )?
            .query_row(params![self.row.id, main], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (in_threads, mentions_there): (i64, i64) = self
            .db
            .prepare_cached(
                "SELECT count(*), ifnull(sum(mentions), 0) FROM event e
                 WHERE e.room = ?1 AND e.counts = 1 AND e.relation = 4 AND e.position > ?2
                     AND e.position > ifnull((SELECT t.position FROM thread_receipt t
                         WHERE t.room = ?1 AND t.user = ?3 AND t.thread = e.target), ?2)",
            )?
            .query_row(params![self.row.id, all, self.own.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.row.unread = unread.saturating_add(in_threads);
        self.row.mentions = mentions.saturating_add(mentions_there);
        Ok(())
    }
}
