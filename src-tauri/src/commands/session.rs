//! Signing in and out, and locked vaults.

use tauri::State;
use tidings_model::{AccountId, Failure, Organisation, SignIn};

use crate::running::Running;

/// Find the homeserver behind an address.
#[tauri::command]
pub(crate) async fn discover(running: State<'_, Running>, address: String) -> Result<Organisation, Failure> {
    running.engine().await?.discover(address).await
}

/// Sign in with a password.
#[tauri::command]
pub(crate) async fn sign_in(running: State<'_, Running>, sign_in: SignIn) -> Result<(), Failure> {
    running.engine().await?.sign_in(sign_in).await
}

/// Sign out and wipe the account from this computer.
#[tauri::command]
pub(crate) async fn sign_out(running: State<'_, Running>, account: AccountId) -> Result<(), Failure> {
    running.engine().await?.sign_out(account).await
}

/// Try to open a locked vault again, with a full sign-in when the keyring cannot give its key.
#[tauri::command]
pub(crate) async fn unlock(
    running: State<'_, Running>,
    account: AccountId,
    sign_in: Option<SignIn>,
) -> Result<(), Failure> {
    running.engine().await?.unlock(account, sign_in).await
}

/// Build a damaged vault anew.
#[tauri::command]
pub(crate) async fn repair(
    running: State<'_, Running>,
    account: AccountId,
    sign_in: Option<SignIn>,
) -> Result<(), Failure> {
    running.engine().await?.repair(account, sign_in).await
}

/// What happened to the files was read.
#[tauri::command]
pub(crate) async fn care_read(running: State<'_, Running>, account: AccountId) -> Result<(), Failure> {
    running.engine().await?.care_read(account).await
}

/// Sign in again after the server ended the session.
#[tauri::command]
pub(crate) async fn sign_in_again(
    running: State<'_, Running>,
    account: AccountId,
    password: String,
) -> Result<(), Failure> {
    running.engine().await?.sign_in_again(account, password).await
}
