//! Calls, and what state events changed.

use serde_json::{Value, json};
use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{Action, CallStep, Encryption, Event, NewIntent};

use crate::world::{ANN, BOB, ME, World, at, event, member, reaction, redaction, text};

const ROOM: &str = "!r";

fn step(id: &str, sender: &str, kind: &str, call: &str, time: i64) -> Event {
    at(time, event(id, sender, kind, json!({"call_id": call, "version": "1"})))
}

#[test]
fn a_call_knows_what_became_of_it_whichever_came_first() {
    for backwards in [false, true] {
        let world = World::new();
        let mut events = vec![
            step("$i", ANN, "m.call.invite", "c1", 10),
            step("$a", BOB, "m.call.answer", "c1", 20),
            step("$h", ANN, "m.call.hangup", "c1", 50),
            step("$o", BOB, "m.call.hangup", "c2", 60),
            event("$n", BOB, "m.call.candidates", json!({"call_id": "c1"})),
        ];
        if backwards {
            events.reverse();
        }
        world.live(ROOM, events);
        let steps = world.message(ROOM, "$i").call;
        let expected = [(CallStep::Answer, BOB, 20), (CallStep::End, ANN, 50)];
        let expected = expected.map(|(step, who, time)| (step, UserId::from(who), Timestamp(time)));
        assert_eq!(steps, expected);
        assert_eq!(world.ids(ROOM), ["$i"]);
    }
}

#[test]
fn nothing_but_its_steps_speaks_of_a_call() {
    let world = World::new();
    let react = json!({"m.relates_to": {"rel_type": "m.annotation", "event_id": "call:c1", "key": "answer"}});
    world.live(ROOM, vec![step("$i", ANN, "m.call.invite", "c1", 10), event("$r", BOB, "m.reaction", react)]);
    let call = world.message(ROOM, "$i");
    assert!(call.call.is_empty() && call.reactions.is_empty());
}

#[test]
fn a_call_of_a_group_is_declined_by_reference() {
    let world = World::new();
    let decline = json!({"m.relates_to": {"rel_type": "m.reference", "event_id": "$g"}});
    world.live(
        ROOM,
        vec![
            event("$g", ANN, "org.matrix.msc4075.rtc.notification", json!({"notification_type": "ring"})),
            at(30, event("$d", BOB, "org.matrix.msc4310.rtc.decline", decline)),
        ],
    );
    assert_eq!(world.message(ROOM, "$g").call, [(CallStep::Decline, UserId::from(BOB), Timestamp(30))]);
    assert_eq!(world.ids(ROOM), ["$g"]);
}

fn state(id: &str, kind: &str, key: &str, content: Value, previous: Option<Value>) -> Event {
    Event { state_key: Some(key.to_owned()), previous, ..event(id, ANN, kind, content) }
}

#[test]
fn a_rule_is_a_line_where_it_changes_something() {
    for kind in ["m.room.power_levels", "m.room.history_visibility", "m.room.guest_access", "m.room.join_rules"] {
        let world = World::new();
        world.live(ROOM, vec![state("$1", kind, "", json!({"a": 1}), None)]);
        assert!(world.ids(ROOM).is_empty(), "every room begins with {kind}");
        world.live(ROOM, vec![state("$2", kind, "", json!({"a": 2}), Some(json!({"a": 1})))]);
        assert_eq!(world.message(ROOM, "$2").previous, Some(json!({"a": 1})));
        assert_eq!(world.ids(ROOM), ["$2"]);
        world.live(ROOM, vec![redaction("$3", ANN, "$2")]);
        assert_eq!(world.message(ROOM, "$2").previous, None, "what was before goes with it");
    }
}

#[test]
fn who_joins_a_call_is_a_line_and_who_stays_in_it_is_none() {
    let world = World::new();
    let inside = json!({"application": "m.call", "device_id": "D"});
    let device = |id: &str, content: &Value, before: Option<&Value>| {
        state(id, "org.matrix.msc3401.call.member", "_@ann:example.org_D", content.clone(), before.cloned())
    };
    let outside = json!({});
    world.live(
        ROOM,
        vec![
            device("$1", &inside, None),
            device("$2", &inside, Some(&inside)),
            device("$3", &outside, Some(&inside)),
            device("$4", &outside, Some(&outside)),
            device("$5", &json!({"memberships": []}), None),
        ],
    );
    assert_eq!(world.ids(ROOM), ["$1", "$3"]);
}

#[test]
fn a_name_is_a_line_where_the_server_says_what_it_was() {
    let world = World::new();
    let named = |id: &str, name: &str, before: Option<&str>| {
        let content = |name: &str| json!({"membership": "join", "displayname": name});
        Event { content: content(name), previous: before.map(content), ..member(id, BOB, BOB, "join") }
    };
    world.live(ROOM, vec![named("$1", "Bob", None), named("$2", "Bobby", None), named("$3", "Rob", Some("Bobby"))]);
    world.live(ROOM, vec![named("$4", "Rob", Some("Rob"))]);
    assert_eq!(world.ids(ROOM), ["$1", "$3"]);
}

#[test]
fn an_edit_by_a_doubtful_device_does_not_change_what_a_sure_one_wrote() {
    use Encryption::{ChangedIdentity, Clear, Decrypted, Forged, Suspicious, Unproven, UnverifiedDevice, Verified};
    for (original, edit, takes) in [
        (Decrypted, Decrypted, true),
        (Decrypted, Verified, true),
        (Verified, Unproven, false),
        (Unproven, Unproven, true),
        (Unproven, Verified, true),
        (Decrypted, UnverifiedDevice, false),
        (Decrypted, ChangedIdentity, false),
        (Decrypted, Forged, false),
        (Decrypted, Suspicious, false),
        (Decrypted, Clear, false),
        (UnverifiedDevice, UnverifiedDevice, true),
        (Clear, Clear, true),
    ] {
        let world = World::new();
        let said = format!("{original:?} {edit:?}");
        let changed = crate::world::edit("$2", ANN, "$1", "two");
        world.live(ROOM, vec![Event { encryption: original, ..text("$1", ANN, "one") }]);
        world.live(ROOM, vec![Event { encryption: edit, ..changed }]);
        assert_eq!(world.message(ROOM, "$1").edited, takes, "{said}");
    }
}

#[test]
fn how_an_event_travelled_is_kept() {
    use Encryption::{
        ChangedIdentity, Clear, Decrypted, Forged, Suspicious, UnknownDevice, Unproven, UnverifiedDevice, Verified,
    };
    let world = World::new();
    let all =
        [Clear, Decrypted, Suspicious, Verified, Unproven, UnknownDevice, UnverifiedDevice, ChangedIdentity, Forged];
    for (index, encryption) in all.into_iter().enumerate() {
        let id = format!("${index}");
        world.live(ROOM, vec![Event { encryption: encryption.clone(), ..text(&id, ANN, "a") }]);
        assert_eq!(world.message(ROOM, &id).encryption, encryption);
    }
}

#[test]
fn a_refused_reaction_is_gone_and_a_refused_change_waits_for_the_person() {
    let world = World::new();
    world.live(ROOM, vec![text("$1", ANN, "one")]);
    let write = |name: &str, event_type: &str, content: Value| {
        let intent = NewIntent {
            room: RoomId::from(ROOM),
            action: Action::Message { event_type: event_type.to_owned(), content },
            transaction: TransactionId::from(name),
            time: Timestamp(5),
        };
        world.vault.enqueue(&intent).unwrap().0.id
    };
    let relation = |kind: &str| json!({"rel_type": kind, "event_id": "$1", "key": "👍"});
    let reaction = write("r", "m.reaction", json!({"m.relates_to": relation("m.annotation")}));
    let redaction = write("d", "m.room.redaction", json!({"redacts": "$1"}));
    let content = json!({"m.new_content": {"body": "two"}, "m.relates_to": relation("m.replace")});
    let edit = write("e", "m.room.message", content);
    for id in [reaction, redaction, edit] {
        world.vault.refused(id, FailReason::Refused).unwrap();
    }
    let left: Vec<i64> = world.vault.pending(&RoomId::from(ROOM)).unwrap().iter().map(|intent| intent.id).collect();
    assert_eq!(left, [edit]);
}

#[test]
fn an_own_reaction_is_found_to_be_taken_back() {
    let world = World::new();
    world.live(
        ROOM,
        vec![
            text("$1", ANN, "one"),
            reaction("$2", BOB, "$1", "👍"),
            reaction("$3", ME, "$1", "👍"),
            reaction("$4", ME, "$1", "🎉"),
        ],
    );
    let found = |key: &str| world.vault.own_reaction(&RoomId::from(ROOM), &EventId::from("$1"), key).unwrap();
    assert_eq!(found("👍"), Some(EventId::from("$3")));
    assert_eq!(found("🙏"), None);
    world.live(ROOM, vec![redaction("$5", ME, "$3")]);
    assert_eq!(found("👍"), None);
}
