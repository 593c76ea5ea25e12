//! Windows and macOS: the plugin's mutex or socket, which knows one name for each program.

use tauri::{AppHandle, Builder, Wry};

use super::Turn;
use crate::{arguments::Arguments, window};

pub(super) fn hand_over(_name: &str) -> Option<Turn> {
    Some(Turn::Others)
}

/// Another profile than the usual one has only its lock: the name is the program's.
pub(super) fn with_others(builder: Builder<Wry>, arguments: &Arguments) -> Builder<Wry> {
    if arguments.profile.is_some() {
        return builder;
    }
    let present = |app: &AppHandle, _arguments, _folder| window::present(app);
    builder.plugin(tauri_plugin_single_instance::Builder::new().callback(present).build())
}

pub(super) fn listen(_app: &AppHandle, _name: &str) {}

pub(super) fn leave(_app: &AppHandle) {}
