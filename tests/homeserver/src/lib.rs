//! A real Synapse on this machine, with a small organisation in it.
//!
//! **Invariant:** what a person could do from another client is done over the client-server API; no table of Synapse is
//! touched.
//!
//! Refused: a mocked homeserver for the journeys. It would agree with us where a real one does not.

mod admin;
mod document;
mod error;
mod homeserver;
mod http;
mod message;
mod organisation;
mod picture;
mod settings;
mod venv;

pub use admin::{Admin, NewRoom, Session};
pub use error::Error;
pub use homeserver::Homeserver;
pub use organisation::{Organisation, PASSWORD, PEOPLE, found};
pub use settings::{Limit, Settings};
/// The method of a call.
pub use ureq::http::Method;
pub use venv::{SYNAPSE, Venv, cache};

/// The end of what a program said.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}
