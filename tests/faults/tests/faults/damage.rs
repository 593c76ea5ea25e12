//! Damage: flipped bits, cut ends, zeros, exchanged pages, lost and old files. It is noticed, or it does no harm; a wrong
//! message is never shown.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tidings_model::RoomId;
use tidings_vault::{Vault, VaultError};

use crate::story::{ROOMS, Story, create, files, folder, lay_out, open, seed};
use crate::world::intent;

/// How many variants of damage, unless `TIDINGS_DAMAGES` says otherwise.
const DAMAGES: u64 = 1_200;
const PAGE: usize = 4096;

type Files = Vec<(PathBuf, Vec<u8>)>;

/// A vault at two moments of its life, as a kill would leave it: with a log.
struct Lives {
    earlier: Files,
    now: Files,
    /// What each message says, at either moment.
    said: BTreeMap<String, Vec<String>>,
    /// What the person wrote and the server does not have yet.
    written: Vec<String>,
}

fn lives(seed: u64) -> Lives {
    let story = Story { seed: seed.max(1) };
    let place = folder();
    let vault = create(place.path());
    let mut said = BTreeMap::new();
    for n in 0..60 {
        story.live(&vault, n).unwrap();
    }
    remember(&vault, &mut said);
    vault.close().unwrap();
    let vault = open(place.path()).unwrap();
    for n in 60..75 {
        story.live(&vault, n).unwrap();
        // A log that ends early shows any of these moments.
        remember(&vault, &mut said);
    }
    let earlier = files(place.path());
    for n in 75..90 {
        story.live(&vault, n).unwrap();
        remember(&vault, &mut said);
    }
    // In some stories everything was sent by now.
    vault.enqueue(&intent(ROOMS[0], "t-last", "written last")).unwrap();
    remember(&vault, &mut said);
    let now = files(place.path());
    assert!(now.iter().any(|(name, bytes)| name.ends_with("vault.db-wal") && bytes.len() > 10 * PAGE));
    let written = ROOMS.map(|room| vault.pending(&RoomId::from(room)).unwrap()).concat();
    let written: Vec<_> = written.into_iter().map(|intent| intent.transaction.0).collect();
    assert!(!written.is_empty());
    Lives { earlier, now, said, written }
}

/// What messages say, as far as they can be read.
fn words(vault: &Vault) -> Result<BTreeMap<String, String>, VaultError> {
    let mut words = BTreeMap::new();
    for chat in vault.chat_list(None)? {
        words.extend(chat.latest.map(|latest| (latest.event.0, latest.content.to_string())));
    }
    for room in ROOMS.map(RoomId::from) {
        for message in vault.page(&room, None, 100_000)?.messages {
            words.insert(message.event.0, message.content.to_string());
        }
        for intent in vault.pending(&room)? {
            words.insert(intent.transaction.0, format!("{:?}", intent.action));
        }
    }
    Ok(words)
}

fn remember(vault: &Vault, said: &mut BTreeMap<String, Vec<String>>) {
    for (id, content) in words(vault).unwrap() {
        let known: &mut Vec<String> = said.entry(id).or_default();
        if !known.contains(&content) {
            known.push(content);
        }
    }
}

/// Damage one of the files, or give it back as it was earlier. Gives its name and what was done.
fn damage(lives: &Lives, files: &mut Files, dice: &mut StdRng) -> String {
    let which = ["vault.db", "vault.db", "vault.db-wal", "vault.db-wal", "vault.db-shm", "vault.check"];
    let name = which[dice.random_range(0..which.len())];
    let at = files.iter().position(|(file, _)| file.ends_with(name)).unwrap();
    let length = files[at].1.len();
    let byte = dice.random_range(0..length);
    let page = dice.random_range(0..length.div_ceil(PAGE)) * PAGE;
    let end = (page + PAGE).min(length);
    let done = match dice.random_range(0..8) {
        0 | 1 => {
            files[at].1[byte] ^= 1 << dice.random_range(0..8);
            format!("bit at {byte}")
        }
        2 => {
            files[at].1.truncate(byte);
            format!("cut to {byte}")
        }
        3 => {
            files[at].1[page..end].fill(0);
            format!("zeros at {page}")
        }
        4 => {
            dice.fill(&mut files[at].1[page..end]);
            format!("noise at {page}")
        }
        5 => {
            let other = dice.random_range(0..length / PAGE.min(length)) * PAGE;
            let copy = files[at].1[other..(other + (end - page)).min(length)].to_vec();
            files[at].1[page..page + copy.len()].copy_from_slice(&copy);
            format!("page {other} at {page}")
        }
        6 => {
            files.remove(at);
            "gone".to_owned()
        }
        _ => {
            let earlier = lives.earlier.iter().find(|(file, _)| file.ends_with(name)).unwrap();
            files[at].1.clone_from(&earlier.1);
            "as it was earlier".to_owned()
        }
    };
    format!("{name}: {done}")
}

#[test]
fn damage_is_noticed_or_does_no_harm_and_never_shows_a_wrong_message() {
    let damages = std::env::var("TIDINGS_DAMAGES").map_or(DAMAGES, |damages| damages.parse().unwrap());
    let seed = seed();
    let lives = lives(seed);
    let lives = &lives;
    let outcomes: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let sides: Vec<_> = (0..2)
            .map(|side| {
                scope.spawn(move || {
                    let place = folder();
                    let (mut noticed, mut harmless) = (0, 0);
                    for n in (side..damages).step_by(2) {
                        let mut dice = StdRng::seed_from_u64(seed ^ n);
                        let mut found = lives.now.clone();
                        let done = damage(lives, &mut found, &mut dice);
                        let folder = place.path().join("v");
                        lay_out(&folder, &found);
                        match open(&folder).and_then(|vault| Ok((words(&vault)?, vault.setback()?))) {
                            Ok((words, setback)) => {
                                harmless += 1;
                                // What a person wrote is there, or the person is told.
                                let written = lives.written.iter().all(|id| words.contains_key(id));
                                assert!(
                                    written || setback,
                                    "a loss is not said: {done}, TIDINGS_SEED={seed}, variant {n}"
                                );
                                for (id, content) in words {
                                    let known = lives.said.get(&id).is_some_and(|said| said.contains(&content));
                                    assert!(
                                        known,
                                        "{id} says {content} after {done}, TIDINGS_SEED={seed}, variant {n}"
                                    );
                                }
                            }
                            Err(VaultError::Damaged(_)) => noticed += 1,
                            Err(other) => panic!("{other:?} after {done}, TIDINGS_SEED={seed}, variant {n}"),
                        }
                    }
                    (noticed, harmless)
                })
            })
            .collect();
        sides.into_iter().map(|side| side.join().unwrap()).collect()
    });
    let (noticed, harmless) = outcomes.iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    assert!(noticed > damages / 10 && harmless > damages / 10, "the control: {noticed} noticed, {harmless} harmless");
}

#[test]
fn a_message_that_nobody_wrote_is_seen_to_be_wrong() {
    let lives = lives(3);
    let place = folder();
    lay_out(place.path(), &lives.now);
    let vault = open(place.path()).unwrap();
    vault.enqueue(&intent(ROOMS[0], "t0-forged", "never written")).unwrap();
    let words = words(&vault).unwrap();
    assert!(words.iter().any(|(id, content)| lives.said.get(id).is_none_or(|said| !said.contains(content))));
}
