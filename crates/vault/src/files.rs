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
const CHECK: &str = "vault.check";
const LOCK: &str = "vault.lock";

/// Whether this file is a vault's own database, in whatever folder.
pub(crate) fn is_vault(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name == DATABASE || name == UNFINISHED)
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
        self.database().exists() || self.folder.join("vault.db-wal").exists()
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
            match std::fs::remove_file(self.folder.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
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

fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are inherited from the folder elsewhere"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
