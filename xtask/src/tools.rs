//! Cargo's own tools, pinned, installed beside the target folder when they are missing.
//!
//! They are built without optimisation: they run for seconds, and building them well costs minutes.

use std::{path::PathBuf, process::Command};

use crate::{
    cargo, place, steps,
    stop::{Outcome, Stop},
};

/// A pinned tool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tool {
    /// The crate and the program.
    pub(crate) name: &'static str,
    /// The exact version.
    pub(crate) version: &'static str,
}

/// Keeps `crates/unify`.
pub(crate) const HAKARI: Tool = Tool { name: "cargo-hakari", version: "0.9.39" };
/// Builds with coverage counters and runs libFuzzer.
pub(crate) const FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };
/// Keeps the arrows and the licences.
pub(crate) const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// The folder the tools are installed to.
pub(crate) fn folder() -> PathBuf {
    place::home().join("tools")
}

/// Install what is missing of these.
pub(crate) fn install(tools: &[Tool]) -> Outcome {
    let known = std::fs::read_to_string(folder().join(".crates.toml")).unwrap_or_default();
    for tool in tools {
        if installed(&known, *tool) {
            continue;
        }
        println!("installing {} {}", tool.name, tool.version);
        let root = folder();
        let mut install = cargo::plain();
        install.args(["install", "--locked", "--debug", "--force", "--version", tool.version, "--root"]).arg(&root);
        install.arg(tool.name).current_dir(place::home()).env("CARGO_TARGET_DIR", root.join("target"));
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        steps::run(&mut install)?;
    }
    Ok(())
}

/// A tool, ready to run in the checkout. Cargo's subcommands (`cargo-x`) get their own name as first argument.
pub(crate) fn command(tool: Tool) -> Outcome<Command> {
    let program = folder().join("bin").join(format!("{}{}", tool.name, std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        return Err(Stop::new(format!("{} is not installed", tool.name)));
    }
    let mut command = Command::new(program);
    command.current_dir(place::checkout()).env("CARGO_TARGET_DIR", cargo::target());
    if let Some(subcommand) = tool.name.strip_prefix("cargo-") {
        command.arg(subcommand);
    }
    Ok(command)
}

/// Whether cargo's list of what it installed (`.crates.toml`) has this exact version.
fn installed(list: &str, tool: Tool) -> bool {
    list.contains(&format!("\"{} {} ", tool.name, tool.version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_of_a_tool_does_not_count() {
        let list = "[v1]\n\"cargo-deny 0.20.2 (registry+https://example.org/index)\" = [\"cargo-deny\"]\n";
        assert!(installed(list, DENY));
        assert!(!installed(list, Tool { name: "cargo-deny", version: "0.20.1" }));
        assert!(!installed(list, HAKARI));
    }
}
