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

    /// The name under which the app is on the bus, once it is.
    pub async fn app_name(&self) -> String {
        let connection = self.connect().await;
        let bus = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let begun = std::time::Instant::now();
        loop {
            let names = bus.list_names().await.unwrap();
            if let Some(name) = names.iter().find(|name| name.as_str().starts_with("org.tidings.")) {
                return name.as_str().to_owned();
            }
            assert!(begun.elapsed() < PATIENCE, "the app is not on the bus");
            pause().await;
        }
    }

    /// Wait until somebody else than `but` answers to this name.
    pub async fn passes_on(&self, name: &str, but: &zbus::Connection) {
        let connection = self.connect().await;
        let bus = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let but = but.unique_name().unwrap().to_string();
        let begun = std::time::Instant::now();
        while bus.get_name_owner(name.try_into().unwrap()).await.map_or(true, |owner| owner.to_string() == but) {
            assert!(begun.elapsed() < PATIENCE, "nobody else takes the name");
            pause().await;
        }
    }
}
