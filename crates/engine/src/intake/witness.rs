//! Whether the server still has what it gave: a server that was restored from an older copy, or another one that answers
//! under the same name, goes on as if nothing had happened (`M_UNKNOWN_POS` at most), and says nothing of what it lost.
//!
//! So after a start and after each interruption, the newest messages that the vault has of a few chats are asked for by
//! their ids (`GET /rooms/{roomId}/event/{eventId}`). A server that has one of them is the one it was: usually that is one
//! request. One that knows none of them went back, and the person is told, once for the same messages. Nothing is removed
//! here for it.
//!
//! **Invariant:** witnesses are chosen before the first answer, which would bring newer messages.
//! **Invariant:** no witness is older than [`RECENT`]: servers forget old messages on purpose (Matrix
//! `m.room.retention`, MSC1763).

use std::time::Duration;

use matrix_sdk::{
    Client,
    ruma::{
        EventId as RumaEventId, RoomId as RumaRoomId,
        api::{client::room::get_room_event, error::ErrorKind},
    },
};
use tidings_model::{EventId, Failure, RoomId, Timestamp};
use tidings_vault::{ChatRecord, Membership};

use crate::{
    fault::Fault,
    session::{News, Session, document},
};

/// How old a message may be that a server must have.
const RECENT: Duration = Duration::from_hours(7 * 24);
/// How many chats are asked about.
const WITNESSES: usize = 3;
/// How many of the newest chats are looked through for them.
const CHATS: usize = 50;

/// Messages that the server gave, and must still have.
#[derive(Default)]
pub(crate) struct Witnesses(Vec<(RoomId, EventId)>);

impl Witnesses {
    /// The newest messages of the newest chats.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub(crate) async fn choose(session: &Session) -> Result<Self, Failure> {
        let now = session.ports.clock.now();
        session
            .vault(move |vault| {
                let told = document::missed_by_the_server(vault);
                let chats = vault.chat_list(Some(CHATS))?;
                let found = chats.into_iter().filter_map(|chat| witness(chat, now));
                Ok(Self(found.filter(|(_, event)| !told.contains(event)).take(WITNESSES).collect()))
            })
            .await
    }

    /// Ask the server, unless it has answered. A fault leaves the question open.
    pub(crate) async fn ask(&mut self, session: &Session, client: &Client) {
        if self.0.is_empty() {
            return;
        }
        for (room, event) in &self.0 {
            match is_there(client, room, event).await {
                Ok(true) => return self.0.clear(),
                Ok(false) => {}
                Err(fault) => {
                    tracing::info!(?fault, "the server was not asked for what it gave");
                    // Asked again with the next answer, or never when the server does not want to say.
                    if !fault.heals() {
                        self.0.clear();
                    }
                    return;
                }
            }
        }
        tracing::warn!(messages = self.0.len(), "the server does not have what it gave");
        let missing = std::mem::take(&mut self.0).into_iter().map(|(_, event)| event).collect();
        let told = session.vault(move |vault| Ok(document::the_server_misses(vault, missing))).await;
        if let Err(failure) = told.flatten() {
            tracing::error!(code = ?failure.code, "that the server went back was not kept: {}", failure.details);
        }
        let _ = session.feed.send(News::Me);
    }
}

fn witness(chat: ChatRecord, now: Timestamp) -> Option<(RoomId, EventId)> {
    let latest = chat.latest.filter(|_| chat.summary.membership == Membership::Joined)?;
    let recent = i64::try_from(RECENT.as_millis()).ok()?;
    (now.0.saturating_sub(latest.time.0) < recent).then_some((chat.room, latest.event))
}

async fn is_there(client: &Client, room: &RoomId, event: &EventId) -> Result<bool, Fault> {
    let (Ok(room), Ok(event)) = (RumaRoomId::parse(room.as_str()), RumaEventId::parse(event.as_str())) else {
        return Ok(true);
    };
    match client.send(get_room_event::v3::Request::new(room, event)).await {
        Ok(_) => Ok(true),
        Err(error) if error.client_api_error_kind() == Some(&ErrorKind::NotFound) => Ok(false),
        Err(error) => Err(Fault::of_http(&error)),
    }
}
