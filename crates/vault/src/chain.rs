//! Whether the file still holds what was kept last: the outbox's counter and digest, and the head beside the vault.
//!
//! SQLCipher notices a page that was changed, but not one that is old: a write-ahead log that is damaged ends at its last
//! good frame without a word, and a file that was copied back from a backup is whole. Both would lose what the person
//! wrote last, and send again what the server took long ago. So every write that changes the outbox also moves a counter,
//! with a digest of what is still to be sent (table `head`, same transaction); and when it is on the disk, the same two
//! numbers go into `vault.head`, a file of its own. At opening the file may lag behind the database, never be ahead of it.
//!
//! **Invariant:** [`Vault::enqueue`](crate::Vault::enqueue) returns after the head is on the disk too, so what was
//! acknowledged is missed when it is gone.
//! **Invariant:** no code has to remember the head: triggers on the outbox's table note that it moved.
//! **Invariant:** after a setback nothing goes out by itself that is not the same when it is sent twice: messages that were
//! still to be sent wait for the person, with [`FailReason::Unsure`](tidings_model::FailReason::Unsure). Their echo, when
//! it comes, takes them away as always.
//!
//! What it costs: one more small write and `fdatasync` for each message that is written, on 80 bytes in place; messages
//! that are sent or echoed write the 80 bytes and leave the flush to the next. What it does not see: a whole profile that
//! went back, head and all.
//!
//! Refused: the head in the keyring (a keyring takes tens of milliseconds and may ask a person); a hash in each row that
//! chains to the one before (rows go when they are sent, so the chain could not be checked from what is left); a digest of
//! all tables (every sync response would pay for it, and what the server said can be asked for again).

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use crate::files::private;
use crate::key::VaultKey;
use crate::{Result, documents, outbox};

/// The document that says what was found at an opening, until the person has read it.
pub(crate) const SETBACK: &str = "vault.setback";

const MAGIC: &[u8; 8] = b"tidihead";
/// Magic, counter, digest, HMAC.
const LENGTH: usize = 8 + 8 + 32 + 32;
/// Where the two places lie that are written in turn: a torn write damages one of them.
const EVEN: u64 = 0;
const ODD: u64 = 4096;

/// The table's own marks: what moved since the last head.
const REMOVED: i64 = 1;

/// How far the outbox has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    count: u64,
    digest: [u8; 32],
}

/// A head that was committed and is not in the file yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moved {
    head: Head,
    /// Something was added: it counts as kept when the file is flushed.
    added: bool,
}

/// The file beside the vault.
#[derive(Debug)]
pub(crate) struct HeadFile {
    path: PathBuf,
    key: VaultKey,
    open: Option<File>,
}

/// Bring the table's head up to date when the outbox moved in this transaction.
pub(crate) fn advance(db: &Connection) -> Result<Option<Moved>> {
    let (count, moved): (i64, i64) = db
        .prepare_cached("SELECT count, moved FROM head WHERE id = 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if moved == 0 {
        return Ok(None);
    }
    let head = Head { count: count.unsigned_abs().saturating_add(1), digest: digest(db)? };
    keep(db, head)?;
    Ok(Some(Moved { head, added: moved > REMOVED }))
}

fn keep(db: &Connection, head: Head) -> Result<()> {
    db.prepare_cached("UPDATE head SET count = ?1, digest = ?2, moved = 0 WHERE id = 1")?
        .execute(params![i64::try_from(head.count).unwrap_or(i64::MAX), head.digest.as_slice()])?;
    Ok(())
}

/// Of everything that is still to be sent, in order.
fn digest(db: &Connection) -> Result<[u8; 32]> {
    let mut query =
        db.prepare_cached("SELECT id, room, kind, action, transaction_id FROM intent WHERE state = 0 ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut digest = Sha256::new();
    while let Some(row) = rows.next()? {
        for column in 0..3 {
            digest.update(row.get::<_, i64>(column)?.to_le_bytes());
        }
        for column in 3..5 {
            let text = row.get_ref(column)?.as_str()?;
            digest.update(u64::try_from(text.len()).unwrap_or_default().to_le_bytes());
            digest.update(text);
        }
    }
    Ok(digest.finalize().into())
}

/// What a database says of its outbox, beside what the file says.
struct Verdict {
    kept: Head,
    /// The digest of what is there.
    now: [u8; 32],
    /// Neither went back.
    current: bool,
}

fn verdict(db: &Connection, file: &HeadFile) -> Result<Verdict> {
    let (count, digest, moved) = db
        .prepare_cached("SELECT count, digest, moved FROM head WHERE id = 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<[u8; 32]>>(1)?, row.get::<_, i64>(2)?)))?;
    let kept = Head { count: count.unsigned_abs(), digest: digest.unwrap_or_default() };
    let now = self::digest(db)?;
    let current = match (file.read()?, digest) {
        // A vault that never had a head: a new one, or one of an older version.
        (None, None) => true,
        // The file may lag behind.
        (Some(head), Some(_)) => (head.count < kept.count || head == kept) && moved == 0 && now == kept.digest,
        // The first opening ended before the file was written: the outbox never moved since, so nothing can be missed.
        (None, Some(_)) => kept.count == 0 && moved == 0 && now == kept.digest,
        (Some(_), None) => false,
    };
    Ok(Verdict { kept, now, current })
}

/// Whether what a damaged database says is still to be sent can go out by itself.
pub(crate) fn is_current(db: &Connection, folder: &Path, key: &VaultKey) -> bool {
    verdict(db, &HeadFile::new(folder, key)).is_ok_and(|verdict| verdict.current)
}

/// Compare the database with the file at an opening. After a setback, what was still to be sent is held back, and the
/// setback is kept until it was read. Gives the head that the file is to have.
pub(crate) fn examine(db: &Connection, file: &HeadFile) -> Result<Moved> {
    let Verdict { kept, now, current } = verdict(db, file)?;
    let head = if current {
        Head { count: kept.count, digest: now }
    } else {
        tracing::warn!("the vault went back to an earlier state");
        outbox::hold_back(db)?;
        documents::set(db, SETBACK, b"1")?;
        let newest = file.read()?.map_or(0, |head| head.count).max(kept.count);
        Head { count: newest.saturating_add(1), digest: digest(db)? }
    };
    keep(db, head)?;
    Ok(Moved { head, added: true })
}

impl HeadFile {
    /// The file of the vault in this folder.
    pub(crate) fn new(folder: &Path, key: &VaultKey) -> Self {
        Self { path: folder.join("vault.head"), key: key.clone(), open: None }
    }

    /// The newest head that was written whole by someone with the key.
    fn read(&self) -> Result<Option<Head>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            // Not to be told from a lost one by guessing.
            Err(error) => return Err(error.into()),
        };
        let heads = [EVEN, ODD].into_iter().filter_map(|place| self.read_at(&mut file, place));
        Ok(heads.max_by_key(|head| head.count))
    }

    fn read_at(&self, file: &mut File, place: u64) -> Option<Head> {
        let mut bytes = [0; LENGTH];
        file.seek(SeekFrom::Start(place)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        let (said, mac) = bytes.split_at_checked(LENGTH - 32)?;
        if self.key.head_mac(said).as_slice() != mac || said.get(..8)? != MAGIC {
            return None;
        }
        Some(Head {
            count: u64::from_le_bytes(said.get(8..16)?.try_into().ok()?),
            digest: said.get(16..)?.try_into().ok()?,
        })
    }

    /// Write the head of a committed change. What was committed stays committed whatever happens here: a head that lags
    /// behind is no setback.
    pub(crate) fn write(&mut self, moved: Moved) {
        if let Err(error) = self.try_write(moved) {
            self.open = None;
            tracing::warn!(%error, "the outbox's head was not kept");
        }
    }

    fn try_write(&mut self, moved: Moved) -> std::io::Result<()> {
        let file = match &mut self.open {
            Some(file) => file,
            None => {
                let file = private().create(true).truncate(false).read(true).write(true).open(&self.path)?;
                // In place from now on: a full disk does not stop it.
                file.set_len(ODD + 512)?;
                self.open.insert(file)
            }
        };
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&moved.head.count.to_le_bytes());
        bytes.extend_from_slice(&moved.head.digest);
        let mac = self.key.head_mac(&bytes);
        bytes.extend_from_slice(&mac);
        let place = if moved.head.count.is_multiple_of(2) { EVEN } else { ODD };
        file.seek(SeekFrom::Start(place))?;
        file.write_all(&bytes)?;
        if moved.added { file.sync_data() } else { Ok(()) }
    }
}

impl crate::Vault {
    /// The file went back to an earlier state before it was opened: a backup that was copied back, or a damaged disk.
    /// Said at every opening until [`Vault::setback_read`](crate::Vault::setback_read).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn setback(&self) -> Result<bool> {
        self.read(|db| Ok(documents::get(db, SETBACK)?.is_some()))
    }

    /// The person has read it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn setback_read(&self) -> Result<()> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM document WHERE name = ?1")?.execute([SETBACK])?;
            Ok(())
        })
    }
}
