//! What the newest messages say, in memory: what is said often is found there.
//!
//! A part of a word that many messages say stands for many words. To ask the index for each takes longer than to look at
//! the newest messages, and those are what a person wants to see first. The index answers for what is older.
//!
//! **Invariant:** once read, it has every searchable event from an id on, with the text that its committed row has: it is
//! changed by the writer, in the order of commits, before the writer lets go. For that moment a reader may see more than
//! is here, so a hit is what its row says.
//! **Invariant:** neither the writer nor a search waits until it was read, and it never grows beyond [`MOST`] bytes.
//!
//! It holds texts, as the page and the chat list do; they are nowhere but in memory.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use memchr::memmem;
use rusqlite::Connection;

use super::find::says;
use super::index::{self, Entry};
use super::query::Clause;
use crate::{Result, Vault};

/// Bytes of words and tags, whatever people and servers send.
const MOST: usize = 16 << 20;
/// Events that are read at a time.
const STEP: usize = 512;

/// The newest messages of a vault.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    state: RwLock<State>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Unread,
    /// They are being read. What was committed meanwhile comes after.
    Reading(Changed),
    Read(Lines),
}

/// What events say now, or nothing, in the order of commits.
type Changed = Vec<(i64, Option<Entry>)>;

#[derive(Debug)]
struct Lines {
    /// How many they are at least. They grow to twice as many, then the oldest half goes.
    least: usize,
    /// From this id on.
    from: i64,
    lines: BTreeMap<i64, Line>,
    /// Of their words and tags.
    bytes: usize,
}

impl Lines {
    fn change(&mut self, changed: Changed) {
        for (id, entry) in changed.into_iter().filter(|(id, _)| *id >= self.from) {
            let line = entry.map(Line::from);
            self.bytes = self.bytes.saturating_add(line.as_ref().map_or(0, Line::bytes));
            let before = match line {
                Some(line) => self.lines.insert(id, line),
                None => self.lines.remove(&id),
            };
            self.bytes = self.bytes.saturating_sub(before.map_or(0, |before| before.bytes()));
        }
        if self.lines.len() > self.least.saturating_mul(2) || self.bytes > MOST {
            while self.lines.len() > self.least || self.bytes > MOST / 2 {
                let Some((id, line)) = self.lines.pop_first() else { break };
                self.from = id.saturating_add(1);
                self.bytes = self.bytes.saturating_sub(line.bytes());
            }
        }
    }
}

/// A message's words and its tags.
#[derive(Debug)]
struct Line {
    words: Box<str>,
    tags: Box<str>,
}

impl Line {
    fn bytes(&self) -> usize {
        self.words.len().saturating_add(self.tags.len())
    }
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        Self { words: entry.words.into(), tags: entry.tags.into() }
    }
}

/// What must be said, and carried.
#[derive(Debug)]
pub(super) struct Wanted {
    /// All of these, each with what its text must contain.
    clauses: Vec<(memmem::Finder<'static>, Clause)>,
    /// Of each of these one.
    tags: Vec<Vec<String>>,
    /// None of these.
    without: Vec<String>,
}

impl Wanted {
    pub(super) fn new(clauses: &[Clause], tags: Vec<Vec<String>>, without: Vec<String>) -> Self {
        let finder = |clause: &Clause| {
            let part = match clause {
                Clause::Inside(part) | Clause::Begins(part) => part.as_str(),
                Clause::Phrase { words, .. } => words.iter().max_by_key(|word| word.len()).map_or("", String::as_str),
            };
            memmem::Finder::new(part.as_bytes()).into_owned()
        };
        Self { clauses: clauses.iter().map(|clause| (finder(clause), clause.clone())).collect(), tags, without }
    }

    fn is_met(&self, line: &Line) -> bool {
        let carries = |tag: &String| line.tags.split(' ').any(|carried| carried == tag);
        self.clauses.iter().all(|(finder, _)| finder.find(line.words.as_bytes()).is_some())
            && self.clauses.iter().all(|(_, clause)| matches!(clause, Clause::Inside(_)) || says(&line.words, clause))
            && self.tags.iter().all(|any| any.iter().any(carries))
            && !self.without.iter().any(carries)
    }
}

/// What was found among the newest messages.
#[derive(Debug)]
pub(super) struct Near {
    /// Newest first.
    pub(super) ids: Vec<i64>,
    /// What is older than this was not looked at.
    pub(super) back_to: i64,
    /// How many messages were looked at.
    pub(super) looked: usize,
}

impl Recent {
    /// Messages with ids of `from..to` that say what is wanted, at most so many; `None` when nothing was read yet.
    pub(super) fn find(&self, wanted: &Wanted, from: i64, to: i64, most: usize) -> Option<Near> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let State::Read(lines) = &*state else { return None };
        let from = from.max(lines.from);
        let mut near = Near { ids: Vec::new(), back_to: from.min(to), looked: 0 };
        if from >= to {
            return Some(near);
        }
        for (id, line) in lines.lines.range(from..to).rev() {
            near.looked = near.looked.saturating_add(1);
            if wanted.is_met(line) {
                near.ids.push(*id);
                if near.ids.len() >= most {
                    near.back_to = *id;
                    break;
                }
            }
        }
        Some(near)
    }

    /// Read so many of the newest events, unless that was done or is being done.
    pub(super) fn load(&self, vault: &Vault, least: usize) -> Result<()> {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            if !matches!(*state, State::Unread) {
                return Ok(());
            }
            // From here on commits are collected; what they change may be read, too, and then says the same.
            *state = State::Reading(Vec::new());
        }
        let read = vault.read(|db| read(db, least));
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let State::Reading(changed) = std::mem::take(&mut *state) else { return Ok(()) };
        let mut lines = read?;
        lines.change(changed);
        *state = State::Read(lines);
        Ok(())
    }

    /// The transaction was committed.
    pub(crate) fn keep(&self, changed: Changed) {
        match &mut *self.state.write().unwrap_or_else(PoisonError::into_inner) {
            State::Unread => {}
            State::Reading(before) => before.extend(changed),
            State::Read(lines) => lines.change(changed),
        }
    }
}

/// The newest events, so many or as many as may be.
fn read(db: &Connection, least: usize) -> Result<Lines> {
    let mut lines = Lines { least, from: i64::MAX, lines: BTreeMap::new(), bytes: 0 };
    let mut looked = 0_usize;
    while looked < least && lines.bytes < MOST / 2 {
        let step = STEP.min(least.saturating_sub(looked));
        let older = index::before(db, lines.from, step)?;
        looked = looked.saturating_add(older.len());
        // With fewer than were asked for these are the oldest of all.
        lines.from = older.first().filter(|_| older.len() == step).map_or(i64::MIN, |(id, _)| *id);
        let from = lines.from;
        lines.change(older);
        // No more there, or no more may be here.
        if from == i64::MIN || lines.from != from {
            break;
        }
    }
    Ok(lines)
}
