//! seshat, in a process of its own: `tests/bench/seshat` says how it is used.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use crate::failure::Failure;

/// The running program. It works only while it is asked.
pub(crate) struct Peer {
    program: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Start it on an empty folder, for a corpus of this many messages.
    pub(crate) fn start(program: &Path, folder: &Path, messages: usize) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.arg(folder).arg(messages.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn()?;
        let (Some(ask), Some(answers)) = (program.stdin.take(), program.stdout.take()) else {
            return Err(Failure::new("seshat's program cannot be spoken to"));
        };
        Ok(Self { program, ask, answers: BufReader::new(answers) })
    }

    /// Add all messages; returns how many a second.
    pub(crate) fn ingest(&mut self) -> Result<f64, Failure> {
        self.ask("ingest", "per_s")
    }

    /// Open what was closed; returns milliseconds.
    pub(crate) fn open(&mut self) -> Result<f64, Failure> {
        self.ask("open", "ms")
    }

    /// Close it; returns the bytes of its files.
    pub(crate) fn close(&mut self) -> Result<f64, Failure> {
        self.ask("close", "bytes")
    }

    /// Search for words; returns milliseconds.
    pub(crate) fn search(&mut self, words: &str, hits: usize) -> Result<f64, Failure> {
        self.ask(&format!("search {hits} {words}"), "ms")
    }

    fn ask(&mut self, line: &str, field: &str) -> Result<f64, Failure> {
        writeln!(self.ask, "{line}")?;
        self.ask.flush()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let value = serde_json::from_str::<Value>(&answer).ok().and_then(|answer| answer.get(field)?.as_f64());
        value.ok_or_else(|| Failure::new(format!("seshat's program does not answer `{line}`")))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}
