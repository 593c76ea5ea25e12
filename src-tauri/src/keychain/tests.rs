#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use super::*;

#[test]
fn a_key_survives_its_text_form_and_nothing_else_does() {
    let key = StoredKey([7; 32]);
    assert_eq!(decode(&STANDARD.encode(key.0)).unwrap(), key);
    for broken in ["", "not base64!", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33])] {
        assert!(matches!(decode(broken), Err(KeychainError::Platform(_))), "{broken}");
    }
}

#[test]
fn no_error_says_what_the_keyring_keeps() {
    let error = Error::BadEncoding(b"canary".to_vec());
    assert!(!words(&error).contains("canary"));
    let error = Error::BadDataFormat(b"canary".to_vec(), Box::new(std::io::Error::other("canary")));
    assert!(!words(&error).contains("canary"));
}

#[test]
fn a_keyring_without_access_is_locked() {
    let error = Error::NoStorageAccess(Box::new(std::io::Error::other("prompt dismissed")));
    assert!(matches!(reason(&error), KeychainError::Locked(_)));
    assert!(matches!(reason(&Error::NoEntry), KeychainError::Platform(_)));
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        io::{BufRead, BufReader, Write},
        process::{Child, Command, Stdio},
    };

    use secret_service::Error as Cause;

    use super::*;

    /// A session bus of its own; the tests below run as children of this one, each with its bus in the environment.
    struct Bus {
        daemon: Child,
        address: String,
        home: tempfile::TempDir,
    }

    impl Bus {
        /// `services` says whether the bus may start the services that are installed.
        fn start(services: bool) -> Self {
            let home = tempfile::tempdir().unwrap();
            let config = home.path().join("bus.conf");
            let folders = if services { "<standard_session_servicedirs/>" } else { "" };
            std::fs::write(
                &config,
                format!(
                    "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN' \
                     'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'><busconfig><type>session</type>\
                     <listen>unix:tmpdir=/tmp</listen>{folders}<policy context='default'><allow send_destination='*' \
                     eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
                ),
            )
            .unwrap();
            let mut daemon = Command::new("dbus-daemon")
                .arg("--config-file")
                .arg(&config)
                .args(["--nofork", "--print-address"])
                .env("HOME", home.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut address = String::new();
            BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
            Self { daemon, address: address.trim().to_owned(), home }
        }

        fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
            let mut command = Command::new(program);
            command
                .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
                .env("HOME", self.home.path())
                .env("XDG_DATA_HOME", self.home.path().join("data"))
                .env("XDG_RUNTIME_DIR", self.home.path())
                .env_remove("DISPLAY")
                .env_remove("WAYLAND_DISPLAY");
            command
        }

        /// A keyring service, its login collection open or never made. It answers before this returns.
        fn with_keyring(&self, open: bool) -> Child {
            let mut keyring = self
                .command("gnome-keyring-daemon")
                .args(["--foreground", "--components=secrets"])
                .args(open.then_some("--unlock"))
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            keyring.stdin.take().unwrap().write_all(b"\n").unwrap();
            let wait = "gdbus wait --session --timeout 20 org.freedesktop.secrets";
            assert!(self.command("sh").args(["-c", wait]).status().unwrap().success(), "no keyring came");
            keyring
        }

        /// Run one of the tests marked "inner" with this bus.
        fn runs(&self, inner: &str) {
            let output = self
                .command(std::env::current_exe().unwrap())
                .env("TIDINGS_INNER_TEST", "1")
                .args(["--exact", &format!("keychain::tests::linux::inner::{inner}"), "--nocapture"])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && said.contains("1 passed"),
                "{said}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            let _ = self.daemon.kill();
            let _ = self.daemon.wait();
        }
    }

    #[test]
    fn the_service_s_refusals_are_told_apart() {
        let table = [
            (Cause::Locked, "locked"),
            (Cause::Prompt, "locked"),
            (Cause::PromptDisconnected, "locked"),
            (Cause::NoResult, "locked"),
            (Cause::Unavailable, "missing"),
            (Cause::Crypto("x"), "platform"),
        ];
        for (cause, expected) in table {
            let name = format!("{cause:?}");
            let found = match reason(&Error::PlatformFailure(Box::new(cause))) {
                KeychainError::Locked(_) => "locked",
                KeychainError::Missing(_) => "missing",
                KeychainError::Platform(_) => "platform",
            };
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn without_a_keyring_service_it_is_missing() {
        Bus::start(false).runs("it_is_missing");
    }

    #[test]
    fn without_a_bus_it_is_missing() {
        let mut bus = Bus::start(false);
        bus.address = format!("unix:path={}", bus.home.path().join("nowhere").display());
        bus.runs("it_is_missing");
    }

    #[test]
    fn an_open_keyring_keeps_gives_and_forgets_a_key() {
        let bus = Bus::start(false);
        let mut keyring = bus.with_keyring(true);
        bus.runs("a_key_is_kept_given_and_forgotten");
        keyring.kill().unwrap();
        keyring.wait().unwrap();
    }

    /// Nobody can be asked for a password here, as on a computer without a screen.
    #[test]
    fn a_keyring_that_cannot_be_opened_is_locked() {
        let bus = Bus::start(false);
        let mut keyring = bus.with_keyring(false);
        bus.runs("it_is_locked");
        keyring.kill().unwrap();
        keyring.wait().unwrap();
    }

    /// A service that takes the name and then never says a word.
    #[test]
    fn a_keyring_that_hangs_does_not_hang_the_program() {
        let bus = Bus::start(false);
        let address = bus.address.clone();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let silent = runtime.block_on(async move {
            let bus = zbus::connection::Builder::address(address.as_str()).build().await.unwrap();
            bus.request_name("org.freedesktop.secrets").await.unwrap();
            bus
        });
        bus.runs("it_gives_up_in_time");
        drop(silent);
    }

    /// Run by the tests above as programs of their own; alone they have no bus and do nothing.
    mod inner {
        use super::*;

        fn wanted() -> bool {
            std::env::var_os("TIDINGS_INNER_TEST").is_some()
        }

        #[test]
        fn it_is_missing() {
            if wanted() {
                let said = SystemKeychain::default().load(&"account".into());
                assert!(matches!(said, Err(KeychainError::Missing(_))), "{said:?}");
            }
        }

        #[test]
        fn it_is_locked() {
            if wanted() {
                let keychain = SystemKeychain { limit: Duration::from_secs(10) };
                let said = keychain.store(&"account".into(), &StoredKey([1; 32]));
                assert!(matches!(said, Err(KeychainError::Locked(_))), "{said:?}");
            }
        }

        #[test]
        fn it_gives_up_in_time() {
            if wanted() {
                let began = std::time::Instant::now();
                let said = SystemKeychain { limit: Duration::from_millis(300) }.load(&"account".into());
                assert!(matches!(said, Err(KeychainError::Missing(_))), "{said:?}");
                assert!(began.elapsed() < Duration::from_secs(5));
            }
        }

        #[test]
        fn a_key_is_kept_given_and_forgotten() {
            if !wanted() {
                return;
            }
            use keyring_core::api::CredentialStoreApi;
            let store = zbus_secret_service_keyring_store::Store::new().unwrap();
            assert!(store.vendor().contains("Secret Service"), "not the system's keyring: {}", store.vendor());
            let (keychain, account, other) = (SystemKeychain::default(), "one".into(), "two".into());
            assert_eq!(keychain.load(&account).unwrap(), None);
            keychain.store(&account, &StoredKey([1; 32])).unwrap();
            keychain.store(&other, &StoredKey([2; 32])).unwrap();
            keychain.store(&account, &StoredKey([3; 32])).unwrap();
            assert_eq!(keychain.load(&account).unwrap(), Some(StoredKey([3; 32])));
            assert_eq!(keychain.load(&other).unwrap(), Some(StoredKey([2; 32])));
            keychain.forget(&account).unwrap();
            assert_eq!(keychain.load(&account).unwrap(), None);
            keychain.forget(&account).unwrap();
            assert_eq!(keychain.load(&other).unwrap(), Some(StoredKey([2; 32])));
        }
    }
}
