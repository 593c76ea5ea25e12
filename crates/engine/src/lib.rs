//! What is decided: sign-in, sync, intake, outbox, conversations, notifications.

pub mod engine;
pub mod ports;

pub use engine::{Config, Engine, Media, Ports, Sink};
