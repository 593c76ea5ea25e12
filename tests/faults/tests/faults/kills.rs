//! Killed at any moment, a thousand times.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tidings_vault::VaultError;

use crate::child::{Life, command, done};
use crate::story::{IN_TURN, Reference, Story, create, folder, open, seed};

/// How often in all, unless `TIDINGS_KILLS` says otherwise.
const KILLS: u64 = 1_000;
/// How often one vault is killed before the next story begins.
const OF_ONE: u64 = 40;
/// How many stories are lived side by side.
const SIDES: u64 = 4;

#[test]
fn nothing_that_was_acknowledged_is_missing_after_a_thousand_kills() {
    let kills = std::env::var("TIDINGS_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let seed = seed();
    let stories = kills.div_ceil(OF_ONE);
    let lived: u64 = std::thread::scope(|scope| {
        let sides: Vec<_> = (0..SIDES)
            .map(|side| {
                scope.spawn(move || (side..stories).step_by(SIDES as usize).map(|n| one(seed ^ n)).sum::<u64>())
            })
            .collect();
        sides.into_iter().map(|side| side.join().unwrap()).sum()
    });
    assert!(lived > kills / 2, "the control: {lived} steps were acknowledged between {kills} kills");
}

/// One vault that is killed again and again; gives how many steps it has lived.
fn one(seed: u64) -> u64 {
    let story = Story { seed: seed.max(1) };
    let mut dice = StdRng::seed_from_u64(seed);
    let place = folder();
    create(place.path()).close().unwrap();
    let mut reference = Reference::new(story);
    let mut from = 0;
    for kill in 0..OF_ONE {
        let mut life = Life::start(&command(place.path(), story, from, u64::MAX, 7));
        let mut said = Vec::new();
        for _ in 0..dice.random_range(0..8) {
            said.extend(life.word());
        }
        // The stimulus, not a wait: the moment of the kill.
        std::thread::sleep(Duration::from_micros(dice.random_range(0..4_000)));
        said.extend(life.kill());
        let vault = open(place.path()).unwrap_or_else(|error| panic!("{error} at kill {kill}, TIDINGS_SEED={seed}"));
        let placed = reference.places(&vault, done(&said, from));
        from = placed.unwrap_or_else(|fault| panic!("{fault}, at kill {kill}, TIDINGS_SEED={seed}"));
        // Half of the time as the kill left it, half of the time closed by another.
        if dice.random() {
            vault.close().unwrap();
        }
    }
    from
}

#[test]
fn another_process_finds_it_in_use_and_the_lock_dies_with_its_owner() {
    let place = folder();
    create(place.path()).close().unwrap();
    let mut life = Life::start(&command(place.path(), Story { seed: IN_TURN }, 0, u64::MAX, 1_000));
    assert_eq!(life.word(), Some(("opened".to_owned(), 0)));
    assert!(matches!(open(place.path()), Err(VaultError::InUse)));
    life.kill();
    open(place.path()).unwrap();
}

#[test]
fn a_story_that_forgets_one_step_is_noticed() {
    let story = Story { seed: IN_TURN };
    let place = folder();
    let vault = create(place.path());
    let mut reference = Reference::new(story);
    for n in (0..60).filter(|n| *n != 26) {
        story.live(&vault, n).unwrap();
    }
    assert!(reference.places(&vault, 60).is_err());
}
