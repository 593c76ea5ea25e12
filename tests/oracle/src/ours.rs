//! Our side: the vault, told what the engine would tell it.

use serde_json::Value;
use tidings_model::{EventId, RoomId, Timestamp, UndecryptableCause, UserId};
use tidings_vault::{Batch, Encryption, Event, MessageRecord, Place, RoomBatch, Timeline, Vault, VaultKey};

use crate::delivery::{Piece, Plan};
use crate::homeserver::{before, page, token};
use crate::row::Row;
use crate::story::{PEOPLE, Story};

pub(crate) struct Ours {
    vault: Vault,
    _folder: tempfile::TempDir,
}

impl Ours {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(folder.path(), &VaultKey::random(), &UserId::from(PEOPLE[0])).unwrap();
        Self { vault, _folder: folder }
    }

    /// Tell a story and say what the conversation shows in the end.
    pub(crate) fn tell(&self, story: &Story, plan: &Plan, pieces: &[Piece]) -> Vec<Row> {
        let (mut head, mut keys) = (0, false);
        let room = RoomId::from(story.room.as_str());
        for piece in pieces {
            match *piece {
                Piece::Live { from, to, hole } => {
                    head = to;
                    let prev_batch = hole.then(|| token(from));
                    self.record(story, from..to, head, keys, Place::Live { prev_batch });
                }
                Piece::Fill { page: size } => {
                    while let Some(gap) = self.gap(&room, plan.oldest_first) {
                        let (range, next) = page(before(&gap), size);
                        self.record(story, range, head, keys, Place::Older { from: gap, next });
                    }
                }
                Piece::Keys => {
                    keys = true;
                    let sealed = (0..head).filter(|n| story.log[*n].sealed.is_some());
                    let opened: Vec<Event> = sealed.map(|n| event(story, n, 0, keys)).collect();
                    self.vault.redecrypt(&room, &opened).unwrap();
                }
            }
        }
        self.vault.page(&room, None, 10_000).unwrap().messages.iter().map(row).collect()
    }

    fn gap(&self, room: &RoomId, oldest: bool) -> Option<String> {
        let mut gaps = self.vault.page(room, None, 10_000).unwrap().gaps;
        // What shows nothing has no page to be a gap in.
        gaps.extend(self.vault.oldest_gap(room).unwrap());
        let chosen = if oldest {
            gaps.into_iter().min_by_key(|gap| gap.before)
        } else {
            gaps.into_iter().max_by_key(|gap| gap.before)
        };
        chosen.map(|gap| gap.token)
    }

    fn record(&self, story: &Story, range: std::ops::Range<usize>, head: usize, keys: bool, place: Place) {
        let events = range.map(|n| event(story, n, head, keys)).collect();
        let timeline = Some(Timeline { events, place });
        let room = RoomBatch { timeline, ..RoomBatch::new(RoomId::from(story.room.as_str())) };
        self.vault.record(&Batch { rooms: vec![room] }).unwrap();
    }
}

/// An event of the log as the engine reads it.
fn event(story: &Story, n: usize, head: usize, keys: bool) -> Event {
    let entry = &story.log[n];
    let given = story.given(n, head);
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let redacted = given["unsigned"].get("redacted_because").is_some();
    let sealed = entry.sealed.as_ref().filter(|_| !redacted);
    let encryption = match sealed.and_then(|sealed| sealed["session_id"].as_str()) {
        // A key from a file says nothing of the device.
        Some(_) if keys => Encryption::Unproven,
        Some(session) => {
            Encryption::Undecryptable { session: Some(session.to_owned()), cause: UndecryptableCause::Waiting }
        }
        None if story.sessions.any() && matches!(entry.kind, "m.room.message" | "m.sticker") => Encryption::Suspicious,
        None => Encryption::Clear,
    };
    let opened = sealed.is_some() && keys;
    Event {
        id: EventId(text("event_id").unwrap()),
        sender: UserId(text("sender").unwrap()),
        time: Timestamp(entry.time),
        kind: if opened { entry.kind.to_owned() } else { text("type").unwrap() },
        state_key: None,
        content: if opened { entry.content.clone() } else { given["content"].clone() },
        previous: None,
        redacts: text("redacts")
            .or_else(|| given["content"]["redacts"].as_str().map(str::to_owned))
            .map(EventId)
            .filter(|_| entry.kind == "m.room.redaction"),
        redacted,
        transaction: None,
        encryption,
        notifies: false,
        mentions_me: false,
    }
}

fn row(message: &MessageRecord) -> Row {
    Row {
        event: message.event.0.clone(),
        body: message.content.get("body").and_then(Value::as_str).map(str::to_owned),
        edited: message.edited,
        redacted: message.redacted,
        answers: message.reply_to.as_ref().map(|event| event.0.clone()),
        reactions: message
            .reactions
            .iter()
            .map(|reaction| (reaction.key.clone(), reaction.senders.iter().map(|sender| sender.0.clone()).collect()))
            .collect(),
    }
}
