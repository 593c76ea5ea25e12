//! Finding an organisation's server, and signing in.
//!
//! **Invariant:** an account's folder is marked unfinished until the server, the keyring and the vault all have what
//! they need; whatever stops a sign-in half-way is removed, then or at the next start.

use std::{path::Path, sync::Arc};

use matrix_sdk::{
    Client,
    ruma::{
        api::client::{keys::upload_keys, session::get_login_types::v3::LoginType},
        serde::Raw,
    },
};
use rand::Rng as _;
use tidings_model::{AccountId, Code, Failure, Organisation, SignIn, Timestamp, UserId};
use tidings_vault::{Vault, VaultKey, keying};

use super::{
    client::{self, Address},
    document::SessionDocument,
    keys::{self, SpareError},
    restore, vault_failure,
};
use crate::{
    Ports,
    fault::Fault,
    ports::{Keychain, KeychainError, StoredKey},
    profile::Profile,
};

/// Simplified sliding sync (MSC4186) in the server's `unstable_features`.
const SLIDING_SYNC: &str = "org.matrix.simplified_msc3575";

/// Find the homeserver behind an address, and see that it can serve us.
pub(crate) async fn discover(typed: &str) -> Result<(Organisation, Address), Failure> {
    let address = Address::parse(typed)?;
    let client = visit(&address).await?;
    let supported = client.supported_versions().await.map_err(|error| not_found(&Fault::of_http(&error), &error))?;
    if !supported.features.iter().any(|feature| feature.as_str() == SLIDING_SYNC) {
        return Err(Failure::new(Code::ServerUnsupported, "the server has no simplified sliding sync (MSC4186)"));
    }
    let types =
        client.matrix_auth().get_login_types().await.map_err(|error| not_found(&Fault::of_http(&error), &error))?;
    let password = types.flows.iter().any(|flow| matches!(flow, LoginType::Password(_)));
    let homeserver = client.homeserver();
    let organisation = Organisation { name: address.shown(), homeserver: homeserver.to_string(), password };
    let located = Address::parse(homeserver.as_str())?;
    Ok((organisation, located))
}

async fn visit(address: &Address) -> Result<Client, Failure> {
    client::visitor(address).await.map_err(|error| not_found(&Fault::of_build(&error), &error))
}

/// Before anything is known of a server, most faults mean that there is none.
fn not_found(fault: &Fault, error: &dyn std::fmt::Display) -> Failure {
    let code = match fault {
        Fault::Offline | Fault::Local => Code::UnknownServer,
        Fault::Captive | Fault::Unsupported | Fault::Refused { .. } => Code::NotAHomeserver,
        other => return other.failure(error),
    };
    Failure::new(code, error)
}

/// A fresh account: signed in, with its vault made and its key kept.
pub(crate) struct Fresh {
    pub(crate) account: AccountId,
    pub(crate) vault: Vault,
    pub(crate) client: Client,
}

/// Sign in and make the account.
pub(crate) async fn sign_in(
    profile: &Profile,
    ports: &Ports,
    device_name: &str,
    sign_in: &SignIn,
) -> Result<Fresh, Failure> {
    let (organisation, address) = discover(&sign_in.address).await?;
    if !organisation.password {
        return Err(Failure::new(Code::PasswordUnsupported, "the server takes no passwords"));
    }
    let account = profile.new_account()?;
    let made = make(profile, ports, device_name, sign_in, &address, &account).await;
    if made.is_err() {
        keying::forget(&profile.account(&account).join(restore::STORES));
        let _ = in_keychain(&ports.keychain, &account, |keychain, account| keychain.forget(account)).await;
        if let Err(failure) = profile.remove(&account) {
            tracing::warn!("what a refused sign-in left is removed at the next start: {failure}");
        }
    }
    made
}

async fn make(
    profile: &Profile,
    ports: &Ports,
    device_name: &str,
    sign_in: &SignIn,
    address: &Address,
    account: &AccountId,
) -> Result<Fresh, Failure> {
    let folder = profile.account(account);
    let key = StoredKey(rand::rng().random());
    // The keyring first: without it there is no point in making a device on the server.
    let kept = key.clone();
    in_keychain(&ports.keychain, account, move |keychain, account| keychain.store(account, &kept)).await?;
    restore::key_stores(&folder, &key)?;
    let (client, document) = device_at(address, &folder, sign_in, device_name, ports.clock.now()).await?;
    let user = UserId(document.user.clone());
    let made_in = folder.clone();
    let vault = tokio::task::spawn_blocking(move || {
        let vault = Vault::create(&made_in, &VaultKey::new(key.0), &user).map_err(|error| vault_failure(&error))?;
        document.save(&vault)?;
        Ok::<_, Failure>(vault)
    })
    .await
    .map_err(|error| Failure::new(Code::Internal, error))?;
    let vault = match vault {
        Ok(vault) => vault,
        Err(failure) => {
            // Nobody will ever use this device.
            let _ = client.logout().await;
            return Err(failure);
        }
    };
    profile.finish(account)?;
    Ok(Fresh { account: account.clone(), vault, client })
}

/// Sign in a new device whose stores lie in this account's folder.
pub(crate) async fn device(
    folder: &Path,
    sign_in: &SignIn,
    device_name: &str,
    now: Timestamp,
) -> Result<(Client, SessionDocument), Failure> {
    let (_, address) = discover(&sign_in.address).await?;
    device_at(&address, folder, sign_in, device_name, now).await
}

async fn device_at(
    address: &Address,
    folder: &Path,
    sign_in: &SignIn,
    device_name: &str,
    now: Timestamp,
) -> Result<(Client, SessionDocument), Failure> {
    let client = client::resident(address, &folder.join(restore::STORES))
        .await
        .map_err(|error| Fault::of_build(&error).failure(error))?;
    log_in(&client, &sign_in.user, &sign_in.password, device_name, None).await?;
    let session = client.matrix_auth().session().ok_or_else(|| Failure::new(Code::Internal, "no session"))?;
    // An address that was typed whole says nothing about the organisation; the names of its people do.
    let organisation = session.meta.user_id.server_name().to_string();
    let document = SessionDocument::new(address_text(address), organisation, now, &session);
    Ok((client, document))
}

fn address_text(address: &Address) -> String {
    match address {
        Address::Url(url) => url.to_string(),
        Address::Name(name) => name.clone(),
    }
}

/// Sign in on a client with a password; on a known device if one is given.
pub(crate) async fn log_in(
    client: &Client,
    user: &str,
    password: &str,
    device_name: &str,
    device: Option<&str>,
) -> Result<(), Failure> {
    let mut login = client.matrix_auth().login_username(user.trim(), password).initial_device_display_name(device_name);
    if let Some(device) = device {
        login = login.device_id(device);
    }
    login.send().await.map(drop).map_err(|error| not_signed_in(&Fault::of(&error), &error))
}

/// What a server does not allow while somebody signs in is the name with this password; nowhere else.
fn not_signed_in(fault: &Fault, error: &dyn std::fmt::Display) -> Failure {
    match fault {
        Fault::Refused { code, .. } if code == "M_FORBIDDEN" => Failure::new(Code::WrongPassword, error),
        other => other.failure(error),
    }
}

/// Give the server this device's keys again: where a session was ended with its device, the server forgot them, and the
/// SDK believes that they are still there. Without them nobody encrypts for this device any more.
pub(crate) async fn publish_device(client: &Client) -> matrix_sdk::Result<()> {
    let Some(device) = client.encryption().get_own_device().await? else { return Ok(()) };
    let mut request = upload_keys::v3::Request::new();
    request.device_keys = Some(Raw::new(device.as_device_keys())?.cast_unchecked());
    client.send(request).await?;
    Ok(())
}

/// Put the key of a vault together from the profile's half and the server's.
pub(crate) async fn spare_key(folder: &Path, account: &AccountId, sign_in: &SignIn) -> Result<StoredKey, Failure> {
    let (_, address) = discover(&sign_in.address).await?;
    let client = client::caller(&address).await.map_err(|error| Fault::of_build(&error).failure(error))?;
    log_in(&client, &sign_in.user, &sign_in.password, "Tidings (unlocking)", None).await?;
    let half = keys::ask(&client, account).await;
    // The device was only there to ask.
    if let Err(error) = client.logout().await {
        tracing::warn!(fault = ?Fault::of(&error), "the unlocking device could not be signed out");
    }
    let half = half.map_err(|error| Fault::of(&error).failure(error))?;
    let half = half.ok_or_else(|| Failure::new(Code::KeyLost, "the server has no half of this key"))?;
    keys::unwrap(folder, account, &half).map_err(|error| {
        let code = match error {
            SpareError::Missing | SpareError::DoesNotFit => Code::KeyLost,
            SpareError::File(_) => Code::Damaged,
        };
        Failure::new(code, error)
    })
}

/// Ask the keyring where blocking is allowed.
pub(crate) async fn in_keychain<T: Send + 'static>(
    keychain: &Arc<dyn Keychain>,
    account: &AccountId,
    work: impl FnOnce(&dyn Keychain, &AccountId) -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, Failure> {
    let (keychain, account) = (Arc::clone(keychain), account.clone());
    tokio::task::spawn_blocking(move || work(keychain.as_ref(), &account))
        .await
        .map_err(|error| Failure::new(Code::Internal, error))?
        .map_err(|error| {
            let code = match error {
                KeychainError::Missing(_) => Code::KeyringMissing,
                KeychainError::Locked(_) | KeychainError::Platform(_) => Code::KeyringLocked,
            };
            Failure::new(code, error)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refused_sign_in_says_that_the_password_is_wrong() {
        let refused = |code: &str| Fault::Refused { status: 403, code: code.to_owned() };
        for (fault, expected) in [
            (refused("M_FORBIDDEN"), Code::WrongPassword),
            (refused("M_USER_DEACTIVATED"), Code::AccountClosed),
            (Fault::Offline, Code::Offline),
        ] {
            assert_eq!(not_signed_in(&fault, &"").code, expected, "{fault:?}");
        }
    }
}
