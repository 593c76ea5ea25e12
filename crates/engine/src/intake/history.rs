//! Older messages: a gap's token is asked for, and the page goes the same way in as everything else.

use std::collections::BTreeSet;

use matrix_sdk::{
    room::MessagesOptions,
    ruma::{
        OwnedUserId, UInt,
        api::client::filter::{LazyLoadOptions, RoomEventFilter},
        events::AnyStateEvent,
        serde::Raw,
    },
};
use serde_json::Value;
use tidings_model::{Code, Failure, RoomId, UserId};
use tidings_vault::{Batch, Member, Place, RoomBatch, Timeline};

use super::{late_keys, room, translate};
use crate::{fault::Fault, session::Session};

/// How many events one page asks for.
const PAGE: u32 = 60;

/// Why a page did not come.
pub(crate) struct Unfilled {
    /// What went wrong.
    pub(crate) fault: Fault,
    /// The same, for whoever waits for it.
    pub(crate) failure: Failure,
}

impl From<Failure> for Unfilled {
    fn from(failure: Failure) -> Self {
        Self { fault: Fault::Local, failure }
    }
}

/// Ask for the page behind a gap and record it.
pub(crate) async fn fill(session: &Session, id: &RoomId, token: &str) -> Result<(), Unfilled> {
    let Some(sdk_room) = session.room(id) else {
        return Err(Unfilled {
            fault: Fault::Silent,
            failure: Failure::new(Code::Offline, "the room is not open yet"),
        });
    };
    let mut options = MessagesOptions::backward().from(token);
    options.limit = UInt::from(PAGE);
    // Who wrote long ago may not be known here: the page then says who they are.
    let mut filter = RoomEventFilter::default();
    filter.lazy_load_options = LazyLoadOptions::Enabled { include_redundant_members: false };
    options.filter = filter;
    let page = match sdk_room.messages(options).await {
        Ok(page) => page,
        Err(error) => {
            let fault = Fault::of(&error);
            let failure = fault.failure(error);
            return Err(Unfilled { fault, failure });
        }
    };
    let mut members = BTreeSet::new();
    let (room_id, before) = (id.clone(), token.to_owned());
    let known_encrypted = session.vault(move |vault| vault.is_encrypted_before(&room_id, &before)).await?;
    let (mut events, seals) = translate(session, &sdk_room, &page.chunk, known_encrypted, &mut members)
        .await
        .map_err(|fault| Unfilled { failure: fault.failure("a seal was not seen"), fault })?;
    // The server gives the newest first.
    events.reverse();
    let mut batch = RoomBatch::new(id.clone());
    batch.seals = seals;
    batch.members = room::members(&sdk_room, &members).await;
    let known: BTreeSet<UserId> = batch.members.iter().map(|member| member.user.clone()).collect();
    batch.members.extend(page.state.iter().filter_map(once_member).filter(|member| {
        !known.contains(&member.user) && members.iter().any(|user: &OwnedUserId| user.as_str() == member.user.as_str())
    }));
    // An empty page with a token is a page whose events were filtered; the same token again would never end.
    // Nothing is before the creation; most servers say so only when they are asked once more.
    let begins = events.iter().any(|event| event.kind == "m.room.create" && event.state_key.as_deref() == Some(""));
    let next = page.end.filter(|end| end != token && !begins);
    batch.timeline = Some(Timeline { events, place: Place::Older { from: token.to_owned(), next } });
    let batch = Batch { rooms: vec![batch] };
    let missing = late_keys::missing(&batch);
    let changes = session.vault(move |vault| vault.record(&batch)).await?;
    session.publish(changes);
    late_keys::note(session, missing);
    Ok(())
}

/// Who somebody was when a page's messages were written. Whether they still are in the room is not said here.
fn once_member(event: &Raw<AnyStateEvent>) -> Option<Member> {
    if event.get_field::<String>("type").ok()?? != "m.room.member" {
        return None;
    }
    let user = event.get_field::<String>("state_key").ok()??;
    let content = event.get_field::<Value>("content").ok()??;
    let text = |key: &str| content.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Member { user: UserId(user), name: text("displayname"), avatar: text("avatar_url"), joined: false })
}
