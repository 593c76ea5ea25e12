//! The verbs around the keys of messages.

use tidings_model::{AccountId, Code, Failure, SafeFileName};

use super::Engine;
use crate::{media, session::recovery};

/// How a file of keys is called.
const KEYS: &str = "Tidings message keys.txt";
/// Where a file of keys lies while it is read, in the folder of the account.
const COPY: &str = "keys-to-import";

impl Engine {
    /// Keep the keys of messages on the server, so that another device can read them, and give the recovery key that
    /// opens them. Waits until all are there.
    ///
    /// # Errors
    /// [`Code::InUse`] when the server has a backup that this device does not know; as the server refuses.
    pub async fn set_up_recovery(&self, account: AccountId) -> Result<String, Failure> {
        recovery::set_up(&self.opened(&account)?).await
    }

    /// Use a recovery key: what could not be read becomes readable in its place, as its keys come.
    ///
    /// # Errors
    /// [`Code::WrongKey`]; [`Code::Gone`] when there is nothing to open; as the server refuses.
    pub async fn recover(&self, account: AccountId, key: String) -> Result<(), Failure> {
        recovery::recover(&self.opened(&account)?, &key).await
    }

    /// Write the keys of all messages into a file of the downloads folder, encrypted with a passphrase; the name it was
    /// given.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn export_keys(&self, account: AccountId, passphrase: String) -> Result<String, Failure> {
        let client = self.opened(&account)?;
        let folder = self.accounts.ports.desktop.downloads();
        let place = folder.clone();
        let name = tokio::task::spawn_blocking(move || media::write_new(&place, &SafeFileName::new(KEYS), b""))
            .await
            .map_err(|error| Failure::new(Code::Internal, error))?
            .map_err(|error| Failure::new(Code::DiskFull, error))?;
        recovery::export(&client, folder.join(&name), &passphrase).await?;
        Ok(name)
    }

    /// Take the keys of a file that this or another messenger wrote; how many were new.
    ///
    /// # Errors
    /// [`Code::WrongKey`] for a wrong passphrase or a file that is no such export.
    pub async fn import_keys(&self, account: AccountId, file: Vec<u8>, passphrase: String) -> Result<usize, Failure> {
        let client = self.opened(&account)?;
        let session = self.accounts.open_account(&account)?.session;
        // The SDK reads files only. What lies there for a moment is encrypted with the passphrase.
        let copy = session.folder.join(COPY);
        let disk = |error| Failure::new(Code::DiskFull, error);
        tokio::fs::write(&copy, file).await.map_err(disk)?;
        let imported = recovery::import(&client, copy.clone(), &passphrase).await;
        tokio::fs::remove_file(&copy).await.map_err(disk)?;
        imported
    }

    /// The SDK's client of an open account.
    fn opened(&self, account: &AccountId) -> Result<matrix_sdk::Client, Failure> {
        let session = self.accounts.open_account(account)?.session;
        let client = session.client.borrow().clone();
        client.ok_or_else(|| Failure::new(Code::Offline, "the stores are not open yet"))
    }
}
