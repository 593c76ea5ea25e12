//! Small things kept under a name: documents, and what was notified.

use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::{EventId, RoomId};

use crate::{Result, Vault, VaultError, rooms};

/// Names that begin so are the vault's own.
const RESERVED: &str = "vault.";

pub(crate) fn get(db: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    let mut query = db.prepare_cached("SELECT bytes FROM document WHERE name = ?1")?;
    Ok(query.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn set(db: &Connection, name: &str, bytes: &[u8]) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO document (name, bytes) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes",
    )?;
    insert.execute(params![name, bytes])?;
    Ok(())
}

/// Whether a name is the vault's own.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.starts_with(RESERVED)
}

impl Vault {
    /// A small document: session tokens, the organisation's name, the theme.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn document(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.read(|db| get(db, name))
    }

    /// Keep a small document in place of an older one with this name. Names beginning with `vault.` are taken.
    ///
    /// # Errors
    /// [`VaultError::Exists`] for a taken name; when the database cannot be written.
    pub fn set_document(&self, name: &str, bytes: &[u8]) -> Result<()> {
        if is_reserved(name) {
            return Err(VaultError::Exists);
        }
        self.write(|db| set(db, name, bytes))
    }

    /// Remove a small document. Not having it is no error.
    ///
    /// # Errors
    /// [`VaultError::Exists`] for a taken name; when the database cannot be written.
    pub fn remove_document(&self, name: &str) -> Result<()> {
        if is_reserved(name) {
            return Err(VaultError::Exists);
        }
        self.write(|db| {
            db.prepare_cached("DELETE FROM document WHERE name = ?1")?.execute([name])?;
            Ok(())
        })
    }

    /// Whether this event was notified already; from now on it was. Durable, so that a restart does not notify twice.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn notified(&self, room: &RoomId, event: &EventId) -> Result<bool> {
        self.write(|db| {
            let room = rooms::ensure(db, room)?;
            let mut insert =
                db.prepare_cached("INSERT INTO notified (room, event) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
            Ok(insert.execute(params![room, event.as_str()])? == 0)
        })
    }
}
