//! Places: where an event stands, what stands around it, where a day begins.

use proptest::{collection::vec, prelude::prop_assert_eq};
use tidings_model::{EventId, RoomId, Timestamp};
use tidings_vault::{Event, EventPlace};

use crate::world::{ANN, BOB, World, edit, in_any_room, reaction, text, thread};

const ROOM: &str = "!r";

fn at(id: &str, time: i64) -> Event {
    Event { time: Timestamp(time), ..text(id, ANN, id) }
}

fn first_since(world: &World, room: &str, time: i64) -> Option<String> {
    let room = RoomId::from(room);
    let position = world.vault.first_since(&room, Timestamp(time)).unwrap()?;
    let page = world.vault.page_between(&room, position, Some(position)).unwrap();
    page.messages.into_iter().next().map(|message| message.event.0)
}

#[test]
fn an_event_is_found_with_what_it_speaks_of() {
    let world = World::new();
    let events = vec![
        text("$1", ANN, "one"),
        edit("$e", ANN, "$1", "uno"),
        reaction("$r", BOB, "$1", "+1"),
        thread("$t", BOB, "$1", "in the thread"),
    ];
    world.live(ROOM, events);
    let place = |event: &str| world.vault.place(&RoomId::from(ROOM), &EventId::from(event)).unwrap();
    let first = place("$1").unwrap();
    assert_eq!(first, EventPlace { position: first.position, shown: true, about: None, in_thread: false });
    for (event, in_thread) in [("$e", false), ("$r", false), ("$t", true)] {
        let found = place(event).unwrap();
        assert!(found.position > first.position, "{event}");
        assert_eq!((found.shown, found.about, found.in_thread), (false, Some(EventId::from("$1")), in_thread));
    }
    assert_eq!(place("$none"), None);
    assert_eq!(world.vault.place(&RoomId::from("!nowhere"), &EventId::from("$1")).unwrap(), None);
}

#[test]
fn rows_around_a_place_are_counted_in_both_directions() {
    let world = World::new();
    let events = (1..=9).map(|number| text(&format!("${number}"), ANN, "text")).collect();
    world.live(ROOM, events);
    let room = RoomId::from(ROOM);
    let middle = world.message(ROOM, "$5").position;
    let position = |event: &str| world.message(ROOM, event).position;
    assert_eq!(world.vault.older(&room, middle, 3).unwrap(), [middle, position("$4"), position("$3")]);
    assert_eq!(world.vault.newer(&room, middle, 2).unwrap(), [position("$6"), position("$7")]);
    assert_eq!(world.vault.newer(&room, position("$9"), 2).unwrap(), Vec::<i64>::new());
    let page = world.vault.page_between(&room, position("$3"), Some(position("$7"))).unwrap();
    assert_eq!(page.messages.iter().map(|m| m.event.as_str()).collect::<Vec<_>>(), ["$3", "$4", "$5", "$6", "$7"]);
    assert!(page.older_here);
}

#[test]
fn a_stretch_in_the_middle_has_its_own_gaps_and_none_of_its_neighbours() {
    let world = World::new();
    world.limited(ROOM, vec![text("$1", ANN, "a"), text("$2", ANN, "b")], "t1");
    world.limited(ROOM, vec![text("$5", ANN, "c"), text("$6", ANN, "d")], "t5");
    world.limited(ROOM, vec![text("$9", ANN, "e")], "t9");
    let room = RoomId::from(ROOM);
    let position = |event: &str| world.message(ROOM, event).position;
    let tokens = |from: &str, to: Option<&str>| {
        let page = world.vault.page_between(&room, position(from), to.map(position)).unwrap();
        page.gaps.into_iter().map(|gap| gap.token).collect::<Vec<_>>()
    };
    assert_eq!(tokens("$2", Some("$2")), Vec::<String>::new());
    assert_eq!(tokens("$2", Some("$6")), ["t5"]);
    assert_eq!(tokens("$5", Some("$5")), ["t5"]);
    assert_eq!(tokens("$2", None), ["t5", "t9"]);
    assert_eq!(tokens("$1", Some("$9")), ["t1", "t5", "t9"]);
}

#[test]
fn a_moment_is_found_across_holes() {
    let world = World::new();
    world.limited(ROOM, vec![at("$1", 10), at("$2", 20)], "t1");
    world.limited(ROOM, vec![at("$5", 50), at("$6", 60)], "t5");
    for (time, expected) in [(0, "$1"), (10, "$1"), (11, "$2"), (21, "$5"), (50, "$5"), (51, "$6"), (60, "$6")] {
        assert_eq!(first_since(&world, ROOM, time).as_deref(), Some(expected), "{time}");
    }
    assert_eq!(first_since(&world, ROOM, 61), None);
    assert_eq!(first_since(&world, "!nowhere", 0), None);
}

#[test]
fn any_moment_is_found_as_a_scan_finds_it() {
    let steps = (vec(0..50_i64, 1..40), -5..1_000_i64);
    in_any_room(200, &steps, |world, room, (steps, asked)| {
        let times: Vec<i64> = steps
            .iter()
            .scan(0, |time, step| {
                *time += step;
                Some(*time)
            })
            .collect();
        let events: Vec<Event> =
            times.iter().enumerate().map(|(index, time)| at(&format!("${index}"), *time)).collect();
        // In pieces with holes between them, and rows that nobody sees.
        for (piece, events) in events.chunks(7).enumerate() {
            let mut events = events.to_vec();
            events.push(reaction(&format!("$r{piece}"), BOB, "$0", "+1"));
            world.limited(room, events, &format!("t{piece}"));
        }
        let scanned = times.iter().position(|time| *time >= asked).map(|index| format!("${index}"));
        prop_assert_eq!(first_since(world, room, asked), scanned);
        Ok(())
    });
}
