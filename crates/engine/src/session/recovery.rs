//! The keys of messages, beyond this device: the server's backup, the key that opens it, and files.
//!
//! **Invariant:** what comes back comes in through `intake::late_keys`, like every key.
//!
//! The backup is encrypted for a key that only this person's devices have; the recovery key opens the copy of it that
//! the server keeps (secret storage, Matrix spec "Secrets"). Nothing of either is ever logged.
//!
//! How that stands is kept, for a start without a network: whoever signs out must know what goes with it.

use std::path::PathBuf;

use futures_util::StreamExt as _;
use matrix_sdk::{
    Client,
    encryption::{
        RoomKeyImportError,
        recovery::{RecoveryError, RecoveryState},
        secret_storage::SecretStorageError,
    },
};
use tidings_model::{Code, Connection, Failure, Recovery};

use super::{News, Session, document};
use crate::{backoff, fault::Fault};

/// Learn how recovery stands, and whenever that changes.
pub(crate) async fn watch(session: &Session) {
    let Some(client) = session.opened_client().await else { return };
    let mut states = client.encryption().recovery().state_stream();
    let missing = is_missing(session, &client);
    tokio::pin!(missing);
    let mut asking = true;
    loop {
        let learnt = tokio::select! {
            state = states.next() => match state {
                Some(state) => stands(&client, state).await,
                None => return,
            },
            missing = &mut missing, if asking => {
                asking = false;
                missing.then_some(Recovery::Off)
            }
        };
        let Some(learnt) = learnt else { continue };
        match session.vault(move |vault| Ok(document::remember_recovery(vault, learnt))).await {
            Ok(Ok(true)) => {
                // No reader is no error.
                let _ = session.feed.send(News::Me);
            }
            Ok(Ok(false)) => {}
            Ok(Err(failure)) | Err(failure) => tracing::warn!("how recovery stands was not kept: {failure}"),
        }
    }
}

/// What a state of the SDK's means here; `None` while it does not know.
async fn stands(client: &Client, state: RecoveryState) -> Option<Recovery> {
    Some(match state {
        RecoveryState::Unknown => return None,
        RecoveryState::Disabled => Recovery::Off,
        RecoveryState::Incomplete => Recovery::Elsewhere,
        // There may be a recovery key although somebody switched the keeping of keys off.
        RecoveryState::Enabled => {
            let kept = client.encryption().backups().are_enabled().await;
            if kept { Recovery::On } else { Recovery::Off }
        }
    })
}

/// Whether there is no recovery, where the SDK does not find out: it asks once, right after the start, and without a
/// network then it hears of a recovery later, but never of none.
async fn is_missing(session: &Session, client: &Client) -> bool {
    let mut failures = 0;
    loop {
        let mut connection = session.connection.subscribe();
        if connection.wait_for(|connection| *connection == Connection::Online).await.is_err() {
            return false;
        }
        if client.encryption().recovery().state() != RecoveryState::Unknown {
            return false;
        }
        match client.encryption().secret_storage().is_enabled().await {
            Ok(enabled) => return !enabled,
            Err(error) if Fault::of(&error).heals() => {
                session.pause(backoff::wait(failures, None)).await;
                failures += 1;
            }
            Err(_) => return false,
        }
    }
}

/// Keep the keys on the server, and give the key that opens them.
pub(crate) async fn set_up(client: &Client) -> Result<String, Failure> {
    let recovery = client.encryption().recovery();
    recovery.enable().wait_for_backups_to_upload().await.map_err(|error| refused(&error))
}

/// Open what the server keeps with its key: this device then trusts itself, and its backup is read from.
pub(crate) async fn recover(client: &Client, key: &str) -> Result<(), Failure> {
    client.encryption().recovery().recover(key.trim()).await.map_err(|error| refused(&error))
}

/// Write every key that is here into a file, encrypted with a passphrase (Matrix spec, "Key exports").
pub(crate) async fn export(client: &Client, file: PathBuf, passphrase: &str) -> Result<(), Failure> {
    client
        .encryption()
        .export_room_keys(file, passphrase, |_| true)
        .await
        .map_err(|error| Fault::of(&error).failure(error))
}

/// Take the keys of a file; how many were new.
pub(crate) async fn import(client: &Client, file: PathBuf, passphrase: &str) -> Result<usize, Failure> {
    match client.encryption().import_room_keys(file, passphrase).await {
        Ok(result) => Ok(result.imported_count),
        Err(error) => {
            let code = match &error {
                RoomKeyImportError::Export(_) => Code::WrongKey,
                _ => Code::Internal,
            };
            Err(Failure::new(code, error))
        }
    }
}

fn refused(error: &RecoveryError) -> Failure {
    match error {
        RecoveryError::BackupExistsOnServer => Failure::new(Code::InUse, error),
        RecoveryError::Sdk(error) | RecoveryError::SecretStorage(SecretStorageError::Sdk(error)) => {
            Fault::of(error).failure(error)
        }
        RecoveryError::SecretStorage(SecretStorageError::SecretStorageKey(_)) => {
            // The cause names the key that was typed.
            Failure::new(Code::WrongKey, "the recovery key does not fit")
        }
        RecoveryError::SecretStorage(SecretStorageError::MissingKeyInfo { .. }) => {
            Failure::new(Code::Gone, "the server keeps no secrets")
        }
        RecoveryError::SecretStorage(_) => Failure::new(Code::Internal, "the secrets could not be imported"),
    }
}
