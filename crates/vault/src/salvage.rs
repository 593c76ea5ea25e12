//! The way back from a damaged file: what can still be read of it, set aside, and a new vault in its place.
//!
//! **Invariant:** a damaged file is never deleted and never written to. It keeps its pages under a name that says when it
//! was last whole enough to be written (`vault-damaged-2026-11-27.db`), and goes only with its account.
//! **Invariant:** at every moment of it there is one vault: the damaged one, or the new one with everything that was
//! saved. An interrupted exchange is completed by the next opening.
//!
//! What the server knows is not saved: it is asked again. What it does not know is: drafts, stars, messages that were
//! not sent, the session. Each row is read by itself, from both ends of its table, so one bad page costs the rows on it.
//!
//! Refused: repairing the file in place, and SQLite's recovery extension (it guesses rows out of free pages, and a wrong
//! message is worse than a missing one).

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::types::{FromSql, Value};
use rusqlite::{Connection, OptionalExtension as _, Row};
use tidings_model::{EventId, RoomId, Timestamp, UserId};

use crate::connections::{inspector, open};
use crate::files::Files;
use crate::outbox::{INTENT, intent};
use crate::vault::OWN_USER;
use crate::{
    DraftRecord, Intent, IntentState, KeptDraft, Result, StarRecord, Vault, VaultError, VaultKey,
    assert_sqlite_version, chain, documents, drafts, event_id, rooms, schema, stars,
};

/// What was read of a damaged vault.
#[derive(Clone, Debug, Default)]
pub struct Salvage {
    /// Whose vault it was.
    pub own_user: Option<UserId>,
    /// Small documents, by their names; without the vault's own.
    pub documents: Vec<(String, Vec<u8>)>,
    /// What lay in composers.
    pub drafts: Vec<KeptDraft>,
    /// What this person wants to find again.
    pub stars: Vec<StarRecord>,
    /// What the server may not know yet, oldest first.
    pub intents: Vec<Intent>,
    /// The file holds what was kept last, so what it says is still to be sent can go out by itself.
    pub current: bool,
    /// Rows that could not be read.
    pub lost: u32,
}

impl Salvage {
    /// A small document.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&[u8]> {
        self.documents.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.as_slice())
    }
}

impl Vault {
    /// Read what can be read of the vault in this folder, and change nothing.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`], [`VaultError::InUse`], [`VaultError::Missing`]. Damage is no error here.
    pub fn salvage(folder: &Path, key: &VaultKey) -> Result<Salvage> {
        let files = Files::new(folder);
        if !files.exist() {
            return Err(VaultError::Missing);
        }
        let _lock = files.lock()?;
        if files.check_matches(key) == Some(false) {
            return Err(VaultError::WrongKey);
        }
        if !files.database().exists() {
            return Ok(Salvage::default());
        }
        let db = inspector(&files.database(), key)?;
        // Else a file that is shorter than it says is not read at all (SQLite, `lockBtree`). Nothing is written.
        db.execute_batch("PRAGMA writable_schema = ON;")?;
        // Without its first page nothing is found.
        if schema::recognise(&db).is_err() {
            return Ok(Salvage { lost: 1, ..Salvage::default() });
        }
        let mut found = Salvage::default();
        // It is read as it is: an older program may have written it.
        let threads = schema::refuse_newer(&db)? >= THREADS;
        let names: BTreeSet<String> = ends(
            &db,
            "SELECT name FROM document WHERE name > ?1 ORDER BY name LIMIT 1",
            "SELECT name FROM document WHERE name < ?1 ORDER BY name DESC LIMIT 1",
            (String::new(), char::MAX.to_string()),
            &mut found.lost,
        );
        for name in names {
            let bytes =
                row(&db, "SELECT bytes FROM document WHERE name = ?1", &name, &mut found.lost, |row| row.get(0));
            match bytes {
                Some(bytes) if name == OWN_USER => found.own_user = String::from_utf8(bytes).ok().map(UserId),
                Some(bytes) if !documents::is_reserved(&name) => found.documents.push((name, bytes)),
                _ => {}
            }
        }
        let ids: BTreeSet<i64> = ends(
            &db,
            "SELECT id FROM room WHERE id > ?1 ORDER BY id LIMIT 1",
            "SELECT id FROM room WHERE id < ?1 ORDER BY id DESC LIMIT 1",
            (i64::MIN, i64::MAX),
            &mut found.lost,
        );
        for id in ids {
            let chat = if threads {
                "SELECT room, x'', draft, draft_reply, drafted FROM room WHERE id = ?1"
            } else {
                "SELECT room, x'', draft, '', drafted FROM room WHERE id = ?1"
            };
            let draft = row(&db, chat, &id, &mut found.lost, kept_draft);
            found.drafts.extend(draft.filter(|kept| !kept.draft.is_empty()));
        }
        if threads {
            found.drafts.extend(both_ways(&db, &THREAD_DRAFTS, &mut found.lost, kept_draft));
            found.stars.extend(both_ways(&db, &STARS, &mut found.lost, |row| {
                Ok(StarRecord {
                    room: RoomId(row.get(0)?),
                    event: event_id::unpack(row.get_ref(1)?.as_blob()?),
                    time: Timestamp(row.get(2)?),
                })
            }));
        }
        let ids: BTreeSet<i64> = ends(
            &db,
            "SELECT id FROM intent WHERE id > ?1 ORDER BY id LIMIT 1",
            "SELECT id FROM intent WHERE id < ?1 ORDER BY id DESC LIMIT 1",
            (i64::MIN, i64::MAX),
            &mut found.lost,
        );
        let one = format!("SELECT {INTENT} FROM intent i JOIN room r ON r.id = i.room WHERE i.id = ?1");
        for id in ids {
            found.intents.extend(row(&db, &one, &id, &mut found.lost, intent));
        }
        found.current = chain::is_current(&db, folder, key);
        Ok(found)
    }

    /// Set the damaged vault of this folder aside, and put a new one in its place that holds what was salvaged. Messages
    /// that may have been sent already wait for the person.
    ///
    /// # Errors
    /// [`VaultError::InUse`], [`VaultError::DiskFull`]: the damaged one is where it was then.
    pub fn rebuild(folder: &Path, key: &VaultKey, own_user: &UserId, salvage: &Salvage) -> Result<Self> {
        assert_sqlite_version()?;
        let files = Files::new(folder);
        let lock = files.lock()?;
        files.clear_unfinished()?;
        let mut db = open(&files.make_unfinished()?, key)?;
        schema::migrate(&mut db)?;
        let step = db.transaction()?;
        Self::begin(&step, own_user)?;
        refill(&step, salvage)?;
        step.commit()?;
        db.close().map_err(|(_, error)| error)?;
        files.exchange()?;
        files.write_check(key)?;
        Self::start(&files, key, lock)
    }
}

/// Put back what was salvaged.
fn refill(db: &Connection, salvage: &Salvage) -> Result<()> {
    for (name, bytes) in &salvage.documents {
        documents::set(db, name, bytes)?;
    }
    for kept in &salvage.drafts {
        drafts::set(db, &kept.room, kept.thread.as_ref(), &kept.draft, kept.time)?;
    }
    for star in &salvage.stars {
        let room = rooms::ensure(db, &star.room)?;
        stars::set(db, room, &event_id::pack(star.event.as_str()), star.time)?;
    }
    for intent in &salvage.intents {
        // The server has it, and gives it back.
        if matches!(intent.state, IntentState::Sent { .. }) {
            continue;
        }
        crate::outbox::put_back(db, intent, salvage.current)?;
    }
    Ok(())
}

/// The keys of a table, one after another from both ends until a page is in the way.
fn ends<T: FromSql + Ord + Clone + Into<Value>>(
    db: &Connection,
    next: &str,
    before: &str,
    (least, most): (T, T),
    lost: &mut u32,
) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    for (sql, end) in [(next, least), (before, most)] {
        let mut at = end;
        loop {
            match db.prepare_cached(sql).and_then(|mut query| query.query_row([at.into()], |row| row.get(0)).optional())
            {
                Ok(None) => return found,
                Ok(Some(key)) => {
                    at = key;
                    found.insert(at.clone());
                }
                Err(_) => break,
            }
        }
    }
    *lost = lost.saturating_add(1);
    found
}

/// The version of the tables that has drafts of threads, and stars by event id.
const THREADS: u32 = 7;

/// Drafts of threads, and stars; from the front and from the back.
const THREAD_DRAFTS: [&str; 2] = [
    "SELECT r.room, d.thread, d.text, d.reply, d.drafted FROM thread_draft d CROSS JOIN room r
     WHERE r.id = d.room ORDER BY d.room, d.thread",
    "SELECT r.room, d.thread, d.text, d.reply, d.drafted FROM thread_draft d CROSS JOIN room r
     WHERE r.id = d.room ORDER BY d.room DESC, d.thread DESC",
];
const STARS: [&str; 2] = [
    "SELECT r.room, s.event, s.time FROM star s CROSS JOIN room r WHERE r.id = s.room ORDER BY s.room, s.event",
    "SELECT r.room, s.event, s.time FROM star s CROSS JOIN room r
     WHERE r.id = s.room ORDER BY s.room DESC, s.event DESC",
];

fn kept_draft(row: &Row<'_>) -> rusqlite::Result<KeptDraft> {
    let thread = row.get_ref(1)?.as_blob()?;
    let reply: String = row.get(3)?;
    Ok(KeptDraft {
        room: RoomId(row.get(0)?),
        thread: (!thread.is_empty()).then(|| event_id::unpack(thread)),
        draft: DraftRecord { text: row.get(2)?, reply_to: Some(reply).filter(|id| !id.is_empty()).map(EventId) },
        time: Timestamp(row.get(4)?),
    })
}

/// The rows of a small table, from the front until a page is in the way, and then from the back. What is read twice is
/// put back once.
fn both_ways<T>(
    db: &Connection,
    ways: &[&str; 2],
    lost: &mut u32,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut found = Vec::new();
    for sql in ways {
        let mut whole = || -> rusqlite::Result<()> {
            let mut query = db.prepare(sql)?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                found.push(read(row)?);
            }
            Ok(())
        };
        if whole().is_ok() {
            return found;
        }
    }
    *lost = lost.saturating_add(1);
    found
}

/// One row, if its pages can be read.
fn row<T>(
    db: &Connection,
    sql: &str,
    key: &(impl Clone + Into<Value>),
    lost: &mut u32,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Option<T> {
    let found = db.prepare_cached(sql).and_then(|mut query| query.query_row([key.clone().into()], read).optional());
    found.unwrap_or_else(|_| {
        *lost = lost.saturating_add(1);
        None
    })
}
