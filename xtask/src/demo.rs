//! `cargo xtask demo`: a small organisation on this machine, and the app signed in to it.
//!
//! **Invariant:** everything of the demo lies in one folder, which is named; only the app's key lies in the keyring.
//! **Invariant:** whatever ends the demo ends the homeserver and the colleagues: they watch a pipe from here.
//!
//! Refused: signing in through an argument of the app (see `tidings-demo-sign-in`).

mod companion;
mod session;

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    asked_for_help, cargo, dist,
    machine::{self, Purpose},
    steps::{self, Steps},
    stop::{Outcome, Stop},
};
use companion::Companion;
use session::Session;

const HELP: &str = "\
cargo xtask demo [--reset] [--no-window] [--folder DIR]

  Installs what is missing, builds, starts a homeserver with a small organisation and two colleagues who answer, and
  opens Tidings signed in. The first time takes minutes, later ones seconds.

  --reset        begin again with a new organisation
  --no-window    only the homeserver and the colleagues, to sign in from elsewhere on this machine
  --folder DIR   keep everything of the demo in DIR instead of ~/.local/share/tidings-demo

  Quit in the app's tray, or Ctrl+C here, ends all of it.";

/// Tells a demo's folder from any other, before anything is removed.
const MARKER: &str = "this-is-a-tidings-demo";

/// What was asked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    reset: bool,
    no_window: bool,
    folder: Option<PathBuf>,
}

/// Run it until the person ends it.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    let asked = parse(args)?;
    if !asked.no_window {
        session::see_a_screen()?;
    }
    let folder = asked.folder.clone().map_or_else(usual_folder, |folder| Ok(std::path::absolute(folder)?))?;
    let _lock = take(&folder)?;
    println!("Everything of the demo is in {}", folder.display());
    let mut steps = Steps::default();
    steps.step("this machine", || machine::prepare(&[Purpose::Build, Purpose::Homeserver, Purpose::Window]))?;
    let mut programs = None;
    steps.step("build", || {
        programs = Some(if asked.no_window { None } else { Some(dist::programs("debug")?) });
        cargo::run(&["build", "--package", "tidings-homeserver", "--bin", "skerry-lines"])?;
        cargo::run(&["build", "--package", "tidings-journeys", "--bin", "colleagues"])
    })?;
    if asked.reset {
        steps.step("begin again", || empty(&folder))?;
    }
    let mut homeserver = None;
    steps.step("homeserver", || {
        let mut command = Command::new(cargo::program("debug", "skerry-lines"));
        command.arg("--folder").arg(folder.join("homeserver"));
        homeserver = Some(Companion::start(&mut command)?.ready()?);
        Ok(())
    })?;
    let Some((_homeserver, words)) = homeserver else {
        return Err(Stop::new("the homeserver did not say where it is"));
    };
    let [address, user, password] = words.as_slice() else {
        return Err(Stop::new("the homeserver did not say where it is"));
    };
    let session = Session::choose(&folder)?;
    let profile = folder.join("profile");
    if let Some(Some((_, sign_in))) = &programs {
        steps.step("sign in", || {
            let mut command = session.command(sign_in);
            command.arg("--profile").arg(&profile).args(["--homeserver", address, "--user", user]);
            // Not on the command line, which everybody can read.
            steps::run(command.env("TIDINGS_PASSWORD", password))
        })?;
    }
    let mut colleagues = None;
    steps.step("colleagues", || {
        let mut command = Command::new(cargo::program("debug", "colleagues"));
        command.arg("--folder").arg(folder.join("colleagues")).args(["--homeserver", address]);
        colleagues = Some(Companion::start(&mut command)?.ready()?);
        Ok(())
    })?;
    println!("{}", steps.table());
    println!(
        "\nSkerry Lines is open. From another program on this machine: {address}, user {user}, password {password}"
    );
    match &programs {
        Some(Some((app, _))) => {
            println!("Priya, Jonas and the incident review answer. Ctrl+C here, or Quit in the tray, ends the demo.");
            let ended = session.command(app).arg("--profile").arg(&profile).status()?;
            if ended.success() { Ok(()) } else { Err(Stop::new(format!("the app ended with {ended}"))) }
        }
        _ => {
            println!("Enter or Ctrl+C ends the demo.");
            std::io::stdin().read_line(&mut String::new())?;
            Ok(())
        }
    }
}

fn parse(args: &[String]) -> Outcome<Asked> {
    let mut asked = Asked::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--reset" => asked.reset = true,
            "--no-window" => asked.no_window = true,
            "--folder" => {
                let folder = args.next().ok_or_else(|| Stop::new("`--folder` needs the name of a folder"))?;
                asked.folder = Some(PathBuf::from(folder));
            }
            other => return Err(Stop::new(format!("`{other}` is not known here; `--help` lists what is"))),
        }
    }
    Ok(asked)
}

/// `$XDG_DATA_HOME/tidings-demo`, else `~/.local/share/tidings-demo`.
fn usual_folder() -> Outcome<PathBuf> {
    if let Some(data) = std::env::var_os("XDG_DATA_HOME").filter(|data| !data.is_empty()) {
        return Ok(PathBuf::from(data).join("tidings-demo"));
    }
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let home = home.ok_or_else(|| Stop::new("there is no home folder; name one with --folder"))?;
    Ok(PathBuf::from(home).join(".local").join("share").join("tidings-demo"))
}

/// Make the folder, mark it as ours, and see that no other demo runs in it.
fn take(folder: &Path) -> Outcome<File> {
    let marker = folder.join(MARKER);
    let used = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if used && !marker.exists() {
        return Err(Stop::new(format!(
            "{} is not empty and not a demo's folder; nothing was touched",
            folder.display()
        )));
    }
    fs::create_dir_all(folder).map_err(|error| Stop::file(folder, &error))?;
    let lock = File::create(&marker).map_err(|error| Stop::file(&marker, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Stop::new(format!("the demo in {} is running already", folder.display()))),
        Err(TryLockError::Error(error)) => Err(Stop::file(&marker, &error)),
    }
}

/// Remove everything in the folder but the marker, which is locked.
fn empty(folder: &Path) -> Outcome {
    for entry in fs::read_dir(folder).map_err(|error| Stop::file(folder, &error))? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name() == MARKER {
            continue;
        }
        let removed = if entry.file_type()?.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(|error| Stop::file(&path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    /// An empty folder of this test's own.
    fn place(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("tidings-demo-test-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        folder
    }

    #[test]
    fn the_line_is_understood_or_refused() {
        let all = Asked { reset: true, no_window: true, folder: Some("here".into()) };
        assert_eq!(parse(&words("--reset --no-window --folder here")).unwrap(), all);
        assert_eq!(parse(&[]).unwrap(), Asked::default());
        assert!(parse(&words("--folder")).unwrap_err().to_string().contains("--folder"));
        assert!(parse(&words("--rest")).unwrap_err().to_string().contains("--rest"));
    }

    #[test]
    fn a_folder_that_is_not_a_demo_s_is_never_emptied() {
        let folder = place("foreign");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("thesis.txt"), "years of work").unwrap();
        assert!(take(&folder).unwrap_err().to_string().contains("nothing was touched"));
        assert!(folder.join("thesis.txt").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_reset_leaves_the_folder_and_its_lock() {
        let folder = place("reset");
        let lock = take(&folder).unwrap();
        assert!(take(&folder).unwrap_err().to_string().contains("running already"));
        fs::create_dir_all(folder.join("profile/deep")).unwrap();
        fs::write(folder.join("note"), "x").unwrap();
        empty(&folder).unwrap();
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [MARKER]);
        assert!(take(&folder).is_err());
        drop(lock);
        drop(take(&folder).unwrap());
        fs::remove_dir_all(folder).unwrap();
    }
}
