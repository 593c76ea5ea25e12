//! Everything around one window.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::{
    Bus, Keyring, Notifications, Person, Screen, World,
    program::{built, mortal},
    until,
};

/// Writes down what it was asked to open, one a line.
const OPENER: &str = "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$HOME/opened\"\n";

/// A computer with a screen, a bus, a keyring, notifications, and folders of its own.
#[derive(Debug)]
pub struct Stage {
    // Dropped in this order: what uses a folder goes before it.
    keyring: Mutex<Option<Keyring>>,
    /// What was shown as notification.
    pub notifications: Notifications,
    /// The session bus.
    pub bus: Bus,
    /// The screen.
    pub screen: Screen,
    folder: TempDir,
}

impl Stage {
    /// A computer whose keyring is open.
    pub async fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("tidings-e2e-").tempdir().unwrap();
        for name in ["home", "run", "bin", "data", "config", "cache", "state"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
        for opener in ["xdg-open", "gio", "gnome-open", "kde-open"] {
            let path = folder.path().join("bin").join(opener);
            fs::write(&path, OPENER).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let bus = Bus::start(folder.path());
        let notifications = Notifications::begin(&bus).await;
        let stage = Self { keyring: Mutex::new(None), notifications, bus, screen: Screen::start(), folder };
        stage.start_keyring(true).await;
        stage
    }

    /// A program that sees this computer and no other.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let folder = |name: &str| self.folder.path().join(name);
        let mut command = mortal(program);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(folder("bin")).chain(std::env::split_paths(&path))).unwrap();
        command.env_clear().env("PATH", path).env("HOME", folder("home")).env("LANG", "C.UTF-8").env("TZ", "UTC");
        command.env("XDG_RUNTIME_DIR", folder("run")).env("XDG_DATA_HOME", folder("data"));
        command.env("XDG_CONFIG_HOME", folder("config")).env("XDG_CACHE_HOME", folder("cache"));
        command.env("XDG_STATE_HOME", folder("state")).env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address);
        command.env("DISPLAY", &self.screen.display).env("GDK_BACKEND", "x11").env("LIBGL_ALWAYS_SOFTWARE", "1");
        // No bus of assistive technology is here to be found.
        command.env("NO_AT_BRIDGE", "1").current_dir(folder("home"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The app, ready to run on the profile of this computer.
    #[must_use]
    pub fn app(&self) -> Command {
        let mut command = self.command(built("tidings"));
        command.args(self.arguments());
        command
    }

    /// What the app is started with.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let path = |path: PathBuf| path.to_str().unwrap().to_owned();
        vec!["--profile".to_owned(), path(self.profile()), "--timings".to_owned(), path(self.timings())]
    }

    /// The folder of the profile.
    #[must_use]
    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// Where the app writes its moments, all runs into one file.
    #[must_use]
    pub fn timings(&self) -> PathBuf {
        self.folder.path().join("timings.jsonl")
    }

    /// Sign the profile in, as a person would, but without a window.
    pub fn sign_in(&self, world: &World, person: &Person) {
        let mut command = self.command(built("tidings-demo-sign-in"));
        command.arg("--profile").arg(self.profile()).args(["--homeserver", world.url(), "--user", &person.local]);
        command.env("TIDINGS_PASSWORD", &person.password).stderr(Stdio::piped());
        let output = command.output().unwrap();
        assert!(output.status.success(), "not signed in: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Start the keyring of this computer; `open` says whether the person has unlocked it.
    pub async fn start_keyring(&self, open: bool) {
        let mut keyring = self.keyring.lock().await;
        assert!(keyring.is_none(), "there is a keyring");
        *keyring = Some(Keyring::start(&self.bus, self.command("gnome-keyring-daemon"), open).await);
    }

    /// From now on this computer has no keyring.
    pub async fn stop_keyring(&self) {
        self.keyring.lock().await.take().unwrap().stop(&self.bus).await;
    }

    /// What was handed to the system's opener, in order.
    #[must_use]
    pub fn opened(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("home/opened")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// How often the app has written this moment down.
    #[must_use]
    pub fn marks(&self, mark: &str) -> usize {
        let text = fs::read_to_string(self.timings()).unwrap_or_default();
        let named = format!("\"mark\":\"{mark}\"");
        text.lines().filter(|line| line.contains(&named)).count()
    }

    /// Wait until the app has written this moment down that often.
    pub async fn mark(&self, mark: &str, count: usize) {
        until(&format!("{mark}, {count} times"), || (self.marks(mark) >= count).then_some(())).await;
    }

    /// Every file under the profile but those of these folders, with its content.
    #[must_use]
    pub fn files_but(&self, folders: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.profile(), &folders.iter().map(|name| self.profile().join(name)).collect::<Vec<_>>(), &mut files);
        files.sort();
        files
    }
}

fn collect(folder: &Path, but: &[PathBuf], files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if but.contains(&path) {
            continue;
        }
        if path.is_dir() {
            collect(&path, but, files);
        } else {
            files.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
}
