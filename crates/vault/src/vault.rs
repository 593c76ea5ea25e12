//! The vault itself: made once, opened by one process, closed cleanly or checked the next time.
//!
//! **Invariant:** an existing vault is never replaced. [`Vault::create`] refuses a folder that has one, and
//! [`Vault::open`] never makes one.
//! **Invariant:** a wrong key, a damaged file and a newer file are told apart, and none of them is written to.
//! **Invariant:** after an unclean exit every page is checked before anything is shown.
//!
//! Opening tries the key first and asks the check file only when that fails, so a lost or damaged check file costs
//! nothing: it is written anew. `PRAGMA cipher_integrity_check` was refused: it raises false alarms while a write-ahead
//! log covers pages. `quick_check` reads every page through the cipher, whose HMAC notices any change.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tidings_model::UserId;

use crate::chain::{self, HeadFile};
use crate::connections::{Readers, inspector, open, writer};
use crate::files::{Files, Lock};
use crate::names::Names;
use crate::search::index::{Texts, Written};
use crate::search::{Recent, Vocabulary, index, maintenance};
use crate::{Result, VaultError, VaultKey, documents, schema};

/// The oldest SQLite without the WAL-reset bug (two connections, a checkpoint racing a commit).
const OLDEST_SQLITE: i32 = 3_051_003;

pub(crate) const OWN_USER: &str = "vault.own_user";
const CLEAN: &str = "vault.clean";

/// One account's encrypted database. Share it in an `Arc`; every call blocks and may be made from any thread.
#[derive(Debug)]
pub struct Vault {
    pub(crate) own: UserId,
    writer: Mutex<Option<Writer>>,
    pub(crate) readers: Readers,
    lock: Mutex<Option<Lock>>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) recent: Recent,
    pub(crate) names: Names,
}

/// The one that writes, and the head of what it wrote.
#[derive(Debug)]
struct Writer {
    db: Connection,
    head: HeadFile,
}

/// Check that the database library is one that keeps what it promises: SQLite 3.51.3 or newer, with SQLCipher.
///
/// # Errors
/// [`VaultError::Library`], saying what was found.
pub fn assert_sqlite_version() -> Result<()> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(VaultError::Library(format!("SQLite {}", rusqlite::version())));
    }
    let memory = Connection::open_in_memory()?;
    match memory.query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0)) {
        Ok(version) if !version.is_empty() => Ok(()),
        _ => Err(VaultError::Library("SQLite without SQLCipher".to_owned())),
    }
}

impl Vault {
    /// Make a vault in this folder, which is made too if need be.
    ///
    /// # Errors
    /// [`VaultError::Exists`] when there is one, [`VaultError::InUse`], [`VaultError::DiskFull`].
    pub fn create(folder: &Path, key: &VaultKey, own_user: &UserId) -> Result<Self> {
        assert_sqlite_version()?;
        let files = Files::new(folder);
        files.make_folder()?;
        let lock = files.lock()?;
        if files.exist() {
            return Err(VaultError::Exists);
        }
        files.clear_unfinished()?;
        files.write_check(key)?;
        let mut db = open(&files.make_unfinished()?, key)?;
        schema::migrate(&mut db)?;
        Self::begin(&db, own_user)?;
        db.close().map_err(|(_, error)| error)?;
        files.finish()?;
        Self::start(&files, key, lock)
    }

    /// What a new vault says of itself.
    pub(crate) fn begin(db: &Connection, own_user: &UserId) -> Result<()> {
        documents::set(db, OWN_USER, own_user.as_str().as_bytes())?;
        documents::set(db, CLEAN, b"1")?;
        maintenance::begin_complete(db)
    }

    /// Open the vault of this folder.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::WrongKey`], [`VaultError::Damaged`], [`VaultError::Newer`],
    /// [`VaultError::InUse`], [`VaultError::DiskFull`]. None of them changes the file.
    pub fn open(folder: &Path, key: &VaultKey) -> Result<Self> {
        assert_sqlite_version()?;
        let files = Files::new(folder);
        if !files.exist() {
            return Err(VaultError::Missing);
        }
        let lock = files.lock()?;
        files.settle()?;
        if !files.database().exists() {
            return Err(VaultError::Damaged("the database file is gone, its log is still here".to_owned()));
        }
        Self::start(&files, key, lock)
    }

    pub(crate) fn start(files: &Files, key: &VaultKey, lock: Lock) -> Result<Self> {
        let db = inspector(&files.database(), key)?;
        let matches = files.check_matches(key);
        match db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
            Ok(_) => {}
            Err(error) => {
                return Err(match VaultError::from(error) {
                    VaultError::Damaged(_) if matches == Some(false) => VaultError::WrongKey,
                    VaultError::Damaged(what) if matches.is_none() => {
                        VaultError::Damaged(format!("{what}, and its key check is gone"))
                    }
                    other => other,
                });
            }
        }
        schema::recognise(&db)?;
        schema::refuse_newer(&db)?;
        if documents::get(&db, CLEAN)?.as_deref() != Some(b"1") {
            check_pages(&db)?;
        }
        if matches != Some(true) {
            files.write_check(key)?;
        }
        drop(db);
        let mut db = writer(&files.database(), key)?;
        schema::migrate(&mut db)?;
        let own = documents::get(&db, OWN_USER)?
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| VaultError::Damaged("it does not say whose it is".to_owned()))?;
        documents::set(&db, CLEAN, b"0")?;
        index::recognise(&db)?;
        let mut head = HeadFile::new(files.folder(), key);
        let step = db.transaction()?;
        let examined = chain::examine(&step, &head)?;
        step.commit()?;
        head.write(examined);
        Ok(Self {
            own: UserId(own),
            writer: Mutex::new(Some(Writer { db, head })),
            readers: Readers::new(files.database(), key.clone()),
            lock: Mutex::new(Some(lock)),
            vocabulary: Vocabulary::default(),
            recent: Recent::default(),
            names: Names::default(),
        })
    }

    /// Fold the log into the database, note the clean exit, and let another process open it. Every later call answers
    /// [`VaultError::Closed`]; closing again does nothing.
    ///
    /// # Errors
    /// When that cannot be written; the vault is closed all the same, and checked at the next opening.
    pub fn close(&self) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.readers.close();
        let Some(Writer { db, head }) = writer.take() else { return Ok(()) };
        drop(head);
        let noted = documents::set(&db, CLEAN, b"1");
        let folded = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let closed = db.close().map_err(|(_, error)| error);
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        noted?;
        folded?;
        Ok(closed?)
    }

    /// Let go of a damaged vault: its files stay as they are, and the next opening checks every page.
    pub fn abandon(&self) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.readers.close();
        if let Some(Writer { db, .. }) = writer.take() {
            // A damaged page is no reason to keep it open, nor to fold the log into it.
            let _ = db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            let _ = db.close();
        }
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Whose vault this is.
    #[must_use]
    pub fn own_user(&self) -> UserId {
        self.own.clone()
    }

    /// Read at one moment.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.readers.read(read)
    }

    /// Do what no transaction can.
    pub(crate) fn maintain(&self, run: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        run(&writer.as_ref().ok_or(VaultError::Closed)?.db)
    }

    /// Write all or nothing; durable when it returns.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_and(write, |result| result)
    }

    /// The same, and what follows in memory: in the order of commits.
    pub(crate) fn write_and<T, U>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T>,
        then: impl FnOnce(T) -> U,
    ) -> Result<U> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Writer { db, head } = writer.as_mut().ok_or(VaultError::Closed)?;
        let all = || -> Result<_> {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = write(&transaction)?;
            let moved = chain::advance(&transaction)?;
            transaction.commit()?;
            Ok((result, moved))
        };
        let (result, moved) = all().inspect_err(|_| self.names.forget())?;
        if let Some(moved) = moved {
            head.write(moved);
        }
        Ok(then(result))
    }
}

impl Vault {
    /// Write what may change the texts that are searched: the index follows in the same transaction.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&Transaction<'_>, &mut Texts) -> Result<T>) -> Result<T> {
        let write = |db: &Transaction<'_>| {
            let mut texts = Texts::default();
            let result = change(db, &mut texts)?;
            Ok((result, texts.write(db, &self.vocabulary)?))
        };
        self.write_and(write, |(result, Written { met, said })| {
            self.vocabulary.keep(met);
            self.recent.keep(said);
            result
        })
    }
}

fn check_pages(db: &Connection) -> Result<()> {
    let mut check = db.prepare("PRAGMA quick_check(1)")?;
    let verdict: String = check.query_row([], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(VaultError::Damaged(verdict)) }
}
