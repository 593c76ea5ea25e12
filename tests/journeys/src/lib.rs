//! Two people, each at a computer of their own, on a real homeserver: the words that journeys are written in.
//!
//! **Invariant:** a journey waits on what a person could see, never on time: every wait is a condition over a stream with
//! one generous deadline, and fails with what was seen instead. Nothing is tried twice.
//!
//! Real: the engine, the vault, the SDK, Synapse. Recorded: the desktop, the keyring, the clock. Refused: a mocked
//! homeserver where a real one can do the same; the [`Proxy`] stands before the real one and breaks what a test names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "what cannot be set up is a failed test"
)]

mod chat;
mod clock;
mod desktop;
pub mod disk;
mod hostile;
mod keychain;
mod person;
mod proxy;
mod seat;
mod seen;
mod web;
mod world;

pub use chat::{Chat, View, text_of};
pub use clock::TestClock;
pub use desktop::{Desk, FakeDesktop, Happened};
pub use hostile::{HostileServer, SelfSigned};
pub use keychain::{FileKeychain, KeyringState, MemoryKeychain};
pub use person::Person;
pub use proxy::Proxy;
pub use seat::Seat;
pub use seen::{PATIENCE, Seen};
pub use web::{Answer, Change, Reply, Request};
pub use world::World;
