//! The chat list.

use tauri::{State, ipc::Channel};
use tidings_model::{AccountId, ChatListUpdate, Failure, RoomId};

use crate::running::Running;

/// Follow the chat list.
#[tauri::command]
pub(crate) async fn subscribe_chats(
    running: State<'_, Running>,
    account: AccountId,
    channel: Channel<ChatListUpdate>,
) -> Result<(), Failure> {
    let sink = running.sink(channel);
    running.engine().await?.subscribe_chats(account, sink).await
}

/// Join, or decline an invitation.
#[tauri::command]
pub(crate) async fn answer_invitation(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    join: bool,
) -> Result<(), Failure> {
    running.engine().await?.answer_invitation(account, room, join).await
}
