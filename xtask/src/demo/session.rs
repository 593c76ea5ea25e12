//! Where the app finds its screen and its keyring.
//!
//! **Invariant:** a person's own session is used as it is. Where there is none (ssh, a container, a hidden screen), the
//! app gets a bus and a keyring of its own, whose file lies in the demo's folder under an empty password.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    machine,
    stop::{Outcome, Stop},
};

/// Starts the keyring with an empty password on the new bus, then becomes the program. Its files lie in `$1`.
const INSIDE: &str = "\
keyring=$1; shift
printf '\\n' | XDG_DATA_HOME=$keyring gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
exec \"$@\"";

/// A session to start the app in.
pub(crate) enum Session {
    /// The person's own.
    Own,
    /// One of the demo, with these folders.
    Made { keyring: PathBuf, run: PathBuf },
}

/// See that there is a screen, before minutes are spent on building.
pub(crate) fn see_a_screen() -> Outcome {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY") {
        return Ok(());
    }
    Err(Stop::new(
        "there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set).\n\
         Start it from a desktop, or with `ssh -X`; or see it work with one of:\n\n    \
         cargo xtask demo --no-window\n    xvfb-run --auto-servernum cargo xtask demo\n",
    ))
}

impl Session {
    /// The person's session if it has a keyring, else one of the demo.
    pub(crate) fn choose(folder: &Path) -> Outcome<Self> {
        if !cfg!(target_os = "linux") || keyring_answers() {
            return Ok(Self::Own);
        }
        for program in ["dbus-run-session", "gnome-keyring-daemon"] {
            if !machine::on_path(program) {
                return Err(Stop::new(format!("this session has no keyring, and there is no {program} to start one")));
            }
        }
        println!("This session has no keyring: the demo starts one of its own, in its folder, with an empty password.");
        let (keyring, run) = (folder.join("keyring"), folder.join("run"));
        for path in [&keyring, &run] {
            fs::create_dir_all(path).map_err(|error| Stop::file(path, &error))?;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = fs::Permissions::from_mode(0o700);
            fs::set_permissions(&run, private).map_err(|error| Stop::file(&run, &error))?;
        }
        Ok(Self::Made { keyring, run })
    }

    /// A program, ready to start in this session.
    pub(crate) fn command(&self, program: &Path) -> Command {
        match self {
            Self::Own => Command::new(program),
            Self::Made { keyring, run } => {
                let mut command = Command::new("dbus-run-session");
                command.args(["--", "sh", "-c", INSIDE, "sh"]).arg(keyring).arg(program);
                command.env("XDG_RUNTIME_DIR", run);
                command
            }
        }
    }
}

/// Whether this session's bus has, or can start, a Secret Service (freedesktop.org Secret Service API).
fn keyring_answers() -> bool {
    // Without an address dbus-send would start a bus of its own, which nobody else finds.
    let given = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty());
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    if !given && !runtime.is_some_and(|folder| folder.join("bus").exists()) {
        return false;
    }
    ["ListNames", "ListActivatableNames"].iter().any(|list| {
        let mut ask = Command::new("dbus-send");
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        let answer = ask.arg(format!("org.freedesktop.DBus.{list}")).output();
        answer.is_ok_and(|answer| {
            answer.status.success() && String::from_utf8_lossy(&answer.stdout).contains("\"org.freedesktop.secrets\"")
        })
    })
}
