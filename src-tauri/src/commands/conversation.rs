//! One chat: its history, and what is written into it.

use tauri::{State, ipc::Channel};
use tidings_model::{
    AccountId, ConversationId, ConversationUpdate, Draft, EventId, Failure, RoomId, Target, TransactionId,
};

use crate::running::Running;

/// Open a conversation.
#[tauri::command]
pub(crate) async fn open_chat(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    target: Target,
    channel: Channel<ConversationUpdate>,
) -> Result<ConversationId, Failure> {
    let sink = running.sink(channel);
    running.engine().await?.open_chat(account, room, target, sink).await
}

/// Open a thread of a chat.
#[tauri::command]
pub(crate) async fn open_thread(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    root: EventId,
    target: Target,
    channel: Channel<ConversationUpdate>,
) -> Result<ConversationId, Failure> {
    let sink = running.sink(channel);
    running.engine().await?.open_thread(account, room, root, target, sink).await
}

/// Show older messages.
#[tauri::command]
pub(crate) async fn load_older(running: State<'_, Running>, conversation: ConversationId) -> Result<(), Failure> {
    running.engine().await?.load_older(conversation).await
}

/// Fetch the whole history of a chat, or of all.
#[tauri::command]
pub(crate) async fn fetch_history(
    running: State<'_, Running>,
    account: AccountId,
    room: Option<RoomId>,
) -> Result<(), Failure> {
    running.engine().await?.fetch_history(account, room).await
}

/// Fetch no more of it than the policy does by itself.
#[tauri::command]
pub(crate) async fn stop_history(
    running: State<'_, Running>,
    account: AccountId,
    room: Option<RoomId>,
) -> Result<(), Failure> {
    running.engine().await?.stop_history(account, room).await
}

/// Show newer messages.
#[tauri::command]
pub(crate) async fn load_newer(running: State<'_, Running>, conversation: ConversationId) -> Result<(), Failure> {
    running.engine().await?.load_newer(conversation).await
}

/// Go to another place of a conversation.
#[tauri::command]
pub(crate) async fn jump(
    running: State<'_, Running>,
    conversation: ConversationId,
    target: Target,
) -> Result<(), Failure> {
    running.engine().await?.jump(conversation, target).await
}

/// Stop following a conversation.
#[tauri::command]
pub(crate) async fn close_chat(running: State<'_, Running>, conversation: ConversationId) -> Result<(), Failure> {
    running.engine().await?.close_chat(conversation).await;
    Ok(())
}

/// Record a message; it goes out as soon as it can.
#[tauri::command]
pub(crate) async fn send_message(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    draft: Draft,
) -> Result<TransactionId, Failure> {
    running.engine().await?.send_message(account, room, draft).await
}

/// Send a refused message again.
#[tauri::command]
pub(crate) async fn retry_send(
    running: State<'_, Running>,
    account: AccountId,
    transaction: TransactionId,
) -> Result<(), Failure> {
    running.engine().await?.retry_send(account, transaction).await
}

/// Delete a message that was refused.
#[tauri::command]
pub(crate) async fn discard_send(
    running: State<'_, Running>,
    account: AccountId,
    transaction: TransactionId,
) -> Result<(), Failure> {
    running.engine().await?.discard_send(account, transaction).await
}

/// Everything up to this message was read.
#[tauri::command]
pub(crate) async fn mark_read(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    thread: Option<EventId>,
    event: EventId,
) -> Result<(), Failure> {
    running.engine().await?.mark_read(account, room, thread, event).await
}

/// Mark a chat as unread, or take the mark away.
#[tauri::command]
pub(crate) async fn mark_unread(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    unread: bool,
) -> Result<(), Failure> {
    running.engine().await?.mark_unread(account, room, unread).await
}

/// Keep what stands in the composer.
#[tauri::command]
pub(crate) async fn save_draft(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    thread: Option<EventId>,
    text: String,
    reply_to: Option<EventId>,
) -> Result<(), Failure> {
    running.engine().await?.save_draft(account, room, thread, text, reply_to).await
}

/// This person is writing, or stopped.
#[tauri::command]
pub(crate) async fn set_typing(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    typing: bool,
) -> Result<(), Failure> {
    running.engine().await?.set_typing(account, room, typing).await;
    Ok(())
}
