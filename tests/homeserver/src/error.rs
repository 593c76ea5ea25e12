//! What can go wrong around a homeserver, said so that the reader knows what to do next.

use std::path::PathBuf;

/// Why the homeserver, or a call to it, failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{doing} {path}: {source}", path = path.display())]
    File {
        /// What was tried, as a verb: "write", "read".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Python, its venv or pip failed.
    #[error("{step} failed:\n{output}")]
    Python {
        /// What was tried.
        step: String,
        /// The last lines of what it said.
        output: String,
    },
    /// Synapse did not come up, or went down.
    #[error("Synapse did not start: {reason}. The end of its log:\n{log}")]
    NotStarted {
        /// What was seen.
        reason: String,
        /// The last lines of its log.
        log: String,
    },
    /// No answer came.
    #[error("{call}: {reason}")]
    Unreachable {
        /// Method and path.
        call: String,
        /// The cause.
        reason: String,
    },
    /// The homeserver said no (Matrix spec, "Standard error response").
    #[error("{call}: {status} {errcode} {message}")]
    Refused {
        /// Method and path.
        call: String,
        /// The HTTP status.
        status: u16,
        /// `errcode`, such as `M_FORBIDDEN`.
        errcode: String,
        /// `error`.
        message: String,
    },
    /// An answer lacked what the specification promises.
    #[error("{call}: the answer has no `{field}`")]
    Incomplete {
        /// Method and path.
        call: String,
        /// The missing field.
        field: &'static str,
    },
}

impl Error {
    /// Turns a file's error into one that names the file.
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }
}
