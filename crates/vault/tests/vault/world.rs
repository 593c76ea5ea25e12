//! A vault in a folder of its own, and short words for what happens in it.

use std::path::Path;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use serde_json::{Value, json};
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UndecryptableCause, UserId};
use tidings_vault::{
    Action, Batch, Changes, Encryption, Event, Member, Membership, MessageRecord, NewIntent, Place, Receipt, RoomBatch,
    RoomSummary, Timeline, Vault, VaultKey,
};

pub(crate) const ME: &str = "@me:org.example";
pub(crate) const ANN: &str = "@ann:org.example";
pub(crate) const BOB: &str = "@bob:org.example";

pub(crate) struct World {
    pub(crate) vault: Vault,
    folder: tempfile::TempDir,
    pub(crate) key: VaultKey,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = VaultKey::random();
        let vault = Vault::create(folder.path(), &key, &UserId::from(ME)).unwrap();
        Self { vault, folder, key }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Close it and open it again.
    pub(crate) fn reopen(self) -> Self {
        self.vault.close().unwrap();
        let vault = Vault::open(self.folder.path(), &self.key).unwrap();
        Self { vault, ..self }
    }

    pub(crate) fn record(&self, rooms: Vec<RoomBatch>) -> Changes {
        self.vault.record(&Batch { rooms }).unwrap()
    }

    /// New events of a room.
    pub(crate) fn live(&self, room: &str, events: Vec<Event>) -> Changes {
        self.record(vec![timeline(room, events, Place::Live { prev_batch: None })])
    }

    /// New events after a hole.
    pub(crate) fn limited(&self, room: &str, events: Vec<Event>, token: &str) -> Changes {
        self.record(vec![timeline(room, events, Place::Live { prev_batch: Some(token.to_owned()) })])
    }

    /// A page of history.
    pub(crate) fn older(&self, room: &str, events: Vec<Event>, from: &str, next: Option<&str>) -> Changes {
        let place = Place::Older { from: from.to_owned(), next: next.map(str::to_owned) };
        self.record(vec![timeline(room, events, place)])
    }

    pub(crate) fn summary(&self, room: &str, summary: RoomSummary) -> Changes {
        self.record(vec![RoomBatch { summary: Some(summary), ..RoomBatch::new(RoomId::from(room)) }])
    }

    pub(crate) fn members(&self, room: &str, members: &[(&str, &str, bool)]) -> Changes {
        let members = members
            .iter()
            .map(|(user, name, joined)| Member {
                user: UserId::from(*user),
                name: Some((*name).to_owned()).filter(|name| !name.is_empty()),
                avatar: None,
                joined: *joined,
            })
            .collect();
        self.record(vec![RoomBatch { members, ..RoomBatch::new(RoomId::from(room)) }])
    }

    pub(crate) fn read(&self, room: &str, user: &str, event: &str) -> Changes {
        let receipt = Receipt { user: UserId::from(user), event: EventId::from(event), time: Timestamp(1) };
        self.record(vec![RoomBatch { receipts: vec![receipt], ..RoomBatch::new(RoomId::from(room)) }])
    }

    /// Everything a conversation shows.
    pub(crate) fn rows(&self, room: &str) -> Vec<MessageRecord> {
        self.vault.page(&RoomId::from(room), None, 10_000).unwrap().messages
    }

    /// The ids of everything a conversation shows.
    pub(crate) fn ids(&self, room: &str) -> Vec<String> {
        self.rows(room).into_iter().map(|message| message.event.0).collect()
    }

    pub(crate) fn message(&self, room: &str, event: &str) -> MessageRecord {
        self.vault.message(&RoomId::from(room), &EventId::from(event)).unwrap().unwrap()
    }

    /// Unread messages and mentions.
    pub(crate) fn unread(&self, room: &str) -> (u32, u32) {
        let chat = self.vault.chat(&RoomId::from(room)).unwrap().unwrap();
        (chat.unread, chat.mentions)
    }

    /// Write a message.
    pub(crate) fn write(&self, room: &str, transaction: &str, text: &str) -> tidings_vault::Intent {
        self.vault.enqueue(&intent(room, transaction, text)).unwrap().0
    }
}

pub(crate) fn timeline(room: &str, events: Vec<Event>, place: Place) -> RoomBatch {
    RoomBatch { timeline: Some(Timeline { events, place }), ..RoomBatch::new(RoomId::from(room)) }
}

pub(crate) fn intent(room: &str, transaction: &str, text: &str) -> NewIntent {
    NewIntent {
        room: RoomId::from(room),
        action: Action::Message {
            event_type: "m.room.message".to_owned(),
            content: json!({ "msgtype": "m.text", "body": text }),
        },
        transaction: TransactionId::from(transaction),
        time: Timestamp(1_000),
    }
}

pub(crate) fn joined(name: &str) -> RoomSummary {
    RoomSummary {
        name: name.to_owned(),
        members: 3,
        membership: Membership::Joined,
        can_write: true,
        ..RoomSummary::default()
    }
}

pub(crate) fn event(id: &str, sender: &str, kind: &str, content: Value) -> Event {
    Event {
        id: EventId::from(id),
        sender: UserId::from(sender),
        time: Timestamp(1_000),
        kind: kind.to_owned(),
        state_key: None,
        previous: None,
        content,
        redacts: None,
        redacted: false,
        transaction: None,
        encryption: Encryption::Clear,
        notifies: false,
        mentions_me: false,
    }
}

pub(crate) fn text(id: &str, sender: &str, body: &str) -> Event {
    event(id, sender, "m.room.message", json!({ "msgtype": "m.text", "body": body }))
}

/// A message that counts as unread.
pub(crate) fn ping(id: &str, sender: &str) -> Event {
    Event { notifies: true, ..text(id, sender, "ping") }
}

pub(crate) fn at(time: i64, event: Event) -> Event {
    Event { time: Timestamp(time), ..event }
}

pub(crate) fn reaction(id: &str, sender: &str, target: &str, key: &str) -> Event {
    let relates = json!({ "rel_type": "m.annotation", "event_id": target, "key": key });
    event(id, sender, "m.reaction", json!({ "m.relates_to": relates }))
}

pub(crate) fn edit(id: &str, sender: &str, target: &str, body: &str) -> Event {
    let content = json!({
        "msgtype": "m.text",
        "body": format!("* {body}"),
        "m.new_content": { "msgtype": "m.text", "body": body },
        "m.relates_to": { "rel_type": "m.replace", "event_id": target },
    });
    event(id, sender, "m.room.message", content)
}

pub(crate) fn thread(id: &str, sender: &str, root: &str, body: &str) -> Event {
    let content = json!({
        "msgtype": "m.text",
        "body": body,
        "m.relates_to": { "rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                          "m.in_reply_to": { "event_id": root } },
    });
    event(id, sender, "m.room.message", content)
}

pub(crate) fn redaction(id: &str, sender: &str, target: &str) -> Event {
    Event { redacts: Some(EventId::from(target)), ..event(id, sender, "m.room.redaction", json!({})) }
}

pub(crate) fn member(id: &str, sender: &str, user: &str, membership: &str) -> Event {
    Event {
        state_key: Some(user.to_owned()),
        ..event(id, sender, "m.room.member", json!({ "membership": membership }))
    }
}

pub(crate) fn undecryptable(id: &str, sender: &str, session: &str) -> Event {
    Event {
        encryption: Encryption::Undecryptable { session: Some(session.to_owned()), cause: UndecryptableCause::Waiting },
        ..event(id, sender, "m.room.encrypted", json!({ "algorithm": "m.megolm.v1.aes-sha2", "session_id": session }))
    }
}

pub(crate) fn body(message: &MessageRecord) -> &str {
    message.content.get("body").and_then(Value::as_str).unwrap_or_default()
}

/// Check a property of rooms: every case has a room of its own in one vault, which comes back.
pub(crate) fn in_any_room<S: Strategy>(
    cases: u32,
    strategy: &S,
    check: impl Fn(&World, &str, S::Value) -> TestCaseResult,
) -> World {
    let world = World::new();
    let room = std::cell::Cell::new(0);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        room.set(room.get() + 1);
        check(&world, &format!("!{}", room.get()), value)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    world
}
