//! What the command line may ask for.
//!
//! **Invariant:** an argument that is not known is refused with a sentence; nothing is guessed. A second start only brings
//! the running window forward, so nothing here may change an account or a message.

use std::{ffi::OsString, path::PathBuf};

/// The text of `--help`.
pub(crate) const HELP: &str = "\
Tidings: the messenger your organisation owns

    tidings [--hidden] [--profile DIR] [--theme light|dark] [--timings FILE]

    --hidden          start in the tray, without showing the window
    --profile DIR     keep everything of this person in DIR instead of the usual place
    --theme THEME     light or dark, whatever the system or the person chose
    --timings FILE    append the moments of the start and of each message to FILE, one JSON object a line
    --help            show this text
    --version         show the version
";

/// What was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Run the program.
    Run(Arguments),
    /// Print this and end.
    Say(String),
}

/// How to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The profile's folder; `None` for the usual place.
    pub(crate) profile: Option<PathBuf>,
    /// Where to write timings.
    pub(crate) timings: Option<PathBuf>,
    /// Start in the tray.
    pub(crate) hidden: bool,
    /// Colours, over every other choice.
    pub(crate) theme: Option<tauri::Theme>,
}

/// Why the command line was not understood.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArgumentsError {
    /// Unknown, or without its value.
    #[error("{0}; `tidings --help` lists what there is")]
    Unknown(#[from] lexopt::Error),
    /// Neither light nor dark.
    #[error("`{0}` is no theme; it is `light` or `dark`")]
    Theme(String),
    /// An empty folder name.
    #[error("`--profile` needs the name of a folder")]
    EmptyProfile,
}

impl Asked {
    /// Read a command line, without the program's name.
    ///
    /// # Errors
    /// With a sentence for the person, when something is not known.
    pub(crate) fn parse<I>(line: I) -> Result<Self, ArgumentsError>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        use lexopt::prelude::{Long, Short, ValueExt};
        let mut arguments = Arguments::default();
        let mut parser = lexopt::Parser::from_args(line);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("profile") => {
                    let folder = PathBuf::from(parser.value()?);
                    if folder.as_os_str().is_empty() {
                        return Err(ArgumentsError::EmptyProfile);
                    }
                    arguments.profile = Some(folder);
                }
                Long("timings") => arguments.timings = Some(parser.value()?.into()),
                Long("hidden") => arguments.hidden = true,
                Long("theme") => arguments.theme = Some(theme(&parser.value()?.string()?)?),
                Long("help") | Short('h') => return Ok(Self::Say(HELP.to_owned())),
                Long("version") | Short('V') => {
                    return Ok(Self::Say(concat!("tidings ", env!("CARGO_PKG_VERSION"), "\n").to_owned()));
                }
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Self::Run(arguments))
    }
}

fn theme(name: &str) -> Result<tauri::Theme, ArgumentsError> {
    match name {
        "light" => Ok(tauri::Theme::Light),
        "dark" => Ok(tauri::Theme::Dark),
        other => Err(ArgumentsError::Theme(other.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    fn refused(line: &[&str]) -> String {
        Asked::parse(line).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_line_runs_the_usual_profile() {
        assert_eq!(Asked::parse([""; 0]).unwrap(), Asked::Run(Arguments::default()));
    }

    #[test]
    fn every_argument_is_understood() {
        let line = ["--profile", "/tmp/p", "--timings=/tmp/t", "--hidden", "--theme", "dark"];
        let expected = Arguments {
            profile: Some("/tmp/p".into()),
            timings: Some("/tmp/t".into()),
            hidden: true,
            theme: Some(tauri::Theme::Dark),
        };
        assert_eq!(Asked::parse(line).unwrap(), Asked::Run(expected));
    }

    #[test]
    fn what_is_not_known_is_refused_with_a_sentence() {
        assert!(refused(&["--profil", "x"]).contains("--profil"));
        assert!(refused(&["matrix:r/somewhere"]).contains("matrix:r/somewhere"));
        assert!(refused(&["--theme", "sepia"]).contains("`sepia` is no theme"));
        assert!(refused(&["--profile"]).contains("--help"));
        assert!(refused(&["--profile="]).contains("folder"));
    }

    #[test]
    fn help_names_every_argument() {
        let Asked::Say(help) = Asked::parse(["-h"]).unwrap() else { panic!("--help runs the program") };
        for argument in ["--hidden", "--profile", "--theme", "--timings", "--version"] {
            assert!(help.contains(argument), "{argument}");
        }
    }
}
