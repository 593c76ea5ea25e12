//! A Python venv with one pinned Synapse in it, made once and used by every test and the demo.
//!
//! **Invariant:** nothing outside the folder is changed; a venv with another version is made anew, never mended.
//!
//! Refused: Docker (not on every machine, and slow to start) and Debian's package (another version everywhere).

use std::{
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::Error;

/// The Synapse that everything is tested against (PyPI `matrix-synapse`).
pub const SYNAPSE: &str = "1.163.2";

/// The folder for what is made once and may be deleted at any time: `$TIDINGS_CACHE`, else `~/.cache/tidings`.
#[must_use]
pub fn cache() -> PathBuf {
    if let Some(folder) = std::env::var_os("TIDINGS_CACHE").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    home.map_or_else(std::env::temp_dir, PathBuf::from).join(".cache").join("tidings")
}

/// A venv that holds [`SYNAPSE`].
#[derive(Clone, Debug)]
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// The venv in [`cache`], made if it is missing.
    ///
    /// # Errors
    /// As [`Self::ensure`].
    pub fn shared(progress: impl Fn(&str)) -> Result<Self, Error> {
        Self::ensure(&cache().join("synapse-venv"), progress)
    }

    /// The venv in `folder`: as it is when its Synapse is the pinned one, else made anew, which takes about a minute and
    /// needs PyPI. `progress` is told each step before it begins. Safe to call from several processes at once.
    ///
    /// # Errors
    /// When there is no `python3` with `venv`, PyPI cannot be reached, or the folder cannot be written.
    pub fn ensure(folder: &Path, progress: impl Fn(&str)) -> Result<Self, Error> {
        let venv = Self { folder: folder.to_owned() };
        if venv.is_current() {
            return Ok(venv);
        }
        let parent = folder.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(Error::file("make", parent))?;
        let guard = folder.with_extension("lock");
        let lock = File::create(&guard).map_err(Error::file("make", &guard))?;
        lock.lock().map_err(Error::file("lock", &guard))?;
        if venv.is_current() {
            return Ok(venv);
        }
        if folder.exists() {
            progress("Removing a venv with another Synapse");
            fs::remove_dir_all(folder).map_err(Error::file("remove", folder))?;
        }
        progress("Making a Python venv");
        let system = if cfg!(windows) { "python" } else { "python3" };
        run(
            Path::new(system),
            "python3 -m venv (Debian: python3-venv)",
            [OsStr::new("-m"), OsStr::new("venv"), folder.as_os_str()],
        )?;
        progress(&format!("Installing Synapse {SYNAPSE} from PyPI"));
        let wanted = format!("matrix-synapse=={SYNAPSE}");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary", &wanted];
        run(&venv.python(), "pip install matrix-synapse", pip)?;
        Ok(venv)
    }

    /// Its Python.
    #[must_use]
    pub fn python(&self) -> PathBuf {
        if cfg!(windows) {
            self.folder.join("Scripts").join("python.exe")
        } else {
            self.folder.join("bin").join("python")
        }
    }

    /// Whether the pinned Synapse is in it, read from the folder without starting Python.
    fn is_current(&self) -> bool {
        let installed = format!("matrix_synapse-{SYNAPSE}.dist-info");
        let in_library = |library: &Path| library.join("site-packages").join(&installed).join("RECORD").exists();
        let versions = fs::read_dir(self.folder.join("lib")).into_iter().flatten().flatten();
        self.python().exists()
            && (in_library(&self.folder.join("Lib")) || versions.into_iter().any(|version| in_library(&version.path())))
    }
}

/// Runs a step of the installation to its end; what it said is kept for the error alone.
fn run<Argument: AsRef<OsStr>>(
    program: &Path,
    step: &str,
    arguments: impl IntoIterator<Item = Argument>,
) -> Result<(), Error> {
    let done = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let done = done.map_err(|error| Error::Python { step: step.to_owned(), output: error.to_string() })?;
    if done.status.success() {
        return Ok(());
    }
    let said = [String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)].concat();
    Err(Error::Python { step: step.to_owned(), output: crate::last_lines(&said, 20) })
}
