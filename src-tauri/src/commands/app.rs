//! The window as a whole: its state, where the person looks, links, files, colours, timings.

use tauri::{State, ipc::Channel};
use tidings_model::{AccountId, AppUpdate, Attention, Failure, Mark, MediaRef, Theme};

use crate::running::Running;

/// Follow the state of the program.
#[tauri::command]
pub(crate) async fn subscribe_app(running: State<'_, Running>, channel: Channel<AppUpdate>) -> Result<(), Failure> {
    let sink = running.sink(channel);
    running.engine().await?.subscribe_app(sink);
    Ok(())
}

/// Where the person is looking.
#[tauri::command]
pub(crate) async fn set_attention(running: State<'_, Running>, attention: Attention) -> Result<(), Failure> {
    running.engine().await?.set_attention(attention);
    Ok(())
}

/// Open a link of a message.
#[tauri::command]
pub(crate) async fn open_link(running: State<'_, Running>, href: String) -> Result<(), Failure> {
    running.engine().await?.open_link(&href)
}

/// Save a message's file into the downloads folder; answers with its name there.
#[tauri::command]
pub(crate) async fn save_file(
    running: State<'_, Running>,
    account: AccountId,
    media: MediaRef,
) -> Result<String, Failure> {
    running.engine().await?.save_file(account, media).await
}

/// Choose the colours.
#[tauri::command]
pub(crate) async fn set_theme(running: State<'_, Running>, theme: Theme) -> Result<(), Failure> {
    running.engine().await?.set_theme(theme).await
}

/// Keep how wide the chat list is.
#[tauri::command]
pub(crate) async fn set_list_width(running: State<'_, Running>, width: u16) -> Result<(), Failure> {
    running.engine().await?.set_list_width(width).await
}

/// Try the server now.
#[tauri::command]
pub(crate) async fn try_now(running: State<'_, Running>) -> Result<(), Failure> {
    running.engine().await?.try_now();
    Ok(())
}

/// Write down a moment for `--timings`.
#[tauri::command]
pub(crate) fn timing(running: State<'_, Running>, mark: Mark, detail: Option<String>) {
    running.timings.mark(mark, detail.as_deref());
}
