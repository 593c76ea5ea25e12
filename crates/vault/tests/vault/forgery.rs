//! What others claim without anybody having checked it changes nothing.

use tidings_vault::{Encryption, Event};

use crate::world::{ANN, BOB, World, at, body, edit, redaction, text};

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
