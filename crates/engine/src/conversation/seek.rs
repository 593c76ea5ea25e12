//! A target that is not in the vault is fetched: the gap it lies in is filled until it is here.
//!
//! **Invariant:** what is fetched goes in through intake, page after page, so that the way to the target is complete
//! history afterwards; one request at a time.
//!
//! Refused: showing what the server gives without keeping it (nothing is shown that is not kept).

use matrix_sdk::ruma::{EventId as RumaEventId, UInt};
use tidings_model::{Code, Connection, Failure, RoomId, Target, Timestamp};

use super::{
    source::Source,
    standing::{Found, Standing, find, find_in_thread, gap_before},
};
use crate::{fault::Fault, history, session::Session};

/// How many pages of history are fetched for one target: about 1,800 events.
const PAGES: usize = 30;

/// Find a target, in the vault or on the server.
///
/// # Errors
/// [`Code::NotHere`] when it is not on this computer and the server does not bring it, or only after more pages than are
/// fetched at once; asking again goes on where this ended.
pub(crate) async fn seek(session: &Session, source: &Source, target: &Target) -> Result<Standing, Failure> {
    if source.thread.is_some() {
        let (thread, wanted) = (source.clone(), target.clone());
        return match session.vault(move |vault| find_in_thread(vault, &thread, &wanted)).await? {
            Found::Here(standing) | Found::Near(standing, _) => Ok(standing),
            Found::Missing => Err(Failure::new(Code::NotHere, "it is not in this thread")),
        };
    }
    let room = &source.room;
    let mut when = if let Target::Date { time } = target { Some(*time) } else { None };
    let mut filled: Option<String> = None;
    for _ in 0..PAGES {
        let (id, wanted) = (room.clone(), target.clone());
        let found = session.vault(move |vault| find(vault, &id, &wanted)).await?;
        let online = *session.connection.borrow() == Connection::Online;
        let gap = match found {
            Found::Here(standing) => return Ok(standing),
            Found::Near(standing, _) if !online => return Ok(standing),
            Found::Near(standing, gap) if filled.as_ref() == Some(&gap.token) => {
                tracing::info!(room = %room, "a gap did not become smaller");
                return Ok(standing);
            }
            Found::Near(_, gap) => Some(gap),
            Found::Missing if !online => return Err(Failure::new(Code::NotHere, "there is no connection")),
            Found::Missing => {
                let time = match (when, target) {
                    (Some(time), _) => time,
                    (None, Target::Event { event }) => time_of(session, room, event.as_str()).await?,
                    (None, _) => break,
                };
                when = Some(time);
                let id = room.clone();
                session
                    .vault(move |vault| match vault.first_since(&id, time)? {
                        Some(position) => gap_before(vault, &id, position),
                        None => Ok(None),
                    })
                    .await?
            }
        };
        match gap {
            Some(gap) if filled.as_ref() != Some(&gap.token) => {
                history::ask(session, room.clone(), gap.token.clone()).await?;
                filled = Some(gap.token);
            }
            Some(_) | None => break,
        }
    }
    let (id, wanted) = (room.clone(), target.clone());
    match session.vault(move |vault| find(vault, &id, &wanted)).await? {
        Found::Here(standing) | Found::Near(standing, _) => Ok(standing),
        Found::Missing => Err(Failure::new(Code::NotHere, "it is further back than what was fetched")),
    }
}

/// When an event was sent, as the server says (Matrix spec, `GET /rooms/{roomId}/context/{eventId}`).
async fn time_of(session: &Session, room: &RoomId, event: &str) -> Result<Timestamp, Failure> {
    let sdk_room = session.room(room).ok_or_else(|| Failure::new(Code::NotHere, "the room is not open yet"))?;
    let event = RumaEventId::parse(event).map_err(|error| Failure::new(Code::NotHere, error))?;
    let answer = sdk_room.event_with_context(&event, false, UInt::from(0_u32), None).await.map_err(|error| {
        let fault = Fault::of(&error);
        if fault.heals() { fault.failure(error) } else { Failure::new(Code::NotHere, error) }
    })?;
    answer
        .event
        .and_then(|event| event.timestamp())
        .map(|time| Timestamp(i64::from(time.get())))
        .ok_or_else(|| Failure::new(Code::NotHere, "the server does not know this event"))
}
