//! What a session needs to go on after a restart: kept in the vault, never in the keyring (which has limits and prompts)
//! and never in a file of its own.

use matrix_sdk::{
    SessionMeta, SessionTokens,
    authentication::matrix::MatrixSession,
    ruma::{OwnedDeviceId, OwnedUserId},
};
use serde::{Deserialize, Serialize};
use tidings_model::{Care, Code, EventId, Failure, Recovery, RoomId, Timestamp};
use tidings_vault::{Salvage, Vault};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::vault_failure;

/// The document of the session.
const SESSION: &str = "session";
/// The document of this person as others see them.
const PROFILE: &str = "profile";
/// The document that names the chat that was open last.
const LAST_CHAT: &str = "last chat";
/// The document of what happened to the files.
const CARE: &str = "care";
/// The document of messages that the server gave and does not have any more, and of which the person was told.
const MISSED: &str = "missed by the server";
/// The document of how often the device's keys were opened.
const KEYS: &str = "keys";
/// The document of how the recovery of keys stands.
const RECOVERY: &str = "recovery";
/// The document that says that the server keeps its half of the spare key.
const SPARE: &str = "spare";

/// A session as it is kept.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct SessionDocument {
    /// The homeserver's address.
    pub(crate) homeserver: String,
    /// The organisation's name.
    pub(crate) organisation: String,
    /// The Matrix id.
    pub(crate) user: String,
    /// The device's id.
    pub(crate) device: String,
    /// When this device was signed in.
    #[serde(default)]
    #[zeroize(skip)]
    pub(crate) signed_in: Timestamp,
    /// The access token.
    access_token: String,
}

impl SessionDocument {
    /// From a session that the SDK just made.
    pub(crate) fn new(homeserver: String, organisation: String, signed_in: Timestamp, session: &MatrixSession) -> Self {
        Self {
            homeserver,
            organisation,
            signed_in,
            user: session.meta.user_id.to_string(),
            device: session.meta.device_id.to_string(),
            access_token: session.tokens.access_token.clone(),
        }
    }

    /// For the SDK.
    pub(crate) fn matrix_session(&self) -> Result<MatrixSession, Failure> {
        let user: OwnedUserId = self
            .user
            .parse()
            .map_err(|error| Failure::new(Code::Damaged, format_args!("the session's user: {error}")))?;
        Ok(MatrixSession {
            meta: SessionMeta { user_id: user, device_id: OwnedDeviceId::from(self.device.as_str()) },
            tokens: SessionTokens { access_token: self.access_token.clone(), refresh_token: None },
        })
    }

    /// Keep it.
    pub(crate) fn save(&self, vault: &Vault) -> Result<(), Failure> {
        save(vault, SESSION, self)
    }

    /// Read it.
    pub(crate) fn load(vault: &Vault) -> Result<Self, Failure> {
        load(vault, SESSION)?.ok_or_else(|| Failure::new(Code::Damaged, "the vault has no session"))
    }
}

/// This person as others see them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProfileDocument {
    /// The display name.
    pub(crate) name: Option<String>,
    /// The picture's `mxc:` address.
    pub(crate) avatar: Option<String>,
}

impl ProfileDocument {
    /// Keep it.
    pub(crate) fn save(&self, vault: &Vault) -> Result<(), Failure> {
        save(vault, PROFILE, self)
    }

    /// Read it; empty before the first sync.
    pub(crate) fn load(vault: &Vault) -> Self {
        load(vault, PROFILE).ok().flatten().unwrap_or_default()
    }
}

/// The session in what was saved of a damaged vault.
pub(crate) fn salvaged_session(salvage: &Salvage) -> Option<SessionDocument> {
    serde_json::from_slice(salvage.document(SESSION)?).ok()
}

/// What happened to the files, until it was read.
pub(crate) fn care(vault: &Vault) -> Option<Care> {
    if vault.setback().unwrap_or_default() { Some(Care::WentBack) } else { load(vault, CARE).ok().flatten() }
}

/// Something happened to the files; or it was read.
pub(crate) fn remember_care(vault: &Vault, care: Option<Care>) -> Result<(), Failure> {
    match care {
        Some(care) => save(vault, CARE, &care),
        None => vault.setback_read().and_then(|()| vault.remove_document(CARE)).map_err(|error| vault_failure(&error)),
    }
}

/// Messages of which the person was told that the server does not have them any more.
pub(crate) fn missed_by_the_server(vault: &Vault) -> Vec<EventId> {
    load(vault, MISSED).ok().flatten().unwrap_or_default()
}

/// The server does not have these messages any more. What happened to the files of this computer is said first.
pub(crate) fn the_server_misses(vault: &Vault, messages: Vec<EventId>) -> Result<(), Failure> {
    let mut all = missed_by_the_server(vault);
    all.extend(messages);
    save(vault, MISSED, &all)?;
    if care(vault).is_none() { remember_care(vault, Some(Care::ServerWentBack)) } else { Ok(()) }
}

/// The chat that was open last.
pub(crate) fn last_chat(vault: &Vault) -> Option<RoomId> {
    load(vault, LAST_CHAT).ok().flatten()
}

/// Remember the chat that is open.
pub(crate) fn remember_last_chat(vault: &Vault, room: &RoomId) -> Result<(), Failure> {
    if last_chat(vault).as_ref() == Some(room) { Ok(()) } else { save(vault, LAST_CHAT, room) }
}

/// How often the keys of a device were opened, as the vault knows it. They know it themselves, and are an older copy where
/// they know of fewer times.
#[derive(Serialize, Deserialize)]
struct KeysDocument {
    device: String,
    opened: u32,
}

/// How often the keys of this device were opened.
pub(crate) fn keys_opened(vault: &Vault, device: &str) -> Result<u32, Failure> {
    let document: Option<KeysDocument> = load(vault, KEYS)?;
    Ok(document.filter(|document| document.device == device).map_or(0, |document| document.opened))
}

/// The keys of this device were opened once more.
pub(crate) fn remember_keys_opened(vault: &Vault, device: &str, opened: u32) -> Result<(), Failure> {
    save(vault, KEYS, &KeysDocument { device: device.to_owned(), opened })
}

/// How the recovery of keys stood when that was last learnt.
pub(crate) fn recovery(vault: &Vault) -> Recovery {
    load(vault, RECOVERY).ok().flatten().unwrap_or_default()
}

/// Keep how the recovery of keys stands; whether that is news.
pub(crate) fn remember_recovery(vault: &Vault, stands: Recovery) -> Result<bool, Failure> {
    if recovery(vault) == stands {
        return Ok(false);
    }
    save(vault, RECOVERY, &stands).map(|()| true)
}

/// Whether the server keeps its half of the spare key.
pub(crate) fn spare_is_kept(vault: &Vault) -> bool {
    matches!(vault.document(SPARE), Ok(Some(_)))
}

/// The server keeps its half of the spare key.
pub(crate) fn remember_spare(vault: &Vault) -> Result<(), Failure> {
    vault.set_document(SPARE, b"kept").map_err(|error| vault_failure(&error))
}

fn save<T: Serialize>(vault: &Vault, name: &str, value: &T) -> Result<(), Failure> {
    let bytes = Zeroizing::new(serde_json::to_vec(value).map_err(|error| Failure::new(Code::Internal, error))?);
    vault.set_document(name, &bytes).map_err(|error| vault_failure(&error))
}

fn load<T: for<'a> Deserialize<'a>>(vault: &Vault, name: &str) -> Result<Option<T>, Failure> {
    let Some(bytes) = vault.document(name).map_err(|error| vault_failure(&error))? else { return Ok(None) };
    let bytes = Zeroizing::new(bytes);
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| Failure::new(Code::Damaged, format_args!("document {name}: {error}")))
}
