//! A damaged file is set aside, and what was in it fetched again.
//!
//! **Invariant:** nothing is deleted: a damaged vault or store keeps its bytes under a name that says when, until its
//! account goes.
//! **Invariant:** the vault alone decides what a person wrote and what is still to be sent; a damaged store of the SDK
//! costs time, never a message.
//!
//! The vault: what can be read of it is saved (drafts, unsent messages, the session), and a new one is filled by the next
//! sync. Without the session only a whole sign-in goes on, as a new device. The SDK's stores: rooms, media and the event
//! cache are fetched again by the same device. The store of keys cannot be: a device that lost its keys, or went back to
//! old ones, must never be used again, so its session is ended and the person signs in as a new device.

use std::{path::Path, sync::Arc};

use matrix_sdk::store::RoomLoadSettings;
use tidings_model::{AccountId, Care, Code, Connection, Failure, SignIn, UserId};
use tidings_vault::{Vault, VaultError, VaultKey, keying};

use super::{
    Session, client, document,
    document::SessionDocument,
    restore::{self, STORES},
    sign_in, vault_failure,
};
use crate::{accounts::Accounts, fault::Fault, ports::StoredKey, profile::private_folder};

/// The store of the device's keys.
const KEYS: &str = "matrix-sdk-crypto.sqlite3";

/// Build a damaged vault anew. Gives the vault, and the client when a new device was signed in.
///
/// # Errors
/// [`Code::SignInNeeded`] when the session cannot be read and no sign-in was given; as a sign-in otherwise.
pub(crate) async fn vault(
    accounts: &Accounts,
    account: &AccountId,
    key: StoredKey,
    asked: Option<&SignIn>,
) -> Result<(Vault, Option<matrix_sdk::Client>), Failure> {
    let folder = accounts.folder(account);
    let vault_key = VaultKey::new(key.0);
    let salvage = {
        let (folder, key) = (folder.clone(), vault_key.clone());
        blocking(move || Vault::salvage(&folder, &key).map_err(|error| vault_failure(&error))).await?
    };
    let kept = document::salvaged_session(&salvage);
    let (own, fresh, client) = match (kept, asked) {
        (Some(session), _) => (salvage.own_user.clone().unwrap_or_else(|| UserId(session.user.clone())), None, None),
        (None, None) => return Err(Failure::new(Code::SignInNeeded, "the session was lost with the vault")),
        (None, Some(asked)) => {
            // The device these stores belong to is not known any more.
            set_stores_aside(&folder).map_err(|error| Failure::new(Code::DiskFull, error))?;
            restore::key_stores(&folder, &key)?;
            let (client, session) =
                sign_in::device(&folder, asked, &accounts.device_name, accounts.ports.clock.now()).await?;
            if salvage.own_user.as_ref().is_some_and(|own| own.as_str() != session.user) {
                let _ = client.logout().await;
                return Err(Failure::new(Code::WrongPassword, "this is another person's account"));
            }
            (UserId(session.user.clone()), Some(session), Some(client))
        }
    };
    let vault = blocking(move || {
        let vault = Vault::rebuild(&folder, &vault_key, &own, &salvage).map_err(|error| vault_failure(&error))?;
        if let Some(session) = fresh {
            session.save(&vault)?;
        }
        document::remember_care(&vault, Some(Care::Rebuilt { lost: salvage.lost > 0 }))?;
        Ok(vault)
    })
    .await?;
    Ok((vault, client))
}

/// Look at the SDK's stores of an account whose client does not open, and set aside what is damaged. `true` when the keys
/// are among it: the device is lost then.
///
/// # Errors
/// When a file cannot be renamed.
pub(crate) async fn examine_stores(folder: &Path) -> Result<Option<Lost>, Failure> {
    let stores = folder.join(STORES);
    blocking(move || {
        let failed = |error: &dyn std::fmt::Display| Failure::new(Code::DiskFull, error);
        let mut damaged = Vec::new();
        for entry in std::fs::read_dir(&stores).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            let database = path.extension().is_some_and(|extension| extension == "sqlite3");
            if database && !keying::is_whole(&path).map_err(|error| vault_failure(&error))? {
                damaged.push(path);
            }
        }
        if damaged.is_empty() {
            return Ok(None);
        }
        tracing::error!(count = damaged.len(), "stores are damaged and set aside");
        if damaged.iter().any(|path| path.ends_with(KEYS)) {
            set_stores_aside(stores.parent().unwrap_or(&stores)).map_err(|error| failed(&error))?;
            return Ok(Some(Lost::Device));
        }
        for path in damaged {
            keying::set_aside(&path).map_err(|error| failed(&error))?;
        }
        Ok(Some(Lost::Copies))
    })
    .await
}

/// What was lost with a damaged store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// What the server has too.
    Copies,
    /// The device's keys.
    Device,
}

/// How the keys of this session's device stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// As they were when they were last used.
    Current {
        /// How often they were opened.
        opened: u32,
    },
    /// There are none, or an older copy: with these Olm would use keys again that others saw used.
    Lost,
}

/// Look at the keys: how often they were opened is written into them and into the vault, so that an older copy of the one
/// file shows beside the other.
///
/// # Errors
/// When a file cannot be read.
pub(crate) async fn keys(session: &Session) -> Result<Keys, Failure> {
    let file = session.folder.join(STORES).join(KEYS);
    session
        .vault(move |vault| {
            Ok((|| {
                let device = SessionDocument::load(vault)?.device.clone();
                let known = document::keys_opened(vault, &device)?;
                Ok(match keying::marked(&file) {
                    Ok(opened) if opened >= known => Keys::Current { opened },
                    Ok(_) | Err(VaultError::Missing) => Keys::Lost,
                    Err(error) => return Err(vault_failure(&error)),
                })
            })())
        })
        .await?
}

/// Open the keys once more: first they say it, then the vault, so that the vault never knows more than they do.
///
/// # Errors
/// When a file cannot be written.
pub(crate) async fn count_opening(session: &Session, opened: u32) -> Result<(), Failure> {
    let file = session.folder.join(STORES).join(KEYS);
    let opened = opened.saturating_add(1);
    session
        .vault(move |vault| {
            keying::mark(&file, opened)?;
            Ok(SessionDocument::load(vault)
                .and_then(|session| document::remember_keys_opened(vault, &session.device, opened)))
        })
        .await?
}

/// The keys are lost: nothing of this device is used any more.
pub(crate) fn set_keys_aside(session: &Session) {
    if session.folder.join(STORES).join(KEYS).exists()
        && let Err(error) = set_stores_aside(&session.folder)
    {
        tracing::error!("the keys of a lost device cannot be set aside: {error}");
    }
}

/// End the session of a device whose keys are gone, so that nobody encrypts for it any more. Best effort.
pub(crate) async fn end_lost_device(session: &Session) {
    let Ok(Ok(document)) = session.vault(|vault| Ok(SessionDocument::load(vault))).await else { return };
    let ended = async {
        let address = client::Address::parse(&document.homeserver)?;
        let client = client::caller(&address).await.map_err(|error| Fault::of_build(&error).failure(error))?;
        let old = document.matrix_session()?;
        client
            .matrix_auth()
            .restore_session(old, RoomLoadSettings::default())
            .await
            .map_err(|error| Fault::of(&error).failure(error))?;
        client.logout().await.map_err(|error| Fault::of(&error).failure(error))
    };
    if let Err(failure) = ended.await {
        tracing::info!(code = ?failure.code, "the lost device was not signed out");
    }
}

/// Rename the folder of the stores to a name that is free.
fn set_stores_aside(folder: &Path) -> std::io::Result<()> {
    let stores = folder.join(STORES);
    if stores.exists() {
        let free =
            (1..10_000_u32).map(|count| folder.join(format!("{STORES}-damaged-{count}"))).find(|path| !path.exists());
        std::fs::rename(&stores, free.ok_or(std::io::ErrorKind::AlreadyExists)?)?;
    }
    // The key stays with the name.
    private_folder(&stores)
}

/// A store failed again and again though there is room on the disk: look at all of them, and open the account anew.
pub(crate) async fn reopen(session: Arc<Session>) {
    let old = session.client.borrow().clone();
    session.disconnect().await;
    if let Some(old) = old {
        let _ = old.pause().await;
    }
    match examine_stores(&session.folder).await {
        Ok(Some(Lost::Device)) => {
            end_lost_device(&session).await;
            session.connection.send_replace(Connection::SessionEnded);
        }
        Ok(Some(Lost::Copies) | None) => restore::run(&session, None),
        Err(failure) => {
            tracing::error!(code = ?failure.code, "the stores cannot be looked at: {}", failure.details);
            restore::run(&session, None);
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Failure::new(Code::Internal, error))?
}
