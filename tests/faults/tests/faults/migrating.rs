//! A vault of the first version, brought to this one: all of it or nothing, whenever it is killed.
//!
//! `first_vault.sql` are the rows that the first version wrote for the steps of a story, and `first_vault.txt` what was to
//! be seen of them then.

use std::path::PathBuf;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rusqlite::Connection;
use tidings_model::RoomId;
use tidings_vault::Vault;

use crate::child::{Life, command};
use crate::story::{IN_TURN, KEY, ROOMS, Story, create, files, folder, lay_out, open, seed};

const KILLS: u32 = 60;

/// The files of a vault of the first version.
pub(crate) fn first() -> Vec<(PathBuf, Vec<u8>)> {
    let place = folder();
    // The lock, the check of the key and the private rights come from a new one.
    create(place.path()).close().unwrap();
    for name in ["vault.db", "vault.head"] {
        std::fs::remove_file(place.path().join(name)).unwrap();
    }
    let db = Connection::open(place.path().join("vault.db")).unwrap();
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA journal_mode = WAL;")).unwrap();
    db.execute_batch(include_str!("../../../../crates/vault/src/schema/0001_first.sql")).unwrap();
    db.execute_batch(include_str!("first_vault.sql")).unwrap();
    db.execute_batch(&format!("PRAGMA application_id = {}; PRAGMA user_version = 1;", 0x7469_6469)).unwrap();
    db.close().unwrap();
    files(place.path())
}

/// What a person sees of a vault, in words that no later version changes.
fn facts(vault: &Vault) -> String {
    let mut facts = Vec::new();
    for chat in vault.chat_list(None).unwrap() {
        facts.push(format!("{} {:?} {} {}", chat.room, chat.summary.name, chat.unread, chat.mentions));
        facts.push(format!("  draft {:?}", chat.draft));
    }
    for room in ROOMS.map(RoomId::from) {
        let page = vault.page(&room, None, 100_000).unwrap();
        for message in page.messages {
            let (body, edited, redacted) = (&message.content["body"], message.edited, message.redacted);
            let reactions: Vec<String> =
                message.reactions.iter().map(|given| format!("{}{}", given.key, given.senders.len())).collect();
            facts.push(format!("{room} {} {body} {edited} {redacted} {reactions:?}", message.event));
        }
        facts.push(format!("{room} gap {:?}", vault.oldest_gap(&room).unwrap().map(|gap| gap.token)));
        for intent in vault.pending(&room).unwrap() {
            facts.push(format!("{room} {} {:?} {:?}", intent.transaction, intent.state, intent.action));
        }
    }
    facts.join("\n") + "\n"
}

#[test]
fn a_vault_of_the_first_version_shows_what_it_showed() {
    let place = folder();
    lay_out(place.path(), &first());
    let vault = open(place.path()).unwrap();
    let (found, kept) = (facts(&vault), include_str!("first_vault.txt"));
    assert!(kept.lines().count() > 40, "the control: there is something to be seen");
    for (found, kept) in found.lines().zip(kept.lines()) {
        assert_eq!(found, kept);
    }
    assert_eq!(found.lines().count(), kept.lines().count());
    assert!(!vault.setback().unwrap(), "a vault that never had a head did not go back");
}

#[test]
fn a_migration_that_is_killed_at_any_moment_leaves_the_old_or_the_new() {
    let seed = seed();
    let mut dice = StdRng::seed_from_u64(seed);
    let (place, start) = (folder(), first());
    for kill in 0..KILLS {
        lay_out(place.path(), &start);
        let life = Life::start(&command(place.path(), Story { seed: IN_TURN }, 0, 0, 1));
        // The stimulus, not a wait: the moment of the kill.
        std::thread::sleep(Duration::from_micros(dice.random_range(0..20_000)));
        life.kill();
        let vault = open(place.path()).unwrap_or_else(|error| panic!("{error} at kill {kill}, TIDINGS_SEED={seed}"));
        assert!(facts(&vault) == include_str!("first_vault.txt"), "kill {kill}, TIDINGS_SEED={seed}");
    }
}
