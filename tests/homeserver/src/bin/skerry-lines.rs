//! Runs the demo's homeserver with Skerry Lines in it until standard input ends.
//!
//! Says on standard output, one a line: `step <sentence>`, and once `ready <address> <user> <password>`.
//!
//! A program of its own, so that `xtask` needs none of what it is built from.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use tidings_homeserver::{Error, PASSWORD, PEOPLE, Settings, Venv, found};
use tidings_model::Timestamp;

fn main() -> ExitCode {
    let line: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match line.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--folder", folder] => run(folder).map_err(|error| error.to_string()),
        _ => Err("skerry-lines --folder DIR".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &str) -> Result<(), Error> {
    // Whoever listens may be gone; the end of standard input then says so.
    let step = |sentence: &str| drop(writeln!(io::stdout(), "step {sentence}"));
    let venv = Venv::shared(step)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let now = Timestamp(i64::try_from(now).unwrap_or(i64::MAX));
    let (mut homeserver, _) = found(venv, Settings::in_folder(folder), now, step)?;
    let [(user, ..), ..] = PEOPLE;
    let _ = writeln!(io::stdout(), "ready {} {user} {PASSWORD}", homeserver.url());
    let mut stdin = io::stdin().lock();
    let mut nothing = [0; 64];
    while matches!(stdin.read(&mut nothing), Ok(1..)) {}
    homeserver.stop();
    Ok(())
}
