//! The corpus in the vault's words: what the engine's intake would make of a homeserver's responses.

use tidings_corpus::{self as corpus, OWN, Part, person};
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{Batch, Encryption, Event, Member, Place, Receipt, RoomBatch, RoomSummary, Timeline};

/// Whose vault it is.
pub(crate) fn own() -> UserId {
    UserId(person(OWN).id)
}

/// The room of a rank.
pub(crate) fn room(rank: usize) -> RoomId {
    RoomId(corpus::room(rank).id)
}

/// A response, to be recorded.
pub(crate) fn batch(response: Vec<Part>) -> Batch {
    Batch { rooms: response.into_iter().map(part).collect() }
}

fn part(part: Part) -> RoomBatch {
    let room = corpus::room(part.room);
    let mut batch = RoomBatch::new(RoomId(room.id.clone()));
    if part.new {
        batch.summary = Some(summary(part.room, &room));
        batch.members = room.members.iter().map(|number| member(*number)).collect();
    }
    if let Some(newest) = part.events.last() {
        let event = EventId(newest.id.clone());
        let receipt = |reader: &usize| Receipt {
            user: UserId(person(*reader).id),
            event: event.clone(),
            time: Timestamp(newest.time),
        };
        batch.receipts = part.readers.iter().map(receipt).collect();
    }
    let events = part.events.into_iter().map(event).collect();
    batch.timeline = Some(Timeline { events, place: Place::Live { prev_batch: None } });
    batch
}

fn event(event: corpus::Event) -> Event {
    Event {
        id: EventId(event.id),
        sender: UserId(person(event.sender).id),
        time: Timestamp(event.time),
        kind: event.kind.to_owned(),
        state_key: None,
        previous: None,
        content: event.content,
        redacts: event.redacts.map(EventId),
        redacted: false,
        transaction: event.transaction.map(TransactionId),
        encryption: Encryption::Decrypted,
        notifies: event.notifies,
        mentions_me: event.mentions_me,
    }
}

fn summary(rank: usize, room: &corpus::Room) -> RoomSummary {
    RoomSummary {
        name: room.name.clone(),
        direct: room.direct,
        partner: room.members.get(1).filter(|_| room.direct).map(|partner| UserId(person(*partner).id)),
        members: u32::try_from(room.members.len()).unwrap_or(u32::MAX),
        encrypted: true,
        muted: room.muted,
        pinned: rank < 5,
        can_write: true,
        ..RoomSummary::default()
    }
}

fn member(number: usize) -> Member {
    let person = person(number);
    Member { user: UserId(person.id), name: Some(person.name), avatar: None, joined: true }
}
