//! Keyrings: one in memory that can fail in every way real ones do, and one in a file for programs that are killed.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Condvar, Mutex},
};

use tidings_engine::ports::{Keychain, KeychainError, StoredKey};
use tidings_model::AccountId;

/// How a keyring behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyringState {
    /// It answers.
    #[default]
    Works,
    /// No keyring service runs.
    Missing,
    /// It is locked, and its prompt was closed.
    Locked,
    /// It asks the person, who does not answer until the state changes.
    Asking,
}

#[derive(Default)]
struct Inside {
    state: KeyringState,
    keys: BTreeMap<AccountId, [u8; 32]>,
}

/// A keyring in memory. Outlives the engine, as a real one does.
#[derive(Default)]
pub struct MemoryKeychain {
    inside: Mutex<Inside>,
    changed: Condvar,
}

impl MemoryKeychain {
    /// From now on it behaves so.
    pub fn becomes(&self, state: KeyringState) {
        self.inside.lock().unwrap().state = state;
        self.changed.notify_all();
    }

    /// It forgets everything, as a reset keyring does.
    pub fn loses_everything(&self) {
        self.inside.lock().unwrap().keys.clear();
    }

    /// It holds this key for an account, as a keyring copied from elsewhere would.
    pub fn holds(&self, account: &AccountId, key: [u8; 32]) {
        self.inside.lock().unwrap().keys.insert(account.clone(), key);
    }

    /// The keys it holds.
    #[must_use]
    pub fn keys(&self) -> Vec<[u8; 32]> {
        self.inside.lock().unwrap().keys.values().copied().collect()
    }

    fn asked<T>(&self, answer: impl FnOnce(&mut BTreeMap<AccountId, [u8; 32]>) -> T) -> Result<T, KeychainError> {
        let mut inside = self.inside.lock().unwrap();
        while inside.state == KeyringState::Asking {
            inside = self.changed.wait(inside).unwrap();
        }
        match inside.state {
            KeyringState::Missing => Err(KeychainError::Missing("no service".to_owned())),
            KeyringState::Locked => Err(KeychainError::Locked("the prompt was closed".to_owned())),
            KeyringState::Works | KeyringState::Asking => Ok(answer(&mut inside.keys)),
        }
    }
}

impl Keychain for MemoryKeychain {
    fn load(&self, account: &AccountId) -> Result<Option<StoredKey>, KeychainError> {
        self.asked(|keys| keys.get(account).copied().map(StoredKey))
    }

    fn store(&self, account: &AccountId, key: &StoredKey) -> Result<(), KeychainError> {
        self.asked(|keys| {
            keys.insert(account.clone(), key.0);
        })
    }

    fn forget(&self, account: &AccountId) -> Result<(), KeychainError> {
        self.asked(|keys| {
            keys.remove(account);
        })
    }
}

/// A keyring in a folder, in the clear: for test programs that are killed and started again.
pub struct FileKeychain {
    folder: PathBuf,
}

impl FileKeychain {
    /// Keys go into this folder, which must exist and must not be the profile.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn failed(error: std::io::Error) -> KeychainError {
        KeychainError::Platform(error.to_string())
    }
}

impl Keychain for FileKeychain {
    fn load(&self, account: &AccountId) -> Result<Option<StoredKey>, KeychainError> {
        match fs::read(self.folder.join(account.as_str())) {
            Ok(bytes) => Ok(bytes.as_slice().try_into().ok().map(StoredKey)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Self::failed(error)),
        }
    }

    fn store(&self, account: &AccountId, key: &StoredKey) -> Result<(), KeychainError> {
        fs::write(self.folder.join(account.as_str()), key.0).map_err(Self::failed)
    }

    fn forget(&self, account: &AccountId) -> Result<(), KeychainError> {
        match fs::remove_file(self.folder.join(account.as_str())) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Self::failed(error)),
            _ => Ok(()),
        }
    }
}
