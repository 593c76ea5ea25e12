//! The app's figures, of the release build in its own window on a hidden screen.
//!
//! Each figure is the difference of two marks that the app writes itself (`--timings`), painted meaning after the frame;
//! the medians of several runs and of several chats are given.

mod memory;
mod organisation;

use crate::{
    failure::Failure,
    figure::{Figure, percentile},
    window::{Mark, Window, program},
};
use organisation::Organisation;

/// Chats that are opened in each run.
const CHATS: usize = 12;
/// Messages that are sent in each run.
const MESSAGES: usize = 6;

/// Measure the app with an account that is in this many rooms.
pub(crate) fn measure(rooms: usize, runs: usize) -> Result<Vec<Figure>, Failure> {
    let app = program("TIDINGS_APP")?;
    let organisation = Organisation::start(rooms)?;
    let place = tempfile::Builder::new().prefix("bench-app-").tempdir()?;
    let profile = place.path().join("profile");
    eprintln!("signing in, and the first sync of {rooms} rooms");
    organisation.sign_in(&program("TIDINGS_SIGN_IN")?, &profile)?;

    // The first run fills the vault and the caches; it is not measured.
    let first = Window::open(&app, &profile, &place.path().join("first.jsonl"), &[])?;
    first.wait(Mark::Synced, 1)?;
    first.close()?;

    let (mut starts, mut opens, mut echoes, mut sizes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for run in 1..=runs {
        eprintln!("run {run} of {runs}");
        let window = Window::open(&app, &profile, &place.path().join(format!("run{run}.jsonl")), &[])?;
        starts.push(window.wait(Mark::ChatListPainted, 1)?);
        window.wait(Mark::Synced, 1)?;
        for count in 1..=CHATS {
            window.key("alt+Down")?;
            opens.push(window.between(Mark::ChatAsked, count, Mark::ChatPainted)?);
        }
        sizes.push(memory::pss_mb(window.process_id())?);
        for count in 1..=MESSAGES {
            window.write("as fast as thought")?;
            window.key("Return")?;
            let painted = window.wait(Mark::EchoPainted, count)?;
            echoes.push(painted - window.wait(Mark::Enter, count)?);
        }
        window.close()?;
    }
    let median = |name, unit, values: &mut [f64]| {
        let value = percentile(values, 0.5).ok_or_else(|| Failure::new(format!("{name} was not measured")))?;
        Ok::<_, Failure>(Figure::new(name, value, unit))
    };
    Ok(vec![
        median("app.cold_start_ms", "ms", &mut starts)?,
        median("app.open_chat_ms", "ms", &mut opens)?,
        median("app.echo_ms", "ms", &mut echoes)?,
        median("app.pss_mb", "MB", &mut sizes)?,
    ])
}
