//! The real window with everything around it: a screen, a session bus, a keyring, a notification daemon and a homeserver.
//!
//! **Invariant:** a test shares nothing with another test or with the person at this computer: screen, bus, keyring and
//! folders are its own, and end with it. Only the homeserver is shared, where nobody stops it; everybody in it belongs to
//! one test.
//! **Invariant:** a test waits on what a person could see, with one generous deadline, never on time, and tries nothing
//! twice.
//!
//! The window is driven by WebKit's own driver, which starts the app itself. Refused: `tauri-driver`, which on Linux only
//! hands the same words on to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "what cannot be set up is a failed test"
)]

mod app;
mod bus;
mod keyring;
mod listener;
mod notifications;
mod patience;
mod program;
mod screen;
mod stage;
mod window;
mod world;

pub use app::App;
pub use bus::Bus;
pub use keyring::Keyring;
pub use listener::Listener;
pub use notifications::{Call, Notifications};
pub use patience::{PATIENCE, until};
pub use program::{Program, children};
pub use screen::Screen;
pub use stage::Stage;
pub use window::Window;
pub use world::{Person, World};
