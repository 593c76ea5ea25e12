//! One intent, carried to the server once.

use std::sync::Arc;

use matrix_sdk::{
    Room, RoomState,
    ruma::{
        EventId as RumaEventId, OwnedEventId, OwnedServerName, OwnedTransactionId, RoomId as RumaRoomId, RoomOrAliasId,
        api::{
            client::{
                membership::leave_room,
                read_marker::set_read_marker,
                receipt::create_receipt::{self, v3::ReceiptType},
                state::get_state_event_for_key,
            },
            error::ErrorKind,
        },
        events::{
            StateEventType, marked_unread::MarkedUnreadEventContent, receipt::ReceiptThread as RumaReceiptThread,
        },
    },
};
use serde_json::Value;
use tidings_model::{EventId, RoomId};
use tidings_vault::{Action, Intent, Membership, ReceiptThread};

use crate::{broadcast::lock, fault::Fault, intake, session::Session};

/// Carry an intent to the server. The event it became, for messages.
pub(super) async fn deliver(session: &Arc<Session>, intent: &Intent) -> Result<Option<EventId>, Fault> {
    let id = intent.room.clone();
    let chat = session.vault(move |vault| vault.chat(&id)).await.map_err(|_| Fault::Local)?;
    let summary = chat.map(|chat| chat.summary);
    // The vault knows whether this person left; the SDK may not have opened the room yet, which is no refusal.
    let missing = match &summary {
        Some(summary) if summary.membership != Membership::Left => Fault::Silent,
        _ => Fault::WrongRoom,
    };
    if let (Action::Membership { join: true }, None) = (&intent.action, session.room(&intent.room)) {
        return join_unknown(session, intent).await;
    }
    if let Action::Membership { join: false } = &intent.action {
        return leave(session, &intent.room).await.map(|()| None);
    }
    let room = session.room(&intent.room).ok_or(missing.clone())?;
    match &intent.action {
        Action::Message { event_type, content } => {
            if room.state() != RoomState::Joined {
                return Err(missing);
            }
            let state = room.latest_encryption_state().await.map_err(|error| Fault::of(&error))?;
            // A server that says that an encrypted chat is not encrypted any more gets nothing in the clear.
            if summary.is_some_and(|summary| summary.encrypted) && !state.is_encrypted() {
                return Err(Fault::Encryption);
            }
            if !state.is_encrypted() && !is_clear(session, &room).await? {
                // The sync brings it in a moment.
                return Err(Fault::Silent);
            }
            let transaction = OwnedTransactionId::from(intent.transaction.as_str());
            if event_type == "m.room.redaction" {
                return redact(&room, content, transaction).await;
            }
            let sent = room
                .send_raw(event_type, content.clone())
                .with_transaction_id(&transaction)
                .await
                .map_err(|error| Fault::of(&error))?;
            Ok(Some(EventId(sent.response.event_id.to_string())))
        }
        Action::Receipt { event, thread } => {
            // An id we cannot even read was never on the server; there is nothing to tell it.
            let Ok(event) = RumaEventId::parse(event.as_str()) else { return Ok(None) };
            match receipt(&room, event, thread).await {
                Ok(()) => Ok(None),
                Err(error) => match Fault::of(&error) {
                    // A receipt nobody may set (left the room, unknown event) is no one's loss.
                    fault if fault.refusal().is_some() => Ok(None),
                    fault => Err(fault),
                },
            }
        }
        Action::MarkUnread { unread } => {
            // Told as it is here, whatever the SDK believes: it hears of what others set only later.
            match room.set_account_data(MarkedUnreadEventContent::new(*unread)).await {
                Ok(_) => Ok(None),
                Err(error) => match Fault::of(&error) {
                    fault if fault.refusal().is_some() => Ok(None),
                    fault => Err(fault),
                },
            }
        }
        Action::Membership { .. } => room.join().await.map(|()| None).map_err(|error| Fault::of(&error)),
    }
}

/// Leave this room and no other: the SDK's `Room::leave` goes on to the rooms that this one names as its predecessors,
/// whoever wrote that there; and the SDK may not know it any more, after a kill between this and its record.
///
/// It is forgotten when the sync tells that it was left ([`intake::live`]): of a room that is forgotten a server tells
/// nothing more, and an answer that was on its way, in which this person is still there, would bring it back for good.
async fn leave(session: &Session, id: &RoomId) -> Result<(), Fault> {
    let client = session.client.borrow().clone().ok_or(Fault::Silent)?;
    // An id we cannot even read was never on the server.
    let Ok(room_id) = RumaRoomId::parse(id.as_str()) else { return Ok(()) };
    let news = match client.send(leave_room::v3::Request::new(room_id.clone())).await {
        Ok(_) => true,
        // Nobody may leave where they are not.
        Err(error) if matches!(error.client_api_error_kind(), Some(ErrorKind::Forbidden | ErrorKind::NotFound)) => {
            false
        }
        Err(error) => return Err(Fault::of_http(&error)),
    };
    let room = client.get_room(&room_id);
    if let Some(room) = &room {
        intake::left::mark(room).await?;
    }
    intake::left_here(session, id.clone()).await.map_err(|_| Fault::Local)?;
    if let Some(room) = room.filter(|_| !news) {
        intake::forget(room).await;
    }
    Ok(())
}

/// Tell how far this person has read: everything, the main timeline, or a thread (MSC3771). The fully read marker knows no
/// threads; it follows the main timeline.
///
/// Not by the SDK's own calls: they take away the mark "unread", which may have been set since, here or elsewhere. Where
/// reading takes it away there is an intent for that.
async fn receipt(room: &Room, event: OwnedEventId, thread: &ReceiptThread) -> matrix_sdk::Result<()> {
    let client = room.client();
    let mut marker = set_read_marker::v3::Request::new(room.room_id().to_owned());
    marker.fully_read = Some(event.clone());
    let thread = match thread {
        ReceiptThread::Unthreaded => {
            marker.read_receipt = Some(event);
            client.send(marker).await?;
            return Ok(());
        }
        ReceiptThread::Main => RumaReceiptThread::Main,
        ReceiptThread::Thread { root } => match RumaEventId::parse(root.as_str()) {
            Ok(root) => RumaReceiptThread::Thread(root),
            Err(_) => return Ok(()),
        },
    };
    let main = thread == RumaReceiptThread::Main;
    let mut read = create_receipt::v3::Request::new(room.room_id().to_owned(), ReceiptType::Read, event);
    read.thread = thread;
    client.send(read).await?;
    if main {
        client.send(marker).await?;
    }
    Ok(())
}

/// Join a room that nobody invited to: the one in which a chat goes on. The server of whoever named it knows the way.
async fn join_unknown(session: &Session, intent: &Intent) -> Result<Option<EventId>, Fault> {
    let client = session.client.borrow().clone().ok_or(Fault::Silent)?;
    let room = RumaRoomId::parse(intent.room.as_str()).map_err(|_| Fault::WrongRoom)?;
    let from =
        client.joined_rooms().into_iter().find(|old| old.successor_room().is_some_and(|next| next.room_id == room));
    let via: Vec<OwnedServerName> = match from {
        Some(old) => old.route().await.unwrap_or_default(),
        None => Vec::new(),
    };
    let joined = client.join_room_by_id_or_alias(<&RoomOrAliasId>::from(&*room), &via).await;
    joined.map(|_| None).map_err(|error| Fault::of(&error))
}

/// A redaction has an address of its own, and is never encrypted (Matrix spec, "Redactions").
async fn redact(room: &Room, content: &Value, transaction: OwnedTransactionId) -> Result<Option<EventId>, Fault> {
    let event = content.get("redacts").and_then(Value::as_str).unwrap_or_default();
    // An id that cannot be read was never on the server.
    let event = RumaEventId::parse(event).map_err(|_| Fault::WrongRoom)?;
    let reason = content.get("reason").and_then(Value::as_str);
    let sent = room.redact(&event, reason, Some(transaction)).await.map_err(|error| Fault::of_http(&error))?;
    Ok(Some(EventId(sent.event_id.to_string())))
}

/// Whether the server, too, says that a room is not encrypted. Asked once a room while the program runs: what is known here
/// may be behind (a room is told of while it is being made), and what was said in the clear cannot be taken back.
async fn is_clear(session: &Session, room: &Room) -> Result<bool, Fault> {
    if lock(&session.clear_rooms).contains(room.room_id()) {
        return Ok(true);
    }
    let id = room.room_id().to_owned();
    let request = get_state_event_for_key::v3::Request::new(id.clone(), StateEventType::RoomEncryption, String::new());
    match room.client().send(request).await {
        Ok(_) => Ok(false),
        Err(error) if error.client_api_error_kind() == Some(&ErrorKind::NotFound) => {
            lock(&session.clear_rooms).insert(id);
            Ok(true)
        }
        Err(error) => Err(Fault::of_http(&error)),
    }
}
