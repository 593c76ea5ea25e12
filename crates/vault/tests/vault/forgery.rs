//! What others claim without anybody having checked it changes nothing.

use tidings_model::RoomId;
use tidings_vault::{Encryption, Event, RoomSummary};

use crate::world::{ANN, BOB, World, at, body, edit, joined, redaction, text};

const ROOM: &str = "!r";

fn travelled(encryption: Encryption, event: Event) -> Event {
    Event { encryption, ..event }
}

#[test]
fn a_redaction_inside_an_encrypted_payload_deletes_nothing() {
    let world = World::new();
    world.live(ROOM, vec![text("$1", ANN, "one")]);
    for (id, encryption) in [("$x", Encryption::Decrypted), ("$y", Encryption::Suspicious)] {
        world.live(ROOM, vec![travelled(encryption, redaction(id, BOB, "$1"))]);
        assert_eq!(body(&world.rows(ROOM)[0]), "one");
    }
    // The control: one that the server saw, and allowed, does delete.
    world.live(ROOM, vec![redaction("$z", BOB, "$1")]);
    assert!(world.rows(ROOM)[0].redacted);
}

#[test]
fn an_encrypted_message_is_edited_encrypted_only() {
    let world = World::new();
    let told = |encryption, id, time, text| travelled(encryption, at(time, edit(id, ANN, "$1", text)));
    world.live(ROOM, vec![travelled(Encryption::Decrypted, text("$1", ANN, "one"))]);
    world.live(ROOM, vec![told(Encryption::Clear, "$e1", 9_000, "forged")]);
    world.live(ROOM, vec![told(Encryption::Suspicious, "$e2", 9_500, "forged")]);
    let row = &world.rows(ROOM)[0];
    assert_eq!((body(row), row.edited), ("one", false));
    // The control: an encrypted edit counts, although it is older than the forged ones.
    world.live(ROOM, vec![told(Encryption::Decrypted, "$e3", 2_000, "two")]);
    assert_eq!(body(&world.rows(ROOM)[0]), "two");
}

#[test]
fn a_forged_edit_that_waits_for_its_message_does_not_win_when_that_is_decrypted() {
    let world = World::new();
    world.live(ROOM, vec![travelled(Encryption::Clear, at(9_000, edit("$e", ANN, "$1", "forged")))]);
    world.live(ROOM, vec![travelled(Encryption::Decrypted, text("$1", ANN, "one"))]);
    assert_eq!(body(&world.rows(ROOM)[0]), "one");
}

#[test]
fn what_is_proven_is_not_edited_by_what_is_not() {
    let world = World::new();
    let told = |encryption, id, text| travelled(encryption, edit(id, ANN, "$1", text));
    world.live(ROOM, vec![travelled(Encryption::Verified, text("$1", ANN, "one"))]);
    // Whoever has the backup, the server among them, can put a key there.
    world.live(ROOM, vec![told(Encryption::Unproven, "$e1", "forged")]);
    assert_eq!(body(&world.rows(ROOM)[0]), "one");
    // The controls: as sure as the message, and of a message that is no surer.
    world.live(ROOM, vec![told(Encryption::Verified, "$e2", "two")]);
    assert_eq!(body(&world.rows(ROOM)[0]), "two");
    world.live(
        "!s",
        vec![travelled(Encryption::Unproven, text("$1", ANN, "one")), told(Encryption::Unproven, "$e3", "two")],
    );
    assert_eq!(body(&world.rows("!s")[0]), "two");
}

#[test]
fn a_redaction_that_nobody_checked_does_not_hide_an_edit() {
    for first in [true, false] {
        let world = World::new();
        let unchecked = travelled(Encryption::Decrypted, redaction("$x", BOB, "$1"));
        let edit = travelled(Encryption::Decrypted, edit("$e", ANN, "$1", "two"));
        let said = travelled(Encryption::Decrypted, text("$1", ANN, "one"));
        let events = if first { vec![unchecked, edit, said] } else { vec![said, edit, unchecked] };
        world.live(ROOM, events);
        let row = world.message(ROOM, "$1");
        assert_eq!((body(&row), row.redacted), ("two", false), "{first}");
    }
}

#[test]
fn an_encrypted_room_stays_one() {
    let world = World::new();
    let told = |encrypted| RoomSummary { encrypted, ..joined("Pier") };
    let kept = || world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap().summary;
    world.summary(ROOM, told(false));
    assert!(!kept().encrypted, "the control");
    world.summary(ROOM, told(true));
    world.summary(ROOM, RoomSummary { name: "Quay".to_owned(), ..told(false) });
    assert_eq!((kept().encrypted, kept().name.as_str()), (true, "Quay"));
}

#[test]
fn what_stands_before_a_hole_says_whether_it_was_encrypted() {
    let world = World::new();
    let asked = |token: &str| world.vault.is_encrypted_before(&RoomId::from(ROOM), token).unwrap();
    world.live(ROOM, vec![text("$1", ANN, "one")]);
    world.limited(ROOM, vec![travelled(Encryption::Decrypted, text("$2", ANN, "two"))], "t1");
    world.limited(ROOM, vec![text("$3", ANN, "three")], "t2");
    assert_eq!((asked("t1"), asked("t2"), asked("t3")), (false, true, false));
}
