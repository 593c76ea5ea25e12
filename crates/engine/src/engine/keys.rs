//! The verbs around the keys of messages.

use std::path::PathBuf;

use tidings_model::{AccountId, Code, Failure};

use super::Engine;
use crate::session::recovery;

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

    /// Write the keys of all messages into a file, encrypted with a passphrase.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn export_keys(&self, account: AccountId, file: PathBuf, passphrase: String) -> Result<(), Failure> {
        recovery::export(&self.opened(&account)?, file, &passphrase).await
    }

    /// Take the keys of a file that this or another messenger wrote; how many were new.
    ///
    /// # Errors
    /// [`Code::WrongKey`] for a wrong passphrase or a file that is no such export, [`Code::Gone`] when it is missing.
    pub async fn import_keys(&self, account: AccountId, file: PathBuf, passphrase: String) -> Result<usize, Failure> {
        if !tokio::fs::try_exists(&file).await.unwrap_or_default() {
            return Err(Failure::new(Code::Gone, "there is no such file"));
        }
        recovery::import(&self.opened(&account)?, file, &passphrase).await
    }

    /// The SDK's client of an open account.
    fn opened(&self, account: &AccountId) -> Result<matrix_sdk::Client, Failure> {
        let session = self.accounts.open_account(account)?.session;
        let client = session.client.borrow().clone();
        client.ok_or_else(|| Failure::new(Code::Offline, "the stores are not open yet"))
    }
}
