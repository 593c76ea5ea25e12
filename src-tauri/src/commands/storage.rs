//! What this computer keeps: how much, for how long, and the keys to it.

use tauri::State;
use tidings_model::{AccountId, Failure, Storage};

use crate::running::Running;

/// What takes room on the disk.
#[tauri::command]
pub(crate) async fn storage(running: State<'_, Running>, account: AccountId) -> Result<Storage, Failure> {
    running.engine().await?.storage(account).await
}

/// Delete the damaged files that were set aside.
#[tauri::command]
pub(crate) async fn remove_set_aside(running: State<'_, Running>, account: AccountId) -> Result<(), Failure> {
    running.engine().await?.remove_set_aside(account).await
}

/// Keep messages for so many days, or for good.
#[tauri::command]
pub(crate) async fn set_retention(
    running: State<'_, Running>,
    account: AccountId,
    days: Option<u32>,
) -> Result<(), Failure> {
    running.engine().await?.set_retention(account, days).await
}

/// Keep the keys of messages on the server; the key that opens them.
#[tauri::command]
pub(crate) async fn set_up_recovery(running: State<'_, Running>, account: AccountId) -> Result<String, Failure> {
    running.engine().await?.set_up_recovery(account).await
}

/// Use a recovery key.
#[tauri::command]
pub(crate) async fn recover(running: State<'_, Running>, account: AccountId, key: String) -> Result<(), Failure> {
    running.engine().await?.recover(account, key).await
}

/// Write the keys of all messages into a file.
#[tauri::command]
pub(crate) async fn export_keys(
    running: State<'_, Running>,
    account: AccountId,
    passphrase: String,
) -> Result<String, Failure> {
    running.engine().await?.export_keys(account, passphrase).await
}

/// Take the keys of a file; how many were new.
#[tauri::command]
pub(crate) async fn import_keys(
    running: State<'_, Running>,
    account: AccountId,
    file: Vec<u8>,
    passphrase: String,
) -> Result<usize, Failure> {
    running.engine().await?.import_keys(account, file, passphrase).await
}
