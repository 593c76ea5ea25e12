//! What is missing of all rooms, in the order in which it is filled.

use tidings_model::{RoomId, Timestamp};
use tidings_vault::{Membership, Reach, RoomSummary};

use crate::world::{ANN, ME, World, at, joined, ping, text};

/// Rows are counted so far.
const MOST: u32 = 10;

/// A room of the list with one message after a hole.
fn room(world: &World, room: &str, time: i64) {
    world.summary(room, joined(room));
    world.limited(room, vec![at(time, text(&format!("${room}"), ANN, "hello"))], &format!("t{room}"));
}

fn reach(world: &World, room: &str) -> Option<Reach> {
    world.vault.reach(&RoomId::from(room)).unwrap()
}

#[test]
fn the_newest_room_of_the_list_is_filled_first_and_its_newest_hole() {
    let world = World::new();
    room(&world, "!old", 1_000);
    room(&world, "!new", 3_000);
    room(&world, "!left", 9_000);
    world.summary("!left", RoomSummary { membership: Membership::Left, ..joined("left") });
    let next = world.vault.next_gap(MOST, |_| true).unwrap().unwrap();
    assert_eq!((next.room.as_str(), next.gap.token.as_str()), ("!new", "t!new"));
    assert_eq!((next.since, next.inside, next.rows), (Timestamp(3_000), false, 1));
    let other = world.vault.next_gap(MOST, |gap| gap.room.as_str() != "!new").unwrap().unwrap();
    assert_eq!(other.room.as_str(), "!old");
    assert_eq!(world.vault.next_gap(MOST, |_| false).unwrap(), None);

    world.limited("!old", vec![at(5_000, text("$late", ANN, "late"))], "t-late");
    let next = world.vault.next_gap(MOST, |_| true).unwrap().unwrap();
    assert_eq!((next.gap.token.as_str(), next.inside, next.rows), ("t-late", true, 1));
    assert_eq!(world.vault.newest_gap(&RoomId::from("!old"), MOST).unwrap(), Some(next));
    assert_eq!(world.vault.newest_gap(&RoomId::from("!left"), MOST).unwrap(), None);
}

#[test]
fn a_room_says_how_far_back_it_is_whole() {
    let world = World::new();
    assert_eq!(reach(&world, "!r"), None);
    world.summary("!r", joined("r"));
    assert_eq!(reach(&world, "!r"), None, "no event is here");
    world.limited("!r", vec![at(5_000, text("$5", ANN, "five"))], "t1");
    assert_eq!(reach(&world, "!r"), Some(Reach::Since(Timestamp(5_000))));
    world.limited("!r", vec![at(9_000, text("$9", ANN, "nine"))], "t2");
    assert_eq!(reach(&world, "!r"), Some(Reach::Since(Timestamp(9_000))), "a hole in between counts");
    world.older("!r", vec![at(5_000, text("$5", ANN, "five")), at(7_000, text("$7", ANN, "seven"))], "t2", Some("x"));
    assert_eq!(reach(&world, "!r"), Some(Reach::Since(Timestamp(5_000))));
    world.older("!r", vec![at(1_000, text("$1", ANN, "one"))], "x", None);
    assert_eq!(reach(&world, "!r"), Some(Reach::Beginning));
    assert_eq!(world.vault.next_gap(MOST, |_| true).unwrap(), None);
}

#[test]
fn an_unread_room_whose_read_mark_is_not_here_is_uncounted() {
    let world = World::new();
    world.summary("!r", joined("r"));
    world.limited("!r", vec![ping("$8", ANN), ping("$9", ANN)], "t");
    world.read("!r", ME, "$5");
    let gap = |world: &World| world.vault.next_gap(MOST, |_| true).unwrap().unwrap();
    assert!(gap(&world).uncounted);
    assert_eq!(world.unread("!r"), (2, 0));
    world.older("!r", vec![ping("$4", ANN), ping("$5", ANN), ping("$6", ANN)], "t", Some("t2"));
    assert!(!gap(&world).uncounted);
    assert_eq!(world.unread("!r"), (3, 0), "what came after the mark");
}

#[test]
fn rows_are_counted_no_further_than_asked() {
    let world = World::new();
    world.summary("!r", joined("r"));
    let many = (0..30).map(|number| at(number, text(&format!("${number}"), ANN, "x"))).collect();
    world.limited("!r", many, "t");
    assert_eq!(world.vault.next_gap(MOST, |_| true).unwrap().unwrap().rows, MOST);
    assert_eq!(world.vault.next_gap(100, |_| true).unwrap().unwrap().rows, 30);
}
