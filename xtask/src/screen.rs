//! A hidden screen: X server, session bus and keyring of their own, so that a window can be driven without a person and
//! without touching the person's own session, keyring or files.
//!
//! **Invariant:** what runs here sees no folder of the person's but `HOME`'s build caches: the XDG folders are its own
//! and are removed with it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::stop::{Outcome, Stop};

/// Starts the keyring with an empty password on the new bus, then becomes the program.
const INSIDE: &str = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$@\"";

/// The folders of one hidden session; removed when dropped.
pub(crate) struct Screen {
    folder: PathBuf,
}

impl Screen {
    /// Make the folders.
    ///
    /// # Errors
    /// When they cannot be made.
    pub(crate) fn new() -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("tidings-screen-{}", std::process::id()));
        for name in ["run", "data", "config", "cache", "state"] {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(|error| Stop::file(&path, &error))?;
        }
        private(&folder.join("run"))?;
        Ok(Self { folder })
    }

    /// `program`, ready to run on a screen of this size, in pixels.
    pub(crate) fn command(&self, program: &Path, width: u32, height: u32) -> Command {
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "xvfb-run", "--auto-servernum", "--server-args"]);
        command.arg(format!("-screen 0 {width}x{height}x24 -nolisten tcp"));
        command.args(["sh", "-c", INSIDE, "sh"]).arg(program);
        for (name, folder) in [
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(name, self.folder.join(folder));
        }
        // No screen of a person's: GTK must not find a Wayland one. No GPU either.
        command.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11").env("LIBGL_ALWAYS_SOFTWARE", "1");
        command
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// Only this person may enter (the session bus refuses a folder that others can read).
fn private(folder: &Path) -> Outcome {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|error| Stop::file(folder, &error))?;
    }
    let _ = folder;
    Ok(())
}
