//! A program that accompanies the demo: it says on standard output how far it is, and ends when its standard input does.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use crate::stop::{Outcome, Stop};

/// How long it may take to put everything down.
const FAREWELL: Duration = Duration::from_secs(20);

/// A running companion, ended when dropped.
pub(crate) struct Companion {
    name: String,
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    begun: Instant,
}

impl Companion {
    /// Start it. Ctrl+C does not reach it: it ends with us, in order.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let name =
            std::path::Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Stop::new(format!("{name} does not start: {error}")))?;
        let stdout = process.stdout.take().ok_or_else(|| Stop::new(format!("{name} has no standard output")))?;
        Ok(Self { name, process, said: BufReader::new(stdout).lines(), begun: Instant::now() })
    }

    /// Show its steps, each with the seconds since its start, until it says that it is ready; and what it says with it.
    pub(crate) fn ready(mut self) -> Outcome<(Self, Vec<String>)> {
        for line in self.said.by_ref() {
            let line = line?;
            match line.split_once(' ').unwrap_or((line.as_str(), "")) {
                ("step", sentence) => println!("{:>5} s  {sentence}", self.begun.elapsed().as_secs()),
                ("ready", words) => {
                    let words = words.split(' ').map(str::to_owned).collect();
                    return Ok((self, words));
                }
                _ => println!("{line}"),
            }
        }
        let status = self.process.wait()?;
        Err(Stop::new(format!("{} ended before it was ready ({status})", self.name)))
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let asked = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) {
            if asked.elapsed() > FAREWELL {
                // It may have ended in between; then there is nothing left to do.
                drop(self.process.kill());
                drop(self.process.wait());
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shell(script: &str) -> Companion {
        Companion::start(Command::new("sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn it_is_ready_when_it_says_so_and_ends_when_it_is_dropped() {
        let place = std::env::temp_dir().join(format!("tidings-companion-{}", std::process::id()));
        let script = format!("echo step one; echo ready a b; read line; echo done > '{}'", place.display());
        let (companion, words) = shell(&script).ready().unwrap();
        assert_eq!(words, ["a", "b"]);
        assert!(!place.exists());
        drop(companion);
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "done\n");
        std::fs::remove_file(place).unwrap();
    }

    #[test]
    fn one_that_ends_early_is_an_error() {
        let error = shell("echo step one; exit 3").ready().err().unwrap().to_string();
        assert!(error.contains("before it was ready"), "{error}");
    }
}
