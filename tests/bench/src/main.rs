//! The figures behind `cargo xtask bench`.
//!
//! **Invariant:** standard output carries figures alone; what is going on goes to standard error.
//! **Invariant:** the same seed makes the same vault, so that two figures differ by the program and not by the text.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program speaks on the terminal")]

mod app;
mod failure;
mod figure;
mod rooms;
mod shots;
mod vault;
mod window;
mod words;

use std::process::ExitCode;

use failure::Failure;

const HELP: &str = "\
tidings-bench vault [--json] [--messages N]
tidings-bench app   [--json] [--rooms N] [--runs N]
tidings-bench shots FOLDER

  vault  a vault of N messages (1,000,000) in 2,000 rooms: recording, a page, the chat list
  app    the release build on a hidden screen, with N rooms (400): start, opening a chat, echo, memory
  shots  pictures of the app on a hidden screen, with the demo's organisation";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tidings-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), Failure> {
    let json = args.iter().any(|arg| arg == "--json");
    let figures = match args.first().map(String::as_str) {
        Some("vault") => vault::measure(number(args, "--messages", 1_000_000)?)?,
        Some("app") => app::measure(number(args, "--rooms", 400)?, number(args, "--runs", 7)?)?,
        Some("shots") => {
            let folder = args.get(1).ok_or_else(|| Failure::new("`shots` needs a folder"))?;
            shots::take(std::path::Path::new(folder))?;
            Vec::new()
        }
        _ => {
            println!("{HELP}");
            return Ok(());
        }
    };
    for figure in figures {
        println!("{}", if json { figure.json() } else { figure.row() });
    }
    Ok(())
}

/// The number after an option, else the usual one.
fn number(args: &[String], option: &str, usual: usize) -> Result<usize, Failure> {
    let Some(at) = args.iter().position(|arg| arg == option) else { return Ok(usual) };
    let value = args.get(at + 1).and_then(|value| value.replace('_', "").parse().ok());
    value.filter(|value| *value > 0).ok_or_else(|| Failure::new(format!("`{option}` needs a number")))
}
