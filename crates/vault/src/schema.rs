//! The tables and how they change between versions.
//!
//! **Invariant:** a migration is one transaction; `user_version` is the number of those that ran.
//! **Invariant:** a released migration never changes; a new version adds one at the end.
//! **Invariant:** a database with more migrations than this program knows is refused, never guessed at.

mod compact;
mod content_2;
mod packed;
mod said;
mod slim;

use rusqlite::Connection;

use crate::{Result, VaultError};

/// What brings a database from one version to the next.
struct Migration {
    sql: &'static str,
    /// What SQL alone cannot say; runs after it, in the same transaction.
    then: fn(&Connection) -> Result<()>,
}

const MIGRATIONS: [Migration; 11] = [
    Migration { sql: include_str!("schema/0001_first.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("schema/0002_compact.sql"), then: compact::rows },
    Migration { sql: include_str!("schema/0003_reading.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("schema/0004_said.sql"), then: said::relate },
    Migration { sql: include_str!("schema/0005_chain.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("schema/0006_seals.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("schema/0007_threads.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("schema/0008_forgetting.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("schema/0009_packed.sql"), then: packed::rows },
    Migration { sql: include_str!("schema/0010_words.sql"), then: |_| Ok(()) },
    Migration {
        sql: concat!(include_str!("schema/0011_vocabulary.sql"), include_str!("schema/0011_slim.sql")),
        then: slim::words,
    },
];

/// "tidi": marks the file as ours (`PRAGMA application_id`).
const APPLICATION: i32 = 0x7469_6469;

/// Bring the tables to this program's version.
///
/// # Errors
/// [`VaultError::Newer`] for a database of a newer program.
pub(crate) fn migrate(db: &mut Connection) -> Result<()> {
    let found = refuse_newer(db)?;
    for (version, migration) in (1_u32..).zip(&MIGRATIONS).skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        let step = db.transaction()?;
        step.execute_batch(migration.sql)?;
        (migration.then)(&step)?;
        step.pragma_update(None, "application_id", APPLICATION)?;
        step.pragma_update(None, "user_version", version)?;
        step.commit()?;
    }
    Ok(())
}

/// Refuse a file that opened but is not a vault.
///
/// # Errors
/// [`VaultError::Damaged`].
pub(crate) fn recognise(db: &Connection) -> Result<()> {
    let mark: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if mark == APPLICATION { Ok(()) } else { Err(VaultError::Damaged("the file is not a vault".to_owned())) }
}

/// Refuse a file of a newer program before anything is written to it.
///
/// # Errors
/// [`VaultError::Newer`].
pub(crate) fn refuse_newer(db: &Connection) -> Result<u32> {
    let found: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > known { Err(VaultError::Newer { found, known }) } else { Ok(found) }
}
