//! What this machine must have, and how it gets it.
//!
//! **Invariant:** nothing is installed but by the system's own package tool, and only on Debian and its kin; elsewhere
//! the person is told what to install.
//!
//! Refused: `curl | sh`, and containers (the app needs the person's own screen and keyring).

use std::{path::Path, process::Command};

use crate::{
    steps,
    stop::{Outcome, Stop},
};

/// What something is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compile the app and its page.
    Build,
    /// Run a homeserver.
    Homeserver,
    /// Run the app on the person's own screen.
    Window,
    /// Run the app on a hidden screen, with a keyring and a session of its own, and drive it.
    HiddenScreen,
    /// Kill and fail the calls of a process one by one.
    Faults,
}

/// How it is known that a Debian package is there.
enum Sign {
    /// `dpkg` says so.
    Package,
    /// A program of this name is on the path, whoever put it there.
    Program(&'static str),
    /// Python can make virtual environments.
    PythonVenv,
}

const BUILD: &[(&str, Sign)] = &[
    ("build-essential", Sign::Program("cc")),
    ("pkg-config", Sign::Program("pkg-config")),
    // OpenSSL, which SQLCipher is linked with, is configured in Perl.
    ("perl", Sign::Program("perl")),
    ("libwebkit2gtk-4.1-dev", Sign::Package),
];
const HOMESERVER: &[(&str, Sign)] = &[("python3", Sign::Program("python3")), ("python3-venv", Sign::PythonVenv)];
const WINDOW: &[(&str, Sign)] = &[
    // The tray loads it when it starts.
    ("libayatana-appindicator3-1", Sign::Package),
    ("gnome-keyring", Sign::Program("gnome-keyring-daemon")),
    ("dbus", Sign::Program("dbus-run-session")),
    ("fonts-noto-color-emoji", Sign::Package),
];
const HIDDEN_SCREEN: &[(&str, Sign)] = &[
    ("xvfb", Sign::Program("xvfb-run")),
    ("xauth", Sign::Program("xauth")),
    ("webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    ("libsecret-tools", Sign::Program("secret-tool")),
    ("at-spi2-core", Sign::Package),
    ("xdotool", Sign::Program("xdotool")),
    ("imagemagick", Sign::Program("import")),
];

const FAULTS: &[(&str, Sign)] = &[("strace", Sign::Program("strace"))];

/// What other systems need, for people to read.
const FEDORA: &str = "sudo dnf install gcc gcc-c++ make perl pkgconf webkit2gtk4.1-devel libayatana-appindicator-gtk3 gnome-keyring python3";
const ARCH: &str =
    "sudo pacman -S --needed base-devel perl pkgconf webkit2gtk-4.1 libayatana-appindicator gnome-keyring python";
const MACOS: &str = "xcode-select --install, then Node 20 and Python 3.10 or newer (brew install node python)";
const WINDOWS: &str = "the Visual Studio Build Tools with \"Desktop development with C++\", WebView2 (part of Windows 11), \
                       Strawberry Perl, NASM, Node 20, and Python 3.10 or newer";

/// See that this machine has what these purposes need; install what is missing where that can be done.
///
/// # Errors
/// With the exact line to run, when it cannot be done from here.
pub(crate) fn prepare(purposes: &[Purpose]) -> Outcome {
    if purposes.contains(&Purpose::Build) {
        node()?;
    }
    if !cfg!(target_os = "linux") {
        return elsewhere(purposes);
    }
    if !Path::new("/usr/bin/dpkg-query").exists() {
        return elsewhere(purposes);
    }
    let missing = missing(purposes);
    if missing.is_empty() {
        eprintln!("this machine has what is needed");
        return Ok(());
    }
    install(&missing)
}

/// The Debian packages that are not there.
fn missing(purposes: &[Purpose]) -> Vec<&'static str> {
    let lists = [
        (Purpose::Build, BUILD),
        (Purpose::Homeserver, HOMESERVER),
        (Purpose::Window, WINDOW),
        (Purpose::HiddenScreen, HIDDEN_SCREEN),
        (Purpose::Faults, FAULTS),
    ];
    let wanted = lists.iter().filter(|(purpose, _)| purposes.contains(purpose)).flat_map(|(_, list)| list.iter());
    wanted.filter(|(package, sign)| !there(package, sign)).map(|(package, _)| *package).collect()
}

fn there(package: &str, sign: &Sign) -> bool {
    match sign {
        Sign::Package => {
            let status = Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]).output();
            status.is_ok_and(|status| status.stdout == b"installed")
        }
        Sign::Program(name) => on_path(name),
        Sign::PythonVenv => {
            let probe = Command::new("python3").args(["-c", "import venv, ensurepip"]).output();
            probe.is_ok_and(|probe| probe.status.success())
        }
    }
}

/// Whether a program of this name is on the path.
pub(crate) fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).any(|folder| folder.join(&file).is_file())
}

/// Install with apt, as root or through sudo.
fn install(packages: &[&str]) -> Outcome {
    let root = steps::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let line = apt_line(packages, root);
    // sudo may ask for a password; without a person there (CI) it must not.
    if !root && !on_path("sudo") {
        return Err(Stop::new(format!("these packages are missing; as root, run:\n\n    {line}\n")));
    }
    eprintln!("installing {}", packages.join(", "));
    let apt = |args: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["--", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        steps::run(&mut command)
    };
    let install = [&["install", "--yes", "--no-install-recommends", "--quiet"], packages].concat();
    apt(&["update", "--quiet"])
        .and_then(|()| apt(&install))
        .map_err(|stop| Stop::new(format!("{stop}; run this yourself, then try again:\n\n    {line}\n")))
}

/// The line that installs these packages.
fn apt_line(packages: &[&str], root: bool) -> String {
    let sudo = if root { "" } else { "sudo " };
    format!("{sudo}apt-get update && {sudo}apt-get install --yes {}", packages.join(" "))
}

/// On other systems: say what to install, and go on if the essential parts are there.
fn elsewhere(purposes: &[Purpose]) -> Outcome {
    let advice = match std::env::consts::OS {
        "macos" => MACOS,
        "windows" => WINDOWS,
        _ if on_path("dnf") => FEDORA,
        _ if on_path("pacman") => ARCH,
        _ => {
            "a C compiler, Perl, pkg-config, WebKitGTK 4.1 with its headers, libayatana-appindicator, a keyring \
              (Secret Service), Node 20 and Python 3.10 or newer"
        }
    };
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut missing = Vec::new();
    if purposes.contains(&Purpose::Homeserver) && !on_path(python) {
        missing.push("Python 3");
    }
    if cfg!(target_os = "linux") {
        let webkit = Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"]).status();
        if purposes.contains(&Purpose::Build) && !webkit.is_ok_and(|status| status.success()) {
            missing.push("WebKitGTK 4.1");
        }
        let hidden = purposes.contains(&Purpose::HiddenScreen);
        missing
            .extend(["xvfb-run", "WebKitWebDriver", "dbus-run-session"].iter().filter(|name| hidden && !on_path(name)));
        missing.extend(["strace"].iter().filter(|name| purposes.contains(&Purpose::Faults) && !on_path(name)));
    } else if purposes.contains(&Purpose::HiddenScreen) {
        return Err(Stop::new("this needs a hidden X screen, which only Linux has"));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Stop::new(format!("{} missing; on this system, install:\n\n    {advice}\n", missing.join(", "))))
}

/// Node, which Debian 12 has too old a version of.
fn node() -> Outcome {
    let version = steps::read(Command::new("node").arg("--version")).unwrap_or_default();
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(20..) => Ok(()),
        Some(old) => Err(Stop::new(format!("Node {old} is here; Tidings needs 20 or newer: https://nodejs.org"))),
        None => Err(Stop::new("Node is missing; Tidings needs 20 or newer: https://nodejs.org")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_only_when_it_is_there() {
        assert!(on_path("cargo"));
        assert!(!on_path("no-such-program-anywhere"));
    }

    #[test]
    fn the_line_to_run_can_be_pasted() {
        let line = apt_line(&["xvfb", "dbus"], false);
        assert_eq!(line, "sudo apt-get update && sudo apt-get install --yes xvfb dbus");
        assert_eq!(apt_line(&["xvfb"], true), "apt-get update && apt-get install --yes xvfb");
    }
}
