//! The one way in: what the SDK received and decrypted becomes a batch, and the batch is recorded.
//!
//! **Invariant:** no other module writes messages. One response is one transaction of the vault; its changes are told
//! only after it is durable. An event that cannot be understood is kept as it is and shown as unsupported; it never
//! stops the others.

mod event;
pub(crate) mod history;
pub(crate) mod late_keys;
pub(crate) mod left;
pub(crate) mod own_profile;
mod room;
mod seal;
pub(crate) mod settings;
pub(crate) mod witness;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use matrix_sdk::{
    Client, Room,
    deserialized_responses::TimelineEvent,
    ruma::{
        OwnedRoomId, OwnedUserId,
        events::{
            AnyRoomAccountDataEvent, AnySyncEphemeralRoomEvent,
            receipt::{ReceiptThread, ReceiptType},
        },
        serde::Raw,
    },
    sync::{RoomUpdates, State, Timeline as SdkTimeline},
};
use tidings_model::{EventId, Failure, RoomId, Timestamp, UserId};
use tidings_vault::{
    Batch, Changes, Membership, Place, Receipt, RoomBatch, RoomSummary, Seal, ThreadReceipt, Timeline,
};

use crate::{
    broadcast::lock,
    fault::Fault,
    session::{News, Session},
};

/// Why a response was not taken in.
pub(crate) enum NotTaken {
    /// The server has to be asked about it first, and cannot be now. Nothing was recorded.
    Unasked(Fault),
    /// It could not be kept.
    NotKept(Failure),
}

impl From<Failure> for NotTaken {
    fn from(failure: Failure) -> Self {
        Self::NotKept(failure)
    }
}

impl From<Fault> for NotTaken {
    fn from(fault: Fault) -> Self {
        Self::Unasked(fault)
    }
}

/// Record what one response brought.
///
/// # Errors
/// As [`NotTaken`].
pub(crate) async fn live(session: &Arc<Session>, client: &Client, updates: RoomUpdates) -> Result<(), NotTaken> {
    let mut batch = Batch::default();
    for (id, update) in updates.joined {
        let Some(sdk_room) = client.get_room(&id) else { continue };
        let mut changed_members = member_keys(&update.state);
        let mut room = timeline(session, &sdk_room, update.timeline, &mut changed_members).await?;
        ephemeral(session, &id, &update.ephemeral, &mut room);
        room.marked_unread = marked_unread(&sdk_room, &update.account_data);
        room.summary = Some(room::summary(&sdk_room).await);
        room.members = room::members(&sdk_room, &changed_members).await;
        batch.rooms.push(room);
    }
    for (id, update) in updates.left {
        let Some(sdk_room) = client.get_room(&id) else { continue };
        // A chat that was deleted from this computer does not come back with the news that it was left.
        let room = RoomId(id.to_string());
        let known = session.vault(move |vault| vault.chat(&room)).await?;
        let Some(known) = known.map(|chat| chat.summary).filter(|summary| !summary.name.is_empty()) else {
            session.spawn_once(forget(sdk_room));
            continue;
        };
        // It was left here, or there was nothing to read in it yet.
        if known.membership != Membership::Joined && known.left_by.as_ref().is_none_or(|by| *by == session.user) {
            session.spawn_once(forget(sdk_room.clone()));
        }
        // Whoever removed this person may never have said anything here.
        let mut senders = member_senders(&update.state);
        let mut room = timeline(session, &sdk_room, update.timeline, &mut senders).await?;
        let mut summary = room::summary(&sdk_room).await;
        summary.left_by = left_by(&known, summary.left_by, &session.user);
        room.summary = Some(summary);
        room.members = room::members(&sdk_room, &senders).await;
        batch.rooms.push(room);
    }
    let mut invitations = Vec::new();
    for id in updates.invited.keys() {
        let Some(sdk_room) = client.get_room(id) else { continue };
        let mut room = RoomBatch::new(RoomId(id.to_string()));
        room.summary = Some(room::summary(&sdk_room).await);
        invitations.push(room.room.clone());
        batch.rooms.push(room);
    }
    if batch.rooms.is_empty() {
        return Ok(());
    }
    let holes = batch
        .rooms
        .iter()
        .any(|room| matches!(&room.timeline, Some(Timeline { place: Place::Live { prev_batch: Some(_) }, .. })));
    let missing = late_keys::missing(&batch);
    let (changes, invited) = session
        .vault(move |vault| {
            let mut fresh = Vec::new();
            for room in invitations {
                let known = vault.chat(&room)?.is_some_and(|chat| chat.summary.membership == Membership::Invited);
                if !known {
                    fresh.push(room);
                }
            }
            Ok((vault.record(&batch)?, fresh))
        })
        .await?;
    session.publish(changes);
    late_keys::note(session, missing);
    if holes {
        session.history.wake();
    }
    for room in invited {
        let _ = session.feed.send(News::Invited(room));
    }
    Ok(())
}

/// Who ended this person's membership, by what was known of the room before.
fn left_by(known: &RoomSummary, told: Option<UserId>, me: &UserId) -> Option<UserId> {
    match known.membership {
        Membership::Joined => told,
        // There was nothing to read yet: an invitation that is taken back is no more than one that was declined.
        Membership::Invited => Some(me.clone()),
        // What comes of it later (a ban after a removal) does not change how it ended.
        Membership::Left => known.left_by.clone().or(told),
    }
}

/// What the stores and the server keep of a room that was left goes, too; without that it is only not shown.
pub(crate) async fn forget(room: Room) {
    if let Err(error) = room.forget().await {
        tracing::info!(fault = ?Fault::of(&error), "a room that was left was not forgotten");
    }
}

/// Record that this person left a room, or declined to come in.
pub(crate) async fn left_here(session: &Session, room: RoomId) -> Result<(), Failure> {
    let me = session.user.clone();
    let changes = session
        .vault(move |vault| {
            let known = vault.chat(&room)?.map(|chat| chat.summary);
            // One that was deleted from this computer does not come back with that.
            let Some(mut summary) = known.filter(|known| !known.name.is_empty()) else { return Ok(Changes::default()) };
            if summary.membership == Membership::Left {
                return Ok(Changes::default());
            }
            summary.membership = Membership::Left;
            summary.can_write = false;
            summary.left_by = Some(me);
            let mut batch = RoomBatch::new(room);
            batch.summary = Some(summary);
            vault.record(&Batch { rooms: vec![batch] })
        })
        .await?;
    session.publish(changes);
    Ok(())
}

/// Record who these people are in a room.
pub(crate) async fn members(session: &Session, room: &Room, users: &BTreeSet<OwnedUserId>) -> Result<(), Failure> {
    let mut batch = RoomBatch::new(RoomId(room.room_id().to_string()));
    batch.members = room::members(room, users).await;
    let changes = session.vault(move |vault| vault.record(&Batch { rooms: vec![batch] })).await?;
    session.publish(changes);
    Ok(())
}

async fn timeline(
    session: &Session,
    room: &Room,
    timeline: SdkTimeline,
    members: &mut BTreeSet<OwnedUserId>,
) -> Result<RoomBatch, Fault> {
    let mut batch = RoomBatch::new(RoomId(room.room_id().to_string()));
    if timeline.events.is_empty() {
        return Ok(batch);
    }
    let id = batch.room.clone();
    let known = session.vault(move |vault| vault.chat(&id)).await.ok().flatten();
    let known_encrypted = known.is_some_and(|chat| chat.summary.encrypted);
    let (events, seals) = translate(session, room, &timeline.events, known_encrypted, members).await?;
    batch.seals = seals;
    let prev_batch = if timeline.limited { timeline.prev_batch } else { None };
    batch.timeline = Some(Timeline { events, place: Place::Live { prev_batch } });
    Ok(batch)
}

/// The vault's words for the SDK's events, and how they were sealed; their senders are added to `members`.
///
/// # Errors
/// When the server has to be asked about a seal, and cannot be.
pub(crate) async fn translate(
    session: &Session,
    room: &Room,
    events: &[TimelineEvent],
    known_encrypted: bool,
    members: &mut BTreeSet<OwnedUserId>,
) -> Result<(Vec<tidings_vault::Event>, BTreeMap<EventId, Seal>), Fault> {
    let context = event::Context {
        me: session.user.clone(),
        encrypted_since: room::encrypted_since(room).await,
        known_encrypted,
        quiet_by_choice: room::quiet_by_choice(room),
    };
    members.extend(events.iter().filter_map(TimelineEvent::sender));
    let mut translated: Vec<_> = events.iter().filter_map(|event| event::translate(event, &context)).collect();
    let seals = seal::check(session, room, events, &mut translated).await?;
    Ok((translated, seals))
}

/// Whose membership or profile the state part of an update speaks of.
fn member_keys(state: &State) -> BTreeSet<OwnedUserId> {
    users_of_members(state, "state_key")
}

/// Who changed memberships or profiles in the state part of an update.
fn member_senders(state: &State) -> BTreeSet<OwnedUserId> {
    users_of_members(state, "sender")
}

fn users_of_members(state: &State, field: &str) -> BTreeSet<OwnedUserId> {
    let events = match state {
        State::Before(events) | State::After(events) => events,
    };
    events
        .iter()
        .filter(|event| event.get_field::<String>("type").ok().flatten().as_deref() == Some("m.room.member"))
        .filter_map(|event| event.get_field::<OwnedUserId>(field).ok().flatten())
        .collect()
}

/// Whether this person marked the room as unread, when this update says something of it (MSC2867). The SDK knows which of
/// its two names counts.
fn marked_unread(room: &Room, account_data: &[Raw<AnyRoomAccountDataEvent>]) -> Option<bool> {
    let says = |event: &Raw<AnyRoomAccountDataEvent>| {
        let kind = event.get_field::<String>("type").ok().flatten();
        matches!(kind.as_deref(), Some("m.marked_unread" | "com.famedly.marked_unread"))
    };
    account_data.iter().any(says).then(|| room.is_marked_unread())
}

/// Receipts are recorded; who is writing is told and forgotten.
fn ephemeral(session: &Session, room: &OwnedRoomId, events: &[Raw<AnySyncEphemeralRoomEvent>], batch: &mut RoomBatch) {
    for event in events {
        match event.deserialize() {
            Ok(AnySyncEphemeralRoomEvent::Receipt(event)) => {
                for (id, kinds) in event.content.0 {
                    for (kind, users) in kinds {
                        if !matches!(kind, ReceiptType::Read | ReceiptType::ReadPrivate) {
                            continue;
                        }
                        for (user, said) in users {
                            let receipt = Receipt {
                                user: UserId(user.to_string()),
                                event: EventId(id.to_string()),
                                time: Timestamp(said.ts.map_or(0, |ts| i64::from(ts.get()))),
                            };
                            let root = match said.thread {
                                ReceiptThread::Thread(root) => Some(EventId(root.to_string())),
                                ReceiptThread::Main => None,
                                // Without a thread it speaks of everything; of what is not known, nothing is.
                                ReceiptThread::Unthreaded => {
                                    batch.receipts.push(receipt);
                                    continue;
                                }
                                _ => continue,
                            };
                            batch.thread_receipts.push(ThreadReceipt { receipt, root });
                        }
                    }
                }
            }
            Ok(AnySyncEphemeralRoomEvent::Typing(event)) => {
                let room = RoomId(room.to_string());
                let users: Vec<UserId> = event
                    .content
                    .user_ids
                    .iter()
                    .map(|user| UserId(user.to_string()))
                    .filter(|user| *user != session.user)
                    .collect();
                let mut typing = lock(&session.typing);
                let before =
                    if users.is_empty() { typing.remove(&room) } else { typing.insert(room.clone(), users.clone()) };
                drop(typing);
                if before.unwrap_or_default() != users {
                    let _ = session.feed.send(News::Typing(room));
                }
            }
            // Other kinds are not kept, and a malformed one says nothing.
            Ok(_) | Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_ended_a_membership_is_told_once_and_an_invitation_ends_without_a_word() {
        let user = |id: &str| UserId::from(id);
        let (me, aoife, ben) = (user("@marta:o"), user("@aoife:o"), user("@ben:o"));
        let known = |membership, left_by| RoomSummary { membership, left_by, ..RoomSummary::default() };
        for (before, told, expected) in [
            (known(Membership::Joined, None), Some(&aoife), Some(&aoife)),
            (known(Membership::Joined, None), Some(&me), Some(&me)),
            (known(Membership::Joined, None), None, None),
            (known(Membership::Invited, None), Some(&aoife), Some(&me)),
            (known(Membership::Left, Some(aoife.clone())), Some(&ben), Some(&aoife)),
            (known(Membership::Left, None), Some(&ben), Some(&ben)),
        ] {
            assert_eq!(left_by(&before, told.cloned(), &me).as_ref(), expected, "{before:?}");
        }
    }
}
