//! `cargo xtask bench`: the figures. `tests/bench` measures; this builds what is measured, for release.

use std::{path::PathBuf, process::Command};

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
  --quick  a vault of 50,000 messages; the app and the other client's engine are left out";

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
    vault.arg("vault").args(json.then_some("--json"));
    if quick {
        return steps::run(vault.args(["--messages", "50000"]));
    }
    steps::run(vault.arg("--seshat").arg(seshat()?))?;
    machine::prepare(&[Purpose::Build, Purpose::Homeserver, Purpose::Window, Purpose::HiddenScreen])?;
    let (release, sign_in) = dist::programs("release")?;
    let screen = Screen::new()?;
    let mut app = screen.command(&program, 1440, 900);
    app.arg("app").args(json.then_some("--json")).current_dir(place::checkout());
    steps::run(app.env("TIDINGS_APP", release).env("TIDINGS_SIGN_IN", sign_in))
}

/// Build seshat, the engine of Element Desktop's search, to be measured beside ours; returns where its program is.
///
/// It is no member of the workspace: its SQLite is another one, and one lock file holds one. Nothing of it is in any
/// program that is handed out.
fn seshat() -> Outcome<PathBuf> {
    let (manifest, target) = (place::checkout().join("tests/bench/seshat/Cargo.toml"), cargo::target().join("seshat"));
    let mut build = cargo::plain();
    build.args(["build", "--release", "--locked", "--manifest-path"]).arg(manifest);
    steps::run(build.arg("--target-dir").arg(&target))?;
    Ok(target.join("release").join(format!("tidings-bench-seshat{}", std::env::consts::EXE_SUFFIX)))
}
