//! What the newest messages say, in memory: what is said often is found there.
//!
//! A part of a word that many messages say stands for many words. To ask the index for each takes longer than to look at
//! the newest messages, and those are what a person wants to see first. The index answers for what is older.
//!
//! **Invariant:** once read, it has every searchable event from an id on, with the text that its committed row has: it is
//! changed by the writer, in the order of commits, before the writer lets go.
//!
//! It holds texts, as the page and the chat list do; they are nowhere but in memory.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use memchr::memmem;

use super::find::says;
use super::index::{self, Entry};
use super::query::Clause;
use crate::{Result, Vault};

/// The newest messages of a vault.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    /// `None` until somebody searches.
    lines: RwLock<Option<Lines>>,
}

#[derive(Debug)]
struct Lines {
    /// How many they are at least. They grow to twice as many, then the oldest half goes.
    least: usize,
    /// From this id on.
    from: i64,
    lines: BTreeMap<i64, Line>,
}

/// A message's words and its tags.
#[derive(Debug)]
struct Line {
    words: Box<str>,
    tags: Box<str>,
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
    pub(super) without: Vec<String>,
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
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let lines = lines.as_ref()?;
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

    /// Read so many of the newest events, unless that was done. The lock is taken before the moment that is read, so that a later
    /// commit comes after it.
    pub(super) fn load(&self, vault: &Vault, least: usize) -> Result<()> {
        if self.lines.read().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(());
        }
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        if lines.is_none() {
            *lines = Some(vault.read(|db| {
                let newest = index::before(db, i64::MAX, least)?;
                let oldest = newest.first().filter(|_| newest.len() >= least);
                let from = oldest.map_or(i64::MIN, |(id, _)| *id);
                let line = |(id, entry): (i64, Option<Entry>)| Some((id, entry?.into()));
                Ok(Lines { least, from, lines: newest.into_iter().filter_map(line).collect() })
            })?);
        }
        Ok(())
    }

    /// The transaction was committed: these events say this now, or nothing.
    pub(crate) fn keep(&self, changed: Vec<(i64, Option<Entry>)>) {
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        let Some(Lines { least, from, lines }) = lines.as_mut() else { return };
        for (id, entry) in changed.into_iter().filter(|(id, _)| *id >= *from) {
            match entry {
                Some(entry) => drop(lines.insert(id, entry.into())),
                None => drop(lines.remove(&id)),
            }
        }
        if lines.len() > least.saturating_mul(2) {
            let oldest = lines.keys().rev().nth(least.saturating_sub(1)).copied().unwrap_or(*from);
            *lines = lines.split_off(&oldest);
            *from = oldest;
        }
    }
}
