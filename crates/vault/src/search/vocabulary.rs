//! Every word of the index once, in memory: what a part of a word may stand for.
//!
//! **Invariant:** each word that a committed row says is here. It may have words that nobody says any more; they find
//! nothing and go with the next start.
//!
//! One long text is searched instead of a table: 300,000 words are three megabytes and take a millisecond; SQLite would
//! decrypt and step over each row.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError, RwLock};

use memchr::memmem;
use rusqlite::Connection;

use crate::{Result, Vault};

/// The words of a vault.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// All words, each between line feeds; `None` until somebody searches.
    all: RwLock<Option<String>>,
    /// Hashes of words that are known to be in the table, so that it is asked once for each word.
    known: Mutex<HashSet<u64>>,
}

/// Words that a transaction met and this did not know. They count when the transaction is committed.
#[derive(Debug, Default)]
pub(crate) struct Met {
    known: HashSet<u64>,
    new: Vec<String>,
    gone: Vec<u64>,
}

fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

impl Vocabulary {
    /// Write the words of a text to the table, those that are not there.
    pub(super) fn meet(&self, db: &Connection, words: &str, met: &mut Met) -> Result<()> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut insert = db.prepare_cached("INSERT INTO word (word) VALUES (?1) ON CONFLICT DO NOTHING")?;
        for word in words.split(' ').filter(|word| !word.is_empty() && !word.starts_with('_')) {
            let hash = hash(word);
            if known.contains(&hash) || !met.known.insert(hash) {
                continue;
            }
            if insert.execute([word])? > 0 {
                met.new.push(word.to_owned());
            }
        }
        Ok(())
    }

    /// Remove a word that no text says any more from the table.
    pub(super) fn remove(db: &Connection, word: &str, met: &mut Met) -> Result<()> {
        db.prepare_cached("DELETE FROM word WHERE word = ?1")?.execute([word])?;
        met.gone.push(hash(word));
        Ok(())
    }

    /// The transaction was committed.
    pub(crate) fn keep(&self, met: Met) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(met.known);
        for gone in met.gone {
            known.remove(&gone);
        }
        drop(known);
        if let Some(all) = self.all.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            for word in met.new {
                all.push_str(&word);
                all.push('\n');
            }
        }
    }

    /// Nothing is known any more: the table was emptied, or words were taken from it.
    pub(crate) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Read the table, unless that was done. The lock is taken before the moment that is read, so that the words of a
    /// commit are in the table or will be added.
    pub(super) fn load(&self, vault: &Vault) -> Result<()> {
        if self.all.read().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(());
        }
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        if all.is_none() {
            *all = Some(vault.read(|db| {
                let mut text = String::from("\n");
                let mut query = db.prepare_cached("SELECT word FROM word")?;
                let mut rows = query.query([])?;
                while let Some(row) = rows.next()? {
                    text.push_str(row.get_ref(0)?.as_str()?);
                    text.push('\n');
                }
                Ok(text)
            })?);
        }
        Ok(())
    }

    /// The word that one may have meant: the one with the fewest letters inserted, left out, changed or swapped, at most
    /// one in four.
    pub(super) fn nearest(&self, word: &str) -> Option<String> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let length = word.chars().count();
        let most = (length / 4).clamp(1, 3);
        let near = |other: &&str| other.chars().count().abs_diff(length) <= most && !other.is_empty();
        let ranked =
            all.as_ref()?.split('\n').filter(near).map(|other| (strsim::damerau_levenshtein(word, other), other));
        ranked.filter(|(distance, _)| *distance <= most).min().map(|(_, other)| other.to_owned())
    }

    /// Words that contain a part, or begin with it; at most `most` and one more, which says that there are more.
    pub(super) fn like(&self, part: &str, inside: bool, most: usize) -> Vec<String> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let Some(all) = all.as_ref() else { return Vec::new() };
        let needle = if inside { part.to_owned() } else { format!("\n{part}") };
        let finder = memmem::Finder::new(needle.as_bytes());
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(hit) = all.get(at..).and_then(|rest| finder.find(rest.as_bytes())) {
            let hit = at.saturating_add(hit).saturating_add(usize::from(!inside));
            let start = all.get(..hit).and_then(|before| before.rfind('\n')).map_or(0, |line| line.saturating_add(1));
            let end =
                all.get(hit..).and_then(|rest| rest.find('\n')).map_or(all.len(), |line| hit.saturating_add(line));
            if let Some(word) = all.get(start..end) {
                found.push(word.to_owned());
            }
            if found.len() > most {
                break;
            }
            at = end;
        }
        found
    }
}
