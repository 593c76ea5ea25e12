//! Settings that live in account data (push rules, one-to-one rooms, tags) change how rooms stand without any event in
//! them: every room is read again.

use std::sync::Arc;

use futures_util::StreamExt as _;
use matrix_sdk::{
    Client,
    ruma::events::{direct::DirectEvent, push_rules::PushRulesEvent},
};
use tidings_model::{Failure, RoomId};
use tidings_vault::{Batch, RoomBatch};

use super::room;
use crate::session::Session;

/// Watch the settings until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    let Some(client) = session.opened_client().await else { return };
    let rules = client.observe_events::<PushRulesEvent, ()>();
    let direct = client.observe_events::<DirectEvent, ()>();
    let mut rules = rules.subscribe();
    let mut direct = direct.subscribe();
    loop {
        tokio::select! {
            changed = rules.next() => if changed.is_none() { return },
            changed = direct.next() => if changed.is_none() { return },
        }
        // The sync reads them, between two responses: two writers would overwrite newer rooms with older ones.
        session.settings.notify_one();
    }
}

/// Read how every joined room stands.
pub(crate) async fn read_again(session: &Arc<Session>, client: &Client) -> Result<(), Failure> {
    let mut batch = Batch::default();
    for sdk_room in client.joined_rooms() {
        let mut room = RoomBatch::new(RoomId(sdk_room.room_id().to_string()));
        room.summary = Some(room::summary(&sdk_room).await);
        batch.rooms.push(room);
    }
    let changes = session.vault(move |vault| vault.record(&batch)).await?;
    session.publish(changes);
    Ok(())
}
