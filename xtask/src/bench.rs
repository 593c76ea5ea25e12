//! `cargo xtask bench`: the figures. `tests/bench` measures; this builds what is measured, for release.

use std::process::Command;

use crate::{
    asked_for_help, cargo, dist,
    machine::{self, Purpose},
    only_known, place,
    screen::Screen,
    steps,
    stop::Outcome,
};

const HELP: &str = "\
cargo xtask bench [--json] [--quick]

  --json   one object a line: {\"name\",\"value\",\"unit\"}; else a table
  --quick  a vault of 50,000 messages, and the app is left out";

/// Measure.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    only_known(args, &["--json", "--quick"])?;
    let json = args.iter().any(|arg| arg == "--json");
    let quick = args.iter().any(|arg| arg == "--quick");
    // Standard output carries figures alone: what cargo says goes to standard error, what we say must not go out.
    cargo::run(&["build", "--release", "--package", "tidings-bench"])?;
    let program = cargo::program("release", "tidings-bench");
    let mut vault = Command::new(&program);
    vault
        .arg("vault")
        .args(json.then_some("--json"))
        .args(quick.then_some(["--messages", "50000"]).into_iter().flatten());
    steps::run(&mut vault)?;
    if quick {
        return Ok(());
    }
    machine::prepare(&[Purpose::Build, Purpose::Homeserver, Purpose::Window, Purpose::HiddenScreen])?;
    let (release, sign_in) = dist::programs("release")?;
    let screen = Screen::new()?;
    let mut app = screen.command(&program, 1440, 900);
    app.arg("app").args(json.then_some("--json")).current_dir(place::checkout());
    steps::run(app.env("TIDINGS_APP", release).env("TIDINGS_SIGN_IN", sign_in))
}
