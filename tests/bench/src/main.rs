//! The figures behind `cargo xtask bench`.
//!
//! **Invariant:** standard output carries figures alone; what is going on goes to standard error.
//! **Invariant:** the same seed makes the same vault, so that two figures differ by the program and not by the text.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program speaks on the terminal")]

mod app;
mod failure;
mod figure;
mod memory;
mod peer;
mod rooms;
mod search;
mod shots;
mod vault;
mod window;

use std::{path::Path, process::ExitCode};

use failure::Failure;

const HELP: &str = "\
tidings-bench vault [--json] [--messages N] [--seshat PROGRAM] [--keep FOLDER]
tidings-bench search FOLDER [--json] [--messages N]
tidings-bench app   [--json] [--rooms N] [--runs N]
tidings-bench queries [--messages N]
tidings-bench shots FOLDER

  vault  a vault of N messages (1,000,000) in 2,000 rooms: recording, opening, a page, the chat list, search, size;
         seshat beside it, if its program is named; the vault can be kept
  search  the searches alone, in a vault that was kept
  queries  what `vault` searches for
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
        Some("vault") => vault::measure(
            messages(args)?,
            value(args, "--seshat").map(Path::new),
            value(args, "--keep").map(Path::new),
        )?,
        Some("search") => {
            let folder = args.get(1).ok_or_else(|| Failure::new("`search` needs the folder of a vault"))?;
            vault::searches(Path::new(folder), messages(args)?)?
        }
        Some("queries") => {
            println!("{}", tidings_corpus::choose(messages(args)?).json());
            Vec::new()
        }
        Some("app") => app::measure(number(args, "--rooms", 400)?, number(args, "--runs", 7)?)?,
        Some("shots") => {
            let folder = args.get(1).ok_or_else(|| Failure::new("`shots` needs a folder"))?;
            shots::take(Path::new(folder))?;
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

fn messages(args: &[String]) -> Result<usize, Failure> {
    number(args, "--messages", 1_000_000)
}

/// What stands after an option.
fn value<'a>(args: &'a [String], option: &str) -> Option<&'a str> {
    let at = args.iter().position(|arg| arg == option)?;
    args.get(at + 1).map(String::as_str)
}

/// The number after an option, else the usual one.
fn number(args: &[String], option: &str, usual: usize) -> Result<usize, Failure> {
    if !args.iter().any(|arg| arg == option) {
        return Ok(usual);
    }
    let value = value(args, option).and_then(|value| value.replace('_', "").parse().ok());
    value.filter(|value| *value > 0).ok_or_else(|| Failure::new(format!("`{option}` needs a number")))
}
