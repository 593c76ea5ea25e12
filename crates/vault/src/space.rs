//! Room on the disk: whether there is any, and what takes it.
//!
//! **Invariant:** nobody guesses from free bytes whether a write will work (quotas, other programs, copy-on-write): a
//! write is tried.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files::beside;
use crate::{Result, Vault, documents};

/// What is written to see whether there is room: a usual sync response with its pages in the log.
const TRIED: usize = 64 * 1024;
/// Bytes of a page, SQLCipher's own default.
const PAGE: u64 = 4096;
const TRIAL: &str = "vault.trial";

/// How many bytes of the disk each kind of thing takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Messages, chats, people, and what finds them by their place.
    pub messages: u64,
    /// The index of words.
    pub search: u64,
    /// Pages that nothing uses; new messages take them first.
    pub free: u64,
    /// The write-ahead log.
    pub log: u64,
    /// Damaged files that were set aside.
    pub aside: u64,
}

impl Vault {
    /// Write something and take it away again: the disk has room for what comes next.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`](crate::VaultError::DiskFull).
    pub fn try_writing(&self) -> Result<()> {
        self.write(|db| documents::set(db, TRIAL, &vec![0; TRIED]))?;
        self.write(|db| {
            db.prepare_cached("DELETE FROM document WHERE name = ?1")?.execute([TRIAL])?;
            Ok(())
        })
    }

    /// What takes room. Reads every page of the file: seconds for a large one, and nothing waits for it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sizes(&self) -> Result<Sizes> {
        let mut sizes = Sizes::default();
        self.read(|db| {
            // Every page of every table and index, summed by name.
            let mut tables = db.prepare("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE")?;
            let mut rows = tables.query([])?;
            while let Some(row) = rows.next()? {
                let bytes = row.get::<_, i64>(1)?.unsigned_abs();
                let name = row.get_ref(0)?.as_str()?;
                if name == "vocabulary" || name.starts_with("words_") {
                    sizes.search = sizes.search.saturating_add(bytes);
                } else {
                    sizes.messages = sizes.messages.saturating_add(bytes);
                }
            }
            let free: i64 = db.query_row("PRAGMA freelist_count", [], |row| row.get(0))?;
            sizes.free = free.unsigned_abs().saturating_mul(PAGE);
            Ok(())
        })?;
        sizes.log = length(&beside(self.readers.file(), "-wal"));
        sizes.aside = self.readers.file().parent().map_or(0, aside);
        Ok(sizes)
    }
}

impl Vault {
    /// Delete the damaged files that were set aside.
    ///
    /// # Errors
    /// When one of them cannot be deleted.
    pub fn remove_set_aside(&self) -> Result<()> {
        let folder = self.readers.file().parent().unwrap_or(Path::new("."));
        set_aside(folder).try_for_each(|file| Ok(fs::remove_file(file)?))
    }
}

fn length(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |metadata| metadata.len())
}

fn aside(folder: &Path) -> u64 {
    set_aside(folder).map(|file| length(&file)).sum()
}

fn set_aside(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter(|entry| entry.file_name().to_string_lossy().starts_with("vault-damaged-")).map(|entry| entry.path())
}
