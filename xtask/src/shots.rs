//! `cargo xtask shots`: screenshots of the real app, for eyes, into `docs/shots`.
//!
//! `tests/bench` takes them, because it drives the window already; this builds what is photographed.

use crate::{
    asked_for_help, cargo, dist,
    machine::{self, Purpose},
    only_known, place,
    screen::Screen,
    steps,
    stop::Outcome,
};

const HELP: &str = "\
cargo xtask shots

  Screenshots of sign-in, chats light and dark, and 420 px wide, of the real app on a hidden screen, with the demo's
  organisation, into docs/shots. Linux only.";

/// Make them.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    only_known(args, &[])?;
    machine::prepare(&[Purpose::Build, Purpose::Homeserver, Purpose::Window, Purpose::HiddenScreen])?;
    let (app, sign_in) = dist::programs("debug")?;
    cargo::run(&["build", "--package", "tidings-bench"])?;
    let screen = Screen::new()?;
    let mut shots = screen.command(&cargo::program("debug", "tidings-bench"), 1440, 900);
    shots.arg("shots").arg(place::checkout().join("docs/shots"));
    steps::run(shots.env("TIDINGS_APP", app).env("TIDINGS_SIGN_IN", sign_in))
}
