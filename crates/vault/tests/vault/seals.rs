//! Events that were sealed once and come twice.

use std::collections::BTreeMap;

use tidings_model::{EventId, RoomId};
use tidings_vault::{Place, RoomBatch, Seal, Twin};

use crate::world::{ANN, World, text, timeline, undecryptable};

const ROOM: &str = "!r";

fn seal(print: i64, index: Option<u32>) -> Seal {
    Seal { print, index }
}

fn sealed(world: &World, event: &str, print: i64, index: Option<u32>) {
    let seals = BTreeMap::from([(EventId::from(event), seal(print, index))]);
    let said = timeline(ROOM, vec![text(event, ANN, "ok")], Place::Live { prev_batch: None });
    world.record(vec![RoomBatch { seals, ..said }]);
}

fn twins(world: &World, room: &str, prints: &[i64]) -> Vec<(String, Seal)> {
    let twins: Vec<Twin> = world.vault.twins(&RoomId::from(room), prints).unwrap();
    twins.into_iter().map(|twin| (twin.event.0, twin.seal)).collect()
}

#[test]
fn an_event_is_found_by_its_print_in_its_room_alone() {
    let world = World::new();
    sealed(&world, "$1", 7, None);
    sealed(&world, "$2", 7, Some(0));
    sealed(&world, "$3", 9, Some(4));
    world.live("!other", vec![text("$4", ANN, "ok")]);
    let mut found = twins(&world, ROOM, &[7]);
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(found, [("$1".to_owned(), seal(7, None)), ("$2".to_owned(), seal(7, Some(0)))]);
    assert_eq!(twins(&world, ROOM, &[9, 8]), [("$3".to_owned(), seal(9, Some(4)))]);
    assert_eq!(twins(&world, "!other", &[7, 0]), []);
    assert_eq!(twins(&world, "!nowhere", &[7]), []);
    assert_eq!(twins(&world.reopen(), ROOM, &[9]), [("$3".to_owned(), seal(9, Some(4)))]);
}

#[test]
fn an_index_that_is_known_stays_known() {
    let world = World::new();
    sealed(&world, "$1", 7, Some(3));
    sealed(&world, "$1", 7, None);
    assert_eq!(twins(&world, ROOM, &[7]), [("$1".to_owned(), seal(7, Some(3)))]);
}

#[test]
fn what_is_decrypted_late_has_a_seal_too() {
    let world = World::new();
    world.live(ROOM, vec![undecryptable("$1", ANN, "s")]);
    let seals = BTreeMap::from([(EventId::from("$1"), seal(7, Some(2)))]);
    world.vault.redecrypt_sealed(&RoomId::from(ROOM), &[text("$1", ANN, "ok")], &seals).unwrap();
    assert_eq!(twins(&world, ROOM, &[7]), [("$1".to_owned(), seal(7, Some(2)))]);
}
