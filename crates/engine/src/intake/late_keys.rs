//! A key that arrives late: the rows that waited for it are decrypted and go in again, in their place.
//!
//! Keys come from other devices over sync, from a file that was imported, and from the server's backup once this device
//! has its key. A backup is asked for the sessions that rows wait for, one request at a time; what it gives comes in like
//! any other key. What this device asks its siblings for is the SDK's own business (`m.room_key_request`).
//!
//! The SDK asks for a key as soon as it misses it, and the key may be here before the row is: so what was recorded without
//! one is tried once more right after ([`note`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};

use futures_util::StreamExt as _;
use matrix_sdk::{
    Client, Room,
    deserialized_responses::TimelineEvent,
    encryption::backups::BackupState,
    ruma::{events::room::encrypted::OriginalSyncRoomEncryptedEvent, serde::Raw},
};
use serde_json::json;
use tidings_model::{EventId, Failure, RoomId};
use tidings_vault::{Batch, Encryption};
use tokio::sync::Notify;

use super::translate;
use crate::{backoff, broadcast::lock, fault::Fault, session::Session};

/// How many rows one key decrypts at a time.
const AT_ONCE: usize = 500;
/// From so many sessions of one room on, a backup is asked for all of that room's keys at once.
const MANY: usize = 20;

/// Wait for keys until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    let Some(client) = session.opened_client().await else { return };
    let Some(mut keys) = client.encryption().room_keys_received_stream().await else { return };
    // A key that came just before the last end of the program has no other moment.
    tried(decrypt_all(&session).await);
    let mut backups = client.encryption().backups().state_stream();
    let mut restoring: Option<Restoring> = None;
    loop {
        let restored = async {
            match restoring.as_mut() {
                Some(restoring) => restoring.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            received = keys.next() => match received {
                Some(Ok(keys)) => {
                    let came = keys.into_iter().map(|key| (RoomId(key.room_id.to_string()), key.session_id));
                    use_keys(&session, came.collect()).await;
                }
                // Some were missed: try every row that waits.
                Some(Err(_)) => tried(decrypt_all(&session).await),
                None => return,
            },
            () = session.missed_keys.again.notified() => {
                let missed = std::mem::take(&mut *lock(&session.missed_keys.keys));
                use_keys(&session, missed).await;
            }
            state = backups.next() => match state {
                Some(Ok(BackupState::Enabled)) => {
                    let (session, client) = (Arc::clone(&session), client.clone());
                    restoring = Some(Box::pin(async move { from_backup(&session, &client).await }));
                }
                Some(_) => {}
                None => return,
            },
            () = restored => restoring = None,
        }
    }
}

/// Keys that were not here when their rows were recorded.
#[derive(Default)]
pub(crate) struct Missed {
    keys: Mutex<BTreeSet<(RoomId, String)>>,
    again: Notify,
}

/// The keys that a batch lacks.
pub(crate) fn missing(batch: &Batch) -> BTreeSet<(RoomId, String)> {
    let mut missing = BTreeSet::new();
    for room in &batch.rooms {
        for event in room.timeline.iter().flat_map(|timeline| &timeline.events) {
            if let Encryption::Undecryptable { session: Some(session), .. } = &event.encryption {
                missing.insert((room.room.clone(), session.clone()));
            }
        }
    }
    missing
}

/// Rows were recorded without these keys, which may have come meanwhile.
pub(crate) fn note(session: &Session, missing: BTreeSet<(RoomId, String)>) {
    if !missing.is_empty() {
        lock(&session.missed_keys.keys).extend(missing);
        session.missed_keys.again.notify_one();
    }
}

/// Keys that are being asked for.
type Restoring = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Keys came.
async fn use_keys(session: &Session, keys: BTreeSet<(RoomId, String)>) {
    for (room, megolm) in keys {
        tried(decrypt(session, &room, &megolm).await);
    }
}

fn tried(outcome: Result<(), Failure>) {
    if let Err(failure) = outcome {
        tracing::warn!(code = ?failure.code, "waiting rows were not tried again: {}", failure.details);
    }
}

/// Ask the server's backup for every key that rows wait for.
async fn from_backup(session: &Session, client: &Client) {
    let sessions = match session.vault(|vault| vault.waiting_sessions()).await {
        Ok(sessions) => sessions,
        Err(failure) => {
            tracing::warn!(code = ?failure.code, "waiting rows were not read: {}", failure.details);
            return;
        }
    };
    let mut rooms: BTreeMap<RoomId, Vec<String>> = BTreeMap::new();
    for (room, megolm) in sessions {
        rooms.entry(room).or_default().push(megolm);
    }
    for (room, sessions) in rooms {
        let Ok(id) = matrix_sdk::ruma::RoomId::parse(room.as_str()) else { continue };
        let backups = client.encryption().backups();
        if sessions.len() >= MANY {
            asked(session, || async { backups.download_room_keys_for_room(&id).await }).await;
            continue;
        }
        for megolm in &sessions {
            asked(session, || async { backups.download_room_key(&id, megolm).await.map(drop) }).await;
        }
    }
}

/// Ask until there is an answer, be it that the backup does not have it.
async fn asked<F: Future<Output = matrix_sdk::Result<()>>>(session: &Session, ask: impl Fn() -> F) {
    let mut failures = 0;
    while let Err(error) = ask().await {
        let fault = Fault::of(&error);
        if !fault.heals() {
            return;
        }
        let limit = if let Fault::Limited(limit) = fault { limit } else { None };
        session.pause(backoff::wait(failures, limit)).await;
        failures = failures.saturating_add(1);
    }
}

/// Try whatever waits, one row of each key first: where the newest does not open, the key is not here.
async fn decrypt_all(session: &Session) -> Result<(), Failure> {
    for (room, megolm) in session.vault(|vault| vault.waiting_sessions()).await? {
        if several(session, waiting(session, &room, &megolm, 1).await?).await? {
            decrypt(session, &room, &megolm).await?;
        }
    }
    Ok(())
}

/// Decrypt what waits for one key.
async fn decrypt(session: &Session, room: &RoomId, megolm: &str) -> Result<(), Failure> {
    loop {
        let waiting = waiting(session, room, megolm, AT_ONCE).await?;
        let full = waiting.len() == AT_ONCE;
        // What stays stands in front of the rest.
        if !several(session, waiting).await? || !full {
            return Ok(());
        }
    }
}

async fn waiting(
    session: &Session,
    room: &RoomId,
    megolm: &str,
    most: usize,
) -> Result<Vec<(RoomId, EventId)>, Failure> {
    let (room, megolm) = (room.clone(), megolm.to_owned());
    session.vault(move |vault| vault.undecryptable(Some(&room), Some(&megolm), most)).await
}

/// Decrypt these rows; whether any could be.
async fn several(session: &Session, waiting: Vec<(RoomId, EventId)>) -> Result<bool, Failure> {
    let mut any = false;
    let rooms: BTreeSet<RoomId> = waiting.iter().map(|(room, _)| room.clone()).collect();
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
        any = true;
        let (events, seals) = loop {
            match translate(session, &sdk_room, &decrypted, false, &mut BTreeSet::new()).await {
                Ok(translated) => break translated,
                Err(Fault::SessionEnded) => return Ok(false),
                // The rows wait as they did.
                Err(_) => session.pause(backoff::wait(3, None)).await,
            }
        };
        let changes = session.vault(move |vault| vault.redecrypt_sealed(&room, &events, &seals)).await?;
        session.publish(changes);
    }
    Ok(any)
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
