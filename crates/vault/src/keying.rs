//! Page encryption for databases that others open: what the SDK keeps is as opaque as the vault.
//!
//! **Invariant:** once a folder is registered, no database below it is ever opened without its key. An auto-extension
//! runs at the end of each `sqlite3_open*`, before a page is read, and hands SQLCipher the folder's key.
//! **Invariant:** databases outside registered folders are left alone.
//! **Invariant:** the vault's own file is left alone too: it is keyed where it is opened, with the key that was given
//! there, so that a wrong one is noticed.
//!
//! Refused: the SDK's own value encryption (identifiers stay in the clear, blobs grow by half), and a patched SDK.

#![expect(unsafe_code, reason = "SQLite's auto-extension hook and sqlite3_key_v2 have no safe counterpart")]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int};
use std::path::{Path, PathBuf};
use std::sync::{OnceLock, PoisonError, RwLock};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};

use crate::files::is_vault;
use crate::{Result, VaultError, VaultKey};

static FOLDERS: RwLock<BTreeMap<PathBuf, VaultKey>> = RwLock::new(BTreeMap::new());

/// Set the hook up for this process. Doing it again changes nothing.
///
/// # Errors
/// When SQLite refuses the hook (out of memory).
pub fn install() -> Result<()> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    // SAFETY: the hook opens and closes no database, and neither it nor anything it calls touches the list of
    // auto-extensions.
    let installed =
        *INSTALLED.get_or_init(|| unsafe { rusqlite::auto_extension::register_auto_extension(key_on_open) }.is_ok());
    if installed { Ok(()) } else { Err(VaultError::Library("the keying hook was refused".to_owned())) }
}

/// From now on, every database opened in this existing folder or below it is encrypted with this key.
///
/// # Errors
/// [`VaultError::Missing`] when the folder does not exist; as [`install`].
pub fn register(folder: &Path, key: &VaultKey) -> Result<()> {
    install()?;
    let folder = folder.canonicalize()?;
    FOLDERS.write().unwrap_or_else(PoisonError::into_inner).insert(folder, key.clone());
    Ok(())
}

/// Forget a folder's key, also when the folder is gone already. Databases that are open stay open.
pub fn forget(folder: &Path) {
    let gone = || Some(folder.parent()?.canonicalize().ok()?.join(folder.file_name()?));
    let known = folder.canonicalize().ok().or_else(gone).unwrap_or_else(|| folder.to_path_buf());
    FOLDERS.write().unwrap_or_else(PoisonError::into_inner).remove(&known);
}

/// Whether every page of a database in a registered folder is as it was written. Leaves the file as it is.
///
/// # Errors
/// When it cannot be looked at for another reason than damage.
pub fn is_whole(file: &Path) -> Result<bool> {
    let looked = (|| {
        let db =
            Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        db.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA query_only = ON;")?;
        db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    })();
    match looked.map_err(VaultError::from) {
        Ok(verdict) => Ok(verdict == "ok"),
        Err(VaultError::Damaged(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The number that was last [written](mark) into a database of a registered folder; 0 for one that has none. It goes back
/// with the file.
///
/// # Errors
/// [`VaultError::Missing`] when there is no such file; [`VaultError::Damaged`].
pub fn marked(file: &Path) -> Result<u32> {
    let number: i32 = existing(file)?.pragma_query_value(None, MARK, |row| row.get(0))?;
    Ok(number.cast_unsigned())
}

/// Write a number into a database of a registered folder, durably.
///
/// # Errors
/// As [`marked`]; [`VaultError::DiskFull`].
pub fn mark(file: &Path, number: u32) -> Result<()> {
    Ok(existing(file)?.pragma_update(None, MARK, number.cast_signed())?)
}

/// Where the number stands: 32 bits of the header that are the application's own (SQLite, "PRAGMA application_id"), and
/// that the SDK does not use. A table of ours could be in the way of its migrations.
const MARK: &str = "application_id";

fn existing(file: &Path) -> Result<Connection> {
    if !file.exists() {
        return Err(VaultError::Missing);
    }
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA synchronous = FULL;")?;
    Ok(db)
}

/// Rename a damaged database with its log, so that a new one can be made in its place.
///
/// # Errors
/// When a file cannot be renamed.
pub fn set_aside(file: &Path) -> Result<()> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    crate::files::set_aside(file, &format!("{stem}-damaged"))
}

/// The key for a database file, if it lies in a registered folder.
fn key_for(file: &Path) -> Option<VaultKey> {
    if is_vault(file) {
        return None;
    }
    // The file may not exist yet; its folder does.
    let folder = file.parent()?.canonicalize().ok()?;
    let folders = FOLDERS.read().unwrap_or_else(PoisonError::into_inner);
    folder.ancestors().find_map(|known| folders.get(known)).cloned()
}

#[cfg(unix)]
fn path_of(name: &CStr) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(name.to_bytes())))
}

#[cfg(not(unix))]
fn path_of(name: &CStr) -> Option<PathBuf> {
    name.to_str().ok().map(PathBuf::from)
}

/// Called by SQLite for each connection it opens.
unsafe extern "C" fn key_on_open(
    db: *mut ffi::sqlite3,
    _message: *mut *mut c_char,
    _api: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite passes the connection it is opening; the name it returns is null or lives as long as that.
    let name = unsafe { ffi::sqlite3_db_filename(db, c"main".as_ptr()) };
    if name.is_null() {
        return ffi::SQLITE_OK;
    }
    // SAFETY: not null, and SQLite ends it with a zero.
    let name = unsafe { CStr::from_ptr(name) };
    let Some(file) = path_of(name).filter(|file| !file.as_os_str().is_empty()) else { return ffi::SQLITE_OK };
    let Some(key) = key_for(&file) else { return ffi::SQLITE_OK };
    let raw = key.raw();
    let Ok(length) = c_int::try_from(raw.len()) else { return ffi::SQLITE_ERROR };
    // SAFETY: the pointer and length are of a live string, which SQLCipher copies.
    unsafe { ffi::sqlite3_key_v2(db, c"main".as_ptr(), raw.as_ptr().cast(), length) }
}
