//! Polls: who voted for what, and until when.

use serde_json::{Value, json};
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use tidings_vault::{Encryption, Event, MessageRecord, PollTally, RoomSummary};

use crate::world::{ANN, BOB, World, at, event, joined, redaction};

const ROOM: &str = "!r";
const CARL: &str = "@carl:org.example";

fn start(id: &str, sender: &str) -> Event {
    let answers = json!([{"id": "a", "org.matrix.msc1767.text": "Yes"}, {"id": "b", "org.matrix.msc1767.text": "No"}]);
    let poll = json!({"question": {"org.matrix.msc1767.text": "Sail?"}, "kind": "org.matrix.msc3381.poll.disclosed",
        "max_selections": 1, "answers": answers});
    event(id, sender, "org.matrix.msc3381.poll.start", json!({ "org.matrix.msc3381.poll.start": poll }))
}

fn relates(poll: &str) -> Value {
    json!({"rel_type": "m.reference", "event_id": poll})
}

fn vote(id: &str, sender: &str, time: i64, answers: &[&str]) -> Event {
    let content = json!({"m.relates_to": relates("$p"), "org.matrix.msc3381.poll.response": {"answers": answers}});
    at(time, event(id, sender, "org.matrix.msc3381.poll.response", content))
}

fn end(id: &str, sender: &str, time: i64) -> Event {
    let content = json!({"m.relates_to": relates("$p"), "org.matrix.msc3381.poll.end": {}});
    at(time, event(id, sender, "org.matrix.msc3381.poll.end", content))
}

fn poll(world: &World) -> MessageRecord {
    world.message(ROOM, "$p")
}

fn tally(world: &World) -> PollTally {
    poll(world).poll.unwrap()
}

fn counts(world: &World) -> Vec<usize> {
    tally(world).chosen.iter().map(Vec::len).collect()
}

#[test]
fn votes_count_whichever_came_first_and_are_no_rows() {
    for backwards in [false, true] {
        let world = World::new();
        let mut events = vec![start("$p", ANN), vote("$1", BOB, 10, &["a"]), vote("$2", CARL, 11, &["b"])];
        if backwards {
            events.reverse();
        }
        world.live(ROOM, events);
        assert_eq!((counts(&world), tally(&world).voters), (vec![1, 1], 2));
        assert_eq!(world.ids(ROOM), ["$p"]);
        assert_eq!(world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap().latest.unwrap().event, EventId::from("$p"));
    }
}

#[test]
fn a_vote_is_changed_taken_back_and_deleted() {
    let world = World::new();
    world.live(ROOM, vec![start("$p", ANN), vote("$1", BOB, 10, &["a"]), vote("$2", BOB, 20, &["b"])]);
    assert_eq!(counts(&world), [0, 1]);
    world.live(ROOM, vec![redaction("$3", BOB, "$2")]);
    assert_eq!(counts(&world), [1, 0]);
    world.live(ROOM, vec![vote("$4", BOB, 30, &[])]);
    assert_eq!((counts(&world), tally(&world).voters), (vec![0, 0], 0));
}

#[test]
fn only_its_creator_or_a_moderator_ends_a_poll() {
    let world = World::new();
    let summary = RoomSummary { moderators: vec![UserId::from(CARL)], ..joined("Harbour") };
    world.summary(ROOM, summary);
    world.live(ROOM, vec![start("$p", ANN), vote("$1", BOB, 10, &["a"]), end("$2", BOB, 11)]);
    assert_eq!(tally(&world).closed, None);
    world.live(ROOM, vec![end("$3", CARL, 50), vote("$4", BOB, 51, &["b"])]);
    assert_eq!((counts(&world), tally(&world).closed), (vec![1, 0], Some(Timestamp(50))));
    world.live(ROOM, vec![end("$5", ANN, 20), vote("$6", CARL, 30, &["b"])]);
    assert_eq!((counts(&world), tally(&world).closed), (vec![1, 0], Some(Timestamp(20))));
}

#[test]
fn what_the_server_may_have_written_is_no_vote_and_no_end() {
    let world = World::new();
    for encryption in [Encryption::Suspicious, Encryption::Forged] {
        let events = vec![start("$p", ANN), vote("$1", BOB, 10, &["a"]), end("$2", ANN, 11)];
        let travelled = events
            .into_iter()
            .enumerate()
            .map(|(index, event)| if index == 0 { event } else { Event { encryption: encryption.clone(), ..event } });
        world.live(ROOM, travelled.collect());
        assert_eq!((counts(&world), tally(&world).closed), (vec![0, 0], None));
    }
}

#[test]
fn a_poll_that_was_deleted_has_no_numbers() {
    let world = World::new();
    world.live(ROOM, vec![start("$p", ANN), vote("$1", BOB, 10, &["a"]), redaction("$2", ANN, "$p")]);
    assert_eq!(poll(&world).poll, None);
}

#[test]
fn a_new_question_keeps_the_votes_for_answers_that_are_still_there() {
    let world = World::new();
    let mut content = start("$p", ANN).content;
    content["org.matrix.msc3381.poll.start"]["question"] = json!({"org.matrix.msc1767.text": "Sail at six?"});
    let edit = json!({"m.new_content": content, "m.relates_to": {"rel_type": "m.replace", "event_id": "$p"}});
    world.live(ROOM, vec![start("$p", ANN), vote("$1", BOB, 10, &["b"])]);
    world.live(ROOM, vec![at(20, event("$2", ANN, "org.matrix.msc3381.poll.start", edit))]);
    assert!(poll(&world).edited && poll(&world).content.to_string().contains("Sail at six?"));
    assert_eq!(counts(&world), [0, 1]);
}

/// Ten thousand votes take about ten times as long to count as a thousand: nothing is looked at twice.
#[test]
fn ten_thousand_votes_are_counted_in_one_pass() {
    let world = World::new();
    let votes = |from: usize, to: usize| -> Vec<Event> {
        (from..to)
            .map(|n| vote(&format!("$v{n}"), &format!("@u{}:x", n % 6_000), i64::try_from(n).unwrap(), &["a"]))
            .collect()
    };
    let read = |world: &World| {
        let best = (0..5).map(|_| {
            let begin = std::time::Instant::now();
            assert!(poll(world).poll.is_some());
            begin.elapsed()
        });
        best.min().unwrap()
    };
    world.live(ROOM, vec![start("$p", ANN)]);
    world.live(ROOM, votes(0, 1_000));
    let thousand = read(&world);
    world.live(ROOM, votes(1_000, 10_000));
    assert_eq!((counts(&world), tally(&world).voters), (vec![6_000, 0], 6_000));
    let ten = read(&world);
    assert!(ten < thousand * 50 + std::time::Duration::from_millis(5), "{thousand:?} for 1,000, {ten:?} for 10,000");
}
