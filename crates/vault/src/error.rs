//! Why the vault could not do what was asked: each variant is something a person or the engine can act on.
//!
//! **Invariant:** no variant carries message text, keys or tokens; SQL texts name columns only, values are parameters.

use std::io;

use rusqlite::ErrorCode;

/// Result of everything the vault does.
pub type Result<T, E = VaultError> = std::result::Result<T, E>;

/// Why the vault could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The vault is whole, but this is not its key.
    #[error("the key does not open this vault")]
    WrongKey,
    /// The file is damaged; it was left as it is.
    #[error("the vault is damaged: {0}")]
    Damaged(String),
    /// A newer version of the program wrote it.
    #[error("the vault has schema {found}; this program knows {known}")]
    Newer {
        /// The schema version of the file.
        found: u32,
        /// The newest schema version this program knows.
        known: u32,
    },
    /// Another process, or another part of this one, has it open.
    #[error("the vault is in use")]
    InUse,
    /// The disk is full, or the folder cannot be written.
    #[error("the disk is full, or the folder cannot be written")]
    DiskFull,
    /// There is no vault in this folder.
    #[error("there is no vault here")]
    Missing,
    /// There is a vault in this folder already; it was not touched.
    #[error("there is a vault here already")]
    Exists,
    /// What was named is not in the vault.
    #[error("not in the vault")]
    NotFound,
    /// It was handed to the server or may be at any moment, so it cannot be taken back.
    #[error("it is on its way to the server")]
    OnItsWay,
    /// The vault was closed.
    #[error("the vault is closed")]
    Closed,
    /// The SQLite or SQLCipher in this program is not one that is safe to use.
    #[error("unsafe database library: {0}")]
    Library(String),
    /// Something else the file system said.
    #[error(transparent)]
    Io(io::Error),
    /// Something else the database said.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else { return Self::Sqlite(error) };
        match code {
            ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => {
                Self::DiskFull
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => Self::InUse,
            // SQLCipher has no page to give where one does not decrypt, and SQLite takes that for a lack of memory.
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::OutOfMemory => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl From<rusqlite::types::FromSqlError> for VaultError {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        rusqlite::Error::from(error).into()
    }
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::PermissionDenied => Self::DiskFull,
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Io(error),
        }
    }
}
