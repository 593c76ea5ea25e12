//! One program for each profile: the first runs, and every later start brings its window forward and ends.
//!
//! **Invariant:** the lock in the profile decides who runs, and nothing else does. It dies with its process, so a start
//! right after a kill runs, whatever the session bus still says; and a name on the bus that is not ours keeps nobody out.
//! **Invariant:** the bus carries one wish, to be shown: no argument, no text, no file name.
//!
//! On Linux the running program answers `Activate` (D-Bus interface `org.freedesktop.Application`, Desktop Entry
//! Specification 1.5) under its [`profile::bus_name`]. It waits in the bus's queue for that name, so a name that a killed
//! process still holds becomes its own a moment later.
//!
//! Refused on Linux: `tauri-plugin-single-instance`, which serves the other systems. There the name on the bus decides,
//! and a name that is taken by nobody who answers ends the start with an error.

#[cfg(target_os = "linux")]
#[path = "instance/linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "instance/elsewhere.rs"]
mod system;

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use tauri::{AppHandle, Builder, Wry};
use tidings_engine::Profile;
use tidings_model::{Code, Failure};

use crate::{arguments::Arguments, profile};

/// How long a start waits for the program that holds the profile to answer or to end. Longer than one takes to put
/// everything down, so that leaving and starting again at once starts again.
const PATIENCE: Duration = Duration::from_secs(6);

/// The time between two looks at the lock: nothing tells that it is free.
const LOOK: Duration = Duration::from_millis(50);

/// Whose turn it is.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Nobody runs: this program does, and holds the profile.
    Ours(Profile),
    /// Another runs, and was brought forward or does not answer.
    Handed,
    /// Another runs, and is told when this program is built.
    #[cfg_attr(target_os = "linux", expect(dead_code, reason = "the bus is asked at once"))]
    Others,
}

/// Take the profile, or bring the program forward that has it.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn turn(arguments: &Arguments, folder: &Path) -> Result<Turn, Failure> {
    let name = profile::bus_name(arguments, folder);
    let begun = Instant::now();
    loop {
        match Profile::take(folder) {
            Ok(held) => return Ok(Turn::Ours(held)),
            Err(failure) if failure.code != Code::InUse => return Err(failure),
            Err(_) => {}
        }
        if let Some(turn) = system::hand_over(&name) {
            return Ok(turn);
        }
        if begun.elapsed() > PATIENCE {
            crate::say("Tidings is running already with this profile.");
            return Ok(Turn::Handed);
        }
        thread::sleep(LOOK);
    }
}

/// What the program is built with to find others, where the system has no bus.
pub(crate) fn with_others(builder: Builder<Wry>, arguments: &Arguments) -> Builder<Wry> {
    system::with_others(builder, arguments)
}

/// Answer later starts. Called when there is a window to show.
pub(crate) fn listen(app: &AppHandle, arguments: &Arguments, folder: &Path) {
    system::listen(app, &profile::bus_name(arguments, folder));
}

/// Answer no more: a start from now on waits for this program to end, and then runs.
pub(crate) fn leave(app: &AppHandle) {
    system::leave(app);
}
