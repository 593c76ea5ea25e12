//! The rooms of the measured vault, and what a homeserver's responses say of them.

use serde_json::{Value, json};
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use tidings_vault::{Batch, Encryption, Event, Member, Place, Receipt, RoomBatch, RoomSummary, Timeline};

use crate::words::{Dice, Writer, Zipf};

/// How many rooms a person of a large organisation has collected.
pub(crate) const ROOMS: usize = 2_000;
/// How many people write in them.
const PEOPLE: usize = 300;
/// Rooms of one response, and events of each: what a busy hour looks like to a client that was away.
const ROOMS_A_RESPONSE: usize = 20;
const EVENTS_A_ROOM: usize = 10;
/// The first message was sent then (2024-01-01), and one follows each 40 seconds.
const BEGIN: i64 = 1_704_067_200_000;
const STEP: i64 = 40_000;

/// Whose vault it is.
pub(crate) fn own() -> UserId {
    UserId("@ada:bench.example".to_owned())
}

/// The room of a rank.
pub(crate) fn room(rank: usize) -> RoomId {
    RoomId(format!("!room{rank:05}abcdefgh:bench.example"))
}

fn person(number: usize) -> UserId {
    if number == 0 { own() } else { UserId(format!("@person{number}:bench.example")) }
}

/// Responses, one after another.
pub(crate) struct Responses {
    dice: Dice,
    writer: Writer,
    busy: Zipf,
    told: Vec<bool>,
    last: Vec<Option<EventId>>,
    number: u64,
    left: usize,
}

impl Responses {
    /// Until this many messages were sent.
    pub(crate) fn new(messages: usize) -> Self {
        Self {
            dice: Dice::new(20_240_101),
            writer: Writer::new(),
            busy: Zipf::new(ROOMS),
            told: vec![false; ROOMS],
            last: vec![None; ROOMS],
            number: 0,
            left: messages,
        }
    }

    /// A room, the busy ones more often; at first all of them in turn, so that each has something in it.
    pub(crate) fn some_room(&mut self) -> usize {
        self.told.iter().position(|told| !told).unwrap_or_else(|| self.busy.draw(&mut self.dice))
    }

    fn part(&mut self, rank: usize) -> RoomBatch {
        let mut part = RoomBatch::new(room(rank));
        if let Some(told) = self.told.get_mut(rank)
            && !std::mem::replace(told, true)
        {
            part.summary = Some(summary(rank));
            part.members = (0..8).map(|at| member((rank * 7 + at) % PEOPLE)).chain([member(0)]).collect();
        }
        let count = EVENTS_A_ROOM.min(self.left);
        self.left -= count;
        let events: Vec<Event> = (0..count).map(|_| self.event(rank)).collect();
        // Most of what arrives is read soon.
        if self.dice.percent(90)
            && let Some(newest) = events.last()
        {
            part.receipts.push(Receipt { user: own(), event: newest.id.clone(), time: newest.time });
        }
        part.timeline = Some(Timeline { events, place: Place::Live { prev_batch: None } });
        part
    }

    fn event(&mut self, rank: usize) -> Event {
        self.number += 1;
        let id = EventId(format!("$event{:012}abcdefghijklmnopqrstuvwxyz12345", self.number));
        let sender = if self.dice.percent(15) { own() } else { person((rank * 7 + self.dice.below(8)) % PEOPLE) };
        let before = self.last.get(rank).cloned().flatten();
        let (kind, content) = match (self.dice.below(100), before) {
            (0..8, Some(target)) => ("m.reaction", relation("m.annotation", &target)),
            (8..20, Some(target)) => ("m.room.message", reply(&self.writer.message(&mut self.dice), &target)),
            _ => ("m.room.message", json!({"msgtype": "m.text", "body": self.writer.message(&mut self.dice)})),
        };
        if kind == "m.room.message"
            && let Some(last) = self.last.get_mut(rank)
        {
            *last = Some(id.clone());
        }
        let notifies = kind == "m.room.message" && sender != own();
        let step = i64::try_from(self.number).unwrap_or(i64::MAX);
        Event {
            id,
            sender,
            time: Timestamp(BEGIN + step * STEP),
            kind: kind.to_owned(),
            state_key: None,
            content,
            redacts: None,
            redacted: false,
            transaction: None,
            encryption: Encryption::Decrypted,
            notifies,
            mentions_me: notifies && self.dice.percent(2),
        }
    }
}

impl Iterator for Responses {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        while self.left > 0 && batch.rooms.len() < ROOMS_A_RESPONSE {
            let rank = self.some_room();
            // One response speaks of a room once.
            if batch.rooms.iter().all(|part| part.room != room(rank)) {
                batch.rooms.push(self.part(rank));
            }
        }
        (!batch.rooms.is_empty()).then_some(batch)
    }
}

fn summary(rank: usize) -> RoomSummary {
    let direct = rank.is_multiple_of(3);
    RoomSummary {
        name: format!("Room number {rank}"),
        direct,
        partner: direct.then(|| person(rank % PEOPLE)),
        members: if direct { 2 } else { 9 },
        encrypted: true,
        muted: rank.is_multiple_of(11),
        pinned: rank < 5,
        can_write: true,
        ..RoomSummary::default()
    }
}

fn member(number: usize) -> Member {
    Member { user: person(number), name: Some(format!("Person Number {number}")), avatar: None, joined: true }
}

fn relation(kind: &str, target: &EventId) -> Value {
    json!({"m.relates_to": {"rel_type": kind, "event_id": target, "key": "👍"}})
}

fn reply(body: &str, target: &EventId) -> Value {
    json!({"msgtype": "m.text", "body": body, "m.relates_to": {"m.in_reply_to": {"event_id": target}}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_room_speaks_and_all_messages_are_sent() {
        let batches: Vec<Batch> = Responses::new(50_000).collect();
        let parts = || batches.iter().flat_map(|batch| &batch.rooms);
        let events: usize = parts().filter_map(|part| part.timeline.as_ref()).map(|run| run.events.len()).sum();
        assert_eq!(events, 50_000);
        assert_eq!(parts().filter(|part| part.summary.is_some()).count(), ROOMS);
    }
}
