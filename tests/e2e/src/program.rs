//! Programs that a test starts.
//!
//! **Invariant:** none outlives the test: it is killed when dropped, and by the kernel when the test program ends.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::until;

/// A running program.
#[derive(Debug)]
pub struct Program {
    child: Child,
}

impl Program {
    /// Start it, silent.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let child = command.spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.get_program())) }
    }

    /// Start it and read the first line it says.
    pub(crate) fn start_and_listen(command: &mut Command) -> (Self, String) {
        let mut program = Self::start(command.stdout(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(program.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (program, line.trim().to_owned())
    }

    /// What it reads from, if that is ours.
    pub(crate) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ask it to end (`SIGTERM`), and see that it does.
    pub async fn end(&mut self) -> ExitStatus {
        signal(self.id(), Signal::TERM);
        self.ended().await
    }

    /// End it at once, as a power cut would (`SIGKILL`).
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Wait until it has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        let name = format!("the end of process {}", self.id());
        until(&name, || self.child.try_wait().unwrap()).await
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn try_ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Whether it runs.
    #[must_use]
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program that the kernel ends with the thread that starts it (prctl(2), `PR_SET_PDEATHSIG`).
pub(crate) fn mortal(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Send a signal to a process that this test started, or that one of its programs started.
pub(crate) fn signal(process: u32, signal: Signal) {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw).unwrap();
    // It may have ended in between.
    let _ = kill_process(process, signal);
}

/// A built program of the checkout: beside the app that `TIDINGS_APP` names, else beside this test.
pub(crate) fn built(name: &str) -> PathBuf {
    let app = std::env::var_os("TIDINGS_APP").map_or_else(
        || std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("tidings"),
        PathBuf::from,
    );
    let program = app.with_file_name(name);
    assert!(program.exists(), "{} is missing: cargo build --package tidings-desktop", program.display());
    program
}

/// The processes that a process started, and those that they started, by name (the kernel's, at most 15 letters).
#[must_use]
pub fn children(process: u32, name: &str) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        // A process may end while it is looked at.
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let Some((start, end)) = stat.rsplit_once(')') else { continue };
        let called = start.split_once('(').map(|(_, called)| called.to_owned()).unwrap();
        let mut fields = end.split_whitespace();
        let state = fields.next().unwrap().to_owned();
        parents.push((id, fields.next().unwrap().parse::<u32>().unwrap(), called, state));
    }
    let mut family = vec![process];
    let mut found = Vec::new();
    let mut at = 0;
    while at < family.len() {
        for (id, parent, called, state) in &parents {
            if *parent == family[at] {
                family.push(*id);
                if called == name && state != "Z" {
                    found.push(*id);
                }
            }
        }
        at += 1;
    }
    found
}
