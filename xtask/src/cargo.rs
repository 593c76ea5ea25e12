//! Runs cargo the one way it is run here.
//!
//! **Invariant:** everything is built into one target folder outside the checkout, so that no command rebuilds what
//! another built.

use std::{path::PathBuf, process::Command, sync::OnceLock};

use crate::{
    place, steps,
    stop::{Outcome, Stop},
};

/// The Rust that the SDK declares. It builds and runs on the one before; older toolchains are told to try.
const SDK_RUST: u32 = 96;

/// The target folder: `CARGO_TARGET_DIR`, else one in [`place::home`].
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| place::home().join("target"), PathBuf::from)
}

/// A built program.
pub(crate) fn program(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// `cargo <args>`, ready to run in the checkout. The first argument is the subcommand.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut cargo = plain();
    if let Some((subcommand, rest)) = args.split_first() {
        cargo.arg(subcommand);
        let builds = ["build", "check", "clippy", "test", "run"].contains(subcommand);
        if builds && older_than_the_sdk() {
            cargo.arg("--ignore-rust-version");
        }
        cargo.args(rest);
    }
    cargo
}

/// Run `cargo <args>`, its output going where ours goes.
pub(crate) fn run(args: &[&str]) -> Outcome {
    steps::run(&mut command(args))
}

/// Run `cargo <args>` and return what it said of its progress (standard error), which is printed as well.
pub(crate) fn run_and_listen(args: &[&str]) -> Outcome<String> {
    let output = command(args).output().map_err(|error| Stop::new(format!("cargo does not start: {error}")))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    eprint!("{said}");
    if output.status.success() { Ok(said) } else { Err(Stop::new(format!("`cargo {}` failed", args.join(" ")))) }
}

/// Cargo itself, without a subcommand.
pub(crate) fn plain() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(place::checkout()).env("CARGO_TARGET_DIR", target());
    // These speak of xtask; build scripts and tests below must not take them for their own.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Whether rustc is older than the SDK declares.
fn older_than_the_sdk() -> bool {
    static OLDER: OnceLock<bool> = OnceLock::new();
    *OLDER.get_or_init(|| {
        let version = Command::new("rustc").arg("--version").output();
        version
            .is_ok_and(|version| minor(&String::from_utf8_lossy(&version.stdout)).is_some_and(|minor| minor < SDK_RUST))
    })
}

/// The minor version in `rustc 1.95.0 (…)`.
fn minor(version: &str) -> Option<u32> {
    version.split_whitespace().nth(1)?.split('.').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minor_version_of_rustc_is_read() {
        assert_eq!(minor("rustc 1.95.0 (59807616e 2026-04-14)"), Some(95));
        assert_eq!(minor("rustc 1.97.0-nightly (abc 2026-05-01)"), Some(97));
        assert_eq!(minor("no compiler"), None);
    }
}
