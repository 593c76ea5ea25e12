//! The page: installed when its lock file changed, built when its sources changed.
//!
//! **Invariant:** an installation that holds what the lock file asks for is never removed.
//!
//! Refused: asking npm each time (seconds for nothing), and modification times (a fresh checkout has new ones).

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    place, steps,
    stop::{Outcome, Stop},
};

/// Install the page's packages, if they are not the ones of the lock file.
pub(crate) fn install() -> Outcome {
    let _alone = alone()?;
    install_alone()
}

fn install_alone() -> Outcome {
    let path = folder().join("package-lock.json");
    let lock = fs::read(&path).map_err(|error| Stop::file(&path, &error))?;
    let stamp = folder().join("node_modules/.tidings-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    // `npm ci` begins by removing everything, under the feet of whoever runs a test or a server there. What a person
    // installed by hand from the same lock file is left alone.
    let here = fs::read(folder().join("node_modules/.package-lock.json")).unwrap_or_default();
    if !holds(&lock, &here) {
        npm(&["ci", "--no-audit", "--no-fund"])?;
    }
    Ok(fs::write(stamp, lock)?)
}

/// One process at a time installs and builds: two at once would remove each other's files.
fn alone() -> Outcome<File> {
    fs::create_dir_all(place::home()).map_err(|error| Stop::file(&place::home(), &error))?;
    let path = place::home().join("page.lock");
    let file = File::create(&path).map_err(|error| Stop::file(&path, &error))?;
    file.lock().map_err(|error| Stop::file(&path, &error))?;
    Ok(file)
}

/// Whether npm's own list of what is installed (`node_modules/.package-lock.json`) has every package of the lock file in
/// its version; packages for other systems may be missing.
fn holds(lock: &[u8], installed: &[u8]) -> bool {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok()?.get("packages")?.as_object().cloned();
    let (Some(lock), Some(installed)) = (read(lock), read(installed)) else { return false };
    let version = |package: Option<&Value>| package.and_then(|package| package.get("version").cloned());
    let mut wanted = lock
        .iter()
        .filter(|(path, package)| !path.is_empty() && package.get("optional").and_then(Value::as_bool) != Some(true));
    wanted.all(|(path, package)| version(installed.get(path)) == version(Some(package)))
}

/// Build the page into `ui/dist`, if its sources are not the ones it was built from.
pub(crate) fn build() -> Outcome {
    let _alone = alone()?;
    install_alone()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{"packages": {
        "": {"name": "page"},
        "node_modules/a": {"version": "1.0.0"},
        "node_modules/b-for-another-system": {"version": "2.0.0", "optional": true}
    }}"#;

    #[test]
    fn an_installation_made_by_hand_from_the_same_lock_is_left_alone() {
        let installed = r#"{"packages": {"node_modules/a": {"version": "1.0.0"}}}"#;
        assert!(holds(LOCK.as_bytes(), installed.as_bytes()));
    }

    #[test]
    fn another_version_a_missing_package_or_nothing_is_installed_anew() {
        for installed in [r#"{"packages": {"node_modules/a": {"version": "1.0.1"}}}"#, r#"{"packages": {}}"#, ""] {
            assert!(!holds(LOCK.as_bytes(), installed.as_bytes()), "{installed}");
        }
    }
}
