//! What the whole window shows: which screen, how the connection is, and what was asked to be opened.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Person, RoomId, Timestamp, UserId};

/// The state of the program as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppState {
    /// The screen that fills the window.
    pub screen: Screen,
    /// The state of the connection; drawn only over [`Screen::Chats`].
    pub connection: Connection,
    /// How many chats have unread messages and are not muted.
    pub unread_chats: u32,
    /// The chosen colours.
    pub theme: Theme,
    /// How wide the chat list was made, in CSS pixels; `None`: nobody did.
    pub list_width: Option<u16>,
}

/// What the program tells the window, outside any chat.
#[expect(clippy::large_enum_variant, reason = "told a few times a minute, never kept in numbers")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum AppUpdate {
    /// The whole state; always the first update, and again after each change.
    Reset {
        /// The state from now on.
        state: AppState,
    },
    /// Something outside the window (a notification, a second start) asks for this chat.
    Open {
        /// The account the chat belongs to.
        account: AccountId,
        /// The chat.
        room: RoomId,
    },
}

/// The screen that fills the window.
#[expect(clippy::large_enum_variant, reason = "there is one, and it changes a few times a day")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Screen {
    /// Nothing is known yet; drawn as skeletons after 150 ms.
    Starting,
    /// There is no account on this computer.
    SignIn,
    /// There is an account, but its vault cannot be opened now. Nothing was deleted.
    Locked {
        /// The account.
        account: AccountId,
        /// Why it is closed.
        reason: LockReason,
    },
    /// The chats.
    Chats {
        /// Whose chats.
        account: Account,
    },
}

/// Why an existing vault cannot be opened. None of these ever leads to a second, empty vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LockReason {
    /// No keyring service runs on this computer.
    KeyringMissing,
    /// The keyring is locked, and its prompt was closed or cannot be shown.
    KeyringLocked,
    /// The keyring answers, but does not hold this vault's key (a moved profile, a reset keyring).
    KeyLost,
    /// The key that the keyring gave does not open the vault.
    WrongKey,
    /// Another running copy of the program has this profile open.
    InUse,
    /// The vault was written by a newer version of the program.
    Newer,
    /// The vault's file is damaged; it was left as it is.
    Damaged,
    /// The disk is full, or the folder cannot be written.
    DiskFull,
}

/// A signed-in account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The account on this computer.
    pub account: AccountId,
    /// The Matrix id.
    pub user: UserId,
    /// The person as others see them.
    pub me: Person,
    /// The organisation's name: its server's name.
    pub organisation: String,
    /// The chat that was open last, for the next start.
    pub last_chat: Option<RoomId>,
    /// What happened to the files of this account, until the person has read it.
    pub care: Option<Care>,
    /// Whether messages can be read again after this device.
    pub recovery: Recovery,
    /// A chat of the list is encrypted: its messages cannot be read without their keys.
    pub encrypted: bool,
}

/// How the recovery of this person's message keys stands: the copy that the server keeps, and the key that opens it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Recovery {
    /// Nobody has found out yet.
    #[default]
    Unknown,
    /// There is none: what no other device of this person can read is lost with this one.
    Off,
    /// There is a recovery key, but it was not used here: the keys of this device are not in that copy.
    Elsewhere,
    /// The keys of this device are kept, and the recovery key opens them.
    On,
}

/// What happened to the messages of an account that a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Care {
    /// The vault went back to an earlier state (a backup that was copied back, a damaged disk). What was written last
    /// may be missing; what was still to be sent waits for the person.
    WentBack,
    /// The vault was damaged. It was set aside, and the messages are being fetched from the server again.
    Rebuilt {
        /// Something that only this computer had (a draft, a message that was not sent) could not be read.
        lost: bool,
    },
    /// The server does not have messages any more that it gave: it was restored from an older copy, or another one
    /// answers under its name. What is here stays.
    ServerWentBack,
}

/// The state of the connection, said honestly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Connection {
    /// The last answer of the server is fresh.
    Online,
    /// A connection is being made.
    Connecting,
    /// This computer has no way to the server.
    Offline {
        /// When the last answer came, if one ever did.
        since: Option<Timestamp>,
    },
    /// The server is reached but fails, or does not answer in time.
    ServerSilent {
        /// When the last good answer came, if one ever did.
        since: Option<Timestamp>,
    },
    /// Something on the way answers with a web page: a network that wants a sign-in of its own.
    CaptivePortal {
        /// When the last good answer came, if one ever did.
        since: Option<Timestamp>,
    },
    /// The server's certificate cannot be trusted; nothing was sent.
    Untrusted,
    /// The server does not offer what is needed (simplified sliding sync, MSC4186).
    Unsupported,
    /// The server ended this session (`M_UNKNOWN_TOKEN`). History stays readable until sign-out.
    SessionEnded,
    /// The disk of this computer is full: nothing is asked for that could not be kept. Goes on by itself.
    DiskFull {
        /// When the last answer came that was kept, if one ever did.
        since: Option<Timestamp>,
    },
}

/// The colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What is known of an organisation before signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// The name to show: the server's name.
    pub name: String,
    /// The homeserver's base address, found by `.well-known` (Matrix spec, "Server discovery") or typed.
    pub homeserver: String,
    /// Whether it takes a password (`m.login.password`).
    pub password: bool,
}

/// What a person types to sign in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The organisation's address: a server name or a URL.
    pub address: String,
    /// The user name or the whole Matrix id.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SignIn(redacted)")
    }
}

/// Where the person is looking; decides notifications and read marks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    /// The window is visible and has the keyboard.
    pub focused: bool,
    /// The chat on screen, if one is.
    pub room: Option<RoomId>,
}

/// A moment that `--timings FILE` writes down. "Painted" means after the frame was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The process began.
    ProcessStart,
    /// The window is on screen.
    WindowShown,
    /// The chat list was painted.
    ChatListPainted,
    /// An opened chat was painted.
    ChatPainted,
    /// Enter was pressed in the composer.
    Enter,
    /// The own message was painted.
    EchoPainted,
    /// A chat was asked for (click or key).
    ChatAsked,
    /// The first sync after the start is complete.
    Synced,
}
