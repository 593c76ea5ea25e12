//! `cargo xtask ci`: the part of the tests that every system can run, and a release build. Linux runs `test` instead.

use crate::{
    asked_for_help, cargo, dist,
    machine::{self, Purpose},
    only_known, page,
    steps::Steps,
    stop::Outcome,
};

const HELP: &str = "\
cargo xtask ci

  What CI runs on Windows and macOS: page, lints, unit tests, release build. On Linux it runs `cargo xtask test`.";

/// Run it.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    only_known(args, &[])?;
    let mut steps = Steps::default();
    steps.step("machine", || machine::prepare(&[Purpose::Build]))?;
    steps.step("page: checks and tests", page::check)?;
    steps.step("page: build", page::build)?;
    steps.step("lints", || cargo::run(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    steps.step("unit tests", || cargo::run(&["test"]))?;
    steps.step("desktop", || cargo::run(&["test", "--package", "tidings-desktop"]))?;
    steps.step("release build", || dist::run(&[]))?;
    println!("{}", steps.table());
    Ok(())
}
