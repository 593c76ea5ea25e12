//! A key that arrives late: the rows that waited for it are decrypted and go in again, in their place.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::StreamExt as _;
use matrix_sdk::{
    Room,
    deserialized_responses::TimelineEvent,
    ruma::{events::room::encrypted::OriginalSyncRoomEncryptedEvent, serde::Raw},
};
use serde_json::json;
use tidings_model::{EventId, Failure, RoomId};

use super::translate;
use crate::session::Session;

/// How many rows one key decrypts at a time.
const AT_ONCE: usize = 500;

/// Wait for keys until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    let Some(client) = session.opened_client().await else { return };
    let Some(mut keys) = client.encryption().room_keys_received_stream().await else { return };
    // A key that came just before the last end of the program has no other moment.
    if let Err(failure) = decrypt(&session, None, None).await {
        tracing::warn!(code = ?failure.code, "waiting rows were not tried again: {}", failure.details);
    }
    while let Some(received) = keys.next().await {
        let wanted: Vec<(Option<RoomId>, Option<String>)> = match received {
            Ok(keys) => {
                keys.into_iter().map(|key| (Some(RoomId(key.room_id.to_string())), Some(key.session_id))).collect()
            }
            // Some were missed: try every row that waits.
            Err(_) => vec![(None, None)],
        };
        for (room, megolm) in wanted {
            if let Err(failure) = decrypt(&session, room, megolm).await {
                tracing::warn!(code = ?failure.code, "late keys were not used: {}", failure.details);
            }
        }
    }
}

async fn decrypt(session: &Session, room: Option<RoomId>, megolm: Option<String>) -> Result<(), Failure> {
    let waiting = session.vault(move |vault| vault.undecryptable(room.as_ref(), megolm.as_deref(), AT_ONCE)).await?;
    let mut rooms: Vec<RoomId> = waiting.iter().map(|(room, _)| room.clone()).collect();
    rooms.dedup();
    for room in rooms {
        let Some(sdk_room) = session.room(&room) else { continue };
        let events: Vec<EventId> =
            waiting.iter().filter(|(other, _)| *other == room).map(|(_, event)| event.clone()).collect();
        let mut decrypted = Vec::new();
        for event in events {
            if let Some(event) = one(session, &sdk_room, &room, event).await? {
                decrypted.push(event);
            }
        }
        if decrypted.is_empty() {
            continue;
        }
        let events = translate(session, &sdk_room, &decrypted, false, &mut BTreeSet::new()).await;
        let changes = session.vault(move |vault| vault.redecrypt(&room, &events)).await?;
        session.publish(changes);
    }
    Ok(())
}

/// Decrypt one row; `None` when it still cannot be.
async fn one(
    session: &Session,
    sdk_room: &Room,
    room: &RoomId,
    event: EventId,
) -> Result<Option<TimelineEvent>, Failure> {
    let (room, id) = (room.clone(), event.clone());
    let Some(row) = session.vault(move |vault| vault.message(&room, &id)).await? else { return Ok(None) };
    let mut unsigned = json!({});
    if let (Some(transaction), Some(unsigned)) = (&row.transaction, unsigned.as_object_mut()) {
        unsigned.insert("transaction_id".to_owned(), json!(transaction));
    }
    let raw = json!({
        "type": "m.room.encrypted",
        "event_id": row.event,
        "sender": row.sender,
        "origin_server_ts": row.time.0.max(0),
        "content": row.content,
        "unsigned": unsigned,
    });
    let Ok(raw) = Raw::<OriginalSyncRoomEncryptedEvent>::from_json_string(raw.to_string()) else { return Ok(None) };
    let context = sdk_room.push_context().await.ok().flatten();
    let decrypted = sdk_room.decrypt_event(&raw, context.as_ref()).await;
    Ok(decrypted.ok().filter(|event| !event.kind.is_utd()))
}
