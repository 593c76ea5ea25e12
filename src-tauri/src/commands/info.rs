//! A chat beside its messages, and leaving it.

use tauri::State;
use tidings_model::{AccountId, ChatInfo, Failure, PartKind, Parts, RoomId};

use crate::running::Running;

/// Who is in a chat, and what it is about.
#[tauri::command]
pub(crate) async fn chat_info(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
) -> Result<ChatInfo, Failure> {
    running.engine().await?.chat_info(account, room).await
}

/// What the messages of a chat carry.
#[tauri::command]
pub(crate) async fn chat_parts(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    kind: PartKind,
    cursor: Option<String>,
) -> Result<Parts, Failure> {
    running.engine().await?.chat_parts(account, room, kind, cursor).await
}

/// Leave a chat, and delete it from this computer.
#[tauri::command]
pub(crate) async fn leave_chat(running: State<'_, Running>, account: AccountId, room: RoomId) -> Result<(), Failure> {
    running.engine().await?.leave_chat(account, room).await
}
