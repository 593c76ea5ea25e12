//! A screen that nobody looks at: an X server of its own, without a window manager.

use std::process::{Command, Stdio};

use x11rb::{
    protocol::xproto::{ClientMessageEvent, ConnectionExt, EventMask},
    rust_connection::RustConnection,
};

use crate::{Program, program::mortal};

/// An X server.
#[derive(Debug)]
pub struct Screen {
    _server: Program,
    /// `DISPLAY`.
    pub(crate) display: String,
}

impl Screen {
    /// Start it on a number that is free. It answers by then.
    #[must_use]
    pub fn start() -> Self {
        let mut command = mortal("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
        let (server, number) = Program::start_and_listen(command.stdin(Stdio::null()).stderr(Stdio::null()));
        assert!(!number.is_empty(), "the X server did not start");
        Self { _server: server, display: format!(":{number}") }
    }

    /// Do what `xdotool` does with these words, and give what it says. Waits as long as it does.
    pub fn tool(&self, words: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").args(words).env("DISPLAY", &self.display).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    }

    /// Ask a window to close, as the cross in its corner does (`WM_DELETE_WINDOW`, ICCCM 4.2.8.1).
    pub(crate) fn close(&self, window: u32) {
        let (server, _) = RustConnection::connect(Some(&self.display)).unwrap();
        let atom = |name: &[u8]| server.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let words = [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), words);
        server.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }
}
