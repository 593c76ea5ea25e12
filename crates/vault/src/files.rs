//! The files of a vault: which there are, and who may read them.
//!
//! **Invariant:** only this person may read them (0700, 0600 on Unix).
//! **Invariant:** a vault appears under its name whole or not at all: it is made under another name and renamed.
//! **Invariant:** one process has it open. The lock is a file of its own, because closing any handle of a locked file
//! drops POSIX locks, and SQLite opens and closes its own.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::{Result, VaultError, VaultKey};

const DATABASE: &str = "vault.db";
const UNFINISHED: &str = "vault.db.new";
/// A vault that is whole and takes the place of a damaged one.
const REBUILT: &str = "vault.db.rebuilt";
const CHECK: &str = "vault.check";
const LOCK: &str = "vault.lock";

/// Whether this file is a vault's own database, in whatever folder.
pub(crate) fn is_vault(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name == DATABASE || name == UNFINISHED || name == REBUILT)
}

/// The lock of an open vault; dropping it lets others in.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a process that is just being started has a copy of the handle for a moment.
        let _closing_releases_it_too = self.0.unlock();
    }
}

/// Where a vault's files are.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    folder: PathBuf,
}

impl Files {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    pub(crate) fn unfinished(&self) -> PathBuf {
        self.folder.join(UNFINISHED)
    }

    /// There is a vault, or what is left of one. A lone write-ahead log counts: it may hold what was kept last.
    pub(crate) fn exist(&self) -> bool {
        self.database().exists() || self.folder.join("vault.db-wal").exists() || self.folder.join(REBUILT).exists()
    }

    /// Make the folder, readable by this person alone.
    pub(crate) fn make_folder(&self) -> Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        #[cfg(unix)]
        std::fs::set_permissions(&self.folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(())
    }

    /// Take the lock.
    pub(crate) fn lock(&self) -> Result<Lock> {
        let file = private().create(true).truncate(false).write(true).open(self.folder.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Remove what an interrupted creation left.
    pub(crate) fn clear_unfinished(&self) -> Result<()> {
        for name in [UNFINISHED, "vault.db.new-journal"] {
            remove(&self.folder.join(name))?;
        }
        Ok(())
    }

    /// An empty file for the database, before SQLite makes one with wider rights.
    pub(crate) fn make_unfinished(&self) -> Result<PathBuf> {
        let path = self.unfinished();
        private().create_new(true).write(true).open(&path)?;
        Ok(path)
    }

    /// Give the finished database its name.
    pub(crate) fn finish(&self) -> Result<()> {
        File::open(self.unfinished())?.sync_all()?;
        std::fs::rename(self.unfinished(), self.database())?;
        self.sync_folder()
    }

    /// Put the finished database in the place of the damaged one, which is set aside.
    pub(crate) fn exchange(&self) -> Result<()> {
        File::open(self.unfinished())?.sync_all()?;
        std::fs::rename(self.unfinished(), self.folder.join(REBUILT))?;
        self.sync_folder()?;
        self.settle()
    }

    /// Complete an exchange that was interrupted.
    pub(crate) fn settle(&self) -> Result<()> {
        let rebuilt = self.folder.join(REBUILT);
        if !rebuilt.exists() {
            return Ok(());
        }
        set_aside(&self.database(), "vault-damaged")?;
        // It speaks of the damaged one.
        remove(&self.folder.join("vault.head"))?;
        std::fs::rename(rebuilt, self.database())?;
        self.sync_folder()
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keep the check of this key, durably.
    pub(crate) fn write_check(&self, key: &VaultKey) -> Result<()> {
        let temporary = self.folder.join("vault.check.new");
        let mut file = private().create(true).truncate(true).write(true).open(&temporary)?;
        file.write_all(&key.check())?;
        file.sync_all()?;
        std::fs::rename(temporary, self.folder.join(CHECK))?;
        self.sync_folder()
    }

    /// Whether the kept check is of this key; `None` when there is none.
    pub(crate) fn check_matches(&self, key: &VaultKey) -> Option<bool> {
        std::fs::read(self.folder.join(CHECK)).ok().map(|kept| kept == key.check())
    }

    #[cfg(unix)]
    fn sync_folder(&self) -> Result<()> {
        Ok(File::open(&self.folder)?.sync_all()?)
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "Windows has no handle on a folder to flush")]
    fn sync_folder(&self) -> Result<()> {
        Ok(())
    }
}

pub(crate) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are inherited from the folder elsewhere"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Remove a file. Not having it is no error.
fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Rename a database with its log to `<stem>-<day it was last written>.db`, with a number when there is one already. Its
/// index of the log is left out: it is made anew by whoever looks at it.
pub(crate) fn set_aside(database: &Path, stem: &str) -> Result<()> {
    let log = beside(database, "-wal");
    let last = [database, log.as_path()].iter().find_map(|file| std::fs::metadata(file).ok()?.modified().ok());
    let Some(last) = last else { return Ok(()) };
    let day = day(last);
    let names = std::iter::once(format!("{stem}-{day}.db"))
        .chain((2..10_000_u32).map(|count| format!("{stem}-{day}-{count}.db")))
        .map(|name| database.with_file_name(name));
    let taken = |aside: &Path| aside.exists() || beside(aside, "-wal").exists();
    let aside = names.into_iter().find(|aside| !taken(aside)).ok_or(VaultError::Exists)?;
    // The log first: what is interrupted here is still a damaged vault to the next look.
    for (from, to) in [(log, beside(&aside, "-wal")), (database.to_path_buf(), aside)] {
        match std::fs::rename(from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    remove(&beside(database, "-shm"))
}

/// `vault.db` with an ending: `vault.db-wal`.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The day of a moment, in UTC: `2026-11-27` (proleptic Gregorian calendar, from days since 1970).
fn day(moment: std::time::SystemTime) -> String {
    let seconds = moment.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // Days since 0000-03-01, so that the leap day ends a year.
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_795_737_599, "2026-11-26"),
            (1_795_737_600, "2026-11-27"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(day(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
