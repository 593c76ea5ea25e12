//! The keys of messages, beyond this device: the server's backup, the key that opens it, and files.
//!
//! **Invariant:** what comes back comes in through `intake::late_keys`, like every key.
//!
//! The backup is encrypted for a key that only this person's devices have; the recovery key opens the copy of it that
//! the server keeps (secret storage, Matrix spec "Secrets"). Nothing of either is ever logged.

use std::path::PathBuf;

use matrix_sdk::{
    Client,
    encryption::{RoomKeyImportError, recovery::RecoveryError, secret_storage::SecretStorageError},
};
use tidings_model::{Code, Failure};

use crate::fault::Fault;

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
