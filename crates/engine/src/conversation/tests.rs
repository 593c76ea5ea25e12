//! Whatever an event says, its conversation is drawn (T14, T15, T16): every field of every kind of event replaced by
//! something else, through the vault, the rows and the line of the chat list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{path::PathBuf, sync::Arc, time::Instant};

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_model::{EventId, Item, ItemKind, LinkTarget, RoomId, Timestamp, UserId};
use tidings_vault::{Batch, Encryption, Event, Place, RoomBatch, RoomSummary, Timeline, Vault, VaultKey};

use super::{Source, items, preview};
use crate::{
    Ports,
    attention::Watch,
    ports::{Clock, Desktop, Keychain, KeychainError, Notice, NoticeKey, StoredKey},
    session::Session,
};

/// A world in which nothing happens.
struct Still;

impl Desktop for Still {
    fn show(&self, _: Notice) {}
    fn withdraw(&self, _: &NoticeKey) {}
    fn badge(&self, _: u32) {}
    fn open_link(&self, _: &LinkTarget) -> Result<(), String> {
        Ok(())
    }
    fn downloads(&self) -> PathBuf {
        PathBuf::new()
    }
    fn on_battery(&self) -> bool {
        false
    }
}

impl Keychain for Still {
    fn load(&self, _: &tidings_model::AccountId) -> Result<Option<StoredKey>, KeychainError> {
        Ok(None)
    }
    fn store(&self, _: &tidings_model::AccountId, _: &StoredKey) -> Result<(), KeychainError> {
        Ok(())
    }
    fn forget(&self, _: &tidings_model::AccountId) -> Result<(), KeychainError> {
        Ok(())
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(1_000_000)
    }
    fn local_day(&self, time: Timestamp) -> i64 {
        time.0 / 86_400_000
    }
}

const ME: &str = "@marta:example.org";
const HER: &str = "@priya:example.org";

struct Account {
    session: Arc<Session>,
    _folder: tempfile::TempDir,
}

fn account() -> Account {
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(Vault::create(folder.path(), &VaultKey::random(), &UserId::from(ME)).unwrap());
    let ports = Ports { desktop: Arc::new(Still), keychain: Arc::new(Still), clock: Arc::new(Still) };
    let session = Session::new("a".into(), folder.path().to_owned(), vault, ports, Watch::default());
    Account { session, _folder: folder }
}

fn event(id: &str, kind: &str, state_key: Option<&str>, content: Value, previous: Option<Value>) -> Event {
    Event {
        id: EventId::from(id),
        sender: UserId::from(HER),
        time: Timestamp(1_000),
        kind: kind.to_owned(),
        state_key: state_key.map(str::to_owned),
        content,
        previous,
        redacts: None,
        redacted: false,
        transaction: None,
        encryption: Encryption::Clear,
        notifies: true,
        mentions_me: false,
    }
}

fn record(session: &Session, room: &RoomId, events: Vec<Event>) {
    let summary = RoomSummary { name: "Harbour".to_owned(), members: 2, can_write: true, ..RoomSummary::default() };
    let batch = RoomBatch {
        summary: Some(summary),
        timeline: Some(Timeline { events, place: Place::Live { prev_batch: None } }),
        ..RoomBatch::new(room.clone())
    };
    session.vault.record(&Batch { rooms: vec![batch] }).unwrap();
}

fn drawn(session: &Session, room: &RoomId) -> Vec<Item> {
    let reading = items::read(session, &Source::main(room.clone()), i64::MIN, None).unwrap();
    items::items(session, room, &reading, None).unwrap()
}

/// Every kind of event, whole: type, state key, content, and what was before.
fn kinds() -> Vec<(&'static str, Option<&'static str>, Value, Option<Value>)> {
    let text = json!([{"body": "What?", "mimetype": "text/plain"}]);
    let relates = |kind: &str| {
        json!({"rel_type": kind, "event_id": "$target", "key": "👍", "is_falling_back": true,
        "m.in_reply_to": {"event_id": "$target"}})
    };
    let file = json!({"url": "mxc://example.org/abc", "key": {"kty": "oct", "key_ops": ["encrypt"], "alg": "A256CTR",
        "k": "aWF6", "ext": true}, "iv": "aXY", "hashes": {"sha256": "aGFzaA"}, "v": "v2"});
    let info = json!({"w": 800, "h": 600, "size": 5, "duration": 42_000, "mimetype": "image/png",
        "thumbnail_url": "mxc://example.org/thumb", "thumbnail_file": file});
    let media = |kind: &str| {
        json!({"msgtype": kind, "body": "caption", "filename": "a.bin", "info": info,
        "url": "mxc://example.org/abc", "format": "org.matrix.custom.html", "formatted_body": "<b>caption</b>",
        "org.matrix.msc3245.voice": {}, "org.matrix.msc1767.audio": {"duration": 5, "waveform": [1, 512, 1024]},
        "m.mentions": {"user_ids": [ME], "room": true}, "m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}})
    };
    let mut encrypted = media("m.image");
    encrypted["file"] = file.clone();
    let said = json!({"msgtype": "m.text", "body": "so", "format": "org.matrix.custom.html",
        "formatted_body": "<p>so</p>", "m.mentions": {"user_ids": [ME]}, "m.relates_to": relates("m.thread")});
    let mut edit = said.clone();
    edit["m.new_content"] = json!({"msgtype": "m.text", "body": "new"});
    edit["m.relates_to"] = relates("m.replace");
    let stable = json!({"question": {"m.text": text}, "kind": "m.disclosed", "max_selections": 1,
        "answers": [{"m.id": "a", "m.text": text}, {"m.id": "b", "m.text": text}]});
    let unstable = json!({"question": {"org.matrix.msc1767.text": "?"}, "kind": "org.matrix.msc3381.poll.undisclosed",
        "max_selections": 2, "answers": [{"id": "a", "org.matrix.msc1767.text": "A"}]});
    let call =
        json!({"call_id": "c", "version": "1", "party_id": "p", "lifetime": 60_000, "offer": {"sdp": "m=video"}});
    let member = json!({"membership": "join", "displayname": "Noah", "avatar_url": "mxc://a/b", "reason": "so"});
    let levels = json!({"users": {HER: 100, ME: 50}, "users_default": 0, "redact": 50, "events": {"m.room.name": 50}});
    let ring = json!({"notification_type": "ring", "lifetime": 30_000, "sender_ts": 5, "m.call.intent": "video",
        "m.relates_to": relates("m.reference")});
    let mut all = vec![
        ("m.room.message", None, said, None),
        ("m.room.message", None, edit, None),
        ("m.room.message", None, encrypted, None),
        (
            "m.room.message",
            None,
            json!({"msgtype": "m.location", "body": "Pier", "geo_uri": "geo:1.5,2;u=3",
            "org.matrix.msc3488.location": {"uri": "geo:1,2", "description": "Pier"}}),
            None,
        ),
        ("m.sticker", None, media("m.sticker"), None),
        ("m.reaction", None, json!({"m.relates_to": relates("m.annotation")}), None),
        ("m.poll.start", None, json!({"m.poll": stable, "m.text": text}), None),
        ("org.matrix.msc3381.poll.start", None, json!({"org.matrix.msc3381.poll.start": unstable}), None),
        ("m.poll.response", None, json!({"m.selections": ["a"], "m.relates_to": relates("m.reference")}), None),
        (
            "org.matrix.msc3381.poll.response",
            None,
            json!({"org.matrix.msc3381.poll.response": {"answers": ["a"]},
            "m.relates_to": relates("m.reference")}),
            None,
        ),
        ("m.poll.end", None, json!({"m.relates_to": relates("m.reference"), "m.text": text}), None),
        ("m.call.invite", None, call.clone(), None),
        ("m.call.answer", None, call.clone(), None),
        ("m.call.hangup", None, call, None),
        ("org.matrix.msc4075.rtc.notification", None, ring, None),
        ("org.example.unknown", None, json!({"body": {"a": [1, 2]}}), None),
        ("m.room.member", Some("@noah:example.org"), member.clone(), Some(member)),
        ("m.room.power_levels", Some(""), levels.clone(), Some(levels)),
        ("m.room.pinned_events", Some(""), json!({"pinned": ["$a"]}), Some(json!({"pinned": ["$b"]}))),
        ("m.room.tombstone", Some(""), json!({"body": "moved", "replacement_room": "!new:x"}), None),
        ("m.room.encryption", Some(""), json!({"algorithm": "m.megolm.v1.aes-sha2"}), Some(json!({"algorithm": "x"}))),
        ("m.room.name", Some(""), json!({"name": "Harbour"}), None),
        ("m.room.topic", Some(""), json!({"topic": "Ramps", "m.topic": {"m.text": text}}), None),
        ("m.room.avatar", Some(""), json!({"url": "mxc://a/b", "info": info}), None),
        ("m.room.history_visibility", Some(""), json!({"history_visibility": "shared"}), Some(json!({}))),
        ("m.room.join_rules", Some(""), json!({"join_rule": "knock", "allow": [{}]}), Some(json!({}))),
        ("org.matrix.msc3401.call.member", Some("_@a:x_D"), json!({"application": "m.call"}), Some(json!({}))),
    ];
    for kind in ["m.image", "m.video", "m.audio", "m.file"] {
        all.push(("m.room.message", None, media(kind), None));
    }
    all
}

/// Every place in a value, by pointer; the value itself is the empty one.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, inner)| places(inner, &format!("{at}/{}", escaped(key)), found));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// What a field may hold instead.
fn odd() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        json!(true),
        json!([]),
        json!([null, {}, [[]]]),
        json!({}),
        json!({"__proto__": {"x": 1}, "constructor": 1, "toString": []}),
        json!(""),
        json!("\u{202e}\u{0}\u{feff}$"),
        json!("x".repeat(60_000)),
        json!("<b>".repeat(9_000)),
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!(-0.5),
    ])
}

/// Kinds that speak of another event, or are machinery: they have no row of their own, whatever they say.
const WITHOUT_A_ROW: [&str; 6] = [
    "m.reaction",
    "m.poll.response",
    "org.matrix.msc3381.poll.response",
    "m.poll.end",
    "m.call.answer",
    "m.call.hangup",
];

#[test]
fn no_field_of_any_event_keeps_a_conversation_from_being_drawn() {
    let Account { session, _folder } = account();
    let all: Vec<_> = kinds();
    let spots: Vec<(usize, bool, String)> = all
        .iter()
        .enumerate()
        .flat_map(|(index, (_, _, content, previous))| {
            let mut found = Vec::new();
            places(content, "", &mut found);
            let mut before = Vec::new();
            previous.iter().for_each(|previous| places(previous, "", &mut before));
            let now = found.into_iter().map(move |at| (index, false, at));
            now.chain(before.into_iter().map(move |at| (index, true, at)))
        })
        .collect();
    assert!(spots.len() > 300, "{} places", spots.len());
    let room = std::cell::Cell::new(0_u32);
    let config = ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = (prop::sample::select(spots), odd());
    proptest::test_runner::TestRunner::new(config)
        .run(&strategy, |((index, before, at), value)| {
            room.set(room.get() + 1);
            let id = RoomId(format!("!{}:example.org", room.get()));
            let (kind, key, mut content, mut previous) = all[index].clone();
            let whole = if before { previous.as_mut().unwrap() } else { &mut content };
            *whole.pointer_mut(&at).unwrap() = value;
            let target = event("$target", "m.poll.start", None, all[6].2.clone(), None);
            let odd = event("$odd", kind, key, content, previous);
            let plain = event("$plain", "m.room.message", None, json!({"msgtype": "m.text", "body": "still here"}), None);
            record(&session, &id, vec![target, odd, plain]);
            let rows = drawn(&session, &id);
            let shown = |event: &str| {
                rows.iter().any(|row| matches!(&row.kind, ItemKind::Message { message } if message.event.as_ref().is_some_and(|id| id.as_str() == event)))
            };
            prop_assert!(shown("$target") && shown("$plain"), "{kind} {at}");
            // What is readable as an answer or a change is drawn there; everything else of a message is a row.
            let elsewhere = key.is_some() || WITHOUT_A_ROW.contains(&kind) || kind == "m.room.message" && index < 2;
            prop_assert!(elsewhere || shown("$odd"), "{kind} {at} has no row");
            for event in ["$odd", "$target"] {
                let record = session.vault.message(&id, &EventId::from(event)).unwrap().unwrap();
                let (line, _) = preview::of_record(&session, &id, &record);
                prop_assert!(line.chars().count() <= 300);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn five_thousand_mentions_cost_about_ten_times_five_hundred() {
    let Account { session, _folder } = account();
    let time = |count: usize| {
        let users: Vec<String> = (0..count).map(|n| format!("@u{n}:example.org")).collect();
        let body = users.join(" ");
        let content = json!({"msgtype": "m.text", "body": body, "m.mentions": {"user_ids": users}});
        let room = RoomId(format!("!mentions-{count}:example.org"));
        record(&session, &room, vec![event("$m", "m.room.message", None, content, None)]);
        let best = (0..5).map(|_| {
            let begin = Instant::now();
            assert!(!drawn(&session, &room).is_empty());
            begin.elapsed()
        });
        best.min().unwrap()
    };
    let (few, many) = (time(500), time(5_000));
    assert!(many < few * 40 + std::time::Duration::from_millis(20), "{few:?} for 500, {many:?} for 5,000");
}
