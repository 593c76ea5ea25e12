//! How a verb says no.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A refusal that a person can act on. The sentence for [`Code`] is in the page's `words/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What happened.
    pub code: Code,
    /// The technical cause for "Details"; never message text, keys or tokens.
    pub details: String,
}

impl Failure {
    /// A failure of this kind with a technical cause.
    pub fn new(code: Code, details: impl std::fmt::Display) -> Self {
        Self { code, details: details.to_string() }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?}: {}", self.code, self.details)
    }
}

impl std::error::Error for Failure {}

/// What went wrong, as far as the page draws it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// No organisation answers at this address.
    UnknownServer,
    /// The server answers, but is no Matrix homeserver, or its discovery file is broken.
    NotAHomeserver,
    /// The server lacks simplified sliding sync (MSC4186).
    ServerUnsupported,
    /// The server does not take passwords.
    PasswordUnsupported,
    /// User name and password do not match (`M_FORBIDDEN` at sign-in).
    WrongPassword,
    /// The account was closed (`M_USER_DEACTIVATED`, `M_USER_LOCKED`, `M_USER_SUSPENDED`).
    AccountClosed,
    /// The server understood and does not allow it (`M_FORBIDDEN` anywhere but at sign-in).
    NotAllowed,
    /// The server's certificate cannot be trusted; nothing was sent.
    Untrusted,
    /// This computer has no way to the server.
    Offline,
    /// The server is reached but fails or does not answer in time.
    ServerSilent,
    /// Something on the way answers with a web page of its own.
    CaptivePortal,
    /// The server asks to wait (429).
    RateLimited,
    /// No keyring service runs on this computer.
    KeyringMissing,
    /// The keyring is locked, and its prompt was closed or cannot be shown.
    KeyringLocked,
    /// The keyring does not hold the key of this vault.
    KeyLost,
    /// The key does not open the vault.
    WrongKey,
    /// Another running copy of the program has this profile open.
    InUse,
    /// The vault was written by a newer version of the program.
    Newer,
    /// The vault's file is damaged; it was left as it is.
    Damaged,
    /// The session was lost with the damaged vault: only a whole sign-in goes on.
    SignInNeeded,
    /// The disk is full, or the folder cannot be written.
    DiskFull,
    /// The link's target is not of a kind that may be opened.
    LinkRefused,
    /// There is no such thing any more (a closed chat, a file that is no longer kept).
    Gone,
    /// The message is not on this computer yet, and the server did not bring it.
    NotHere,
    /// The text is longer than a server takes (64 KiB with everything around it).
    TooLong,
    /// Only a signed-in session can do this.
    SessionEnded,
    /// Anything else; always a bug to look into.
    Internal,
}
