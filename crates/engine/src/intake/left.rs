//! Rooms that were left, and invitations that were answered, elsewhere while this device was off.
//!
//! The answers of a fresh sync name the rooms there are, never those that are gone: without this they would stand in the
//! list for ever. So once everything has come, what is kept here is compared with the server's own list
//! (`GET /joined_rooms`) and with what came.
//!
//! **Invariant:** made between two answers of the sync, by the task that takes them in: a room that is joined at the same
//! moment comes with a later answer and is written after this.
//! **Invariant:** a room that this connection spoke of is not gone, whatever the list says.
//! **Invariant:** nothing is asked to be left. Refused: the SDK's `Room::leave`, which tells the server and goes through a
//! room's predecessors.

use std::{collections::BTreeSet, time::Duration};

use matrix_sdk::{
    Client, Room,
    ruma::{OwnedRoomId, api::client::membership::joined_rooms},
    sync::RoomUpdates,
};
use tidings_model::RoomId;
use tidings_vault::{Batch, Membership, RoomBatch};
use tokio::time::Instant;

use crate::{backoff, fault::Fault, session::Session};

/// What a connection has shown of the rooms there are, until it was compared.
#[derive(Default)]
pub(crate) struct Comparison {
    /// Rooms of which something was said: they are there, whatever the list says.
    seen: BTreeSet<OwnedRoomId>,
    done: bool,
    failures: u32,
    not_before: Option<Instant>,
}

impl Comparison {
    /// Remember which rooms and invitations came.
    pub(crate) fn note(&mut self, updates: &RoomUpdates) {
        if self.done {
            return;
        }
        // A setting alone proves nothing: the SDK tells it of rooms that it believes in.
        let told = updates.joined.iter().filter(|(_, update)| !update.timeline.events.is_empty());
        self.seen.extend(told.map(|(room, _)| room.clone()));
        self.seen.extend(updates.invited.keys().cloned());
        self.seen.retain(|room| !updates.left.contains_key(room));
    }

    /// Wait until the server is to be asked again; for ever when it is not.
    pub(crate) async fn again(&self) {
        match self.not_before {
            Some(moment) if !self.done => tokio::time::sleep_until(moment).await,
            _ => std::future::pending().await,
        }
    }

    /// Compare, if that is still to be done and its time has come.
    pub(crate) async fn make(&mut self, session: &Session, client: &Client) {
        if self.done || self.not_before.is_some_and(|moment| moment > Instant::now()) {
            return;
        }
        match compare(session, client, &self.seen).await {
            Ok(()) => self.done = true,
            Err(fault) if fault.heals() => {
                let asked = if let Fault::Limited(asked) = fault { asked } else { None };
                tracing::info!(?fault, "the list of rooms was not compared");
                self.not_before =
                    Some(Instant::now() + backoff::wait(self.failures, asked).max(Duration::from_secs(1)));
                self.failures = self.failures.saturating_add(1);
            }
            Err(fault) => {
                tracing::warn!(?fault, "the server does not tell its list of rooms");
                self.done = true;
            }
        }
        if self.done {
            self.seen.clear();
        }
    }
}

/// The SDK knows that this person left a room: else settings that are read again would bring it back.
pub(crate) async fn mark(room: &Room) -> Result<(), Fault> {
    room.update_and_save_room_info(|mut info| {
        info.mark_as_left();
        (info, Default::default())
    })
    .await
    .map_err(|_| Fault::Local)
}

async fn compare(session: &Session, client: &Client, seen: &BTreeSet<OwnedRoomId>) -> Result<(), Fault> {
    let answer = client.send(joined_rooms::v3::Request::new()).await.map_err(|error| Fault::of_http(&error))?;
    let there: BTreeSet<OwnedRoomId> = answer.joined_rooms.into_iter().chain(seen.iter().cloned()).collect();
    for room in client.joined_rooms().into_iter().chain(client.invited_rooms()) {
        if !there.contains(room.room_id()) {
            mark(&room).await?;
        }
    }
    let there: BTreeSet<RoomId> = there.into_iter().map(|room| RoomId(room.to_string())).collect();
    let changes = session
        .vault(move |vault| {
            let mut batch = Batch::default();
            for chat in vault.chat_list(None)? {
                if there.contains(&chat.room) {
                    continue;
                }
                let mut summary = chat.summary;
                summary.membership = Membership::Left;
                summary.can_write = false;
                let mut room = RoomBatch::new(chat.room);
                room.summary = Some(summary);
                batch.rooms.push(room);
            }
            if !batch.rooms.is_empty() {
                tracing::info!(rooms = batch.rooms.len(), "rooms were left elsewhere");
            }
            vault.record(&batch)
        })
        .await
        .map_err(|_| Fault::Local)?;
    session.publish(changes);
    Ok(())
}
