//! Faults: kills, failed calls, cut power, damage. What was acknowledged is kept; what is damaged is never shown.
//!
//! A *story* is a list of steps that follows from a seed; each step is one write. Whatever happens to the process that
//! lives a story, the vault it leaves must be equal to the one that a process leaves that lived the first steps in
//! peace: those it acknowledged, and at most the one it was at. Seeds are printed by what fails; `TIDINGS_SEED` sets one.
//!
//! **Invariant:** every rig has its losing control: the same proof on something broken on purpose must fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

mod calls;
mod child;
mod damage;
mod kills;
mod migrating;
mod power;
mod story;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "../../../../crates/vault/tests/vault/world.rs"]
mod world;
