//! Edits, reactions, redactions, threads and decryption, in any order.

use proptest::prelude::*;
use serde_json::Value;
use tidings_model::{EventId, RoomId};
use tidings_vault::{Encryption, Event, MessageRecord};

use crate::world::{
    ANN, BOB, ME, World, at, body, edit, in_any_room, ping, reaction, redaction, text, thread, undecryptable,
};

const ROOM: &str = "!r";

#[test]
fn the_newest_edit_wins_and_a_redacted_one_falls_back() {
    let world = World::new();
    world.live(
        ROOM,
        vec![
            text("$1", ANN, "one"),
            at(3_000, edit("$e3", ANN, "$1", "three")),
            at(2_000, edit("$e2", ANN, "$1", "two")),
        ],
    );
    assert_eq!(body(&world.rows(ROOM)[0]), "three");
    let changes = world.live(ROOM, vec![redaction("$x", ANN, "$e3")]);
    assert_eq!(body(&world.rows(ROOM)[0]), "two");
    assert!(changes.altered.contains(&(RoomId::from(ROOM), EventId::from("$1"))));
    world.live(ROOM, vec![redaction("$y", ANN, "$e2")]);
    let row = &world.rows(ROOM)[0];
    assert_eq!((body(row), row.edited), ("one", false));
}

#[test]
fn of_two_edits_at_the_same_time_the_one_with_the_greater_id_counts() {
    // "-" comes before letters in a text, and after them in base64.
    let [low, high] = ["-", "z"].map(|letter| format!("$Rqnc{letter}FQdvnEYJTyHqQiKxU2bZ1CI92QkuZq3a5lr5Zg"));
    for order in [[&low, &high], [&high, &low]] {
        let world = World::new();
        let edits = order.map(|id| edit(id, ANN, "$1", id));
        world.live(ROOM, [vec![text("$1", ANN, "one")], edits.to_vec()].concat());
        assert_eq!(body(&world.rows(ROOM)[0]), high);
    }
}

#[test]
fn an_edit_by_another_or_of_another_type_changes_nothing_and_is_no_row() {
    let world = World::new();
    let other_type = Event { kind: "m.sticker".to_owned(), ..edit("$e2", ANN, "$1", "sticker") };
    world.live(ROOM, vec![text("$1", ANN, "one"), edit("$e1", BOB, "$1", "forged"), other_type]);
    let rows = world.rows(ROOM);
    assert_eq!((rows.len(), body(&rows[0]), rows[0].edited), (1, "one", false));
}

#[test]
fn an_edit_without_new_content_stays_visible_as_it_is() {
    let world = World::new();
    let mut broken = edit("$2", ANN, "$1", "x");
    broken.content["m.new_content"] = Value::from(7);
    world.live(ROOM, vec![text("$1", ANN, "one"), broken]);
    assert_eq!(world.ids(ROOM), ["$1", "$2"]);
}

#[test]
fn a_redaction_takes_the_text_and_every_earlier_text_away() {
    let world = World::new();
    world.live(ROOM, vec![text("$1", ANN, "one"), edit("$e", ANN, "$1", "two"), reaction("$r", BOB, "$1", "+1")]);
    let changes = world.live(ROOM, vec![redaction("$x", ANN, "$1")]);
    let row = &world.rows(ROOM)[0];
    assert!(row.redacted && !row.edited && row.content.is_null() && row.reactions.is_empty());
    assert_eq!(world.message(ROOM, "$e").content, Value::Null);
    assert!(changes.altered.contains(&(RoomId::from(ROOM), EventId::from("$1"))));
    // An edit that comes afterwards brings nothing back.
    world.live(ROOM, vec![at(9_000, edit("$late", ANN, "$1", "three"))]);
    assert_eq!(world.message(ROOM, "$late").content, Value::Null);
    assert!(world.rows(ROOM)[0].content.is_null());
}

#[test]
fn a_message_that_comes_deleted_takes_the_edits_that_came_before_it_away() {
    let edited = edit("$e", ANN, "$1", "two");
    let deleted = Event { redacted: true, ..text("$1", ANN, "one") };
    let by = redaction("$x", ANN, "$1");
    for order in
        [[&edited, &by, &deleted], [&by, &edited, &deleted], [&deleted, &by, &edited], [&edited, &deleted, &by]]
    {
        let world = World::new();
        for event in order {
            world.live(ROOM, vec![event.clone()]);
        }
        assert_eq!(world.message(ROOM, "$e").content, Value::Null);
    }
}

#[test]
fn a_redacted_reaction_disappears() {
    let world = World::new();
    world.live(ROOM, vec![text("$1", ANN, "one"), reaction("$r", BOB, "$1", "+1")]);
    assert_eq!(world.rows(ROOM)[0].reactions.len(), 1);
    let changes = world.live(ROOM, vec![redaction("$x", BOB, "$r")]);
    assert_eq!(world.rows(ROOM)[0].reactions.len(), 0);
    assert!(changes.conversations.contains(&RoomId::from(ROOM)));
}

#[test]
fn an_event_the_server_redacted_comes_without_content() {
    let world = World::new();
    world.live(ROOM, vec![text("$1", ANN, "one")]);
    world.live(ROOM, vec![Event { redacted: true, ..text("$1", ANN, "one") }]);
    world.live(ROOM, vec![Event { redacted: true, ..text("$2", ANN, "two") }]);
    for row in world.rows(ROOM) {
        assert!(row.redacted && row.content.is_null());
    }
}

#[test]
fn what_could_not_be_decrypted_is_asked_for_and_takes_its_place_when_it_can() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    let waiting = |id: &str, session: &str| Event { notifies: true, ..undecryptable(id, ANN, session) };
    let first =
        world.live(ROOM, vec![text("$0", ANN, "x"), waiting("$1", "s1"), waiting("$2", "s2"), text("$3", ANN, "y")]);
    assert!(first.arrived.iter().all(|arrived| arrived.undecryptable));
    assert_eq!(first.arrived.len(), 2);
    let ids = |found: Vec<(RoomId, EventId)>| found.into_iter().map(|(_, event)| event.0).collect::<Vec<_>>();
    assert_eq!(ids(world.vault.undecryptable(None, None, 10).unwrap()), ["$2", "$1"]);
    assert_eq!(ids(world.vault.undecryptable(Some(&room), None, 1).unwrap()), ["$2"]);
    assert_eq!(ids(world.vault.undecryptable(None, Some("s1"), 10).unwrap()), ["$1"]);
    assert_eq!(ids(world.vault.undecryptable(Some(&room), Some("s2"), 10).unwrap()), ["$2"]);
    assert_eq!(ids(world.vault.undecryptable(Some(&RoomId::from("!no")), None, 10).unwrap()), Vec::<String>::new());

    let open = |event: Event| Event { encryption: Encryption::Decrypted, notifies: true, ..event };
    let changes = world.vault.redecrypt(&room, &[open(text("$1", ANN, "secret")), open(text("$9", ANN, "?"))]).unwrap();
    assert_eq!(world.ids(ROOM), ["$0", "$1", "$2", "$3"]);
    assert_eq!(body(&world.message(ROOM, "$1")), "secret");
    assert_eq!(
        changes.arrived.iter().map(|a| (a.event.as_str(), a.undecryptable)).collect::<Vec<_>>(),
        [("$1", false)]
    );
    assert_eq!(world.unread(ROOM), (2, 0));
    // Again, and for one that never waited: nothing.
    let again =
        world.vault.redecrypt(&room, &[open(text("$1", ANN, "other")), open(text("$0", ANN, "forged"))]).unwrap();
    assert!(again.is_empty());
    assert_eq!(body(&world.message(ROOM, "$0")), "x");
    // One that was read meanwhile does not notify.
    world.read(ROOM, ME, "$3");
    let changes = world.vault.redecrypt(&room, &[open(text("$2", ANN, "late"))]).unwrap();
    assert_eq!(changes.arrived, []);
}

#[test]
fn what_turns_out_to_be_an_edit_is_no_row_any_more() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.live(ROOM, vec![text("$1", ANN, "one"), Event { notifies: true, ..undecryptable("$2", ANN, "s") }]);
    assert_eq!(world.unread(ROOM), (1, 0));
    let opened = Event { encryption: Encryption::Decrypted, ..edit("$2", ANN, "$1", "two") };
    world.vault.redecrypt(&room, &[opened]).unwrap();
    assert_eq!(world.ids(ROOM), ["$1"]);
    assert_eq!(body(&world.rows(ROOM)[0]), "two");
    assert_eq!(world.unread(ROOM), (0, 0));
    assert_eq!(world.vault.chat(&room).unwrap().unwrap().latest.unwrap().event.as_str(), "$1");
}

#[test]
fn an_event_that_comes_again_decrypted_is_opened() {
    let world = World::new();
    world.live(ROOM, vec![undecryptable("$1", ANN, "s")]);
    world.live(ROOM, vec![Event { encryption: Encryption::Decrypted, ..text("$1", ANN, "open") }]);
    assert_eq!(body(&world.rows(ROOM)[0]), "open");
    assert_eq!(world.vault.undecryptable(None, None, 9).unwrap(), []);
}

#[test]
fn thread_replies_are_counted_at_their_root_and_are_no_rows() {
    let world = World::new();
    let replies =
        (0..5).map(|n| at(2_000 + n, thread(&format!("$t{n}"), [ANN, BOB][n as usize % 2], "$1", "re"))).collect();
    world.live(ROOM, replies);
    assert_eq!(world.ids(ROOM), Vec::<String>::new());
    world.live(ROOM, vec![text("$1", ANN, "root")]);
    let root = &world.rows(ROOM)[0];
    let summary = root.thread.as_ref().unwrap();
    assert_eq!((summary.replies, summary.latest.0), (5, 2_004));
    assert_eq!(summary.people.iter().map(|p| p.as_str()).collect::<Vec<_>>(), [ANN, BOB]);
    world.live(ROOM, vec![redaction("$x", ANN, "$t4")]);
    assert_eq!(world.rows(ROOM)[0].thread.as_ref().unwrap().replies, 4);
}

/// A set of events that speak of each other in every way.
fn cast() -> Vec<Event> {
    vec![
        ping("$m1", ANN),
        text("$m2", ME, "two"),
        Event { mentions_me: true, ..ping("$m3", BOB) },
        at(2_000, edit("$e1", ANN, "$m1", "edit one")),
        at(3_000, edit("$e2", ANN, "$m1", "edit two")),
        at(3_000, edit("$e3", ANN, "$m1", "edit three")),
        at(9_000, edit("$e4", BOB, "$m1", "forged")),
        edit("$e5", BOB, "$m3", "of what is redacted"),
        reaction("$r1", ANN, "$m2", "+1"),
        at(500, reaction("$r2", BOB, "$m2", "-1")),
        reaction("$r3", BOB, "$m3", "+1"),
        at(4_000, thread("$t1", ANN, "$m2", "in thread")),
        at(5_000, Event { notifies: true, ..thread("$t2", BOB, "$m2", "in thread too") }),
        redaction("$x1", ANN, "$e3"),
        redaction("$x2", BOB, "$m3"),
        redaction("$x3", BOB, "$r2"),
        redaction("$x4", BOB, "$x1"),
        redaction("$x5", BOB, "$t2"),
    ]
}

/// Every event of the cast, as rows show it and as it is kept. Positions are the order of arrival, which is what differs.
fn seen(world: &World, room: &str) -> (Vec<MessageRecord>, Vec<Option<MessageRecord>>) {
    let place = |message: MessageRecord| MessageRecord { position: 0, ..message };
    let mut rows: Vec<MessageRecord> = world.rows(room).into_iter().map(place).collect();
    rows.sort_by(|a, b| a.event.cmp(&b.event));
    let room = RoomId::from(room);
    let all = cast().into_iter().map(|event| world.vault.message(&room, &event.id).unwrap().map(place)).collect();
    (rows, all)
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    let straight = World::new();
    straight.live(ROOM, cast());
    let expected = seen(&straight, ROOM);
    in_any_room(64, &(Just(cast()).prop_shuffle(), 1..18_usize), |world, room, (shuffled, size)| {
        for chunk in shuffled.chunks(size) {
            world.live(room, chunk.to_vec());
        }
        prop_assert_eq!(&expected, &seen(world, room));
        Ok(())
    });
}

#[test]
fn the_chat_list_shows_the_latest_message_as_its_conversation_does() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.summary(ROOM, crate::world::joined("R"));
    let same = |step: &str| {
        let shown = world.vault.chat_list(None).unwrap().remove(0).latest;
        assert_eq!(shown, world.vault.chat(&room).unwrap().unwrap().latest);
        let kept = world.rows(ROOM).pop().map(|row| MessageRecord { reactions: Vec::new(), thread: None, ..row });
        assert_eq!(shown, kept, "after {step}");
    };
    same("nothing");
    world.write(ROOM, "t1", "one");
    world.live(ROOM, vec![text("$1", ME, "one")]);
    same("a message");
    let intent = world.vault.intent(&"t1".into()).unwrap().unwrap();
    world.vault.sent(intent.id, Some(&EventId::from("$1"))).unwrap();
    same("its answer");
    assert!(world.rows(ROOM)[0].transaction.is_some());
    world.live(ROOM, vec![edit("$e", ME, "$1", "two")]);
    same("an edit");
    world.live(ROOM, vec![redaction("$x", ME, "$e")]);
    same("an edit taken back");
    world.live(ROOM, vec![redaction("$y", ME, "$1")]);
    same("a redaction");
    world.live(ROOM, vec![undecryptable("$2", ANN, "s")]);
    same("one that waits");
    let opened = Event { encryption: Encryption::Decrypted, ..text("$2", ANN, "open") };
    world.vault.redecrypt(&room, &[opened]).unwrap();
    same("its key");
    world.live(ROOM, vec![Event { redacted: true, ..text("$2", ANN, "open") }]);
    same("a redaction by the server");
}

#[test]
fn the_cast_comes_to_what_the_specification_says() {
    let world = World::new();
    world.live(ROOM, cast());
    let rows = world.rows(ROOM);
    assert_eq!(world.ids(ROOM), ["$m1", "$m2", "$m3"]);
    assert_eq!(body(&rows[0]), "edit two");
    assert_eq!(rows[1].reactions.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["+1"]);
    assert_eq!(rows[1].thread.as_ref().unwrap().replies, 1);
    assert!(rows[2].redacted && rows[2].reactions.is_empty());
}
