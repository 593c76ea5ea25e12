//! Connections: one that writes, and a few that only read.
//!
//! **Invariant:** there is one writer, so no write ever waits for another connection's.
//! **Invariant:** readers are `query_only`, and each read is one transaction: what it returns is one moment.
//! **Invariant:** a write is durable when it returns (`synchronous=FULL`; NORMAL lost acknowledged commits in trials of
//! cut power).
//!
//! Refused: a pool with a queue. A reader that finds none free opens another (one page read, no key stretching) and a
//! few are kept; nothing can wait in a circle.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::{Result, VaultError, VaultKey};

/// Readers kept for the next read.
const KEPT: usize = 4;
/// Prepared statements kept by each connection; more than there are in this crate.
const STATEMENTS: usize = 128;

/// Open an existing file with its key.
pub(crate) fn open(file: &Path, key: &VaultKey) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(file, flags)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    // An error would repeat the statement, and with it the key.
    let keyed = zeroize::Zeroizing::new(format!("PRAGMA key = \"{}\";", key.raw().as_str()));
    db.execute_batch(&keyed).map_err(|_| VaultError::Library("the key was not taken".to_owned()))?;
    // SQLCipher would write what it notices to the standard error output; errors come back as results.
    db.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    db.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF;")?;
    Ok(db)
}

/// A connection that looks at a file and leaves it as it is: closing it does not fold the log in.
pub(crate) fn inspector(file: &Path, key: &VaultKey) -> Result<Connection> {
    let db = open(file, key)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.execute_batch("PRAGMA query_only = ON;")?;
    Ok(db)
}

/// The connection that writes.
pub(crate) fn writer(file: &Path, key: &VaultKey) -> Result<Connection> {
    let db = open(file, key)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000;
         PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -49152;",
    )?;
    Ok(db)
}

/// The connections that read.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    key: VaultKey,
    free: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn new(file: PathBuf, key: VaultKey) -> Self {
        Self { file, key, free: Mutex::new(Some(Vec::new())) }
    }

    /// Read at one moment.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).as_mut().ok_or(VaultError::Closed)?.pop();
        let db = match free {
            Some(db) => db,
            None => {
                let db = open(&self.file, &self.key)?;
                db.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
                db
            }
        };
        let moment = db.unchecked_transaction()?;
        let result = read(&moment);
        moment.finish()?;
        if let Some(free) = self.free.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && free.len() < KEPT
        {
            free.push(db);
        }
        result
    }

    /// The file they read.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Close those that are free; those in use close when they are done.
    pub(crate) fn close(&self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
