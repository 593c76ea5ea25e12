//! Messages that are there: changing, deleting, reacting, voting, playing.

use tauri::{State, ipc::Response};
use tidings_model::{AccountId, Draft, EventId, Failure, MediaRef, RoomId, TransactionId};

use crate::running::Running;

/// The text of an own message as it was typed.
#[tauri::command]
pub(crate) async fn message_text(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    event: EventId,
) -> Result<String, Failure> {
    running.engine().await?.message_text(account, room, event).await
}

/// Give an own message another text.
#[tauri::command]
pub(crate) async fn edit_message(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    event: EventId,
    draft: Draft,
) -> Result<TransactionId, Failure> {
    running.engine().await?.edit_message(account, room, event, draft).await
}

/// Delete a message for everyone.
#[tauri::command]
pub(crate) async fn redact(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    event: EventId,
) -> Result<TransactionId, Failure> {
    running.engine().await?.redact(account, room, event).await
}

/// React to a message.
#[tauri::command]
pub(crate) async fn send_reaction(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    event: EventId,
    key: String,
) -> Result<TransactionId, Failure> {
    running.engine().await?.send_reaction(account, room, event, key).await
}

/// Take an own reaction back.
#[tauri::command]
pub(crate) async fn remove_reaction(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    event: EventId,
    key: String,
) -> Result<TransactionId, Failure> {
    running.engine().await?.remove_reaction(account, room, event, key).await
}

/// Vote in a poll.
#[tauri::command]
pub(crate) async fn vote(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    poll: EventId,
    answers: Vec<String>,
) -> Result<TransactionId, Failure> {
    running.engine().await?.vote(account, room, poll, answers).await
}

/// Close a poll.
#[tauri::command]
pub(crate) async fn end_poll(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    poll: EventId,
) -> Result<TransactionId, Failure> {
    running.engine().await?.end_poll(account, room, poll).await
}

/// Star a message, or take the star away.
#[tauri::command]
pub(crate) async fn set_starred(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
    event: EventId,
    starred: bool,
) -> Result<(), Failure> {
    running.engine().await?.set_starred(account, room, event, starred).await
}

/// Go to the room in which a chat goes on.
#[tauri::command]
pub(crate) async fn follow_move(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
) -> Result<RoomId, Failure> {
    running.engine().await?.follow_move(account, room).await
}

/// Everything in a chat counts as read.
#[tauri::command]
pub(crate) async fn mark_chat_read(
    running: State<'_, Running>,
    account: AccountId,
    room: RoomId,
) -> Result<(), Failure> {
    running.engine().await?.mark_chat_read(account, room).await
}

/// A film or a sound, whole.
#[tauri::command]
pub(crate) async fn played_media(
    running: State<'_, Running>,
    account: AccountId,
    media: MediaRef,
) -> Result<Response, Failure> {
    let media = running.engine().await?.played_media(account, media).await?;
    Ok(Response::new(media.bytes.to_vec()))
}
