//! The homeserver, and who is in it.

use std::{
    fs::{self, File},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use tidings_homeserver::{Admin, Homeserver, NewRoom, Settings, cache};
use tidings_model::{RoomId, UserId};

use crate::until;

/// A homeserver.
pub struct World {
    server: Mutex<Homeserver>,
    admin: Admin,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

/// Somebody in the organisation.
#[derive(Clone, Debug)]
pub struct Person {
    /// The Matrix id.
    pub user: UserId,
    /// What is typed as user name.
    pub local: String,
    /// The password.
    pub password: String,
}

/// Counts people, so that every test has its own.
static PEOPLE: AtomicU32 = AtomicU32::new(1);

impl World {
    /// The homeserver that all tests share: never stopped.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<World> = OnceLock::new();
        SHARED.get_or_init(|| {
            static HELD: OnceLock<File> = OnceLock::new();
            let base = cache().join("e2e");
            fs::create_dir_all(&base).unwrap();
            for number in 0..64 {
                let lock = File::create(base.join(format!("{number}.lock"))).unwrap();
                if lock.try_lock().is_err() {
                    continue;
                }
                // Held until the program ends.
                HELD.set(lock).unwrap();
                let folder = base.join(number.to_string());
                if folder.exists() {
                    fs::remove_dir_all(&folder).unwrap();
                }
                return Self::around(Homeserver::start(Settings::in_folder(folder)).unwrap(), None);
            }
            panic!("no free folder in {}", base.display());
        })
    }

    /// A homeserver for one test: it may be stopped.
    #[must_use]
    pub fn own() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::around(Homeserver::start(Settings::in_folder(folder.path())).unwrap(), Some(folder))
    }

    fn around(server: Homeserver, folder: Option<tempfile::TempDir>) -> Self {
        Self { admin: server.admin().clone(), url: server.url(), server: Mutex::new(server), _folder: folder }
    }

    /// The homeserver itself, to stop it; only for an own one.
    pub fn server(&self) -> MutexGuard<'_, Homeserver> {
        assert!(self._folder.is_some(), "the shared homeserver is everybody's");
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acts for everybody.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    /// Its address, as a person types it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Somebody new; the user name is made unique.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let local = format!("{}-{}", name.to_lowercase(), PEOPLE.fetch_add(1, Ordering::SeqCst));
        let password = format!("pass-{:016x}", rand::random::<u64>());
        let user = self.admin.user(&local, name, &password).unwrap();
        Person { user, local, password }
    }

    /// A group of two.
    #[must_use]
    pub fn group(&self, name: &str, creator: &Person, other: &Person) -> RoomId {
        let room = NewRoom { name: Some(name), members: std::slice::from_ref(&other.user), ..NewRoom::default() };
        self.admin.create_room(&creator.user, &room).unwrap()
    }

    /// Somebody says something.
    pub fn say(&self, room: &RoomId, who: &Person, body: &str) {
        self.admin.say(room, &who.user, body, None).unwrap();
    }

    /// The bodies of a room's messages on the server, oldest first; at most 1,000.
    #[must_use]
    pub fn messages(&self, room: &RoomId, member: &Person) -> Vec<String> {
        let events = self.admin.messages(room, &member.user, 1000).unwrap();
        let messages = events.iter().rev().filter(|event| event["type"] == "m.room.message");
        messages.filter_map(|event| event["content"]["body"].as_str().map(str::to_owned)).collect()
    }

    /// Wait until the server has this message, and give how often.
    pub async fn has(&self, room: &RoomId, member: &Person, body: &str) -> usize {
        until(&format!("on the server: {body}"), || {
            let count = self.messages(room, member).iter().filter(|message| *message == body).count();
            (count > 0).then_some(count)
        })
        .await
    }
}
