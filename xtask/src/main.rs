//! `cargo xtask <command>`: everything that is done with this checkout, on every system.
//!
//! **Invariant:** CI runs `cargo xtask test` and nothing else, so what passes here passes there.
//! **Invariant:** nothing is kept in the checkout but what git ignores; the rest lies in one folder ([`place::home`]).
//!
//! Refused: a shell script (no Windows), a task runner (one more thing to install), an argument parser (six commands).
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program speaks on the terminal")]

mod bench;
mod cargo;
mod ci;
mod demo;
mod dist;
mod machine;
mod page;
mod place;
mod screen;
mod shots;
mod steps;
mod stop;
mod test;
#[cfg(test)]
mod tidy;
mod tools;

use std::process::ExitCode;

use stop::{Outcome, Stop};

const HELP: &str = "\
cargo xtask <command>

  demo    install what is missing, build, start a homeserver with a small organisation, open Tidings signed in
  test    everything CI runs (`--fast`: the part that takes seconds)
  bench   the figures (`--json`: one object a line, `--quick`: a small vault and no app)
  shots   screenshots of the real app into docs/shots
  dist    a release build, packed
  ci      what every system can run: page, lints, unit tests, release build

`cargo xtask <command> --help` says more.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    match run(command, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("\nxtask {command}: {stop}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, args: &[String]) -> Outcome {
    match command {
        "demo" => demo::run(args),
        "test" => test::run(args),
        "bench" => bench::run(args),
        "shots" => shots::run(args),
        "dist" => dist::run(args),
        "ci" => ci::run(args),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Stop::new(format!("there is no command `{other}`; `cargo xtask help` lists them"))),
    }
}

/// Print `help` and say so when `--help` was asked for.
fn asked_for_help(args: &[String], help: &str) -> bool {
    let asked = args.iter().any(|arg| arg == "--help" || arg == "-h");
    if asked {
        println!("{help}");
    }
    asked
}

/// Refuse what a command does not know.
fn only_known(args: &[String], known: &[&str]) -> Outcome {
    match args.iter().find(|arg| !known.contains(&arg.as_str())) {
        Some(arg) => Err(Stop::new(format!("`{arg}` is not known here; `--help` lists what is"))),
        None => Ok(()),
    }
}
