//! `cargo xtask dist`: a release build, packed with its licence.
//!
//! Installers (deb, msi, dmg) come with signing, which needs the organisation's keys; until then this is what is handed
//! out. Packed with the system's own `tar`, which all three systems have.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    asked_for_help, cargo,
    machine::{self, Purpose},
    only_known, page, place, steps,
    stop::{Outcome, Stop},
};

const HELP: &str = "\
cargo xtask dist

  Builds the page and the app for release and packs them into <target>/dist.";

/// Build and pack.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    only_known(args, &[])?;
    machine::prepare(&[Purpose::Build])?;
    let (program, _) = programs("release")?;

    let name = format!("tidings-{}-{}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    let folder = cargo::target().join("dist");
    let staged = folder.join(&name);
    fs::create_dir_all(&staged).map_err(|error| Stop::file(&staged, &error))?;
    let mut files = vec![program];
    files.extend(["LICENSE", "NOTICE", "README.md", "CHANGELOG.md"].map(|name| place::checkout().join(name)));
    for file in files {
        let Some(leaf) = file.file_name() else { continue };
        fs::copy(&file, staged.join(leaf)).map_err(|error| Stop::file(&file, &error))?;
    }
    let archive = format!("{name}.tar.gz");
    steps::run(Command::new("tar").current_dir(&folder).args(["-czf", &archive, &name]))?;
    println!("packed: {}", folder.join(archive).display());
    Ok(())
}

/// Build the app, with the page inside, and the program that signs a profile in; returns where they are.
pub(crate) fn programs(profile: &str) -> Outcome<(PathBuf, PathBuf)> {
    page::build()?;
    let mut args = vec!["build", "--package", "tidings-desktop", "--bins"];
    if profile == "release" {
        args.push("--release");
    }
    cargo::run(&args)?;
    Ok((cargo::program(profile, "tidings"), cargo::program(profile, "tidings-demo-sign-in")))
}
