//! Every word of the index once, in memory: what a part of a word may stand for.
//!
//! **Invariant:** each word that a committed row says is here. It may have words that nobody says any more; they find
//! nothing and go with the next start.
//!
//! One long text is searched instead of a table: 300,000 words are three megabytes and take a millisecond; SQLite would
//! decrypt and step over each row. On the disk they are kept in [`blocks`].

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError, RwLock};

use memchr::memmem;
use rusqlite::Connection;

use super::blocks;
use crate::{Result, Vault};

/// The words of a vault.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// All words, each between line feeds; `None` until somebody searches.
    all: RwLock<Option<String>>,
    /// Hashes of words that are known to be kept, so that each is written once.
    known: Mutex<HashSet<u64>>,
}

/// Words that a transaction met and this did not know. They count when the transaction is committed.
#[derive(Debug, Default)]
pub(crate) struct Met {
    known: HashSet<u64>,
    new: Vec<String>,
    gone: Vec<u64>,
}

impl Met {
    /// Write what is new.
    pub(super) fn write(&self, db: &Connection) -> Result<()> {
        blocks::add(db, &self.new)
    }

    /// Remove words that no text says any more.
    pub(super) fn remove(&mut self, db: &Connection, words: &BTreeSet<&str>) -> Result<()> {
        blocks::remove(db, words)?;
        self.gone.extend(words.iter().map(|word| hash(word)));
        Ok(())
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

impl Vocabulary {
    /// Meet the words of a text: those that are not known to be kept are written with [`Met::write`].
    pub(super) fn meet(&self, words: &str, met: &mut Met) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for word in words.split(' ').filter(|word| !word.is_empty() && !word.starts_with('_')) {
            let hash = hash(word);
            if !known.contains(&hash) && met.known.insert(hash) {
                met.new.push(word.to_owned());
            }
        }
    }

    /// The transaction was committed.
    pub(crate) fn keep(&self, met: Met) {
        if met.known.is_empty() && met.gone.is_empty() {
            return;
        }
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

    /// Nothing is known any more: all words were removed.
    pub(crate) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Read what is kept, unless that was done. The lock is taken before the moment that is read, so that the words of a
    /// commit are there or will be added.
    pub(super) fn load(&self, vault: &Vault) -> Result<()> {
        if self.all.read().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(());
        }
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        if all.is_none() {
            *all = Some(vault.read(|db| {
                let mut text = String::from("\n");
                blocks::read(db, |word| {
                    text.push_str(word);
                    text.push('\n');
                })?;
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

    /// Words that contain a part, or begin with it, each once; at most `most` and one more, which says that there are more.
    pub(super) fn like(&self, part: &str, inside: bool, most: usize) -> Vec<String> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let Some(all) = all.as_ref() else { return Vec::new() };
        let needle = if inside { part.to_owned() } else { format!("\n{part}") };
        let finder = memmem::Finder::new(needle.as_bytes());
        // One that was kept before this program began, and was said since, stands here twice.
        let mut found = BTreeSet::new();
        let mut at = 0;
        while let Some(hit) = all.get(at..).and_then(|rest| finder.find(rest.as_bytes())) {
            let hit = at.saturating_add(hit).saturating_add(usize::from(!inside));
            let start = all.get(..hit).and_then(|before| before.rfind('\n')).map_or(0, |line| line.saturating_add(1));
            let end =
                all.get(hit..).and_then(|rest| rest.find('\n')).map_or(all.len(), |line| hit.saturating_add(line));
            if let Some(word) = all.get(start..end) {
                found.insert(word.to_owned());
            }
            if found.len() > most {
                break;
            }
            at = end;
        }
        found.into_iter().collect()
    }
}
