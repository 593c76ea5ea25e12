//! Why a command stopped: one line that a person can act on.
//!
//! Refused: error enums. Nothing matches on these; they are read.

use std::{fmt, io, path::Path};

/// What every step returns.
pub(crate) type Outcome<T = ()> = Result<T, Stop>;

/// The line.
#[derive(Debug)]
pub(crate) struct Stop(String);

impl Stop {
    /// Stop with this line.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// Stop because a file could not be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<String> for Stop {
    fn from(line: String) -> Self {
        Self(line)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}
