//! The folders of a profile, and its lock.
//!
//! ```text
//! <profile>/lock                       held by the one process that runs on this profile
//! <profile>/window.json                theme, width of the list; no personal data (needed before anything is unlocked)
//! <profile>/accounts/<random id>/      one account
//!     vault.db …                       everything readable, encrypted (crate vault)
//!     sdk/                             the SDK's stores, encrypted by the same key
//!     spare.key                        the key again, wrapped; opens only together with the server's half (session::keys)
//!     unfinished                       the sign-in that makes this account is not complete; removed at the next start
//! ```
//!
//! **Invariant:** folders are 0700 and files 0600 on Unix; a profile that is a symbolic link to another owner's folder is
//! refused. The lock is an OS file lock, so it dies with its process; a D-Bus name or a pid file would not.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use rand::Rng as _;
use tidings_model::{AccountId, Code, Failure};

/// The name of the marker of an account whose sign-in is not complete.
const UNFINISHED: &str = "unfinished";

/// The end of the name of a folder that is being made or removed.
const PASSING: &str = ".passing";

/// A profile that this process holds.
#[derive(Debug)]
pub struct Profile {
    root: PathBuf,
    /// Held until the process ends.
    _lock: File,
}

impl Profile {
    /// Take a profile: make its folder if there is none, and hold its lock.
    ///
    /// # Errors
    /// [`Code::InUse`] when another process holds it; [`Code::DiskFull`] when it cannot be written.
    pub fn take(root: &Path) -> Result<Self, Failure> {
        private_folder(root).map_err(|error| unwritable(root, &error))?;
        let path = root.join("lock");
        let lock = open_private(&path).map_err(|error| unwritable(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new(Code::InUse, "another running Tidings holds this profile"));
            }
            Err(TryLockError::Error(error)) => return Err(unwritable(&path, &error)),
        }
        private_folder(&root.join("accounts")).map_err(|error| unwritable(root, &error))?;
        Ok(Self { root: root.to_owned(), _lock: lock })
    }

    /// The accounts of this profile. What an interrupted sign-in left behind is removed; its id is given too, so that
    /// the keyring can forget it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn accounts(&self) -> Result<(Vec<AccountId>, Vec<AccountId>), Failure> {
        let folder = self.root.join("accounts");
        let mut complete = Vec::new();
        let mut unfinished = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|error| unwritable(&folder, &error))? {
            let entry = entry.map_err(|error| unwritable(&folder, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(PASSING) {
                // A folder that was being made or removed when the program ended.
                fs::remove_dir_all(entry.path()).map_err(|error| unwritable(&entry.path(), &error))?;
                continue;
            }
            if !is_account_name(&name) {
                continue;
            }
            let account = AccountId(name);
            if self.account(&account).join(UNFINISHED).exists() {
                self.remove(&account)?;
                unfinished.push(account);
            } else {
                complete.push(account);
            }
        }
        complete.sort();
        Ok((complete, unfinished))
    }

    /// Make the folder of a new account, marked unfinished.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn new_account(&self) -> Result<AccountId, Failure> {
        let id: [u8; 16] = rand::rng().random();
        let account = AccountId(id.iter().map(|byte| format!("{byte:02x}")).collect());
        let folder = self.account(&account);
        // Under its own name only with its marker in it.
        let passing = self.passing(&account);
        private_folder(&passing).map_err(|error| unwritable(&passing, &error))?;
        open_private(&passing.join(UNFINISHED)).map_err(|error| unwritable(&passing, &error))?;
        fs::rename(&passing, &folder).map_err(|error| unwritable(&folder, &error))?;
        Ok(account)
    }

    /// This account is to go: whatever happens next, the next start removes it.
    ///
    /// # Errors
    /// When the marker cannot be written.
    pub(crate) fn doom(&self, account: &AccountId) -> Result<(), Failure> {
        let marker = self.account(account).join(UNFINISHED);
        let file = open_private(&marker).map_err(|error| unwritable(&marker, &error))?;
        file.sync_all().map_err(|error| unwritable(&marker, &error))
    }

    fn passing(&self, account: &AccountId) -> PathBuf {
        self.root.join("accounts").join(format!("{account}{PASSING}"))
    }

    /// The sign-in of this account is complete.
    ///
    /// # Errors
    /// When the marker cannot be removed.
    pub(crate) fn finish(&self, account: &AccountId) -> Result<(), Failure> {
        let marker = self.account(account).join(UNFINISHED);
        fs::remove_file(&marker).map_err(|error| unwritable(&marker, &error))
    }

    /// Remove everything of an account.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub(crate) fn remove(&self, account: &AccountId) -> Result<(), Failure> {
        if !is_account_name(account.as_str()) {
            return Err(Failure::new(Code::Gone, "this is no account's name"));
        }
        let (folder, passing) = (self.account(account), self.passing(account));
        // First under a name that no start opens: a removal that is cut short is finished by the next start.
        match fs::rename(&folder, &passing) {
            Ok(()) => fs::remove_dir_all(&passing).map_err(|error| unwritable(&passing, &error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(unwritable(&folder, &error)),
        }
    }

    /// The folder of an account.
    #[must_use]
    pub(crate) fn account(&self, account: &AccountId) -> PathBuf {
        self.root.join("accounts").join(account.as_str())
    }

    /// The file with what is needed before anything is unlocked.
    #[must_use]
    pub(crate) fn window_file(&self) -> PathBuf {
        self.root.join("window.json")
    }
}

/// Make a folder that only its owner may enter.
///
/// # Errors
/// When it cannot be made, or is a symbolic link.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the folder is a symbolic link"));
    }
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Write a small file so that a crash leaves the old or the new one, never half.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use io::Write as _;
    let fresh = path.with_extension("new");
    let mut file = open_private(&fresh)?;
    file.set_len(0)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn is_account_name(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Failure::new(Code::DiskFull, format_args!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_profile_is_held_once_and_freed_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let held = Profile::take(folder.path()).unwrap();
        assert_eq!(Profile::take(folder.path()).unwrap_err().code, Code::InUse);
        drop(held);
        assert!(Profile::take(folder.path()).is_ok());
    }

    #[test]
    fn an_unfinished_account_is_removed_and_a_finished_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::take(folder.path()).unwrap();
        let half = profile.new_account().unwrap();
        let whole = profile.new_account().unwrap();
        profile.finish(&whole).unwrap();
        let (complete, unfinished) = profile.accounts().unwrap();
        assert_eq!((complete, unfinished), (vec![whole], vec![half.clone()]));
        assert!(!profile.account(&half).exists());
    }

    #[test]
    fn only_an_accounts_folder_is_ever_removed() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::take(&folder.path().join("profile")).unwrap();
        let outside = folder.path().join("precious");
        fs::create_dir(&outside).unwrap();
        let absolute = outside.display().to_string();
        for name in ["", ".", "..", "../../precious", absolute.as_str(), "zz345678901234567890123456789012"] {
            assert!(profile.remove(&AccountId::from(name)).is_err(), "{name}");
        }
        assert!(outside.exists());
        let account = profile.new_account().unwrap();
        profile.remove(&account).unwrap();
        assert!(!profile.account(&account).exists());
    }

    #[cfg(unix)]
    #[test]
    fn others_on_this_computer_cannot_enter_and_links_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("profile");
        let profile = Profile::take(&root).unwrap();
        let account = profile.new_account().unwrap();
        for path in [&root, &root.join("accounts"), &profile.account(&account)] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(fs::metadata(root.join("lock")).unwrap().permissions().mode() & 0o777, 0o600);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&root, &link).unwrap();
        assert_eq!(Profile::take(&link).unwrap_err().code, Code::DiskFull);
    }
}
