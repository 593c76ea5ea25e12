//! The page: installed when its lock file changed, built when its sources changed.
//!
//! Refused: asking npm each time (seconds for nothing), and modification times (a fresh checkout has new ones).

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    place, steps,
    stop::{Outcome, Stop},
};

/// Install the page's packages, if the lock file is not the one they were installed from.
pub(crate) fn install() -> Outcome {
    let lock = fs::read(folder().join("package-lock.json")).map_err(|error| Stop::file(&folder(), &error))?;
    let stamp = folder().join("node_modules/.tidings-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm(&["ci", "--no-audit", "--no-fund"])?;
    Ok(fs::write(stamp, lock)?)
}

/// Build the page into `ui/dist`, if its sources are not the ones it was built from.
pub(crate) fn build() -> Outcome {
    install()?;
    let sources = sources_digest()?;
    let stamp = folder().join("node_modules/.tidings-built");
    let built = folder().join("dist/index.html").exists() && fs::read_to_string(&stamp).is_ok_and(|was| was == sources);
    if built {
        return Ok(());
    }
    npm(&["run", "build"])?;
    Ok(fs::write(stamp, sources)?)
}

/// Its own checks: types, style, tests.
pub(crate) fn check() -> Outcome {
    install()?;
    npm(&["run", "check"])?;
    npm(&["test"])
}

/// `npm <args>` in the page's folder. It speaks on standard error, so that figures stay alone on standard output.
pub(crate) fn npm(args: &[&str]) -> Outcome {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    steps::run(Command::new(program).args(args).current_dir(folder()).stdout(io::stderr()))
}

fn folder() -> PathBuf {
    place::checkout().join("ui")
}

/// A digest of everything a build of the page reads.
fn sources_digest() -> Outcome<String> {
    let mut files = Vec::new();
    collect(&folder(), &mut files)?;
    files.sort();
    let mut digest = DefaultHasher::new();
    for file in files {
        file.hash(&mut digest);
        fs::read(&file).map_err(|error| Stop::file(&file, &error))?.hash(&mut digest);
    }
    Ok(format!("{:016x}", digest.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    for entry in fs::read_dir(folder).map_err(|error| Stop::file(folder, &error))? {
        let entry = entry?;
        let made = ["node_modules", "dist", "dist-gallery", "coverage", "test-results"];
        if made.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() { collect(&entry.path(), files)? } else { files.push(entry.path()) }
    }
    Ok(())
}
