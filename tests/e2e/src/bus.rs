//! A session bus that nothing else is on.
//!
//! **Invariant:** it starts no service: who is on it, a test has put there.

use std::{fs, path::Path, process::Stdio};

use crate::{PATIENCE, Program, patience::pause, program::mortal};

const CONFIGURATION: &str = "\
<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN'
  'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy>
</busconfig>
";

/// A session bus.
#[derive(Debug)]
pub struct Bus {
    _daemon: Program,
    /// `DBUS_SESSION_BUS_ADDRESS`.
    pub(crate) address: String,
}

impl Bus {
    /// Start it, its configuration in this folder.
    #[must_use]
    pub fn start(folder: &Path) -> Self {
        let configuration = folder.join("bus.conf");
        fs::write(&configuration, CONFIGURATION).unwrap();
        let mut command = mortal("dbus-daemon");
        command.arg("--config-file").arg(&configuration).args(["--nofork", "--print-address"]);
        let (daemon, address) = Program::start_and_listen(command.stdin(Stdio::null()).stderr(Stdio::null()));
        assert!(!address.is_empty(), "the session bus did not start");
        Self { _daemon: daemon, address }
    }

    /// A connection of its own.
    pub async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.address.as_str()).build().await.unwrap()
    }

    /// Wait until nothing of the app is on the bus: the bus notices a little later that a killed program has ended.
    pub(crate) async fn is_left(&self) {
        let connection = self.connect().await;
        let bus = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let begun = std::time::Instant::now();
        while bus.list_names().await.unwrap().iter().any(|name| name.as_str().starts_with("org.tidings.")) {
            assert!(begun.elapsed() < PATIENCE, "the app is still on the bus");
            pause().await;
        }
    }
}
