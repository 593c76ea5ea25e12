//! `cargo xtask test`: everything CI runs, cheapest first, each step with its headline and its time.
//!
//! **Invariant:** a step that is listed runs; what a machine lacks stops the run, it never skips a step.
//!
//! Cargo's own `test result:` lines go out as they are: people and CI read the same.

use std::path::Path;

use crate::{
    asked_for_help, cargo,
    machine::{self, Purpose},
    only_known, page, place,
    screen::Screen,
    steps::{self, Steps},
    stop::{Outcome, Stop},
    tools,
};

const HELP: &str = "\
cargo xtask test [--fast] [--advisories]

  Everything CI runs: format, page, lints, generated files, unit tests, faults, the SDK's timeline beside ours, journeys on a
  real homeserver, desktop, the real window, the feature-unifying crate, dependencies, and that the app and the engine's
  tests share one build.

  --fast        the part that takes seconds: format, page, words, vault, the checkout's own rules
  --advisories  ask the advisory database too (needs the network)";

/// The packages whose tests need no window and no homeserver.
const UNITS: &[&str] = &[
    "tidings-model",
    "tidings-vault",
    "tidings-engine",
    "xtask",
    "tidings-homeserver",
    "tidings-corpus",
    "tidings-bench",
];

/// Run the tests.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    only_known(args, &["--fast", "--advisories"])?;
    let mut steps = Steps::default();
    if args.iter().any(|arg| arg == "--fast") {
        fast(&mut steps)?
    } else {
        whole(&mut steps, args)?
    }
    println!("{}", steps.table());
    println!("\nall steps passed");
    Ok(())
}

fn fast(steps: &mut Steps) -> Outcome {
    steps.step("format", || cargo::run(&["fmt", "--all", "--check"]))?;
    steps.step("page: checks and tests", page::check)?;
    steps.step("words, vault, rules of the checkout", || test(&["tidings-model", "tidings-vault", "xtask"]))
}

fn whole(steps: &mut Steps, args: &[String]) -> Outcome {
    steps.step("machine", || {
        machine::prepare(&[
            Purpose::Build,
            Purpose::Homeserver,
            Purpose::Window,
            Purpose::HiddenScreen,
            Purpose::Faults,
        ])
    })?;
    steps.step("format", || cargo::run(&["fmt", "--all", "--check"]))?;
    steps.step("page: checks and tests", page::check)?;
    steps.step("page: build", page::build)?;
    steps.step("lints", || cargo::run(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    steps.step("generated files are fresh", || {
        cargo::run(&["test", "--package", "tidings-model", "--test", "bindings"])
    })?;
    steps.step("unit tests", || test(UNITS))?;
    steps.step("faults: kills, failed calls, cut power, damage", || test(&["tidings-faults"]))?;
    steps.step("oracle: the SDK's timeline beside ours", oracle)?;
    steps.step("journeys", || test(&["tidings-journeys"]))?;
    steps.step("desktop", || test(&["tidings-desktop"]))?;
    steps.step("tools", || tools::install(&[tools::HAKARI, tools::DENY]))?;
    steps.step("the real window", window)?;
    steps.step("feature-unifying crate", unify)?;
    steps.step("dependencies", || dependencies(args.iter().any(|arg| arg == "--advisories")))?;
    steps.step("engine tests and app share one build", one_build)
}

/// `cargo test` of these packages.
fn test(packages: &[&str]) -> Outcome {
    let mut args = vec!["test"];
    args.extend(packages.iter().flat_map(|package| ["--package", package]));
    cargo::run(&args)
}

/// The vault and matrix-sdk-ui's timeline, told the same stories.
///
/// No member of the workspace: matrix-sdk-ui turns on other features of ruma than the app has, and the app and the
/// engine's tests share one build of the SDK.
fn oracle() -> Outcome {
    let (manifest, target) = (place::checkout().join("tests/oracle/Cargo.toml"), cargo::target().join("oracle"));
    let mut cargo = cargo::command(&["test", "--locked", "--manifest-path"]);
    steps::run(cargo.arg(manifest).arg("--target-dir").arg(target))
}

/// The end-to-end tests: the app is built, then driven on a hidden screen.
fn window() -> Outcome {
    cargo::run(&["build", "--package", "tidings-desktop"])?;
    cargo::run(&["test", "--package", "tidings-e2e", "--no-run"])?;
    let cargo = cargo::command(&["test", "--package", "tidings-e2e"]);
    let screen = Screen::new()?;
    let mut hidden = screen.command(Path::new(cargo.get_program()), 1440, 900);
    hidden.args(cargo.get_args()).current_dir(place::checkout());
    hidden.env("CARGO_TARGET_DIR", cargo::target());
    hidden.env("TIDINGS_APP", cargo::program("debug", "tidings"));
    steps::run(&mut hidden)
}

/// `crates/unify` is what cargo-hakari would write, and every member leans on it. Its `verify` is not asked: it counts
/// the members that are left out on purpose as faults. What it would promise is measured by [`one_build`].
fn unify() -> Outcome {
    steps::run(tools::command(tools::HAKARI)?.args(["generate", "--diff"]))?;
    steps::run(tools::command(tools::HAKARI)?.args(["manage-deps", "--dry-run"]))
}

/// Arrows, licences and sources, as `deny.toml` states them.
fn dependencies(advisories: bool) -> Outcome {
    let mut deny = tools::command(tools::DENY)?;
    deny.args(["check", "bans", "licenses", "sources"]);
    if advisories {
        deny.arg("advisories");
    }
    steps::run(&mut deny)
}

/// From the engine's tests to the app and back, nothing of the SDK is compiled again.
fn one_build() -> Outcome {
    // The first pair may build what earlier steps left out; the second must not.
    let engine = ["test", "--package", "tidings-engine", "--no-run"];
    let app = ["build", "--package", "tidings-desktop"];
    cargo::run(&engine)?;
    cargo::run(&app)?;
    let said = [cargo::run_and_listen(&engine)?, cargo::run_and_listen(&app)?].concat();
    match sdk_rebuilds(&said) {
        0 => Ok(()),
        count => {
            Err(Stop::new(format!("{count} of the SDK's crates were compiled again; run `cargo hakari generate`")))
        }
    }
}

/// How many of the SDK's crates cargo says it compiles.
fn sdk_rebuilds(said: &str) -> usize {
    said.lines().filter(|line| line.trim_start().starts_with("Compiling matrix-sdk")).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuilt_sdk_is_counted() {
        let said = "   Compiling matrix-sdk-base v0.19.1\n   Compiling matrix-sdk v0.19.1\n   Compiling tidings-engine v0.1.0\n";
        assert_eq!(sdk_rebuilds(said), 2);
    }

    #[test]
    fn a_shared_build_counts_nothing() {
        assert_eq!(sdk_rebuilds("    Finished `dev` profile [unoptimized] target(s) in 0.68s\n"), 0);
    }
}
