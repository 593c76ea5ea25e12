//! Finding messages, people and chats.

use tauri::{State, ipc::Channel};
use tidings_model::{AccountId, Failure, RebuildUpdate, SearchRequest, SearchResults};

use crate::running::Running;

/// Answer a search from this computer.
#[tauri::command]
pub(crate) async fn search(
    running: State<'_, Running>,
    account: AccountId,
    request: SearchRequest,
) -> Result<SearchResults, Failure> {
    running.engine().await?.search(account, request).await
}

/// Make the search index anew, and check it.
#[tauri::command]
pub(crate) async fn rebuild_search(
    running: State<'_, Running>,
    account: AccountId,
    channel: Channel<RebuildUpdate>,
) -> Result<(), Failure> {
    let sink = running.sink(channel);
    running.engine().await?.rebuild_search(account, sink).await
}
