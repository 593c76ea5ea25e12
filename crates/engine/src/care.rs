//! Care of the files: a damaged vault is built anew, and the person reads what happened.

use tidings_model::{AccountId, Failure, SignIn};

use crate::{
    Engine,
    session::{document::remember_care, repair, restore},
};

impl Engine {
    /// Build a damaged vault anew: what can be read of it is saved, the rest comes from the server. With a whole sign-in
    /// when the session was lost with it. The damaged file is kept aside.
    ///
    /// # Errors
    /// [`tidings_model::Code::SignInNeeded`]; as [`Engine::sign_in`].
    pub async fn repair(&self, account: AccountId, sign_in: Option<SignIn>) -> Result<(), Failure> {
        self.accounts.known(&account)?;
        if self.accounts.open_account(&account).is_ok() {
            return Ok(());
        }
        let key = self.key(&account).await?;
        restore::key_stores(&self.accounts.folder(&account), &key)?;
        let (vault, client) = repair::vault(&self.accounts, &account, key, sign_in.as_ref()).await?;
        self.accounts.run(&account, vault, client);
        self.accounts.tell().await;
        Ok(())
    }

    /// The person has read what happened to the files ([`tidings_model::Account::care`]).
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub async fn care_read(&self, account: AccountId) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        session.vault(|vault| Ok(remember_care(vault, None))).await??;
        self.accounts.tell().await;
        Ok(())
    }
}
