//! Older messages: a gap's token is asked for, and the page goes the same way in as everything else.

use std::collections::BTreeSet;

use matrix_sdk::{room::MessagesOptions, ruma::UInt};
use tidings_model::{Code, Failure, RoomId};
use tidings_vault::{Batch, Place, RoomBatch, Timeline};

use super::{room, translate};
use crate::{fault::Fault, session::Session};

/// How many events one page asks for.
const PAGE: u32 = 60;

/// Ask for the page behind a gap and record it.
pub(crate) async fn fill(session: &Session, id: &RoomId, token: String) -> Result<(), Failure> {
    let sdk_room = session.room(id).ok_or_else(|| Failure::new(Code::Offline, "the room is not open yet"))?;
    let mut options = MessagesOptions::backward().from(token.as_str());
    options.limit = UInt::from(PAGE);
    let page = sdk_room.messages(options).await.map_err(|error| Fault::of(&error).failure(error))?;
    let mut members = BTreeSet::new();
    let mut events = translate(session, &sdk_room, &page.chunk, false, &mut members).await;
    // The server gives the newest first.
    events.reverse();
    let mut batch = RoomBatch::new(id.clone());
    batch.members = room::members(&sdk_room, &members).await;
    // An empty page with a token is a page whose events were filtered; the same token again would never end.
    let next = page.end.filter(|end| *end != token);
    batch.timeline = Some(Timeline { events, place: Place::Older { from: token, next } });
    let changes = session.vault(move |vault| vault.record(&Batch { rooms: vec![batch] })).await?;
    session.publish(changes);
    Ok(())
}
