//! What a homeserver's responses say: rooms, and the events of each, in the order in which they come.

use serde_json::{Value, json};

use crate::{
    content,
    dice::{BASE64, Dice},
    people::{OWN, PEOPLE, person},
    ranks::Busy,
    writer::Writer,
};

/// How many rooms a person of a large organisation has collected.
pub const ROOMS: usize = 2_000;
/// Rooms of one response, and messages of each: what Synapse answers a client that was away and asks for the newest
/// twenty events of its rooms (MSC4186; 400 rooms came in four responses).
const ROOMS_A_RESPONSE: usize = 100;
const MESSAGES_A_ROOM: usize = 20;
/// The first message was sent then (2024-01-01), and one follows each 40 seconds.
const BEGIN: i64 = 1_704_067_200_000;
const STEP: i64 = 40_000;
const REACTIONS: &[&str] = &["👍", "❤️", "😂", "🎉", "🙏", "👀", "✅", "🚀"];

/// A room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its id.
    pub id: String,
    /// As this person sees it.
    pub name: String,
    /// One to one.
    pub direct: bool,
    /// Numbers of those in it, this person first.
    pub members: Vec<usize>,
    /// A push rule silences it.
    pub muted: bool,
}

/// The room of a rank; the first are the busy ones.
#[must_use]
pub fn room(rank: usize) -> Room {
    let mut dice = Dice::of(31, rank as u64);
    let id = format!("!{}:bench.example", dice.letters(18, BASE64));
    let direct = rank % 3 == 1;
    let others = if direct { 1 } else { 4 + dice.below(36) };
    let from = dice.below(PEOPLE);
    let members: Vec<usize> =
        std::iter::once(OWN).chain((0..others).map(|at| 1 + (from + at) % (PEOPLE - 1))).collect();
    let name = match members.get(1) {
        Some(partner) if direct => person(*partner).name,
        _ => format!("Team {rank}"),
    };
    Room { id, name, direct, members, muted: rank % 11 == 10 }
}

/// An event, decrypted, as a client knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id, a hash as in rooms of today.
    pub id: String,
    /// The number of its sender.
    pub sender: usize,
    /// When it was sent, in milliseconds since 1970.
    pub time: i64,
    /// Its type.
    pub kind: &'static str,
    /// Its content.
    pub content: Value,
    /// What it redacts.
    pub redacts: Option<String>,
    /// Set on what was sent from this device.
    pub transaction: Option<String>,
    /// Counts as unread.
    pub notifies: bool,
    /// Mentions this person.
    pub mentions_me: bool,
    /// What can be read and searched of it: body, caption and file name, or question; empty for all that is no message.
    pub text: String,
}

impl Event {
    /// A message of its own: it has a row in a conversation.
    #[must_use]
    pub fn is_message(&self) -> bool {
        !self.text.is_empty() && self.content.get("m.new_content").is_none()
    }
}

/// What a response says of one room.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The room's rank.
    pub room: usize,
    /// It is told for the first time, with its members.
    pub new: bool,
    /// Its events, oldest first.
    pub events: Vec<Event>,
    /// Who read up to the newest of them.
    pub readers: Vec<usize>,
}

/// A room as the writer remembers it.
#[derive(Clone, Debug, Default)]
struct Memory {
    told: bool,
    language: usize,
    last: String,
    last_sender: usize,
    last_text: usize,
    last_plain: bool,
    root: String,
    poll: String,
}

/// Responses, one after another.
#[derive(Clone, Debug)]
pub struct Responses {
    dice: Dice,
    writer: Writer,
    busy: Busy,
    rooms: Vec<Memory>,
    untold: usize,
    number: i64,
    left: usize,
    text_bytes: usize,
}

impl Responses {
    /// Until this many messages were sent.
    #[must_use]
    pub fn new(messages: usize) -> Self {
        let (mut dice, writer) = (Dice::new(20_240_101), Writer::new());
        let rooms = (0..ROOMS).map(|_| Memory { language: writer.language(&mut dice), ..Memory::default() }).collect();
        Self { dice, writer, busy: Busy::new(ROOMS), rooms, untold: 0, number: 0, left: messages, text_bytes: 0 }
    }

    /// Bytes of all text that can be read of what came so far: edits replace, redactions remove.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// A room, the busy ones more often; at first all of them in turn, so that each has something in it.
    fn some_room(&mut self) -> usize {
        if self.untold < ROOMS {
            self.untold += 1;
            return self.untold - 1;
        }
        self.busy.draw(&mut self.dice)
    }

    fn part(&mut self, rank: usize) -> Part {
        let (room, mut memory) = (room(rank), self.rooms.get(rank).cloned().unwrap_or_default());
        let new = !std::mem::replace(&mut memory.told, true);
        let count = MESSAGES_A_ROOM.min(self.left);
        self.left -= count;
        let mut events = Vec::with_capacity(count + count / 4);
        for _ in 0..count {
            self.beside(&room, &mut memory, &mut events);
            let message = self.message(&room, &mut memory);
            events.push(message);
        }
        let mut readers = Vec::new();
        if self.dice.percent(90) {
            readers.push(OWN);
        }
        readers.extend((0..2).filter_map(|_| self.dice.one(&room.members)).filter(|reader| *reader != OWN));
        if let Some(kept) = self.rooms.get_mut(rank) {
            *kept = memory;
        }
        Part { room: rank, new, events, readers }
    }

    /// What goes with messages and is none: reactions, edits, redactions and votes, about one to five messages.
    fn beside(&mut self, room: &Room, memory: &mut Memory, events: &mut Vec<Event>) {
        if memory.last.is_empty() {
            return;
        }
        if self.dice.permille(120) {
            let key = self.dice.early(REACTIONS).unwrap_or_default();
            let content = content::reaction(key, &memory.last);
            events.push(self.event(room, "m.reaction", content));
        }
        if !memory.poll.is_empty() && self.dice.permille(150) {
            let content = content::vote(&mut self.dice, &memory.poll);
            events.push(self.event(room, "org.matrix.msc3381.poll.response", content));
        }
        if self.dice.permille(35) && memory.last_plain {
            let text = self.writer.message(&mut self.dice, memory.language);
            self.text_bytes = self.text_bytes + text.len() - memory.last_text;
            memory.last_text = text.len();
            let content = content::edit(&text, &memory.last);
            let edit = self.event(room, "m.room.message", content);
            events.push(Event { sender: memory.last_sender, transaction: None, text, ..edit });
        } else if self.dice.permille(8) {
            self.text_bytes -= memory.last_text;
            let redaction = self.event(room, "m.room.redaction", json!({}));
            let redacts = Some(std::mem::take(&mut memory.last));
            events.push(Event { sender: memory.last_sender, transaction: None, redacts, ..redaction });
            memory.last_text = 0;
            memory.last_plain = false;
        }
    }

    fn message(&mut self, room: &Room, memory: &mut Memory) -> Event {
        // English goes everywhere.
        let language = if self.dice.percent(10) { 0 } else { memory.language };
        let (dice, writer) = (&mut self.dice, &self.writer);
        let caption = dice.percent(30).then(|| writer.caption(dice, language));
        let mut poll = false;
        let mut plain = false;
        let (kind, mut content, text) = match dice.below(1000) {
            0..30 => {
                let name = format!(
                    "IMG_2024{:02}{:02}_{:06}.jpg",
                    1 + dice.below(12),
                    1 + dice.below(28),
                    dice.below(240_000)
                );
                let content = content::picture(dice, "m.image", &name, caption.as_deref());
                ("m.room.message", content, join(caption.as_deref(), &name))
            }
            30..52 => {
                let name = writer.file_name(dice, language);
                let content = content::file(dice, &name, caption.as_deref());
                ("m.room.message", content, join(caption.as_deref(), &name))
            }
            52..56 => {
                let name = format!(
                    "VID_2024{:02}{:02}_{:06}.mp4",
                    1 + dice.below(12),
                    1 + dice.below(28),
                    dice.below(240_000)
                );
                let content = content::picture(dice, "m.video", &name, caption.as_deref());
                ("m.room.message", content, join(caption.as_deref(), &name))
            }
            56..62 => ("m.room.message", content::voice(dice), "Voice message.ogg".to_owned()),
            62..65 => {
                poll = true;
                let question = writer.question(dice, language);
                let answers: Vec<String> = (0..2 + dice.below(4)).map(|_| writer.word(dice, language)).collect();
                ("org.matrix.msc3381.poll.start", content::poll(dice, &question, &answers), question)
            }
            65..95 => {
                let state = if dice.percent(80) { "passed" } else { "failed" };
                let run = 10_000 + dice.below(80_000);
                let body =
                    format!("Pipeline #{run} {state}: https://git.bench.example/{}/runs/{run}", writer.word(dice, 0));
                ("m.room.message", content::notice(&body), body)
            }
            _ => {
                plain = true;
                let body = writer.message(dice, language);
                ("m.room.message", content::text(dice, &body), body)
            }
        };
        let mentions = plain && dice.percent(4);
        let mentioned = if mentions { dice.one(&room.members).unwrap_or(OWN) } else { OWN };
        if mentions {
            content::mention(&mut content, &person(mentioned).id);
        }
        if !memory.last.is_empty() && !poll {
            match dice.below(100) {
                0..14 => content::reply(&mut content, &memory.last),
                14..24 if !memory.root.is_empty() => content::thread(&mut content, &memory.root, &memory.last),
                24..27 => memory.root.clone_from(&memory.last),
                _ => {}
            }
        }
        let mut event = self.event(room, kind, content);
        event.mentions_me = mentions && mentioned == OWN && event.sender != OWN;
        event.notifies = !room.muted && event.sender != OWN || event.mentions_me;
        memory.last.clone_from(&event.id);
        memory.last_sender = event.sender;
        memory.last_text = text.len();
        // Only what is a text is edited as one.
        memory.last_plain = plain;
        if poll {
            memory.poll.clone_from(&event.id);
        }
        self.text_bytes += text.len();
        event.text = text;
        event
    }

    fn event(&mut self, room: &Room, kind: &'static str, content: Value) -> Event {
        self.number += 1;
        let own = self.dice.percent(15);
        let others = room.members.get(1..).unwrap_or_default();
        let sender = if own { OWN } else { self.dice.early(others).unwrap_or(OWN) };
        let here = own && self.dice.percent(70);
        Event {
            id: format!("${}", self.dice.bytes_32(BASE64)),
            sender,
            time: BEGIN + self.number * STEP,
            kind,
            content,
            redacts: None,
            transaction: here.then(|| self.dice.letters(32, BASE64)),
            notifies: false,
            mentions_me: false,
            text: String::new(),
        }
    }
}

impl Iterator for Responses {
    type Item = Vec<Part>;

    fn next(&mut self) -> Option<Vec<Part>> {
        let mut response: Vec<Part> = Vec::new();
        while self.left > 0 && response.len() < ROOMS_A_RESPONSE {
            let rank = self.some_room();
            // One response speaks of a room once.
            if response.iter().all(|part| part.room != rank) {
                response.push(self.part(rank));
            }
        }
        (!response.is_empty()).then_some(response)
    }
}

fn join(caption: Option<&str>, name: &str) -> String {
    caption.map_or_else(|| name.to_owned(), |caption| format!("{caption}\n{name}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_room_speaks_and_all_messages_are_sent() {
        let parts: Vec<Part> = Responses::new(45_000).flatten().collect();
        let events = || parts.iter().flat_map(|part| &part.events);
        assert_eq!(events().filter(|event| event.is_message()).count(), 45_000);
        assert_eq!(parts.iter().filter(|part| part.new).count(), ROOMS);
        let kinds = events().fold(BTreeMap::<&str, usize>::new(), |mut kinds, event| {
            *kinds.entry(event.kind).or_default() += 1;
            kinds
        });
        assert!(kinds.len() == 5 && kinds.values().all(|count| *count > 20), "{kinds:?}");
        assert!(events().count() < 57_000);
    }

    #[test]
    fn ids_are_hashes_as_rooms_of_today_have_them() {
        // Unpadded Base64 of 32 bytes: four bits are left for the last letter (Matrix spec, "Room version 4", event ids).
        let ids = Responses::new(500).flatten().flat_map(|part| part.events).map(|event| event.id);
        for id in ids {
            assert!(
                id.len() == 44 && id.starts_with('$') && id.ends_with(|last| "AEIMQUYcgkosw048".contains(last)),
                "{id}"
            );
        }
    }

    #[test]
    fn the_same_number_of_messages_is_the_same_corpus() {
        assert!(Responses::new(500).flatten().eq(Responses::new(500).flatten()));
        let ids = |count| Responses::new(count).flatten().flat_map(|part| part.events).map(|event| event.id);
        assert!(ids(900).zip(ids(500)).all(|(one, other)| one == other), "a larger one begins with the smaller one");
    }

    #[test]
    fn the_text_that_can_be_read_is_counted_to_the_byte() {
        let mut responses = Responses::new(25_000);
        let mut texts: BTreeMap<String, usize> = BTreeMap::new();
        for event in responses.by_ref().flatten().flat_map(|part| part.events) {
            if let Some(redacted) = &event.redacts {
                texts.remove(redacted);
            }
            let replaces = event.content.get("m.new_content").and(event.content.get("m.relates_to"));
            let replaced = replaces.and_then(|relation| relation.get("event_id")).and_then(Value::as_str);
            texts.insert(replaced.unwrap_or(&event.id).to_owned(), event.text.len());
        }
        assert_eq!(responses.text_bytes(), texts.values().sum::<usize>());
        assert!((80..120).contains(&(responses.text_bytes() / 25_000)), "{}", responses.text_bytes() / 25_000);
    }
}
