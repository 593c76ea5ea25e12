//! One Synapse process on one folder: started, stopped, started again on the same port.
//!
//! **Invariant:** it never outlives the program that started it, however that ends: it watches a pipe from its parent.
//! **Invariant:** a folder that was used before is continued: same people, same rooms, same port, same secrets.
//!
//! A fresh database takes Synapse seconds to lay out, so an empty one is kept beside the venv and copied.
//! Refused: PostgreSQL (one more program to install), federation (no second server is needed).

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rand::Rng;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    Admin, Error, SYNAPSE, Settings, Venv, cache,
    http::{Http, Payload},
    settings::{Secrets, homeserver_yaml, log_yaml, service_yaml},
};

/// How long Synapse may take to answer for the first time.
const START: Duration = Duration::from_secs(120);
/// How long it may take to end before it is killed.
const STOP: Duration = Duration::from_secs(15);

/// A running homeserver, stopped when dropped.
pub struct Homeserver {
    settings: Settings,
    venv: Venv,
    port: u16,
    admin: Admin,
    process: Option<Child>,
}

impl Homeserver {
    /// Starts a homeserver from the shared venv and waits until it answers.
    ///
    /// # Errors
    /// When the venv cannot be made, the folder cannot be written, or Synapse does not come up.
    pub fn start(settings: Settings) -> Result<Self, Error> {
        Self::start_with(Venv::shared(|_| {})?, settings)
    }

    /// As [`Self::start`], from this venv.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(venv: Venv, settings: Settings) -> Result<Self, Error> {
        // Synapse reads its configuration from another working folder than ours.
        let folder = std::path::absolute(&settings.folder).map_err(Error::file("find", &settings.folder))?;
        let settings = Settings { folder, ..settings };
        fs::create_dir_all(&settings.folder).map_err(Error::file("make", &settings.folder))?;
        let (port, secrets) = remembered(&settings)?;
        let http = Http::new(format!("http://127.0.0.1:{port}"));
        let admin = Admin::new(http, settings.name.clone(), secrets.clone());
        let mut homeserver = Self { settings, venv, port, admin, process: None };
        homeserver.write_configuration(&secrets)?;
        let empty = cache().join(format!("synapse-{SYNAPSE}-empty.db"));
        let database = homeserver.settings.folder.join("homeserver.db");
        let fresh = !database.exists();
        if fresh && empty.exists() {
            fs::copy(&empty, &database).map_err(Error::file("copy", &empty))?;
        }
        homeserver.resume()?;
        if fresh && !empty.exists() {
            homeserver.keep_empty_database(&database, &empty)?;
        }
        Ok(homeserver)
    }

    /// Starts it again after [`Self::stop`]; nothing to do when it runs. Changed settings hold from here.
    ///
    /// # Errors
    /// When Synapse does not come up.
    pub fn resume(&mut self) -> Result<(), Error> {
        if self.process.is_some() {
            return Ok(());
        }
        let output = self.settings.folder.join("output.log");
        let said = fs::File::create(&output).map_err(Error::file("write", &output))?;
        let said_too = said.try_clone().map_err(Error::file("write", &output))?;
        let mut command = Command::new(self.venv.python());
        command
            .arg("-c")
            .arg(include_str!("launch.py"))
            .arg(self.settings.behind.as_secs().to_string())
            .arg("-c")
            .arg(self.settings.folder.join("homeserver.yaml"))
            .current_dir(&self.settings.folder)
            .env_remove("PYTHONPATH")
            .stdin(Stdio::piped())
            .stdout(said)
            .stderr(said_too);
        // Ctrl+C in a terminal is for us; we then stop it in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let python = self.venv.python();
        self.process = Some(command.spawn().map_err(Error::file("start", &python))?);
        let began = Instant::now();
        loop {
            if self.admin.answers() {
                return Ok(());
            }
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            if let Some(status) = ended {
                self.process = None;
                return Err(self.not_started(format!("it ended with {status}")));
            }
            if began.elapsed() > START {
                self.stop();
                return Err(self.not_started(format!("no answer on port {} in {} s", self.port, START.as_secs())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it in order, so that everything it accepted is on disk. The port is closed when this returns.
    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        drop(process.stdin.take());
        let began = Instant::now();
        while began.elapsed() < STOP {
            if !matches!(process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        kill(&mut process);
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            kill(&mut process);
        }
    }

    /// Stops it, changes its settings (not its name, port or folder), and starts it again.
    ///
    /// # Errors
    /// As [`Self::resume`].
    pub fn change(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), Error> {
        self.stop();
        change(&mut self.settings);
        let secrets = self.admin.secrets().clone();
        self.write_configuration(&secrets)?;
        self.resume()
    }

    /// Its address, as a person types it: `http://127.0.0.1:8008`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its server name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.settings.folder
    }

    /// Acts for everybody in it. Stays valid while the homeserver is stopped and started.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    /// The process, while it runs: for tests that hold it (`SIGSTOP`).
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    fn write_configuration(&self, secrets: &Secrets) -> Result<(), Error> {
        let settings = &self.settings;
        write(&settings.folder.join("homeserver.yaml"), &homeserver_yaml(settings, self.port, secrets))?;
        write(&settings.folder.join("service.yaml"), &service_yaml(secrets))?;
        write(&settings.folder.join("log.yaml"), &log_yaml(settings))
    }

    /// Copies the database before anybody is in it, through SQLite, into a file that appears whole.
    fn keep_empty_database(&self, database: &Path, empty: &Path) -> Result<(), Error> {
        let copy = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', (sys.argv[2],))";
        let part = empty.with_extension(format!("part-{}", std::process::id()));
        let python = self.venv.python();
        let done = Command::new(&python).args(["-c", copy]).arg(database).arg(&part).output();
        if done.map_err(Error::file("start", &python))?.status.success() {
            fs::rename(&part, empty).map_err(Error::file("rename", &part))?;
        }
        Ok(())
    }

    fn not_started(&self, reason: String) -> Error {
        let read = |name: &str| fs::read_to_string(self.settings.folder.join(name)).unwrap_or_default();
        Error::NotStarted { reason, log: crate::last_lines(&(read("output.log") + &read("homeserver.log")), 20) }
    }
}

impl Drop for Homeserver {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Admin {
    /// Whether the homeserver answers `GET /_matrix/client/versions`.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.http().call(Method::GET, "/_matrix/client/versions", None, Payload::Nothing).is_ok()
    }
}

fn kill(process: &mut Child) {
    // It may have ended in between; then there is nothing left to do.
    let _ = process.kill();
    let _ = process.wait();
}

fn write(path: &Path, value: &Value) -> Result<(), Error> {
    fs::write(path, format!("{value:#}\n")).map_err(Error::file("write", path))
}

/// The port and the secrets of the folder; made on its first use.
fn remembered(settings: &Settings) -> Result<(u16, Secrets), Error> {
    let path: PathBuf = settings.folder.join("secrets.json");
    let known: Value =
        fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let text = |name: &str| known.get(name).and_then(Value::as_str).map_or_else(|| random(32), str::to_owned);
    let secrets = Secrets { registration: text("registration"), service: text("service") };
    let before = known.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
    let port = match (settings.port, before) {
        (0, Some(port)) => port,
        (0, None) => free_port().map_err(Error::file("listen in", &settings.folder))?,
        (port, _) => port,
    };
    let kept = json!({"registration": secrets.registration, "service": secrets.service, "port": port});
    write(&path, &kept)?;
    let key = settings.folder.join("signing.key");
    if !key.exists() {
        // The format of `signedjson.key`: algorithm, version, 32 bytes in unpadded base64, whose last character has two free bits.
        fs::write(&key, format!("ed25519 a_{} {}A\n", random(4), random(42))).map_err(Error::file("write", &key))?;
    }
    Ok((port, secrets))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Letters and digits nobody can guess.
fn random(count: usize) -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(count).map(char::from).collect()
}
