//! What servers and senders should not say, and do.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_model::{EventId, Timestamp};
use tidings_vault::{Encryption, Event};

use crate::world::{ANN, BOB, ME, World, at, event, in_any_room, member, text};

const ROOM: &str = "!r";

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop_oneof![Just("m.replace"), Just("m.thread"), Just("m.annotation"), Just("$1"), Just("$0")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let name = prop_oneof![
            Just("m.relates_to".to_owned()),
            Just("m.new_content".to_owned()),
            Just("m.in_reply_to".to_owned()),
            Just("rel_type".to_owned()),
            Just("event_id".to_owned()),
            Just("key".to_owned()),
            Just("body".to_owned()),
            Just("membership".to_owned()),
            Just("redacts".to_owned()),
            Just("__proto__".to_owned()),
            ".{0,6}",
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(name, inner, 0..5).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![
        Just("m.room.message"),
        Just("m.reaction"),
        Just("m.room.redaction"),
        Just("m.room.encrypted"),
        Just("m.room.member"),
        Just("m.room.name"),
        Just("m.sticker"),
        Just("org.example.unheard_of"),
        Just(""),
    ];
    let state_key = proptest::option::of(prop_oneof![Just(String::new()), ".{0,8}"]);
    (kind, any_json(), state_key, any::<i64>(), 0..6_u8, any::<(bool, bool, bool)>(), proptest::option::of(0..6_u8))
        .prop_map(|(kind, content, state_key, time, id, (notifies, mentions_me, redacted), redacts)| Event {
            state_key,
            time: Timestamp(time),
            notifies,
            mentions_me,
            redacted,
            redacts: redacts.map(|id| EventId(format!("${id}"))),
            ..event(&format!("${id}"), [ME, ANN, BOB][usize::from(id % 3)], kind, content)
        })
}

#[test]
fn no_event_of_any_shape_is_an_error() {
    in_any_room(96, &proptest::collection::vec(any_event(), 1..40), |world, room, events| {
        for chunk in events.chunks(13) {
            world.live(room, chunk.to_vec());
        }
        for event in &events {
            prop_assert!(world.message(room, event.id.as_str()).time.0 >= 0);
        }
        world.rows(room);
        Ok(())
    });
}

#[test]
fn absurd_times_become_times_that_a_date_can_stand_for() {
    let world = World::new();
    let times = [0, -1, i64::MIN, i64::MAX, 9_007_199_254_740_993];
    let events = times.iter().enumerate().map(|(n, time)| at(*time, text(&format!("${n}"), ANN, "x"))).collect();
    world.live(ROOM, events);
    let kept: Vec<i64> = world.rows(ROOM).iter().map(|row| row.time.0).collect();
    assert_eq!(kept, [0, 0, 0, 8_640_000_000_000_000, 8_640_000_000_000_000]);
}

#[test]
fn an_event_of_64_kib_is_kept_whole() {
    let world = World::new();
    let long = "ä".repeat(32 * 1024);
    world.live(ROOM, vec![text("$1", ANN, &long)]);
    assert_eq!(world.rows(ROOM)[0].content["body"], Value::from(long));
}

#[test]
fn an_unknown_type_is_shown_and_machinery_is_not() {
    let world = World::new();
    let kinds = [
        "org.example.unheard_of",
        "m.poll.start",
        "m.poll.response",
        "m.call.invite",
        "m.call.candidates",
        "m.sticker",
        "m.key.verification.start",
    ];
    world.live(ROOM, kinds.iter().map(|kind| event(kind, ANN, kind, json!({ "x": 1 }))).collect());
    assert_eq!(world.ids(ROOM), ["org.example.unheard_of", "m.poll.start", "m.call.invite", "m.sticker"]);
}

#[test]
fn only_state_that_is_news_is_a_line() {
    let world = World::new();
    let state = |id: &str, kind: &str, key: &str| Event {
        state_key: Some(key.to_owned()),
        ..event(id, ANN, kind, json!({ "name": "x" }))
    };
    world.live(
        ROOM,
        vec![
            state("$create", "m.room.create", ""),
            state("$power", "m.room.power_levels", ""),
            state("$name", "m.room.name", ""),
            state("$odd", "m.room.name", "key"),
            state("$encryption", "m.room.encryption", ""),
            member("$join", ANN, ANN, "join"),
            member("$profile", ANN, ANN, "join"),
            member("$invite", ANN, BOB, "invite"),
            member("$kick", ANN, BOB, "leave"),
            member("$broken", ANN, ME, "?"),
        ],
    );
    assert_eq!(world.ids(ROOM), ["$create", "$name", "$encryption", "$join", "$invite", "$kick"]);
    assert_eq!(world.vault.chat(&ROOM.into()).unwrap().unwrap().latest, None, "a line is no preview");
}

#[test]
fn a_change_of_name_is_known_as_one_when_the_join_before_it_comes_later() {
    let world = World::new();
    world.limited(ROOM, vec![member("$profile", ANN, ANN, "join"), text("$1", ANN, "x")], "t");
    assert_eq!(world.ids(ROOM), ["$profile", "$1"]);
    world.older(ROOM, vec![member("$join", ANN, ANN, "join")], "t", None);
    assert_eq!(world.ids(ROOM), ["$join", "$1"]);
}

#[test]
fn a_suspicious_event_stays_one() {
    let world = World::new();
    world.live(ROOM, vec![Event { encryption: Encryption::Suspicious, ..text("$1", ANN, "x") }]);
    assert_eq!(world.rows(ROOM)[0].encryption, Encryption::Suspicious);
}

#[test]
fn a_relation_to_itself_is_none() {
    let world = World::new();
    world.live(ROOM, vec![crate::world::edit("$1", ANN, "$1", "again"), crate::world::thread("$2", ANN, "$2", "x")]);
    assert_eq!(world.ids(ROOM), ["$1", "$2"]);
    assert!(!world.rows(ROOM)[0].edited);
}
