//! The oracle: random stories of rooms, told to our vault and to matrix-sdk-ui's `Timeline` in the same pieces. In the
//! end both show the same rows, texts, edits, deletions, answers and reactions, in the same order.
//!
//! Every difference is a bug of ours, or it is one of `reasons`, with the sentence of the specification that decides.
//! Keys that come late are real: people elsewhere encrypt with Megolm, and their keys are imported as a file.
//!
//! The usual stories are the same in every run, so that a check fails for what it checks. `TIDINGS_ORACLE_CASES` says how
//! many are told instead, and those are new ones. A failure prints the shortest story that still fails.
//!
//! **Invariant:** both sides get what the server gives at that moment, so a deleted event comes without content to who
//! had not seen it.
//! **Invariant:** theirs is the SDK as it is handed out, and behind HTTP.
//!
//! Refused: the SDK's `testing` feature, whose timeline is fed past the sync and the event cache, where gaps are.
// The futures of sync and timeline nest deeply.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

mod delivery;
mod differences;
mod homeserver;
mod megolm;
mod ours;
mod plain;
mod reasons;
mod row;
mod story;
mod theirs;
mod world;

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::delivery::plans;
use crate::story::stories;
use crate::world::World;

/// Rooms of one world: what the SDK keeps of a room, it keeps in memory.
const ROOMS: usize = 250;

/// Tell stories; `usual` of them, if nothing else is asked for.
fn tell(usual: u32, encrypted: bool) {
    let asked = std::env::var("TIDINGS_ORACLE_CASES").ok().map(|cases| cases.parse().unwrap());
    let config = Config { cases: asked.unwrap_or(usual), failure_persistence: None, ..Config::default() };
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let world = RefCell::new(World::new());
    let outcome = runner.run(&(stories(encrypted), plans()), |(steps, plan)| {
        if world.borrow().rooms() == ROOMS {
            world.replace(World::new());
        }
        let told = world.borrow().tell(&steps, &plan);
        prop_assert_eq!(&told.plain, &told.ours, "what the specification says, and ours");
        prop_assert_eq!(&told.excused, &told.ours, "theirs, but for reasons, and ours");
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn a_story_told_in_pieces_ends_as_it_does_in_the_timeline_of_the_sdk() {
    tell(1_200, false);
}

#[test]
fn a_story_whose_keys_come_late_ends_as_it_does_in_the_timeline_of_the_sdk() {
    tell(800, true);
}
