//! Building the index, checking it, and saying how far it reaches.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, Transaction};
use tidings_model::Timestamp;

use super::vocabulary::Met;
use super::{blocks, index};
use crate::{Result, Vault, order};

/// How many messages a check looks at from either end of time.
const CHECKED: i64 = 500;
/// Pages of the index that one step merges.
const MERGED: i64 = 200;
/// How many words of each.
const WORDS: usize = 16;
/// Where the index begins when it has everything.
const ALL: i64 = i64::MIN;

/// How far the index reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexState {
    /// Everything that is kept here can be found.
    Complete,
    /// It is being built.
    Building {
        /// Messages since then can be found; `None` for none yet.
        back_to: Option<Timestamp>,
    },
}

/// What a check of the index found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexCheck {
    /// Messages that were looked for by what they say.
    pub checked: u32,
    /// Messages that were not found by it.
    pub missing: u32,
    /// The index is whole in itself.
    pub sound: bool,
}

impl Vault {
    /// How far the index reaches.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn index_state(&self) -> Result<IndexState> {
        self.read(|db| Ok(state(index::begin(db)?)))
    }

    /// Take this many more events into the index, newest first; a transaction of its own. Does nothing when it is complete.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn index_more(&self, events: usize) -> Result<IndexState> {
        let take_in = |db: &Transaction<'_>| {
            let mut met = Met::default();
            let begin = index::begin(db)?;
            if begin == ALL {
                return Ok((IndexState::Complete, met));
            }
            let found = index::before(db, begin, events)?;
            let begin = if found.len() < events { ALL } else { found.first().map_or(begin, |(id, _)| *id) };
            for (id, entry) in &found {
                if let Some(entry) = entry {
                    index::put(db, *id, entry)?;
                    self.vocabulary.meet(&entry.words, &mut met);
                }
            }
            met.write(db)?;
            index::set_begin(db, begin)?;
            Ok((state(begin), met))
        };
        self.write_and(take_in, |(state, met)| {
            self.vocabulary.keep(met);
            state
        })
    }

    /// How many events are kept. Reads an index from end to end: for a person who asked, not for a screen.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_events(&self) -> Result<u64> {
        let count: i64 = self.read(|db| Ok(db.query_row("SELECT count(*) FROM event", [], |row| row.get(0))?))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Since when nothing is missing in any chat of the list: the newest hole in any of them. `None` without holes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn complete_since(&self) -> Result<Option<Timestamp>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT (SELECT time FROM event WHERE room = r.id AND shown > 0
                             AND position >= (SELECT max(before) FROM gap WHERE room = r.id) ORDER BY position LIMIT 1)
                 FROM room r WHERE r.listed = 1",
            )?;
            let mut newest = None;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                newest = newest.max(row.get::<_, Option<i64>>(0)?);
            }
            Ok(newest.map(Timestamp))
        })
    }

    /// Merge the pieces of the index that many small transactions leave, so that a word is looked up in fewer of them: one
    /// step, of a few milliseconds. Whether there is more to merge.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn merge_index(&self) -> Result<bool> {
        self.write(|db| {
            let before = db.total_changes();
            db.prepare_cached("INSERT INTO words (words, rank) VALUES ('merge', ?1)")?.execute([MERGED])?;
            // SQLite: a difference of less than two says that nothing was merged ("The 'merge' command").
            Ok(db.total_changes().saturating_sub(before) >= 2)
        })
    }

    /// Throw the index away; [`Vault::index_more`] builds it anew.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn rebuild_index(&self) -> Result<()> {
        self.write_and(|db| index::clear(db), |()| self.vocabulary.forget())
    }

    /// Check the index: that it is whole in itself, and that messages are found by each of their words.
    ///
    /// # Errors
    /// When the database cannot be read or written (SQLite counts the check as a write).
    pub fn check_index(&self) -> Result<IndexCheck> {
        // A broken index is an answer, not an error.
        let sound = self.write(|db| {
            Ok(db.execute_batch("INSERT INTO words (words, rank) VALUES ('integrity-check', 0)").is_ok())
        })?;
        let (checked, missing) = self.read(|db| {
            let begin = index::begin(db)?;
            let mut newest = db.prepare_cached("SELECT id FROM event WHERE id >= ?1 ORDER BY id DESC LIMIT ?2")?;
            let mut oldest = db.prepare_cached("SELECT id FROM event WHERE id >= ?1 ORDER BY id LIMIT ?2")?;
            let ids = |query: &mut rusqlite::CachedStatement<'_>| {
                query.query_map([begin, CHECKED], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()
            };
            let mut found = db.prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 AND rowid = ?2")?;
            let mut looked: Vec<(Vec<String>, bool)> = Vec::new();
            for id in ids(&mut newest)?.into_iter().chain(ids(&mut oldest)?) {
                let Some(entry) = index::read(db, id)? else { continue };
                let said = entry.words.split(' ').filter(|word| !word.is_empty() && !word.starts_with('_'));
                let words: Vec<String> = said.take(WORDS).map(str::to_owned).collect();
                let all = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ");
                let here = words.is_empty() || found.query_row((&all, id), |_| Ok(())).optional()?.is_some();
                looked.push((words, here));
            }
            // A word that is kept nowhere is found by none of its parts.
            let mut unknown: HashSet<&str> = looked.iter().flat_map(|(words, _)| words).map(String::as_str).collect();
            blocks::read(db, |word| {
                unknown.remove(word);
            })?;
            let is_missing = |(words, here): &&(Vec<String>, bool)| {
                !here || words.iter().any(|word| unknown.contains(word.as_str()))
            };
            let missing = looked.iter().filter(is_missing).count();
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            Ok((count(looked.len()), count(missing)))
        })?;
        Ok(IndexCheck { checked, missing, sound })
    }
}

/// A vault without events has all of them in its index.
pub(crate) fn begin_complete(db: &Connection) -> Result<()> {
    index::set_begin(db, ALL)
}

fn state(begin: i64) -> IndexState {
    match begin {
        ALL => IndexState::Complete,
        begin => IndexState::Building { back_to: (begin != i64::MAX).then(|| order::moment(begin)) },
    }
}
