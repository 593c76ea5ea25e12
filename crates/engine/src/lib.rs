//! What is decided: sign-in, sync, intake, outbox, conversations, notifications.
//!
//! **Invariant:** the only crate that names `matrix_sdk` and `ruma`; none of their types leaves it. The window, the
//! keyring, the notification service and the clock are [`ports`]: the engine decides, they act.

mod accounts;
mod attention;
pub mod backoff;
mod broadcast;
mod care;
pub mod compose;
mod conversation;
pub mod engine;
mod fault;
mod history;
mod intake;
mod media;
pub mod media_type;
mod notices;
pub mod notify;
mod outbox;
mod people;
pub mod ports;
mod profile;
mod retention;
pub mod rich_text;
mod rooms;
mod search;
mod session;
mod sync;

pub use engine::{Config, Engine, Media, Ports, Sink};
pub use history::HistoryPolicy;
pub use profile::Profile;
