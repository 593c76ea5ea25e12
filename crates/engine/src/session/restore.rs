//! From a vault to a running session: the stores are opened, the tasks start.

use std::sync::Arc;

use matrix_sdk::{Client, store::RoomLoadSettings};
use tidings_model::{Code, Connection, Failure};
use tidings_vault::keying;

use super::{
    Session, client,
    client::Address,
    document,
    document::SessionDocument,
    keys, recovery,
    repair::{self, Keys, Lost},
};
use crate::{fault::Fault, history, intake, notices, outbox, ports::StoredKey, profile, retention, sync};

/// The folder of the SDK's stores inside an account's folder.
pub(crate) const STORES: &str = "sdk";

/// Let the SDK's stores in this account's folder be opened with the account's key.
pub(crate) fn key_stores(session_folder: &std::path::Path, key: &StoredKey) -> Result<(), Failure> {
    let stores = session_folder.join(STORES);
    profile::private_folder(&stores).map_err(|error| Failure::new(Code::DiskFull, error))?;
    keying::register(&stores, &tidings_vault::VaultKey::new(key.0)).map_err(|error| super::vault_failure(&error))
}

/// A client over the account's stores, with its session; no request is made.
pub(crate) async fn client(session: &Session) -> Result<Client, Failure> {
    let document = session.vault(|vault| Ok(SessionDocument::load(vault))).await??;
    let address = Address::parse(&document.homeserver)?;
    let client = client::resident(&address, &session.folder.join(STORES))
        .await
        .map_err(|error| Fault::of_build(&error).failure(error))?;
    client
        .matrix_auth()
        .restore_session(document.matrix_session()?, RoomLoadSettings::default())
        .await
        .map_err(|error| Fault::of(&error).failure(error))?;
    Ok(client)
}

/// Start everything an open account does. `client` is given right after a sign-in, else the stores are opened first.
pub(crate) fn run(session: &Arc<Session>, client: Option<Client>) {
    if let Some(client) = client {
        session.client.send_replace(Some(client));
        session.spawn("count the keys", |session| async move {
            is_current(&session).await;
        });
    } else {
        session.spawn("open the stores", |session| async move { open(&session).await });
    }
    session.spawn("sync", sync::run);
    session.spawn("outbox", outbox::run);
    session.spawn("history", history::run);
    session.spawn("retention", retention::run);
    session.spawn("notices", notices::run);
    session.spawn("settings", intake::settings::run);
    session.spawn("late keys", intake::late_keys::run);
    session.spawn("spare key", |session| async move { keep_spare(&session).await });
    session.spawn("recovery", |session| async move { recovery::watch(&session).await });
    session.spawn("own profile", |session| async move { intake::own_profile::refresh(&session).await });
}

/// Whether the device's keys are those that were used last; if so, that they are opened once more is counted.
async fn is_current(session: &Session) -> bool {
    match repair::keys(session).await {
        Ok(Keys::Current { opened }) => {
            if let Err(failure) = repair::count_opening(session, opened).await {
                tracing::warn!(code = ?failure.code, "opening the keys was not counted: {}", failure.details);
            }
            true
        }
        Ok(Keys::Lost) => false,
        // Damage is looked at where the stores do not open.
        Err(failure) => {
            tracing::error!(code = ?failure.code, "the keys cannot be looked at: {}", failure.details);
            true
        }
    }
}

async fn open(session: &Session) {
    if !is_current(session).await {
        tracing::error!("the keys of this device are gone, or an older copy");
        repair::set_keys_aside(session);
        repair::end_lost_device(session).await;
        session.connection.send_replace(Connection::SessionEnded);
        return;
    }
    let mut opened = client(session).await;
    if let Err(failure) = &opened {
        tracing::error!(code = ?failure.code, "the stores do not open: {}", failure.details);
        match repair::examine_stores(&session.folder).await {
            Ok(Some(Lost::Copies)) => opened = client(session).await,
            Ok(Some(Lost::Device)) => repair::end_lost_device(session).await,
            Ok(None) => {}
            Err(failure) => tracing::error!(code = ?failure.code, "nor can they be set aside: {}", failure.details),
        }
    }
    match opened {
        Ok(client) => drop(session.client.send_replace(Some(client))),
        // History stays readable from the vault; without stores there is no way to the server.
        Err(_) => drop(session.connection.send_replace(Connection::SessionEnded)),
    }
}

/// Give the server its half of the spare key, once.
async fn keep_spare(session: &Session) {
    if document::spare_is_kept(&session.vault) {
        return;
    }
    let Some(client) = session.opened_client().await else { return };
    let keychain = Arc::clone(&session.ports.keychain);
    let account = session.account.clone();
    let loaded = tokio::task::spawn_blocking(move || keychain.load(&account)).await;
    let Ok(Ok(Some(key))) = loaded else { return };
    let half = match keys::wrap(&session.folder, &session.account, &key) {
        Ok(half) => half,
        Err(error) => {
            tracing::warn!("the spare key was not written: {error}");
            return;
        }
    };
    let mut failures = 0;
    while let Err(error) = keys::give(&client, &session.account, &half).await {
        let fault = Fault::of(&error);
        if !fault.heals() {
            tracing::warn!(?fault, "the server does not keep its half of the spare key");
            return;
        }
        session.pause(crate::backoff::wait(failures, None)).await;
        failures += 1;
    }
    if let Err(failure) = document::remember_spare(&session.vault) {
        tracing::warn!("the spare key's state was not kept: {failure}");
    }
}
