//! Priya and Jonas, who answer what is written to them: the demo's colleagues.
//!
//! **Invariant:** each is a whole engine with a profile of its own, so what they write in an encrypted chat is encrypted.
//! **Invariant:** they answer people, never each other, and end when their standard input does.

mod answers;
mod colleague;

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use colleague::Colleague;
use tidings_homeserver::PASSWORD;
use tidings_model::{Failure, SignIn};
use tokio::sync::watch;

const HELP: &str = "colleagues --folder DIR --homeserver URL";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let _ = writeln!(io::stderr(), "colleagues: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (folder, homeserver) = asked(std::env::args().skip(1)).ok_or(HELP)?;
    let (end, ending) = watch::channel(false);
    // A thread, because reading from a terminal or a pipe cannot be interrupted.
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut nothing = [0; 64];
        while matches!(stdin.read(&mut nothing), Ok(1..)) {}
        end.send_replace(true);
    });
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(work(folder, homeserver, ending)).map_err(|failure| failure.to_string())
}

fn asked(line: impl Iterator<Item = String>) -> Option<(PathBuf, String)> {
    let line: Vec<String> = line.collect();
    match line.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--folder", folder, "--homeserver", homeserver] => Some((PathBuf::from(folder), (*homeserver).to_owned())),
        _ => None,
    }
}

async fn work(folder: PathBuf, homeserver: String, ending: watch::Receiver<bool>) -> Result<(), Failure> {
    let sign_in =
        |user: &str| SignIn { address: homeserver.clone(), user: user.to_owned(), password: PASSWORD.to_owned() };
    let priya = Colleague::arrive(&answers::PRIYA, &folder.join("priya"), sign_in("priya")).await?;
    let jonas = Colleague::arrive(&answers::JONAS, &folder.join("jonas"), sign_in("jonas")).await?;
    let _ = writeln!(io::stdout(), "ready Priya Jonas");
    tokio::join!(priya.work(ending.clone()), jonas.work(ending));
    Ok(())
}
