//! The desktop of Tidings: window, tray, keyring, notifications, and the way between the page and the engine.
//!
//! **Invariant:** nothing is decided here. A command hands its arguments to the engine; a port does what the engine
//! says. `tauri`, `keyring` and `notify-rust` are named in this crate and in no other.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod alert;
mod appearance;
mod arguments;
mod clock;
mod commands;
#[cfg(test)]
mod configuration;
mod desk;
mod graphics;
mod instance;
mod keychain;
mod logs;
mod media_scheme;
mod notices;
mod opener;
mod page;
mod power;
mod profile;
mod running;
mod start;
mod timings;
mod tray;
mod web_process;
mod window;

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Instant,
};

use arguments::Asked;

fn main() -> ExitCode {
    let main = Instant::now();
    match Asked::parse(std::env::args_os().skip(1)) {
        Ok(Asked::Run(arguments)) => {
            graphics::suit();
            start::run(&arguments, main).unwrap_or_else(|error| {
                say(&error.to_string());
                alert::show(&error.to_string());
                ExitCode::FAILURE
            })
        }
        Ok(Asked::Say(text)) => {
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Say a sentence on the terminal, if there is one.
fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "{sentence}");
}
