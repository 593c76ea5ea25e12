//! The keys of the vaults in the system's keyring: Secret Service, Keychain or Credential Manager.
//!
//! **Invariant:** it is a real keyring or an error; there is no fallback to memory, to a file or to the kernel's
//! keyrings (which a restart empties). **Invariant:** a call ends within [`LIMIT`], whatever the keyring does.
//!
//! The secret is kept as base64 text: KDE's wallet keeps text only. On Linux the connection is made anew for each call:
//! `keyring`'s own entry point remembers a missing service until the program ends, so that "Try again" could never
//! succeed, and a restarted service forgets the old connection's session.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use keyring_core::{Entry, Error};
use tidings_engine::ports::{Keychain, KeychainError, StoredKey};
use tidings_model::AccountId;
use zeroize::{Zeroize, Zeroizing};

/// The name the keyring files our keys under.
const SERVICE: &str = "Tidings";

/// How long a keyring may take: long enough to type a password into its prompt.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// The system's keyring.
#[derive(Clone, Debug)]
pub(crate) struct SystemKeychain {
    limit: Duration,
}

impl Default for SystemKeychain {
    fn default() -> Self {
        Self { limit: LIMIT }
    }
}

impl Keychain for SystemKeychain {
    fn load(&self, account: &AccountId) -> Result<Option<StoredKey>, KeychainError> {
        within(self.limit, account, |entry| match entry.get_password() {
            Ok(text) => decode(&Zeroizing::new(text)).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(reason(&error)),
        })
    }

    fn store(&self, account: &AccountId, key: &StoredKey) -> Result<(), KeychainError> {
        let text = Zeroizing::new(STANDARD.encode(key.0));
        within(self.limit, account, move |entry| entry.set_password(&text).map_err(|error| reason(&error)))
    }

    fn forget(&self, account: &AccountId) -> Result<(), KeychainError> {
        within(self.limit, account, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(reason(&error)),
        })
    }
}

/// Ask on a thread of its own. One that hangs is left behind: it holds nothing but its question.
fn within<T: Send + 'static>(
    limit: Duration,
    account: &AccountId,
    ask: impl FnOnce(&Entry) -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let (answer, answered) = mpsc::channel();
    let reached = Arc::new(AtomicBool::new(false));
    let (user, flag) = (account.0.clone(), Arc::clone(&reached));
    std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            let result = entry(&user).and_then(|entry| {
                flag.store(true, Ordering::Relaxed);
                ask(&entry)
            });
            let _ = answer.send(result);
        })
        .map_err(|error| KeychainError::Platform(error.to_string()))?;
    match answered.recv_timeout(limit) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) if reached.load(Ordering::Relaxed) => {
            Err(KeychainError::Locked(format!("no answer to its prompt within {} s", limit.as_secs())))
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(KeychainError::Missing(format!("it did not answer within {} s", limit.as_secs())))
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(KeychainError::Platform("it broke while asked".to_owned())),
    }
}

fn decode(text: &str) -> Result<StoredKey, KeychainError> {
    let damaged = || KeychainError::Platform("what it keeps is not a key of ours".to_owned());
    let mut bytes = STANDARD.decode(text).map_err(|_| damaged())?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map(StoredKey).map_err(|_| damaged());
    bytes.zeroize();
    key
}

/// The entry of an account, in the Secret Service of this session's bus.
#[cfg(target_os = "linux")]
fn entry(user: &str) -> Result<Entry, KeychainError> {
    use keyring_core::api::CredentialStoreApi;
    // Neither bus, service nor session: in any case nothing was asked of a keyring yet.
    let store =
        zbus_secret_service_keyring_store::Store::new().map_err(|error| KeychainError::Missing(words(&error)))?;
    let label = std::collections::HashMap::from([("label", "Tidings: the key of the messages on this computer")]);
    store.build(SERVICE, user, Some(&label)).map_err(|error| reason(&error))
}

/// The entry of an account, in the Keychain or the Credential Manager.
#[cfg(not(target_os = "linux"))]
fn entry(user: &str) -> Result<Entry, KeychainError> {
    keyring::Entry::new(SERVICE, user).map(|entry| entry.inner).map_err(|error| match error {
        Error::NoDefaultStore => KeychainError::Missing(words(&error)),
        other => reason(&other),
    })
}

/// Why an asked keyring did not do it.
fn reason(error: &Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked(words(error)),
        Error::PlatformFailure(cause) => platform_reason(cause.as_ref(), words(error)),
        _ => KeychainError::Platform(words(error)),
    }
}

#[cfg(target_os = "linux")]
fn platform_reason(cause: &(dyn std::error::Error + Send + Sync + 'static), words: String) -> KeychainError {
    use secret_service::Error as Cause;
    match cause.downcast_ref::<Cause>() {
        Some(Cause::Locked | Cause::Prompt | Cause::PromptDisconnected | Cause::NoResult) => {
            KeychainError::Locked(words)
        }
        Some(Cause::Unavailable) => KeychainError::Missing(words),
        _ => KeychainError::Platform(words),
    }
}

#[cfg(not(target_os = "linux"))]
fn platform_reason(_cause: &(dyn std::error::Error + Send + Sync + 'static), words: String) -> KeychainError {
    KeychainError::Platform(words)
}

/// The error in words. Those variants that carry what the keyring gave are said without it.
fn words(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it keeps is not readable".to_owned(),
        Error::Ambiguous(entries) => format!("it keeps {} keys under one name", entries.len()),
        other => other.to_string(),
    }
}

// The path is said because a program beside the app borrows this file.
#[cfg(test)]
#[path = "keychain/tests.rs"]
mod tests;
