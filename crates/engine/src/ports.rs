//! What the engine asks of the world. The desktop implements these; tests implement them with recordings.
//!
//! **Invariant:** a port acts and reports; it decides nothing. Every call returns at once or is made on a blocking task.

use tidings_model::{AccountId, LinkTarget, RoomId, Timestamp};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The desktop: notifications, the badge, the system's opener.
pub trait Desktop: Send + Sync + 'static {
    /// Show a notification, in place of an earlier one with the same key.
    fn show(&self, notice: Notice);
    /// Take a notification away, if it is still shown.
    fn withdraw(&self, key: &NoticeKey);
    /// How many chats are unread (tray, dock, taskbar).
    fn badge(&self, unread_chats: u32);
    /// Hand a checked address to the system's browser or mail program.
    ///
    /// # Errors
    /// The system's own words, when it has no program for it.
    fn open_link(&self, target: &LinkTarget) -> Result<(), String>;
    /// Where saved files go (XDG `DOWNLOAD`, Known Folder `Downloads`).
    fn downloads(&self) -> std::path::PathBuf;
    /// The computer runs on its battery. Where that cannot be told, it does not.
    fn on_battery(&self) -> bool;
}

/// Names a notification: one for each chat.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeKey {
    /// The account.
    pub account: AccountId,
    /// The chat.
    pub room: RoomId,
}

/// A notification, ready to show. Its texts are plain: the desktop escapes them where its daemon reads markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Replaces an earlier one with the same key; a click opens this chat.
    pub key: NoticeKey,
    /// Who, and where in a group. At most 100 characters.
    pub title: String,
    /// What. At most 250 characters, no control or bidi characters.
    pub body: String,
    /// Makes a sound.
    pub sound: bool,
}

/// The keyring of the system: Secret Service, Keychain, Credential Manager. Calls block; the engine makes them on a
/// blocking task.
pub trait Keychain: Send + Sync + 'static {
    /// The key of this account's vault; `None` when the keyring answers but does not have it.
    ///
    /// # Errors
    /// When the keyring cannot be asked.
    fn load(&self, account: &AccountId) -> Result<Option<StoredKey>, KeychainError>;
    /// Keep the key of this account's vault.
    ///
    /// # Errors
    /// When the keyring cannot be asked.
    fn store(&self, account: &AccountId, key: &StoredKey) -> Result<(), KeychainError>;
    /// Forget the key of this account's vault. Not having it is no error.
    ///
    /// # Errors
    /// When the keyring cannot be asked.
    fn forget(&self, account: &AccountId) -> Result<(), KeychainError>;
}

/// The 32 bytes a keyring keeps for a vault.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct StoredKey(pub [u8; 32]);

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("StoredKey(redacted)")
    }
}

/// Why a keyring could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// No keyring service runs on this computer.
    #[error("no keyring service: {0}")]
    Missing(String),
    /// The keyring is locked, and its prompt was closed, denied or cannot be shown.
    #[error("the keyring is locked: {0}")]
    Locked(String),
    /// Anything else the platform said.
    #[error("the keyring failed: {0}")]
    Platform(String),
}

/// The time, and the days of the place where the computer stands.
pub trait Clock: Send + Sync + 'static {
    /// Now (wall clock).
    fn now(&self) -> Timestamp;
    /// The number of the local day a moment falls on; two moments of one local day give one number.
    fn local_day(&self, time: Timestamp) -> i64;
}
