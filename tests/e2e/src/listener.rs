//! A port on this machine that remembers who connects.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// Accepts, remembers and hangs up.
#[derive(Debug)]
pub struct Listener {
    port: u16,
    seen: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Listener {
    /// Listen on a free port of 127.0.0.1.
    #[must_use]
    pub fn open() -> Self {
        let socket = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        let seen = Arc::<Mutex<Vec<_>>>::default();
        let remembered = Arc::clone(&seen);
        // Ends with the test program.
        std::thread::spawn(move || {
            while let Ok((_, from)) = socket.accept() {
                remembered.lock().unwrap().push(from);
            }
        });
        Self { port, seen }
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many others connected. A connection of ours is made and waited for first: it shows that the port accepts, and
    /// comes after all that were made before.
    pub async fn strangers(&self) -> usize {
        let own = TcpStream::connect(("127.0.0.1", self.port)).unwrap().local_addr().unwrap();
        crate::until("our own connection", || {
            let seen = self.seen.lock().unwrap();
            seen.contains(&own).then(|| seen.len() - 1)
        })
        .await
    }
}
