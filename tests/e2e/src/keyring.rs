//! A real keyring (GNOME's), in the folders of one test.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::{Bus, Program};

const SERVICE: &str = "org.freedesktop.secrets";

/// A running keyring.
#[derive(Debug)]
pub struct Keyring {
    daemon: Program,
}

impl Keyring {
    /// Start it on a bus, its default collection open (and made, if it was not there) or locked. It answers by then.
    /// `command` makes a command in the folders of the test.
    pub(crate) async fn start(bus: &Bus, mut command: Command, open: bool) -> Self {
        command.args(["--foreground", "--components=secrets"]).args(open.then_some("--unlock"));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = Program::start(&mut command);
        // The password. (With an empty one it would never be locked.)
        daemon.input().unwrap().write_all(b"correct horse\n").unwrap();
        let connection = bus.connect().await;
        let buses = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let name = zbus::names::BusName::try_from(SERVICE).unwrap();
        let begun = std::time::Instant::now();
        while !buses.name_has_owner(name.clone()).await.unwrap() {
            assert!(begun.elapsed() < crate::PATIENCE, "no keyring came");
            crate::patience::pause().await;
        }
        Self { daemon }
    }

    /// Stop it: the computer has no keyring any more. What it keeps stays on disk.
    pub async fn stop(mut self, bus: &Bus) {
        let _ = self.daemon.end().await;
        let connection = bus.connect().await;
        let buses = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let name = zbus::names::BusName::try_from(SERVICE).unwrap();
        assert!(!buses.name_has_owner(name).await.unwrap());
    }

    /// How many entries of the app it keeps, locked ones too (Secret Service API, "SearchItems").
    pub async fn entries(bus: &Bus) -> usize {
        let connection = bus.connect().await;
        let words = std::collections::HashMap::from([("service", "Tidings")]);
        let answer = connection
            .call_method(
                Some(SERVICE),
                "/org/freedesktop/secrets",
                Some("org.freedesktop.Secret.Service"),
                "SearchItems",
                &(words,),
            )
            .await
            .unwrap();
        type Paths = Vec<zbus::OwnedObjectPath>;
        let (open, locked): (Paths, Paths) = answer.body().deserialize().unwrap();
        open.len() + locked.len()
    }
}
